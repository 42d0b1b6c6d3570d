"""Boxed expressions to FEEL's tree: one function a kind, in one table (DMN 1.5, 10.2.1).

Rules of this file: a box means what the FEEL of the same shape means, so it becomes that tree and
FEEL's own compiler runs it. Only what FEEL has no form for (a context with a result, a decision
table) is a closure of its own.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from genba.decisions import tables
from genba.decisions.setting import EXTERNAL_ADVICE, Setting, broken
from genba.expressions import syntax
from genba.expressions.compiler import Compiler
from genba.expressions.frames import Closure, Frame
from genba.expressions.syntax import Foreign, Node
from genba.expressions.values import Value, type_name
from genba.notation.dmn.model import (
    BoxedContext,
    BoxedList,
    Conditional,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    LiteralExpression,
    Quantified,
    Relation,
)

Names: TypeAlias = frozenset[str]
NULL = syntax.Literal(None, 0)


def translate(setting: Setting, box: Expression | None, names: Names, part: str = "") -> Node:
    """The tree of a boxed expression with these names in scope; a missing box is null."""
    if box is None:
        return NULL
    node = BOXES[type(box)](setting, box, names, part)
    if isinstance(box, FunctionDefinition):
        return node  # Its type is that of the function, not of a value to fit.
    return setting.typed(node, box.type, box.position)


def _literal(setting: Setting, box: LiteralExpression, names: Names, part: str) -> Node:
    if box.language:
        setting.refuse(
            "dmn.language",
            f"an expression is written in another language ({box.language})",
            box.position,
            advice="write it in FEEL",
        )
        return broken(f"written in another language than FEEL ({box.language})")
    if not box.text.text:
        return NULL
    return setting.expression(box.text, names, part)


def _table(setting: Setting, box: DecisionTable, names: Names, part: str) -> Node:
    return tables.table_node(setting, box, names, part)


def _invocation(setting: Setting, box: Invocation, names: Names, part: str) -> Node:
    function = translate(setting, box.function, names, _inside(part, "the function called"))
    arguments = tuple(
        translate(setting, binding.expression, names, _inside(part, f"parameter {binding.name}"))
        for binding in box.bindings
    )
    parameters = tuple(binding.name for binding in box.bindings)
    return syntax.Call(function, arguments, parameters, 0)


def _context(setting: Setting, box: BoxedContext, names: Names, part: str) -> Node:
    """Entries see those before them; an entry without a name is the result (10.2.1.4)."""
    entries: list[tuple[str, Node]] = []
    result: Node | None = None
    for entry in box.entries:
        inside = _inside(part, f"entry {entry.name}" if entry.name else "result")
        node = translate(setting, entry.expression, names, inside)
        node = setting.typed(node, entry.type, entry.position)
        if entry.name:
            entries.append((entry.name, node))
            names |= {entry.name}
        else:
            result = node
    return Foreign(lambda compiler: _compile_context(compiler, entries, result))


def _compile_context(
    compiler: Compiler, entries: list[tuple[str, Node]], result: Node | None
) -> Closure:
    seen: set[str] = set()
    closures = []
    with compiler.binding(seen):
        for name, node in entries:
            closures.append((name, compiler.compile(node)))
            seen.add(name)
        final = None if result is None else compiler.compile(result)

    def apply(frame: Frame) -> Value:
        made: dict[str, Value] = {}
        inner = Frame(made, frame, frame.run)
        for name, closure in closures:
            made[name] = closure(inner)
        return made if final is None else final(inner)

    return apply


def _list(setting: Setting, box: BoxedList, names: Names, part: str) -> Node:
    items = (
        translate(setting, item, names, _inside(part, f"item {number}"))
        for number, item in enumerate(box.items, 1)
    )
    return syntax.ListOf(tuple(items), 0)


def _relation(setting: Setting, box: Relation, names: Names, part: str) -> Node:
    rows = []
    for number, row in enumerate(box.rows, 1):
        entries = []
        for column, cell in zip(box.columns, row, strict=False):
            inside = _inside(part, f"row {number}, column {column.name}")
            node = translate(setting, cell, names, inside)
            entries.append((column.name, setting.typed(node, column.type, column.position)))
        rows.append(syntax.ContextOf(tuple(entries), 0))
    return syntax.ListOf(tuple(rows), 0)


def function_node(
    setting: Setting, box: FunctionDefinition, names: Names, part: str, *, result: str = ""
) -> Node:
    """A function; one of another language is refused, it would run code (10.2.1.7).

    `result` is a type the body's value is fitted to as well.
    """
    if box.kind != "FEEL":
        setting.refuse(
            "dmn.external",
            f"the function is written in {box.kind}",
            box.position,
            advice=EXTERNAL_ADVICE,
        )
        return broken(f"a function of {box.kind} is not run")
    parameters = tuple(parameter.name for parameter in box.parameters)
    types = tuple(
        setting.type_reference(parameter.type, parameter.position) for parameter in box.parameters
    )
    body = translate(setting, box.body, names | set(parameters), part)
    body = setting.typed(body, result, box.position)
    return syntax.Lambda(parameters, types, body, 0)


def _conditional(setting: Setting, box: Conditional, names: Names, part: str) -> Node:
    """Unlike FEEL's `if`, a condition that is no boolean makes the box null (10.2.1.8)."""
    condition = translate(setting, box.condition, names, _inside(part, "if"))
    then = translate(setting, box.then, names, _inside(part, "then"))
    otherwise = translate(setting, box.otherwise, names, _inside(part, "else"))

    def make(compiler: Compiler) -> Closure:
        test, yes, no = (compiler.compile(node) for node in (condition, then, otherwise))

        def apply(frame: Frame) -> Value:
            held = test(frame)
            if held is True:
                return yes(frame)
            if held is None or held is False:
                return no(frame)
            return frame.run.warn(f"a condition is a boolean, not a {type_name(held)}", 0)

        return apply

    return Foreign(make)


