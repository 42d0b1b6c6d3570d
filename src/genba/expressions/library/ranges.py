"""Range built-ins: Allen's relations between points and ranges, and `range()` (10.3.4.9, DMN 1.5
table 78).

One row per relation and per kind of operands. Each relation is written with `order` on the ends
only.
"""

from collections.abc import Callable

from genba.expressions import iso, syntax
from genba.expressions.arithmetic import negate
from genba.expressions.equality import COMPARABLE, contains, equal, order
from genba.expressions.lexer import tokenize
from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run, SyntaxFault
from genba.expressions.parser import parse_expression
from genba.expressions.temporal import (
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)
from genba.expressions.values import Range, Value, type_name

POINT = (
    "number | string | date | time | date and time | "
    "days and time duration | years and months duration"
)


def _sign(left: Value, right: Value) -> int:
    found = order(left, right)
    if found is None:
        raise Fault(f"no order between {type_name(left)} and {type_name(right)}")
    return found


def _closed(range_: Range) -> Range:
    """The range itself; relations between ends need both. Raises Fault for an unbounded range."""
    if range_.start is None or range_.end is None:
        raise Fault("this relation needs a range with two ends")
    return range_


def _before_points(one: Value, two: Value) -> bool:
    return _sign(one, two) < 0


def _before_point_range(one: Value, two: Range) -> bool:
    if two.start is None:
        return False
    sign = _sign(one, two.start)
    return sign < 0 or (sign == 0 and not two.start_included)


def _before_range_point(one: Range, two: Value) -> bool:
    if one.end is None:
        return False
    sign = _sign(one.end, two)
    return sign < 0 or (sign == 0 and not one.end_included)


def _before_ranges(one: Range, two: Range) -> bool:
    if one.end is None or two.start is None:
        return False
    sign = _sign(one.end, two.start)
    return sign < 0 or (sign == 0 and not (one.end_included and two.start_included))


def _meets(one: Range, two: Range) -> bool:
    return (
        one.end is not None
        and two.start is not None
        and one.end_included
        and two.start_included
        and _sign(one.end, two.start) == 0
    )


def _starts_no_later(one: Range, two: Range) -> bool:
    """Whether `one` starts where or before `two` does."""
    if one.start is None or two.start is None:
        return one.start is None
    sign = _sign(one.start, two.start)
    return sign < 0 or (sign == 0 and (one.start_included or not two.start_included))


def _ends_no_earlier(one: Range, two: Range) -> bool:
    if one.end is None or two.end is None:
        return one.end is None
    sign = _sign(one.end, two.end)
    return sign > 0 or (sign == 0 and (one.end_included or not two.end_included))


def _includes_range(one: Range, two: Range) -> bool:
    return _starts_no_later(one, two) and _ends_no_earlier(one, two)


def _includes_point(one: Range, two: Value) -> bool:
    held = contains(one, two)
    if held is None:
        raise Fault(f"no order between the range and a {type_name(two)}")
    return held


def _overlaps(one: Range, two: Range) -> bool:
    return not _before_ranges(one, two) and not _before_ranges(two, one)


def _overlaps_before(one: Range, two: Range) -> bool:
    """`one` starts first (or together) and ends inside `two` (or together)."""
    one, two = _closed(one), _closed(two)
    starts = _starts_no_later(one, two) and not _starts_no_later(two, one)
    ends = _ends_no_earlier(two, one)
    return starts and ends and _overlaps(one, two)


def _finishes_point(one: Value, two: Range) -> bool:
    return two.end is not None and two.end_included and _sign(one, two.end) == 0


def _starts_point(one: Value, two: Range) -> bool:
    return two.start is not None and two.start_included and _sign(one, two.start) == 0


def _finishes(one: Range, two: Range) -> bool:
    return (
        one.end is not None
        and two.end is not None
        and one.end_included == two.end_included
        and _sign(one.end, two.end) == 0
        and _starts_no_later(two, one)
    )


def _starts(one: Range, two: Range) -> bool:
    return (
        one.start is not None
        and two.start is not None
        and one.start_included == two.start_included
        and _sign(one.start, two.start) == 0
        and _ends_no_earlier(two, one)
    )


def _coincides(one: Range, two: Range, run: Run) -> bool:
    return (
        _sign(one.start, two.start) == 0
        and _sign(one.end, two.end) == 0
        and equal(one, two, run) is True
    )


Relation = Callable[[Value, Value], bool]


def _row(relation: Relation) -> Callable[[Run, Value, Value], Value]:
    return lambda run, one, two: relation(one, two)


def _flipped(relation: Relation) -> Callable[[Run, Value, Value], Value]:
    return lambda run, one, two: relation(two, one)


