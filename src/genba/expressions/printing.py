"""Tree to text: the FEEL that is read back as the same tree (DMN 1.5, 10.3.1.2).

Rules of this file: the meaning decides, not the author's layout: spaces, comments and brackets
nobody needs are gone. Operands that are more than a value or a name stand in parentheses. Offsets
(`at`) are those of the new text once it is read. One row of `PRINTERS` for each kind of node.
"""

from collections.abc import Callable
from typing import Any

from genba.expressions import iso, syntax
from genba.expressions.outcome import Run
from genba.expressions.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from genba.expressions.writing import quote, write

_TEMPORAL: dict[type, Callable[[Any], str]] = {
    Date: iso.write_date,
    Time: iso.write_time,
    DateTime: iso.write_date_time,
    DaysTimeDuration: iso.write_days,
    YearsMonthsDuration: iso.write_months,
}
_BASES = (syntax.Name, syntax.Path, syntax.Filter, syntax.Call, syntax.ListOf, syntax.ContextOf)
_WHOLE = (*_BASES, syntax.Literal, syntax.RangeOf, syntax.Sameness)
"""What needs no parentheses as an operand; ranges and tests bring their own."""


def print_expression(node: syntax.Node) -> str:
    """The text of a tree; names with spaces are read back when they are in scope.

    A tree nested more than about 50 deep has a text that is refused as too deep.
    """
    return PRINTERS[type(node)](node)


def _operand(node: syntax.Node) -> str:
    text = print_expression(node)
    return text if isinstance(node, _WHOLE) else f"({text})"


def _base(node: syntax.Node) -> str:
    text = print_expression(node)
    return text if isinstance(node, _BASES) else f"({text})"


def _literal(node: syntax.Literal) -> str:
    temporal = _TEMPORAL.get(type(node.value))
    if temporal is not None:
        return f"@{quote(temporal(node.value))}"
    return write(node.value, Run(), inside=True)


def _call(node: syntax.Call) -> str:
    names = [f"{name}: " for name in node.names] or [""] * len(node.arguments)
    given = (f"{name}{_operand(one)}" for name, one in zip(names, node.arguments, strict=True))
    return f"{_base(node.function)}({', '.join(given)})"


def _arithmetic(node: syntax.Arithmetic) -> str:
    steps = "".join(f" {step.operator} {_operand(step.right)}" for step in node.rest)
    return f"{_operand(node.first)}{steps}"


def _between(node: syntax.Between) -> str:
    return f"{_operand(node.value)} between {_operand(node.low)} and {_operand(node.high)}"


def _in(node: syntax.In) -> str:
    return f"{_operand(node.value)} in ({', '.join(map(_operand, node.tests))})"


def _if(node: syntax.If) -> str:
    condition, then, otherwise = map(_operand, (node.condition, node.then, node.otherwise))
    return f"if {condition} then {then} else {otherwise}"


def _iterators(iterators: tuple[syntax.Iterator, ...]) -> str:
    ends = ("" if one.end is None else f"..{_operand(one.end)}" for one in iterators)
    pairs = zip(iterators, ends, strict=True)
    return ", ".join(f"{one.name} in {_operand(one.domain)}{end}" for one, end in pairs)


def _lambda(node: syntax.Lambda) -> str:
    pairs = zip(node.parameters, node.types, strict=True)
    given = (name if type is None else f"{name}: {print_type(type)}" for name, type in pairs)
    return f"function({', '.join(given)}) {_operand(node.body)}"


def _context(node: syntax.ContextOf) -> str:
    return "{" + ", ".join(f"{quote(key)}: {_operand(one)}" for key, one in node.entries) + "}"


def _range(node: syntax.RangeOf) -> str:
    if node.start is None and node.end is not None:
        return f"({'<=' if node.end_included else '<'} {_operand(node.end)})"
    if node.end is None and node.start is not None:
        return f"({'>=' if node.start_included else '>'} {_operand(node.start)})"
    low, high = ("null" if one is None else _operand(one) for one in (node.start, node.end))
    return f"{'[' if node.start_included else '('}{low}..{high}{']' if node.end_included else ')'}"


def _unary_tests(node: syntax.UnaryTests) -> str:
    if not node.tests:
        return "-"
    tests = ", ".join(map(_operand, node.tests))
    if node.negated:
        return f"not({tests})"
    only = node.tests[0] if len(node.tests) == 1 else None
    looks_negated = isinstance(only, syntax.Call) and only.function == syntax.Name(
        "not", getattr(only.function, "at", 0)
    )
    return f"({tests})" if looks_negated else tests


def print_type(type: syntax.TypeRef) -> str:
    """The text of a type: `number`, `list<string>`, `function<number> -> boolean`."""
    items = [print_type(item) for item in type.items]
    if type.labels:
        items = [f"{label}: {item}" for label, item in zip(type.labels, items, strict=True)]
    inside = f"<{', '.join(items)}>" if items or type.result is not None else ""
    result = f" -> {print_type(type.result)}" if type.result is not None else ""
    return f"{type.name}{inside}{result}"


PRINTERS: dict[type, Callable[[Any], str]] = {
    syntax.Literal: _literal,
    syntax.Name: lambda node: node.name,
    syntax.Path: lambda node: f"{_base(node.base)}.{node.name}",
    syntax.Filter: lambda node: f"{_base(node.base)}[{_operand(node.condition)}]",
    syntax.Call: _call,
    syntax.Arithmetic: _arithmetic,
    syntax.Comparison: lambda node: f"{_operand(node.left)} {node.operator} {_operand(node.right)}",
    syntax.Logic: lambda node: f" {node.operator} ".join(map(_operand, node.operands)),
    syntax.Negation: lambda node: f"-{_operand(node.operand)}",
    syntax.Between: _between,
    syntax.In: _in,
    syntax.InstanceOf: lambda node: f"{_operand(node.value)} instance of {print_type(node.type)}",
    syntax.If: _if,
    syntax.For: lambda node: f"for {_iterators(node.iterators)} return {_operand(node.body)}",
    syntax.Quantified: lambda node: (
        f"{node.kind} {_iterators(node.iterators)} satisfies {_operand(node.body)}"
    ),
    syntax.Lambda: _lambda,
    syntax.ListOf: lambda node: f"[{', '.join(map(_operand, node.items))}]",
    syntax.ContextOf: _context,
    syntax.RangeOf: _range,
    syntax.Sameness: lambda node: f"({node.operator} {_operand(node.value)})",
    syntax.UnaryTests: _unary_tests,
}
