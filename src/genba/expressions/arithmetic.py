"""`+ - * / **` and negation between FEEL types (DMN 1.5, 10.3.2.3 and tables 56 to 59).

One table per operator, keyed by the two types; what is not in the table is null with a warning.
A function returns None when the result does not exist (overflow, division by zero, year out of
range).
"""

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from genba.expressions.outcome import Fault, Run
from genba.expressions.temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    date_of_number,
    date_time_of,
    day_number,
    local_nanoseconds,
    shift_months,
)
from genba.expressions.values import NUMBERS, Value, type_name

Days: TypeAlias = DaysTimeDuration
Months: TypeAlias = YearsMonthsDuration
Row = Callable[[Any, Any], Value]


def guarded(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Any, Any], Value]:
    """A number operation whose overflow, division by zero and the like give None."""

    def apply(left: Decimal, right: Decimal) -> Decimal | None:
        try:
            return operation(left, right)
        except decimal.DecimalException:
            return None

    return apply


def _power(left: Decimal, right: Decimal) -> Decimal:
    if not right and not left:
        return Decimal(1)
    made = NUMBERS.power(left, right)
    if not made.is_finite():
        raise decimal.DivisionByZero  # 0 ** -1 is infinite without a signal.
    return made


def date_plus_days(day: Date, size: Days) -> Date | None:
    return date_of_number((day.number * DAY + size.nanoseconds) // DAY)


def _time_plus_days(time: Time, size: Days) -> Time:
    return Time((time.nanoseconds + size.nanoseconds) % DAY, time.offset, time.zone)


def moment_plus_days(moment: DateTime, size: Days) -> DateTime | None:
    return date_time_of(local_nanoseconds(moment) + size.nanoseconds, moment.time)


def moment_plus_months(moment: DateTime, size: Months) -> DateTime | None:
    day = shift_months(moment.date, size.months)
    return None if day is None else DateTime(day, moment.time)


def in_zone(moment: DateTime, run: Run) -> DateTime:
    """The moment with the offset its zone has then, when this evaluation can tell zones apart.

    Raises Fault when there is no such zone. Years no zone database knows are taken as its first or
    last.
    """
    zone = moment.time.zone
    if zone is None or run.zones is None:
        return moment
    local = local_nanoseconds(moment) // SECOND
    offset = run.zones(zone, min(max(local, FIRST_LOCAL), LAST_LOCAL))
    if offset is None:
        raise Fault(f"there is no time zone {zone!r}")
    return DateTime(moment.date, Time(moment.time.nanoseconds, offset, zone))


def known_zone(time: Time, run: Run) -> Time:
    """The time itself. Raises Fault when its zone is none, as far as this evaluation can tell."""
    if time.zone is not None and run.zones is not None and run.zones(time.zone, 0) is None:
        raise Fault(f"there is no time zone {time.zone!r}")
    return time


def _between(left: Any, right: Any) -> Days | None:
    one, two = left.key, right.key
    return Days(one[1] - two[1]) if one[0] == two[0] else None


def _midnight(day: Date) -> DateTime:
    return DateTime(day, Time(0, 0))  # A date among date-times is midnight UTC (10.3.2.3.5).


def _scale_days(size: Days, factor: Decimal) -> Value:
    return _whole(Days, guarded(NUMBERS.multiply)(Decimal(size.nanoseconds), factor))


def _scale_months(size: Months, factor: Decimal) -> Value:
    return _whole(Months, guarded(NUMBERS.multiply)(Decimal(size.months), factor))


def _split_days(size: Days, divisor: Decimal) -> Value:
    return _whole(Days, guarded(NUMBERS.divide)(Decimal(size.nanoseconds), divisor))


def _split_months(size: Months, divisor: Decimal) -> Value:
    return _whole(Months, guarded(NUMBERS.divide)(Decimal(size.months), divisor))


def _whole(kind: Callable[[int], Any], value: Decimal | None) -> Any:
    return None if value is None or value.adjusted() > 40 else kind(int(value))


def _ratio_days(left: Days, right: Days) -> Value:
    return guarded(NUMBERS.divide)(Decimal(left.nanoseconds), Decimal(right.nanoseconds))


def _ratio_months(left: Months, right: Months) -> Value:
    return guarded(NUMBERS.divide)(Decimal(left.months), Decimal(right.months))


def _flip(row: Row) -> Row:
    return lambda left, right: row(right, left)


def _minus(row: Row) -> Row:
    return lambda left, right: row(left, negate(right))


def negate(value: Value) -> Value:
    """`-value` for a number or a duration. Raises Fault for anything else."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is Days:
        return Days(-value.nanoseconds)
    if type(value) is Months:
        return Months(-value.months)
    raise Fault(f"a {type_name(value)} cannot be negated")


_ADD: dict[tuple[type, type], Row] = {
    (Decimal, Decimal): guarded(NUMBERS.add),
    (Date, Days): date_plus_days,
    (Time, Days): _time_plus_days,
    (DateTime, Days): moment_plus_days,
    (Date, Months): lambda day, size: shift_months(day, size.months),
    (DateTime, Months): moment_plus_months,
    (Days, Days): lambda left, right: Days(left.nanoseconds + right.nanoseconds),
    (Months, Months): lambda left, right: Months(left.months + right.months),
}
_ADD |= {(two, one): _flip(row) for (one, two), row in _ADD.items() if one is not two}

_SUBTRACT: dict[tuple[type, type], Row] = {
    (Decimal, Decimal): guarded(NUMBERS.subtract),
    (Date, Date): lambda left, right: Days((left.number - right.number) * DAY),
    (Time, Time): _between,
    (DateTime, DateTime): _between,
    (DateTime, Date): lambda left, right: _between(left, _midnight(right)),
    (Date, DateTime): lambda left, right: _between(_midnight(left), right),
}
_SUBTRACT |= {pair: _minus(row) for pair, row in _ADD.items() if pair[1] in (Days, Months)}

_MULTIPLY: dict[tuple[type, type], Row] = {
    (Decimal, Decimal): guarded(NUMBERS.multiply),
    (Days, Decimal): _scale_days,
    (Decimal, Days): _flip(_scale_days),
    (Months, Decimal): _scale_months,
    (Decimal, Months): _flip(_scale_months),
}
_DIVIDE: dict[tuple[type, type], Row] = {
    (Decimal, Decimal): guarded(NUMBERS.divide),
    (Days, Decimal): _split_days,
    (Months, Decimal): _split_months,
    (Days, Days): _ratio_days,
    (Months, Months): _ratio_months,
}
_POWER: dict[tuple[type, type], Row] = {(Decimal, Decimal): guarded(_power)}

TABLES: dict[str, dict[tuple[type, type], Row]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": _POWER,
}
FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
}
"""The number operations the compiler may call directly; only overflow can go wrong."""

TRANSCENDENTAL = 50
"""Steps a power, root, logarithm or exponential costs: they take so much longer than a sum."""

FIRST_LOCAL = day_number(2, 1, 1) * 86_400
LAST_LOCAL = day_number(9998, 12, 31) * 86_400
"""Local times zones are asked about, in seconds since 1970; zone databases end near these."""
MOST_NANOSECONDS = 10**9 * 366 * DAY
MOST_SECONDS = MOST_NANOSECONDS // SECOND


def calculate(operator: str, left: Value, right: Value, run: Run) -> Value:
    """One operation. Raises Fault when it has no result."""
    if operator == "**":
        run.spend(TRANSCENDENTAL)
    row = TABLES[operator].get((type(left), type(right)))
    if row is not None:
        result = row(left, right)
        if result is None:
            raise Fault(f"{type_name(left)} {operator} {type_name(right)} has no result here")
        if type(result) is DateTime and result.time.zone is not None:
            return in_zone(result, run)
        return _bounded(result)
    if operator == "+" and type(left) is str and type(right) is str:
        run.write(len(left) + len(right))
        return left + right
    raise Fault(f"{operator!r} is not defined for {type_name(left)} and {type_name(right)}")


def _bounded(result: Value) -> Value:
    if type(result) is Days and abs(result.nanoseconds) > MOST_NANOSECONDS:
        raise Fault("this duration is too long")
    if type(result) is Months and abs(result.months) > 12 * 10**9:
        raise Fault("this duration is too long")
    return result
