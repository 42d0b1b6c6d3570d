"""Equality, order and membership of FEEL values (DMN 1.5, 10.3.2.13 and table 53 to 55).

All three are three-valued: None means the values cannot be compared, and the caller warns. Work on
lists
and contexts is paid for, so comparing large values in a loop ends in a refusal.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from genba.expressions.outcome import Run
from genba.expressions.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)
from genba.expressions.values import Function, Range, Value


def equal(left: Value, right: Value, run: Run) -> bool | None:
    """`left = right`: null equals only null, and different types cannot be compared."""
    kind = type(left)
    if left is None or right is None:
        return left is right
    if kind is not type(right):
        return None
    special = _EQUAL.get(kind)
    if special is None:
        return bool(left == right)
    return special(left, right, run)


def _equal_lists(left: list[Value], right: list[Value], run: Run) -> bool | None:
    if len(left) != len(right):
        return False
    run.spend(len(left) + 1)
    return all(equal(one, two, run) is True for one, two in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], run: Run) -> bool | None:
    if left.keys() != right.keys():
        return False
    run.spend(len(left) + 1)
    return all(equal(item, right[key], run) is True for key, item in left.items())


def _equal_keys(left: Any, right: Any, run: Run) -> bool | None:
    """Times are equal by hour, minute, second and offset: fractions do not count (table 54)."""
    del run
    one, two = left.key, right.key
    return one[1] // SECOND == two[1] // SECOND if one[0] == two[0] else None


def _equal_ranges(left: Range, right: Range, run: Run) -> bool | None:
    return (
        left.single is right.single
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start, run) is True
        and equal(left.end, right.end, run) is True
    )


def _equal_functions(left: Function, right: Function, run: Run) -> bool | None:
    del run
    return left is right


_EQUAL: dict[type, Callable[[Any, Any, Run], bool | None]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Time: _equal_keys,
    DateTime: _equal_keys,
    Range: _equal_ranges,
    Function: _equal_functions,
}


def _itself(value: Any) -> Any:
    return value


def _key(value: Any) -> Any:
    return value.key


_ORDER: dict[type, Callable[[Any], Any]] = {
    Decimal: _itself,
    str: _itself,
    Date: lambda value: (value.year, value.month, value.day),
    Time: _key,
    DateTime: _key,
    DaysTimeDuration: lambda value: value.nanoseconds,
    YearsMonthsDuration: lambda value: value.months,
}
"""What is compared for each type that has an order."""

COMPARABLE = frozenset(_ORDER)


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None when the values have no order between them."""
    kind = type(left)
    key = _ORDER.get(kind)
    if key is None or kind is not type(right):
        return None
    one, two = key(left), key(right)
    if (kind is Time or kind is DateTime) and one[0] != two[0]:
        return None
    return -1 if one < two else int(one > two)


def contains(range_: Range, value: Value) -> bool | None:
    """Whether a value lies in a range; None when it cannot be compared with its ends."""
    if range_.start is None and range_.end is None:
        return None
    if range_.start is not None:
        low = order(range_.start, value)
        if low is None:
            return None
        if low > 0 or (low == 0 and not range_.start_included):
            return False
    if range_.end is not None:
        high = order(value, range_.end)
        if high is None:
            return None
        if high > 0 or (high == 0 and not range_.end_included):
            return False
    return True


def passes(value: Value, test: Value, run: Run) -> bool | None:
    """`value in test`: in a range, an element of a list, or equal (table 55)."""
    kind = type(test)
    if kind is Range:
        return equal(value, test, run) if type(value) is Range else contains(test, value)
    if kind is not list:
        return equal(value, test, run)
    run.spend(len(test) + 1)
    for item in test:
        if type(item) is Range and type(value) is not Range:
            if contains(item, value):
                return True
        elif equal(value, item, run):
            return True
    return type(value) is list and equal(value, test, run) is True