_OPENING = {"[": True, "(": False, "]": False}
_CLOSING = {"]": True, ")": False, "[": False}
_MAKERS = {"date": Date, "time": Time, "date and time": DateTime}


def _range(run: Run, text: str) -> Range:
    """A range from its text: `[1..3]`, `(@"2024-01-01"..)`. Ends are constants."""
    run.spend(len(text))
    try:
        tokens = tokenize(text)[:-1]
        dots = [index for index, token in enumerate(tokens) if token.text == ".."]
        if len(dots) != 1 or tokens[0].text not in _OPENING or tokens[-1].text not in _CLOSING:
            raise Fault(f"{text[:40]!r} is no range")
        middle = tokens[dots[0]]
        low = _constant(text[tokens[0].end : middle.start])
        high = _constant(text[middle.end : tokens[-1].start])
    except SyntaxFault as fault:
        raise Fault(fault.message) from None
    low_included, high_included = _OPENING[tokens[0].text], _CLOSING[tokens[-1].text]
    if (low is None and (low_included or high is None)) or (high is None and high_included):
        raise Fault("an open end stands beside a round bracket, and one end is given")
    if low is not None and high is not None and _sign(low, high) > 0:
        raise Fault("a range goes upwards")
    return Range(low, high, low_included, high_included)


def _constant(text: str) -> Value:
    if not text.strip():
        return None
    node = parse_expression(text, ("date and time", "years and months duration"))
    value: Value = None
    if isinstance(node, syntax.Literal):
        value = node.value
    elif isinstance(node, syntax.Negation) and isinstance(node.operand, syntax.Literal):
        value = negate(node.operand.value)
    elif isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
        value = _made(node.function.name, node.arguments)
    if type(value) not in COMPARABLE:
        raise Fault(f"{text.strip()[:40]!r} is no constant a range can end with")
    return value


def _made(name: str, arguments: tuple[syntax.Node, ...]) -> Value:
    if len(arguments) != 1 or not isinstance(arguments[0], syntax.Literal):
        return None
    text = arguments[0].value
    value = iso.read_temporal(text) if isinstance(text, str) else None
    if name == "duration":
        return value if isinstance(value, (DaysTimeDuration, YearsMonthsDuration)) else None
    return value if name in _MAKERS and type(value) is _MAKERS[name] else None


TABLE = (
    builtin("range", "from: string", _range),
    builtin("before", f"point1: {POINT}, point2: {POINT}", _row(_before_points)),
    builtin("before", f"point: {POINT}, range: range", _row(_before_point_range)),
    builtin("before", f"range: range, point: {POINT}", _row(_before_range_point)),
    builtin("before", "range1: range, range2: range", _row(_before_ranges)),
    builtin("after", f"point1: {POINT}, point2: {POINT}", _flipped(_before_points)),
    builtin("after", f"point: {POINT}, range: range", _flipped(_before_range_point)),
    builtin("after", f"range: range, point: {POINT}", _flipped(_before_point_range)),
    builtin("after", "range1: range, range2: range", _flipped(_before_ranges)),
    builtin("meets", "range1: range, range2: range", _row(_meets)),
    builtin("met by", "range1: range, range2: range", _flipped(_meets)),
    builtin("overlaps", "range1: range, range2: range", _row(_overlaps)),
    builtin("overlaps before", "range1: range, range2: range", _row(_overlaps_before)),
    builtin("overlaps after", "range1: range, range2: range", _flipped(_overlaps_before)),
    builtin("finishes", f"point: {POINT}, range: range", _row(_finishes_point)),
    builtin("finishes", "range1: range, range2: range", _row(_finishes)),
    builtin("finished by", f"range: range, point: {POINT}", _flipped(_finishes_point)),
    builtin("finished by", "range1: range, range2: range", _flipped(_finishes)),
    builtin("includes", f"range: range, point: {POINT}", _row(_includes_point)),
    builtin("includes", "range1: range, range2: range", _row(_includes_range)),
    builtin("during", f"point: {POINT}, range: range", _flipped(_includes_point)),
    builtin("during", "range1: range, range2: range", _flipped(_includes_range)),
    builtin("starts", f"point: {POINT}, range: range", _row(_starts_point)),
    builtin("starts", "range1: range, range2: range", _row(_starts)),
    builtin("started by", f"range: range, point: {POINT}", _flipped(_starts_point)),
    builtin("started by", "range1: range, range2: range", _flipped(_starts)),
    builtin("coincides", f"point1: {POINT}, point2: {POINT}", lambda run, a, b: _sign(a, b) == 0),
    builtin("coincides", "range1: range, range2: range", lambda run, a, b: _coincides(a, b, run)),
)
