"""The text forms of FEEL's temporal values: ISO 8601 as XML Schema profiles it (DMN 1.5, 10.3.2.3).

Readers return None for a text that is no such value; writers always succeed. No arithmetic here.
"""

import re

from genba.expressions.temporal import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    make_date,
    make_time,
)

AREAS = frozenset(
    {
        *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"),
        *("Indian", "Pacific", "Etc", "US", "Canada", "Brazil", "Chile", "Mexico"),
    }
)
ZONES = frozenset({"UTC", "GMT", "UCT", "Zulu", "CET", "EET", "MET", "WET", "EST", "MST"})
"""What a zone id starts with, and ids without an area. The places are not checked: that takes the
zone database, which is not part of the language."""

_DATE = r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)"
_TIME = (
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?"
    r"(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+-]*(?:/[\w+-]+)*)?"
)
DATE = re.compile(_DATE, re.ASCII)
TIME = re.compile(_TIME, re.ASCII)
DATE_TIME = re.compile(_DATE + "T" + _TIME, re.ASCII)
MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
DAYS = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,18})D)?"
    r"(?:T(?=\d)(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{0,18}))?S)?)?",
    re.ASCII,
)


def read_date(text: str) -> Date | None:
    """`2017-08-30`, `-0044-03-15`, `123456-01-01`."""
    match = DATE.fullmatch(text)
    if match is None or text.startswith("-0000"):
        return None
    return make_date(int(match[1]), int(match[2]), int(match[3]))


def _offset(text: str | None) -> int | None:
    if not text or text.startswith("@"):
        return None
    if text in "Zz":
        return 0
    hours, minutes, *seconds = text[1:].split(":")
    if int(minutes) > 59 or (seconds and int(seconds[0]) > 59):
        return 10**6  # No such offset: make_time refuses it.
    size = int(hours) * 3600 + int(minutes) * 60 + (int(seconds[0]) if seconds else 0)
    return -size if text[0] == "-" else size


def read_time(text: str) -> Time | None:
    """`10:20:30.123456789`, with `Z`, an offset `+02:00`, a zone id `@Europe/Paris`, or none."""
    match = TIME.fullmatch(text)
    if match is None:
        return None
    fraction = int(((match[4] or "") + "0" * 9)[:9])
    zone = match[5]
    time = make_time(
        int(match[1]), int(match[2]), int(match[3]), fraction=fraction, offset=_offset(zone)
    )
    if time is not None and zone and zone.startswith("@"):
        area, _, place = zone[1:].partition("/")
        known = area in AREAS if place else area in ZONES
        return Time(time.nanoseconds, None, zone[1:]) if known else None
    return time


def read_date_time(text: str) -> DateTime | None:
    """A date, `T` and a time; a date alone is its midnight."""
    day, has_time, clock = text.partition("T")
    date = read_date(day)
    time = read_time(clock) if has_time else Time(0)
    return None if date is None or time is None else DateTime(date, time)


def read_duration(text: str) -> YearsMonthsDuration | DaysTimeDuration | None:
    """`P1Y2M` or `P1DT2H3M4.5S`; the two kinds never mix."""
    match = MONTHS.fullmatch(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonthsDuration(-months if match[1] else months)
    match = DAYS.fullmatch(text)
    if match is None:
        return None
    size = int(match[2] or 0) * DAY + int(match[3] or 0) * HOUR + int(match[4] or 0) * MINUTE
    size += int(match[5] or 0) * SECOND + int(((match[6] or "") + "0" * 9)[:9])
    return DaysTimeDuration(-size if match[1] else size)


def read_temporal(
    text: str,
) -> Date | Time | DateTime | YearsMonthsDuration | DaysTimeDuration | None:
    """What `@"..."` denotes (grammar rule 62: at literal)."""
    if DATE.fullmatch(text):
        return read_date(text)
    if TIME.fullmatch(text):
        return read_time(text)
    if DATE_TIME.fullmatch(text):
        return read_date_time(text)
    return read_duration(text)


def _fraction(nanoseconds: int) -> str:
    return f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""


def write_offset(seconds: int) -> str:
    """`Z`, `+02:00`, `-03:30:15`."""
    if seconds == 0:
        return "Z"
    size = abs(seconds)
    text = f"{'-' if seconds < 0 else '+'}{size // 3600:02d}:{size // 60 % 60:02d}"
    return text + (f":{size % 60:02d}" if size % 60 else "")


def write_date(value: Date) -> str:
    year = f"-{-value.year:04d}" if value.year < 0 else f"{value.year:04d}"
    return f"{year}-{value.month:02d}-{value.day:02d}"


def write_time(value: Time) -> str:
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{_fraction(value.fraction)}"
    if value.zone is not None:
        return f"{text}@{value.zone}"
    return text if value.offset is None else text + write_offset(value.offset)


def write_date_time(value: DateTime) -> str:
    return f"{write_date(value.date)}T{write_time(value.time)}"


def write_months(value: YearsMonthsDuration) -> str:
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-P" if value.months < 0 else "P") + text


def write_days(value: DaysTimeDuration) -> str:
    size = abs(value.nanoseconds)
    days, hours, minutes = size // DAY, size // HOUR % 24, size // MINUTE % 60
    seconds = f"{size // SECOND % 60}{_fraction(size % SECOND)}"
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}S" if seconds != "0" else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if value.nanoseconds < 0 else "P") + (text or "T0S")
