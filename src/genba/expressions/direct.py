"""The short way of an expression: one Python function for the shapes most conditions have.

Rules of this file: what an expression means is said by the closures of `compiler`; the function
written here answers for plain values only (whole numbers, decimals, strings, booleans of the
caller's context) and gives None for all else: then the closures answer, and warn. Nothing an author
wrote gets into the source: names and constants are handed in by number, so that the source tells
the shape alone, and shapes are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from genba.expressions import syntax
from genba.expressions.arithmetic import FAST
from genba.expressions.outcome import Evaluation
from genba.expressions.values import EXACT, NUMBERS

Direct: TypeAlias = Callable[[Mapping[str, Any]], Evaluation | None]
"""The evaluation in a context; None where the closures have to be asked."""

SHAPES = 1000
"""Shapes kept: sources are the same for conditions that differ in names and constants only."""
LONGEST = 60
"""Nodes an expression may have here: a longer one is no condition, and its source would be long."""
DEEPEST = 15
"""Blocks in blocks; Python ends at 20 of its own and at 100 of indentation."""
SMALL = 2**30 - 1
"""Whole numbers up to this one are a single digit to Python, which compares them at once."""

NUMBER, TEXT, TRUTH = "number", "text", "truth"
_KINDS = {Decimal: NUMBER, str: TEXT, bool: TRUTH}
_TYPES = {TEXT: "str", TRUTH: "bool"}
_SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_GLOBALS: dict[str, Any] = {
    "__builtins__": {"type": type, "int": int, "str": str, "bool": bool},  # and no others
    "Decimal": Decimal,
    "Evaluation": Evaluation,
    "ArithmeticError": ArithmeticError,
    "HOLDS": Evaluation(True),
    "FAILS": Evaluation(False),
    "EXACT": EXACT,
    "add": FAST["+"],
    "subtract": FAST["-"],
    "multiply": FAST["*"],
    "minus": NUMBERS.minus,
}
_CALLED = {"+": "add", "-": "subtract", "*": "multiply"}


class _NoShortWayError(Exception):
    """The expression has a part that is not written here."""


def write_direct(node: syntax.Node, names: frozenset[str]) -> Direct | None:
    """The function of an expression, None when it has no short way; `names` are in scope."""
    writer = _Writer(names)
    try:
        made, kind = writer.part(node, TRUTH if isinstance(node, syntax.Name) else "")
    except _NoShortWayError:
        return None
    answer = f"HOLDS if {made} else FAILS" if kind == TRUTH else f"Evaluation({made})"
    writer.line(f"return {answer}")
    given = ", ".join(f"g{number}" for number in range(len(writer.given)))
    head = [f"def make({given}):", " def direct(names):", "  try:"]
    tail = ["  except ArithmeticError:", "   return None", " return direct"]
    made_by = _shape("\n".join([*head, *writer.lines, *tail]))
    direct: Direct = made_by(*writer.given)
    return direct


@lru_cache(SHAPES)
def _shape(source: str) -> Callable[..., Any]:
    """What makes a function of this shape from its names and constants."""
    made: dict[str, Any] = {}
    exec(source, dict(_GLOBALS), made)  # noqa: S102
    maker: Callable[..., Any] = made["make"]
    return maker


class _Writer:
    """The lines so far, what is handed in, and which variables hold which checked names."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.lines: list[str] = []
        self.given: list[Any] = []
        self.depth = 3
        self.variables = 0
        self.nodes = 0
        self.checked: dict[tuple[str, str], str] = {}

    def line(self, text: str) -> None:
        self.lines.append(" " * self.depth + text)

    def give(self, value: Any) -> str:
        """Hand a name or a constant in."""
        self.given.append(value)
        return f"g{len(self.given) - 1}"

    def variable(self) -> str:
        self.variables += 1
        return f"v{self.variables}"

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines that run only sometimes: what they check is not known after them."""
        if self.depth > DEEPEST:
            raise _NoShortWayError
        self.line(head)
        before = dict(self.checked)
        self.depth += 1
        yield
        self.depth -= 1
        self.checked = before

    def part(self, node: syntax.Node, kind: str = "") -> tuple[str, str]:
        """A Python expression for a part, and its kind; `kind` is asked of a part that has none."""
        self.nodes += 1
        write = _PARTS.get(type(node))
        if write is None or self.nodes > LONGEST:
            raise _NoShortWayError
        made, found = write(self, node, kind)
        if kind and found != kind:
            raise _NoShortWayError
        return made, found

    def name(self, node: syntax.Name, kind: str) -> str:
        """A variable with the value of a name, of the kind asked for."""
        if not kind:
            raise _NoShortWayError
        known = self.checked.get((node.name, kind))
        if known is not None:
            return known
        value = self.variable()
        self.line(f"{value} = names.get({self.give(node.name)})")
        if kind == NUMBER:
            self.line(f"if {_whole(value, 'EXACT')}: {value} = Decimal({value})")
            self.line(f"elif type({value}) is not Decimal: return None")
        else:
            self.line(f"if type({value}) is not {_TYPES[kind]}: return None")
        self.checked[node.name, kind] = value
        return value


def _literal(writer: _Writer, node: syntax.Literal, kind: str) -> tuple[str, str]:
    found = _KINDS.get(type(node.value))
    if found is None:
        raise _NoShortWayError
    return writer.give(node.value), found


def _name(writer: _Writer, node: syntax.Name, kind: str) -> tuple[str, str]:
    return writer.name(node, kind), kind


def _logic(writer: _Writer, node: syntax.Logic, kind: str) -> tuple[str, str]:
    """The next operand is asked for only where those before do not decide."""
    made, head = writer.variable(), "if not" if node.operator == "or" else "if"
    first, *others = node.operands
    writer.line(f"{made} = {writer.part(first, TRUTH)[0]}")
    for operand in others:
        with writer.block(f"{head} {made}:"):
            writer.line(f"{made} = {writer.part(operand, TRUTH)[0]}")
    return made, TRUTH


def _comparison(writer: _Writer, node: syntax.Comparison, kind: str) -> tuple[str, str]:
    left, right, sign = node.left, node.right, node.operator
    if isinstance(left, syntax.Literal) and isinstance(right, syntax.Name):
        left, right, sign = right, left, _MIRRORED.get(sign, sign)
    if isinstance(left, syntax.Name) and isinstance(right, syntax.Literal):
        if type(right.value) is Decimal:
            return _number_against(writer, left, sign, right.value), TRUTH
        if type(right.value) is bool and sign not in ("=", "!="):
            raise _NoShortWayError
    if isinstance(left, syntax.Name):
        # Two names may be of any kind: numbers are what is ordered, texts what is the same.
        guess = TEXT if sign in ("=", "!=") else NUMBER
        two, found = writer.part(right, guess if isinstance(right, syntax.Name) else "")
        one = writer.name(left, found)
    else:
        one, found = writer.part(left)
        two, _ = writer.part(right, found)
    if found == TRUTH and sign not in ("=", "!="):
        raise _NoShortWayError
    return f"({one} {_SIGNS[sign]} {two})", TRUTH


def _number_against(writer: _Writer, left: syntax.Name, sign: str, constant: Decimal) -> str:
    """A variable against a number: small whole numbers are compared as they are."""
    value, made, python = writer.variable(), writer.variable(), _SIGNS[sign]
    exact = writer.give(constant)
    writer.line(f"{value} = names.get({writer.give(left.name)})")
    head = "if"
    if constant == constant.to_integral_value() and abs(constant) < SMALL:
        whole = writer.give(int(constant))
        writer.line(f"if {_whole(value, SMALL)}: {made} = {value} {python} {whole}")
        head = "elif"
    writer.line(
        f"{head} type({value}) is Decimal or {_whole(value, 'EXACT')}:"
        f" {made} = {value} {python} {exact}"
    )
    writer.line("else: return None")
    return made


def _whole(value: str, below: object) -> str:
    """Whether a variable holds a whole number between a bound and its negative."""
    return f"type({value}) is int and -{below} < {value} < {below}"


def _between(writer: _Writer, node: syntax.Between, kind: str) -> tuple[str, str]:
    low, found = writer.part(node.low)
    high, _ = writer.part(node.high, found)
    value, _ = writer.part(node.value, found)
    if found == TRUTH:
        raise _NoShortWayError
    return f"({low} <= {value} <= {high})", TRUTH


def _in(writer: _Writer, node: syntax.In, kind: str) -> tuple[str, str]:
    """One of constants, or of a list of them, all of one kind."""
    items = [
        item
        for test in node.tests
        for item in (test.items if isinstance(test, syntax.ListOf) else (test,))
    ]
    if not items or not all(isinstance(item, syntax.Literal) for item in items):
        raise _NoShortWayError
    first, found = writer.part(items[0])
    constants = [first, *(writer.part(item, found)[0] for item in items[1:])]
    value, _ = writer.part(node.value, found)
    return f"({value} in ({', '.join(constants)},))", TRUTH


def _arithmetic(writer: _Writer, node: syntax.Arithmetic, kind: str) -> tuple[str, str]:
    made = writer.part(node.first, NUMBER)[0]
    for step in node.rest:
        if step.operator not in _CALLED:
            raise _NoShortWayError
        result = writer.variable()
        right = writer.part(step.right, NUMBER)[0]
        writer.line(f"{result} = {_CALLED[step.operator]}({made}, {right})")
        made = result
    return made, NUMBER


def _negation(writer: _Writer, node: syntax.Negation, kind: str) -> tuple[str, str]:
    return f"minus({writer.part(node.operand, NUMBER)[0]})", NUMBER


def _if(writer: _Writer, node: syntax.If, kind: str) -> tuple[str, str]:
    made = writer.variable()
    condition = writer.part(node.condition, TRUTH)[0]
    with writer.block(f"if {condition}:"):
        then, found = writer.part(node.then, kind)
        writer.line(f"{made} = {then}")
    with writer.block("else:"):
        writer.line(f"{made} = {writer.part(node.otherwise, found)[0]}")
    return made, found


def _not(writer: _Writer, node: syntax.Call, kind: str) -> tuple[str, str]:
    """`not(...)`, the one function conditions are full of."""
    called = node.function
    is_not = isinstance(called, syntax.Name) and called.name == "not" and "not" not in writer.names
    if not is_not or node.names or len(node.arguments) != 1:
        raise _NoShortWayError
    return f"(not {writer.part(node.arguments[0], TRUTH)[0]})", TRUTH


_PARTS: dict[type, Callable[[_Writer, Any, str], tuple[str, str]]] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Logic: _logic,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.In: _in,
    syntax.Arithmetic: _arithmetic,
    syntax.Negation: _negation,
    syntax.If: _if,
    syntax.Call: _not,
}
