"""FEEL's own date, time and duration values (DMN 1.5, 10.3.2.3).

Python's `datetime` cannot hold them (years below 1 and above 9999, nanoseconds, zone ids), so they
are
plain numbers here. No clock and no zone database: a zone id is kept as text and compared only with
itself, unless whoever evaluates gives offsets (`arithmetic.in_zone`).
Text forms are in `iso`, arithmetic between kinds in `arithmetic`.
"""

import datetime as python

import msgspec

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MOST_YEARS = 999_999_999
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else MONTH_DAYS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, for any year."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


class Date(msgspec.Struct, frozen=True):
    """A calendar day, years from -999999999 to 999999999 (XML Schema's proleptic calendar)."""

    year: int
    month: int
    day: int

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 is Sunday (ISO 8601)."""
        return (self.number + 3) % 7 + 1

    def to_python(self) -> python.date | None:
        """The same day for Python, None outside its years 1 to 9999."""
        return python.date(self.year, self.month, self.day) if 1 <= self.year <= 9999 else None


def make_date(year: int, month: int, day: int) -> Date | None:
    """A date, or None when there is no such day."""
    if abs(year) > MOST_YEARS or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day)


def date_of_number(number: int) -> Date | None:
    """The day so many days after 1970-01-01, None outside the years FEEL knows."""
    number += 719_468
    era, day_of_era = divmod(number, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    return make_date(year, month, day_of_year - (153 * shifted + 2) // 5 + 1)


class Time(msgspec.Struct, frozen=True):
    """A time of day in nanoseconds since midnight, with an offset in seconds, a zone id, or
    neither.

    Both together: the zone, and the offset it has on the day the time belongs to.
    """

    nanoseconds: int
    offset: int | None = None
    zone: str | None = None

    @property
    def hour(self) -> int:
        return self.nanoseconds // HOUR

    @property
    def minute(self) -> int:
        return self.nanoseconds // MINUTE % 60

    @property
    def second(self) -> int:
        return self.nanoseconds // SECOND % 60

    @property
    def fraction(self) -> int:
        """Nanoseconds within the second."""
        return self.nanoseconds % SECOND

    @property
    def key(self) -> tuple[str, int]:
        """Comparable with keys of the same first part: local times, instants, times of one zone."""
        if self.offset is not None:
            return "utc", self.nanoseconds - self.offset * SECOND
        if self.zone is not None:
            return "@" + self.zone, self.nanoseconds
        return "local", self.nanoseconds


def make_time(
    hour: int, minute: int, second: int, *, fraction: int = 0, offset: int | None = None
) -> Time | None:
    """A time of day, or None when there is no such time."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= fraction < SECOND):
        return None
    if offset is not None and abs(offset) > 18 * 3600:
        return None
    return Time(hour * HOUR + minute * MINUTE + second * SECOND + fraction, offset)


class DateTime(msgspec.Struct, frozen=True):
    """A date and a time of day."""

    date: Date
    time: Time

    @property
    def key(self) -> tuple[str, int]:
        """Comparable with keys of the same first part."""
        kind, nanoseconds = self.time.key
        return kind, self.date.number * DAY + nanoseconds

    def to_python(self) -> python.datetime | None:
        """The same moment for Python (microseconds); None for a zone id or outside its years."""
        day = self.date.to_python()
        if day is None or self.time.zone is not None:
            return None
        zone = None
        if self.time.offset is not None:
            zone = python.timezone(python.timedelta(seconds=self.time.offset))
        clock = python.time(
            self.time.hour, self.time.minute, self.time.second, self.time.fraction // 1000
        )
        return python.datetime.combine(day, clock, zone)


def date_time_of(nanoseconds: int, like: Time) -> DateTime | None:
    """The local moment so many nanoseconds after 1970-01-01T00:00:00, in the zone of `like`."""
    days, rest = divmod(nanoseconds, DAY)
    day = date_of_number(days)
    return None if day is None else DateTime(day, Time(rest, like.offset, like.zone))


def local_nanoseconds(value: DateTime) -> int:
    """Nanoseconds from 1970-01-01T00:00:00 on the value's own clock."""
    return value.date.number * DAY + value.time.nanoseconds


class DaysTimeDuration(msgspec.Struct, frozen=True):
    """A duration in nanoseconds, shown as days, hours, minutes and seconds."""

    nanoseconds: int

    def to_python(self) -> python.timedelta | None:
        """The same duration for Python (microseconds), None when it is too long."""
        try:
            return python.timedelta(microseconds=self.nanoseconds // 1000)
        except OverflowError:
            return None


class YearsMonthsDuration(msgspec.Struct, frozen=True):
    """A duration in months, shown as years and months."""

    months: int


def shift_months(day: Date, months: int) -> Date | None:
    """The same day so many months later, or the month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > MOST_YEARS:
        return None
    return Date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def date_from_python(value: python.date) -> Date:
    return Date(value.year, value.month, value.day)


def time_from_python(value: python.time, offset: python.timedelta | None = None) -> Time:
    """A Python time; its offset is used when it has one of its own."""
    offset = value.utcoffset() if offset is None else offset
    nanoseconds = (
        value.hour * HOUR + value.minute * MINUTE + value.second * SECOND + value.microsecond * 1000
    )
    return Time(nanoseconds, None if offset is None else int(offset.total_seconds()))


def date_time_from_python(value: python.datetime) -> DateTime:
    return DateTime(date_from_python(value), time_from_python(value.time(), value.utcoffset()))


def duration_from_python(value: python.timedelta) -> DaysTimeDuration:
    return DaysTimeDuration((value // python.timedelta(microseconds=1)) * 1000)
