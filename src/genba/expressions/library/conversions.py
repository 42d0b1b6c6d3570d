"""Conversion built-ins: `number`, `string`, `date`, `time`, `duration` and so on (10.3.4.1)."""

import re
from decimal import Decimal

from genba.expressions import iso
from genba.expressions.arithmetic import in_zone, known_zone
from genba.expressions.library.arguments import whole
from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    make_date,
    make_time,
)
from genba.expressions.values import NUMBERS, Value, number
from genba.expressions.writing import write

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
_SEPARATORS = {" ", ",", "."}


def to_string(run: Run, value: Value) -> Value:
    if value is None:
        return None
    return write(value, run)


def to_number(
    run: Run, text: str, grouping: str | None = None, decimal: str | None = None
) -> Value:
    run.write(len(text))
    if grouping is not None and grouping not in _SEPARATORS:
        raise Fault("the grouping separator is a space, a comma or a point")
    if decimal is not None and (decimal not in (".", ",") or decimal == grouping):
        raise Fault("the decimal separator is a point or a comma, other than the grouping one")
    if grouping:
        text = text.replace(grouping, "")
    if decimal:
        text = text.replace(decimal, ".")
    value = number(text) if _NUMBER.fullmatch(text) else None
    if value is None:
        raise Fault(f"{text[:40]!r} is no number")
    return value


def _found(value: Value, text: str, what: str) -> Value:
    if value is None:
        raise Fault(f"{text[:40]!r} is no {what}")
    return value


def date_of(run: Run, value: str | Date | DateTime) -> Value:
    if isinstance(value, str):
        return _found(iso.read_date(value), value, "date")
    return value.date if isinstance(value, DateTime) else value


def date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    made = make_date(whole(year), whole(month), whole(day))
    return _found(made, f"{year}-{month}-{day}", "date")


def time_of(run: Run, value: str | Date | Time | DateTime) -> Value:
    if isinstance(value, str):
        return known_zone(_found(iso.read_time(value), value, "time"), run)
    if isinstance(value, Date):
        return Time(0, 0)
    return value.time if isinstance(value, DateTime) else value


def time_of_parts(
    run: Run,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysTimeDuration | None = None,
) -> Value:
    seconds = whole(second)
    fraction = int(NUMBERS.multiply(NUMBERS.subtract(second, Decimal(seconds)), Decimal(SECOND)))
    zone = None if offset is None else offset.nanoseconds // SECOND
    made = make_time(whole(hour), whole(minute), seconds, fraction=fraction, offset=zone)
    return _found(made, f"{hour}:{minute}:{second}", "time")


def date_time_of_text(run: Run, value: str | DateTime | Date) -> Value:
    if isinstance(value, str):
        return in_zone(_found(iso.read_date_time(value), value, "date and time"), run)
    return DateTime(value, Time(0)) if isinstance(value, Date) else value


def date_time_of_parts(run: Run, day: Date | DateTime, time: Time) -> Value:
    return in_zone(DateTime(day.date if isinstance(day, DateTime) else day, time), run)


def duration_of(run: Run, value: str | DaysTimeDuration | YearsMonthsDuration) -> Value:
    if isinstance(value, str):
        return _found(iso.read_duration(value), value, "duration")
    return value


def months_between(run: Run, start: Date | DateTime, end: Date | DateTime) -> Value:
    """Whole months from `start` to `end` by their days, negative when `end` is before."""
    one, two = _day(start), _day(end)
    if two < one:
        return YearsMonthsDuration(-_whole_months(two, one))
    return YearsMonthsDuration(_whole_months(one, two))


def _day(value: Date | DateTime) -> tuple[int, int, int]:
    day = value.date if isinstance(value, DateTime) else value
    return day.year, day.month, day.day


def _whole_months(start: tuple[int, int, int], end: tuple[int, int, int]) -> int:
    months = (end[0] - start[0]) * 12 + end[1] - start[1]
    return months - 1 if end[2] < start[2] else months


TABLE = (
    builtin("date", "from: string | date | date and time", date_of),
    builtin("date", "year: number, month: number, day: number", date_of_parts),
    builtin("date and time", "from: string | date and time | date", date_time_of_text),
    builtin("date and time", "date: date | date and time, time: time", date_time_of_parts),
    builtin("time", "from: string | time | date and time | date", time_of),
    builtin(
        "time",
        "hour: number, minute: number, second: number, offset?: days and time duration | null",
        time_of_parts,
    ),
    builtin(
        "number",
        "from: string, grouping separator?: string | null, decimal separator?: string | null",
        to_number,
    ),
    builtin("number", "from: number", lambda run, value: value),
    builtin("string", "from: any", to_string),
    builtin("duration", "from: string | duration", duration_of),
    builtin(
        "years and months duration",
        "from: date | date and time, to: date | date and time",
        months_between,
    ),
)
