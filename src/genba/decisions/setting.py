"""Where a text of a model is compiled: names and types in scope, and problems found on the way.

Rules of this file: the bridge from a text of the file to FEEL's tree. A text that is no FEEL is a
located problem, and where it is evaluated all the same it is null with a warning.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from genba.decisions.outcome import Account, Place
from genba.expressions import syntax
from genba.expressions.compiler import Compiler
from genba.expressions.frames import Closure, Frame
from genba.expressions.library import BUILTINS
from genba.expressions.outcome import Run, SyntaxFault, problem_at
from genba.expressions.parser import parse_expression, parse_unary_tests
from genba.expressions.syntax import Foreign, Node, TypeRef
from genba.expressions.types import KNOWN, Types, convert
from genba.expressions.values import Value, type_name
from genba.notation.dmn.model import Text
from genba.notation.document import Position
from genba.notation.model import Problem

SPACED = tuple(name for name in BUILTINS if " " in name)
ALIASES = {
    "dateTime": "date and time",
    "any": "Any",
    "integer": "number",
    "long": "number",
    "double": "number",
}
"""Type names tools write that the standard does not have."""
EXACT: dict[str, type] = {"number": Decimal, "string": str, "boolean": bool}
"""Types that a value of one Python type is of, without looking further."""
EXTERNAL_ADVICE = (
    "write the function in FEEL, or let a service task compute it: Genba runs no foreign code"
)


class Setting:
    """What all texts of one element of a model share."""

    def __init__(
        self,
        element: str,
        *,
        id: str,
        types: Types,
        properties: tuple[str, ...],
        problems: list[Problem],
        tables: list[Any] | None = None,
    ) -> None:
        self.element = element
        self.tables = [] if tables is None else tables
        """The drawn tables of the model, for whoever checks them."""
        self.running: list[Any] = []
        """The tables of this element that were compiled."""
        self.id = id
        self.types = types
        self.properties = properties
        self.problems = problems

    def refuse(self, rule: str, message: str, position: Position, *, advice: str) -> None:
        """Note a problem that keeps this element from being run."""
        self.problems.append(
            Problem(
                severity="refused",
                rule=rule,
                message=f"{self.element}: {message}" if self.element else message,
                position=position,
                element=self.id,
                advice=advice,
            )
        )

    def expression(self, text: Text, names: Iterable[str], part: str) -> Node:
        """The tree of an expression, placed."""
        return self.placed(self.expression_tree(text, names), text, part)

    def expression_tree(self, text: Text, names: Iterable[str]) -> Node:
        """As `expression`, not placed."""
        return self._parse(parse_expression, text, names)

    def expression_missing(self, position: Position) -> Node:
        """What stands for logic that is not there."""
        self.refuse(
            "dmn.no-logic", "there is no logic", position, advice="write the function's expression"
        )
        return broken("there is no logic")

    def tests(self, text: Text, names: Iterable[str], part: str) -> Node:
        """The tree of a cell with unary tests, placed. An empty cell takes anything."""
        return self.placed(self.tests_tree(text, names), text, part)

    def tests_tree(self, text: Text, names: Iterable[str]) -> Node:
        """As `tests`, not placed."""
        if not text.text:
            return syntax.UnaryTests((), False, 0)
        return self._parse(parse_unary_tests, text, names)

    def _parse(self, parse: Callable[..., Node], text: Text, names: Iterable[str]) -> Node:
        try:
            return parse(text.text, (*SPACED, *names), self.properties)
        except SyntaxFault as fault:
            found = problem_at(text.text, fault.offset, fault.message)
        except RecursionError:
            found = problem_at(text.text, 0, "nested too deeply")
        external = "external functions" in found.message
        line = text.position.line + found.line - 1
        shown = " ".join(text.text.split())[:60]
        self.refuse(
            "dmn.external" if external else "dmn.feel",
            f"{found.message}, in {shown!r}",
            Position(line, text.position.column if found.line == 1 else found.column),
            advice=EXTERNAL_ADVICE if external else "correct the expression",
        )
        return broken(found.message, found.offset)

    def placed(self, node: Node, text: Text, part: str) -> Node:
        """The node, with warnings inside it telling this place."""
        place = Place(self.element, part, text.text)
        return Foreign(lambda compiler: in_place(compiler.compile(node), place))

    def typed(self, node: Node, type_: str, position: Position) -> Node:
        """A node whose value is fitted to a declared type (10.3.2.9.4); null when it cannot be."""
        reference = self.type_reference(type_, position)
        if reference is None:
            return node
        types = self.types
        return Foreign(
            lambda compiler: fitting(compiler.compile(node), reference, type_, types=types)
        )

    def type_reference(self, name: str, position: Position) -> TypeRef | None:
        """The type of that name; None for "", `Any` and what is not known (a problem)."""
        if name in ("", "Any"):
            return None
        reference = find_type(name, self.types)
        if reference is None:
            self.refuse(
                "dmn.type",
                f"the type '{name}' is not known",
                position,
                advice="declare it as an item definition, or use one of FEEL's types",
            )
        return reference


def find_type(name: str, types: Types) -> TypeRef | None:
    """A reference to one of FEEL's types or of the model's, None when there is none."""
    if name in types or name in KNOWN:
        return TypeRef(name)
    short = name.removeprefix("feel:").removeprefix("feel.")
    if short in KNOWN:
        return TypeRef(short)
    return TypeRef(ALIASES[short]) if short in ALIASES else _written_type(name, types)


def _written_type(name: str, types: Types) -> TypeRef | None:
    """A type written out, as in `list<number>`."""
    if "<" not in name:
        return None
    try:
        tree = parse_expression(f"0 instance of {name}", (), tuple(types))
    except (SyntaxFault, RecursionError):
        return None
    return tree.type if isinstance(tree, syntax.InstanceOf) else None


def broken(message: str, offset: int = 0) -> Node:
    """A node that is null and says why."""

    def make(compiler: Compiler) -> Closure:
        return lambda frame: frame.run.warn(message, offset)

    return Foreign(make)


def in_place(closure: Closure, place: Place) -> Closure:
    """The closure, with warnings inside it telling this place."""

    def apply(frame: Frame) -> Value:
        run = frame.run
        if not isinstance(run, Account):
            return closure(frame)
        outer, run.place = run.place, place
        try:
            return closure(frame)
        finally:
            run.place = outer

    return apply


def fitting(closure: Closure, reference: TypeRef, name: str, *, types: Types) -> Closure:
    """The closure with its value fitted to a type."""

    def apply(frame: Frame) -> Value:
        return fit(frame.run, closure(frame), reference, name=name, types=types)

    return apply


def fit(run: Run, value: Value, reference: TypeRef, *, name: str, types: Types) -> Value:
    """The value as one of that type; null with a warning when it cannot be."""
    if EXACT.get(reference.name) is type(value) and reference.allowed is None:
        return value
    fits, made = convert(value, reference, run, types)
    if fits:
        return made
    run.warn(f"a {type_name(value)} is no {name}", 0)
    return None
