"""When a timer comes due.

Rules of this file: the moment is computed, never looked up: `at` and the `Place` are always given.
`first` and `following` compute instants from what a text says (`time_texts`). Years, months, weeks
and days go by on the calendar of the zone, so that nine o'clock stays nine o'clock when the clock
is changed; hours, minutes and seconds are time that really goes by. A cycle is counted from its
first time, so that neither a change of the clock nor the end of a month moves it for ever.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from genba.engine.almanac import NOTHING_KNOWN, Place
from genba.engine.cron import Cron
from genba.engine.zones import resolve, wall


class Span(Struct, frozen=True):
    """A duration: calendar months, seconds, calendar days; or days and seconds of work."""

    months: int = 0
    seconds: float = 0.0
    days: int = 0
    working: bool = False


class After(Struct, frozen=True):
    """Once, a span after the timer was set."""

    span: Span
    zone: str = ""  # the id the text names; in the others too


class At(Struct, frozen=True):
    """Once, at an instant; without an offset it is what the clock on the wall shows."""

    instant: datetime
    zone: str = ""


class Every(Struct, frozen=True):
    """Again and again: `times` in all (None: for ever), first one span after `start`."""

    span: Span
    times: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    zone: str = ""


class ByCron(Struct, frozen=True):
    """At the minutes a cron expression names."""

    cron: Cron
    zone: str = ""


When = After | At | Every | ByCron


class Due(NamedTuple):
    """When a timer is due, how often it comes again (-1: for ever), and what a cycle counts from.

    `base` is None where the last time says it all.
    """

    at: datetime
    left: int = 0
    base: datetime | None = None


UNKNOWN = Place(almanac=NOTHING_KNOWN)  # UTC, and the working hours of an office


def instant_of(moment: datetime, place: Place = UNKNOWN, zone: str = "") -> datetime:
    """A moment as an instant (UTC): one without an offset is on the wall of the place."""
    if moment.tzinfo is None:
        return resolve(moment, place.zone(zone))
    return moment.astimezone(UTC)


def add(
    instant: datetime, span: Span, times: int = 1, *, place: Place = UNKNOWN, zone: str = ""
) -> datetime | None:
    """`instant` plus `times` spans; days beyond the end of a month are cut.

    None where there is not so much working time. Raises OverflowError or ValueError beyond the
    years there are.
    """
    if span.working:
        return _work(instant, span, times, place)
    if not span.months and not span.days:
        return instant + timedelta(seconds=span.seconds * times)
    return _on_the_wall(wall(instant, place.zone(zone)), span, times, place=place, zone=zone)


def _on_the_wall(local: datetime, span: Span, times: int, *, place: Place, zone: str) -> datetime:
    if span.months:
        month = local.month - 1 + span.months * times
        year = local.year + month // 12
        month = month % 12 + 1
        day = min(local.day, monthrange(year, month)[1])
        local = local.replace(year=year, month=month, day=day)
    local += timedelta(days=span.days * times)
    return resolve(local, place.zone(zone)) + timedelta(seconds=span.seconds * times)


def _work(instant: datetime, span: Span, times: int, place: Place) -> datetime | None:
    shift = place.shift()
    found: datetime | None = instant
    for _ in range(times):
        if found is not None and span.days:
            found = shift.days_after(found, span.days)
        if found is not None and (span.seconds or not span.days):
            found = shift.after(found, timedelta(seconds=span.seconds))
    return found


def first(when: When, at: datetime, place: Place = UNKNOWN) -> Due | None:
    """When a timer set at `at` is due first.

    None where it never comes (a cron expression without a date, zero repetitions, no working time).
    """
    try:
        match when:
            case After(span, zone):
                due = add(at, span, place=place, zone=zone)
                return Due(due) if due is not None else None
            case At(moment, zone):
                return Due(max(instant_of(moment, place, zone), at))
            case ByCron(cron, zone):
                due = cron.following(at, place.zone(zone))
                return Due(due, -1) if due is not None else None
            case Every():
                return _first_of(when, at, place)
    except (OverflowError, ValueError):  # beyond the year 9999
        return None


def _first_of(when: Every, at: datetime, place: Place) -> Due | None:
    if when.times == 0:
        return None
    if when.start is not None:
        due: datetime | None = instant_of(when.start, place, when.zone)
    else:
        due = add(at, when.span, place=place, zone=when.zone)
    left = -1 if when.times is None else when.times - 1
    return Due(due, left, due if _counts(when.span) else None) if due is not None else None


def _counts(span: Span) -> bool:
    """Whether a cycle is counted from its first time: its steps are not all the same length."""
    return not span.working and bool(span.months or span.days)


def following(when: When, due: Due, at: datetime, place: Place = UNKNOWN) -> Due | None:
    """The next due time after one that fires at `at`.

    Counted from when it was due, not from when it was noticed, so that it does not drift. What
    was missed meanwhile (nobody was there) is skipped: it fires once and falls in step again.
    """
    if due.left == 0:
        return None
    left = due.left - 1 if due.left > 0 else -1
    try:
        if isinstance(when, ByCron):
            after = when.cron.following(max(due.at, at), place.zone(when.zone))
            return Due(after, left) if after is not None else None
        span = when.span if isinstance(when, Every) else Span()
        if not isinstance(when, Every) or not (span.months or span.days or span.seconds > 0):
            return None
        upcoming = _next(when, due, at, place)
    except (OverflowError, ValueError):
        return None
    if upcoming is None:
        return None
    if when.end is not None and upcoming > instant_of(when.end, place, when.zone):
        return None
    return Due(upcoming, left, (due.base or due.at) if _counts(span) else None)


def _next(when: Every, due: Due, at: datetime, place: Place) -> datetime | None:
    """The first time of a cycle after `due` and after `at`."""
    span, past = when.span, max(due.at, at)
    if span.working:
        upcoming = add(due.at, span, place=place)
        while upcoming is not None and upcoming <= past:
            further = add(upcoming, span, place=place)
            upcoming = further if further is None or further > upcoming else None
        return upcoming
    base = due.base or due.at
    local = wall(base, place.zone(when.zone))
    if when.start is not None and when.start.tzinfo is None:
        local = when.start.replace(fold=0)  # also where the clock skips just that
    longest = span.months * 31 * 86_400 + span.days * 86_400 + span.seconds
    slack = 86_400 if _counts(span) else 0
    number = max(1, int(((past - base).total_seconds() - slack) // longest))
    while True:
        if _counts(span):
            found = _on_the_wall(local, span, number, place=place, zone=when.zone)
        else:
            found = base + timedelta(seconds=span.seconds * number)
        if found > past:
            return found
        number += 1
