"""Working hours as people write them: "9:00-12:00, 13:00-17:00".

Rules of this file: pure text and back. What cannot be read certainly is an error in words, never
guessed; nothing written means that nobody works that day.
"""

import re
from itertools import pairwise

from genba.engine.calendars import DAY_MINUTES, Hours

_TIME = r"(\d{1,2})(?:[:.hH](\d\d)?)?"
_PERIOD = re.compile(rf"\s*{_TIME}\s*(?:-|–|—|to|à)\s*{_TIME}\s*")


class Unreadable(ValueError):
    """The text says no working hours."""


def read_hours(text: str) -> tuple[Hours, ...]:
    """The hours of a day, in order. Raises Unreadable where they overlap or are none."""
    found = tuple(_period(part) for part in re.split(r"[,;]", text) if part.strip())
    hours = tuple(sorted(found, key=lambda one: one.start))
    if any(one.end > two.start for one, two in pairwise(hours)):
        raise Unreadable(text)
    return hours


def write_hours(hours: tuple[Hours, ...]) -> str:
    """The same, as `read_hours` reads it."""
    return ", ".join(f"{_clock(one.start)}-{_clock(one.end)}" for one in hours)


def _period(text: str) -> Hours:
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise Unreadable(text)
    start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
    if not 0 <= start < end <= DAY_MINUTES:
        raise Unreadable(text)
    return Hours(start, end)


def _minutes(hours: str, minutes: str | None) -> int:
    if int(minutes or 0) > 59:
        raise Unreadable(minutes)
    return int(hours) * 60 + int(minutes or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
