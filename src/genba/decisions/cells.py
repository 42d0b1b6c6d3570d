"""What a cell of a decision table says, when it says it simply (DMN 1.5, 8.3.4, 10.3.1.2 rule 14).

Rules of this file: a simple cell is a set of intervals of constants, or the rest of one (`not`).
Everything else is None: "cannot tell". The index of a table, the check of a table and the words
for a row are all made from this one reading, so they cannot disagree.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from genba.expressions import syntax
from genba.expressions.compiler import Compiler
from genba.expressions.equality import order
from genba.expressions.frames import Frame
from genba.expressions.outcome import DEFAULT, Run
from genba.expressions.syntax import Node
from genba.expressions.temporal import (
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)
from genba.expressions.values import Value

CONSTANTS = frozenset(
    {"date", "time", "date and time", "duration", "years and months duration", "number"}
)
"""Functions whose call with constants is a constant."""
KINDS = frozenset({Decimal, str, bool, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration})


class Span(Struct, frozen=True):
    """An interval of values of one kind; an end that is None is open, two equal ends a point."""

    low: Value
    high: Value
    low_included: bool
    high_included: bool

    @property
    def kind(self) -> type:
        return type(self.high if self.low is None else self.low)

    @property
    def is_point(self) -> bool:
        return self.low_included and self.high_included and bool(self.low == self.high)


class Cell(Struct, frozen=True):
    """A simple cell: the spans it takes, whether null too; `negated` takes what they do not."""

    spans: tuple[Span, ...]
    null: bool = False
    negated: bool = False

    @property
    def takes_all(self) -> bool:
        return not self.spans and not self.null and not self.negated

    @property
    def takes_null(self) -> bool:
        """Whether the row matches where nothing is given."""
        return self.takes_all or self.null != self.negated


ALL = Cell(())


def point(value: Value) -> Span:
    """The span of one value."""
    return Span(value, value, True, True)


def read_cell(node: Node) -> Cell | None:
    """A cell as intervals, None when it is more than that."""
    if not isinstance(node, syntax.UnaryTests):
        return None
    spans: list[Span] = []
    null = False
    for test in node.tests:
        found = _test(test)
        if found is None:
            return None
        spans += found[0]
        null = null or found[1]
    return Cell(tuple(spans), null, node.negated)


Found = tuple[list[Span], bool]
"""The spans of one test, and whether null passes it."""


def _test(node: Node) -> Found | None:
    reader = _TESTS.get(type(node))
    if reader is not None:
        return reader(node)
    value = constant(node)
    if value is None:
        return ([], True) if isinstance(node, syntax.Literal) else None
    return ([point(value)], False) if type(value) in KINDS else None


def _list(node: syntax.ListOf) -> Found | None:
    spans: list[Span] = []
    null = False
    for item in node.items:
        found = _test(item)
        if found is None or isinstance(item, syntax.ListOf):
            return None
        spans += found[0]
        null = null or found[1]
    return spans, null


def _range(node: syntax.RangeOf) -> Found | None:
    low = None if node.start is None else constant(node.start)
    high = None if node.end is None else constant(node.end)
    if (node.start is not None and low is None) or (node.end is not None and high is None):
        return None
    made = Span(low, high, node.start_included, node.end_included)
    if made.kind not in KINDS or made.kind is bool:
        return None
    if low is not None and high is not None and order(low, high) is None:
        return None
    return [made], False


def _sameness(node: syntax.Sameness) -> Found | None:
    return _compared("=" if node.operator == "=" else "!=", node.value)


def _compared(operator: str, node: Node) -> Found | None:
    """The values for which `? operator constant` holds."""
    value = constant(node)
    if value is None or type(value) not in KINDS:
        return None
    if operator == "=":
        return [point(value)], False
    if type(value) is bool:
        return ([point(not value)], True) if operator == "!=" else None
    below, above = Span(None, value, False, False), Span(value, None, False, False)
    return {
        "!=": ([below, above], True),
        "<": ([below], False),
        "<=": ([Span(None, value, False, True)], False),
        ">": ([above], False),
        ">=": ([Span(value, None, True, False)], False),
    }[operator]


_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def _comparison(node: syntax.Comparison) -> Found | None:
    if _is_input(node.left):
        return _compared(node.operator, node.right)
    if _is_input(node.right):
        return _compared(_FLIPPED[node.operator], node.left)
    return None


def _between(node: syntax.Between) -> Found | None:
    if not _is_input(node.value):
        return None
    return _range(syntax.RangeOf(node.low, node.high, True, True, node.at))


def _in(node: syntax.In) -> Found | None:
    if not _is_input(node.value):
        return None
    return _list(syntax.ListOf(node.tests, node.at))


def _is_input(node: Node) -> bool:
    return isinstance(node, syntax.Name) and node.name == "?"


_TESTS: dict[type, Callable[[Any], Found | None]] = {
    syntax.ListOf: _list,
    syntax.RangeOf: _range,
    syntax.Sameness: _sameness,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.In: _in,
}


def constant(node: Node) -> Value:
    """The value of a constant expression; None for null and for what is no constant."""
    if isinstance(node, syntax.Literal):
        return node.value
    if isinstance(node, syntax.Negation):
        return _evaluated(node) if isinstance(node.operand, syntax.Literal) else None
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
        literal = all(isinstance(one, syntax.Literal) for one in node.arguments)
        return _evaluated(node) if literal and node.function.name in CONSTANTS else None
    return None


def _evaluated(node: Node) -> Value:
    closure = Compiler(frozenset()).compile(node)
    return closure(Frame({}, None, Run(DEFAULT)))


def sort_key(value: Value) -> Any:
    """What values of one kind are sorted by."""
    if isinstance(value, Date):
        return value.number
    if isinstance(value, (Time, DateTime)):
        return value.key
    if isinstance(value, DaysTimeDuration):
        return value.nanoseconds
    return value.months if isinstance(value, YearsMonthsDuration) else value


def positions(places: Mapping[Any, int], span: Span) -> range:
    """The segments a span covers: 2i+1 is the bound at place i, 2i what lies before it."""
    first, last = 0, 2 * len(places)
    if span.low is not None:
        first = 2 * places[sort_key(span.low)] + (1 if span.low_included else 2)
    if span.high is not None:
        last = 2 * places[sort_key(span.high)] + (1 if span.high_included else 0)
    return range(first, last + 1)
