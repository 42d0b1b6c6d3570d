"""Days on which nobody works, in words and as dates.

Rules of this file: a text says a day, several days, or a rule of every year; one table of forms.

    2026-12-24                one day
    2026-12-24/2027-01-02     from one day to another, both included
    12-25 or --12-25          every year (ISO 8601 of 1988 has the two hyphens)
    easter+1                  days counted from Easter Sunday, of the Gregorian calendar
    last monday of may        the first, 2nd, third, 4th … or last such weekday of a month

What is not one of these is not read (None).
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

_DAY = timedelta(days=1)
MOST_DAYS = 3_660  # of one range
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_PLACES = {
    word: place
    for place, words in enumerate(
        (("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th"), ("last",)), 1
    )
    for word in words
}
_LAST = 5


class Range(Struct, frozen=True):
    """From a day to another, both included."""

    first: date
    last: date

    def days(self, year: int) -> list[date]:
        """Those of a year."""
        start, end = max(self.first, date(year, 1, 1)), min(self.last, date(year, 12, 31))
        return [start + _DAY * n for n in range((end - start).days + 1)]


class Yearly(Struct, frozen=True):
    """The same date every year; 29 February only where there is one."""

    month: int
    day: int

    def days(self, year: int) -> list[date]:
        """That of a year."""
        there = self.day <= monthrange(year, self.month)[1]
        return [date(year, self.month, self.day)] if there else []


class FromEaster(Struct, frozen=True):
    """So many days after (before) Easter Sunday."""

    after: int

    def days(self, year: int) -> list[date]:
        """That of a year."""
        return [easter(year) + _DAY * self.after]


class Weekday(Struct, frozen=True):
    """The n-th weekday (Monday is 0) of a month; 5 is the last."""

    place: int
    weekday: int
    month: int

    def days(self, year: int) -> list[date]:
        """That of a year."""
        length = monthrange(year, self.month)[1]
        named = [
            day
            for number in range(1, length + 1)
            if (day := date(year, self.month, number)).weekday() == self.weekday
        ]
        return [named[-1] if self.place == _LAST else named[self.place - 1]]


Holiday = Range | Yearly | FromEaster | Weekday


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap = century // 4
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    shift = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * shift) // 451
    month, day = divmod(epact + shift - 7 * late + 114, 31)
    return date(year, month, day + 1)


def read_holiday(text: str) -> Holiday | None:
    """What a text says, None where it is no day."""
    text = " ".join(text.split()).lower()
    for pattern, make in _FORMS:
        found = pattern.fullmatch(text)
        if found is not None:
            try:
                return make(*found.groups())
            except ValueError:  # 2026-02-30
                return None
    return None


def _range(first: str, last: str | None) -> Holiday | None:
    start = date.fromisoformat(first)
    end = date.fromisoformat(last) if last is not None else start
    return Range(start, end) if 0 <= (end - start).days <= MOST_DAYS else None


def _yearly(month: str, day: str) -> Holiday | None:
    date(2024, int(month), int(day))  # ValueError where no year has it
    return Yearly(int(month), int(day))


def _from_easter(size: str | None) -> Holiday | None:
    return FromEaster(int(size or 0))


def _weekday(place: str, weekday: str, month: str) -> Holiday | None:
    return Weekday(_PLACES[place], _WEEKDAYS.index(weekday), _MONTHS.index(month) + 1)


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Holiday | None]], ...] = (
    (re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?"), _range),
    (re.compile(r"(?:--)?(\d\d)-(\d\d)"), _yearly),
    (re.compile(r"easter([+-]\d{1,3})?"), _from_easter),
    (
        re.compile(
            rf"({'|'.join(_PLACES)}) ({'|'.join(_WEEKDAYS)}) (?:of|in) ({'|'.join(_MONTHS)})"
        ),
        _weekday,
    ),
)
