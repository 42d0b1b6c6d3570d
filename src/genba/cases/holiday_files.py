"""Holidays from a file other programs write: iCalendar (RFC 5545).

Rules of this file: pure text to days. Whole days count (§3.3.4); an event at a time of day is a
meeting, no holiday. Of rules that repeat, those of every year on the same date are read; others
are counted as unread, and nothing is guessed.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from genba.engine.calendars import Holidays
from genba.engine.holidays import read_holiday

LONGEST = 2_000_000  # bytes of a file
NAME = 120  # characters of a name that are kept
_DAY = timedelta(days=1)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_DATE = re.compile(r"\d{8}")


class Read(Struct, frozen=True):
    """What a file says, and how many of its events are not said as days."""

    holidays: tuple[Holidays, ...]
    unread: int


def read_holidays(data: bytes) -> Read | None:
    """The whole days of an iCalendar file; None where it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    lines = _unfolded(text)
    if "BEGIN:VCALENDAR" not in (line.strip().upper() for line in lines):
        return None
    found = [_holiday(event) for event in _events(lines)]
    days = tuple(dict.fromkeys(one for one in found if one is not None))
    return Read(days, sum(one is None for one in found))


def _unfolded(text: str) -> list[str]:
    """A line that begins with a space goes on the one before (§3.1)."""
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def _events(lines: list[str]) -> Iterator[dict[str, str]]:
    """The properties of each event that holds, by name; parts within an event are left out."""
    event: dict[str, str] | None = None
    within = 0
    for line in lines:
        head, _colon, value = line.partition(":")
        name = head.partition(";")[0].strip().upper()
        if name == "BEGIN" and event is None:
            event = {} if value.strip().upper() == "VEVENT" else None
        elif name == "BEGIN":
            within += 1
        elif name == "END" and event is not None and within:
            within -= 1
        elif name == "END" and event is not None:
            if event.get("STATUS", "").upper() != "CANCELLED":
                yield event
            event = None
        elif event is not None and not within:
            event.setdefault(name, value.strip())


def _holiday(event: dict[str, str]) -> Holidays | None:
    start, end = _day(event.get("DTSTART", "")), _day(event.get("DTEND", ""))
    if start is None:
        return None
    last = max(end - _DAY, start) if end is not None else start  # the end is not included
    days = start.isoformat() if last == start else f"{start}/{last}"
    if rule := event.get("RRULE"):
        if last != start or not _is_yearly(rule, start):
            return None
        days = f"{start:%m-%d}"
    words = _ESCAPED.sub(lambda m: " " if m[1] in "nN" else m[1], event.get("SUMMARY", ""))
    return Holidays(days, words.strip()[:NAME]) if read_holiday(days) is not None else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _is_yearly(rule: str, start: date) -> bool:
    """Every year on the date of the first (§3.3.10), for ever."""
    parts = {part.partition("=")[0].upper(): part.partition("=")[2] for part in rule.split(";")}
    dated = {"BYMONTH": str(start.month), "BYMONTHDAY": str(start.day), "INTERVAL": "1"}
    return parts.pop("FREQ", "").upper() == "YEARLY" and all(
        name == "WKST" or dated.get(name) == value for name, value in parts.items()
    )