def _filter(setting: Setting, box: Filter, names: Names, part: str) -> Node:
    inner = names | {"item", *setting.properties}
    return syntax.Filter(
        translate(setting, box.domain, names, _inside(part, "in")),
        translate(setting, box.match, inner, _inside(part, "match")),
        0,
    )


def _iteration(setting: Setting, box: Iteration, names: Names, part: str) -> Node:
    domain = translate(setting, box.domain, names, _inside(part, "in"))
    inner = names | {box.variable, "partial"}
    body = translate(setting, box.body, inner, _inside(part, "return"))
    return syntax.For((syntax.Iterator(box.variable, domain, None, 0),), body, 0)


def _quantified(setting: Setting, box: Quantified, names: Names, part: str) -> Node:
    """Unlike FEEL's quantifiers, one turn that is no boolean makes the box null (10.2.1.10)."""
    domain = translate(setting, box.domain, names, _inside(part, "in"))
    inner = names | {box.variable}
    body = translate(setting, box.condition, inner, _inside(part, "satisfies"))
    turns = syntax.For((syntax.Iterator(box.variable, domain, None, 0),), body, 0)
    return Foreign(lambda compiler: _over_turns(compiler.compile(turns), box.kind == "some"))


def _over_turns(turns: Closure, decisive: bool) -> Closure:
    def apply(frame: Frame) -> Value:
        held = turns(frame)
        if held is None:
            return None
        for one in held:
            if one is not None and type(one) is not bool:
                return frame.run.warn(f"a condition is a boolean, not a {type_name(one)}", 0)
        if decisive in held:
            return decisive
        return None if None in held else not decisive

    return apply


def _inside(part: str, more: str) -> str:
    return f"{part}, {more}" if part else more


BOXES: dict[type, Callable[[Setting, Any, Names, str], Node]] = {
    LiteralExpression: _literal,
    DecisionTable: _table,
    Invocation: _invocation,
    BoxedContext: _context,
    BoxedList: _list,
    Relation: _relation,
    FunctionDefinition: function_node,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
    Quantified: _quantified,
}
