"""Date and time built-ins: the moment now, calendar places, formatting of days (10.3.4.6,
10.3.4.10).

`now` and `today` read the moment the caller passed; without one they are null.
"""

from decimal import Decimal

from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.temporal import (
    Date,
    DateTime,
    date_of_number,
    day_number,
)
from genba.expressions.values import Value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _now(run: Run) -> Value:
    if run.now is None:
        raise Fault("this evaluation was given no moment")
    return run.now


def _today(run: Run) -> Value:
    return _now(run).date


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


def _day_of_year(run: Run, value: Date | DateTime) -> Decimal:
    day = _day(value)
    return Decimal(day.number - day_number(day.year, 1, 1) + 1)


def _day_of_week(run: Run, value: Date | DateTime) -> str:
    return WEEKDAYS[_day(value).weekday - 1]


def _month_of_year(run: Run, value: Date | DateTime) -> str:
    return MONTHS[_day(value).month - 1]


def _week_of_year(run: Run, value: Date | DateTime) -> Decimal:
    """ISO 8601: week 1 holds the year's first Thursday."""
    day = _day(value)
    thursday = date_of_number(day.number + 4 - day.weekday)
    if thursday is None:
        raise Fault("no week beyond the last year")
    return Decimal((thursday.number - day_number(thursday.year, 1, 1)) // 7 + 1)


TABLE = (
    builtin("now", "", _now),
    builtin("today", "", _today),
    builtin("day of year", "date: date | date and time", _day_of_year),
    builtin("day of week", "date: date | date and time", _day_of_week),
    builtin("month of year", "date: date | date and time", _month_of_year),
    builtin("week of year", "date: date | date and time", _week_of_year),
)
