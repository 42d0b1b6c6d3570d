"""The clock on the wall of a place, and the instants it shows.

Rules of this file: a zone is a `tzinfo` that whoever calls gives; no zone is looked up here. Two
rules hold wherever a local time becomes an instant: a time the clock skips (the gap in spring) is
the first moment after the gap; a time that comes twice (the overlap in autumn) is the first of the
two. So later on the clock is never earlier in time.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo

Zones = Callable[[str], tzinfo | None]  # a zone id -> the zone, None where there is none

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (on the wall)
_SECOND = timedelta(seconds=1)
_STRIDE = timedelta(hours=12)  # no zone changes its clock twice in that time
_EARLIEST, _LATEST = -62_135_000_000, 253_402_000_000  # seconds since then that Python knows


def wall(instant: datetime, zone: tzinfo) -> datetime:
    """What the clock of a zone shows at an instant: without a zone of its own."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def resolve(local: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) at which the clock of a zone shows a local time; see the two rules."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if zone is UTC or wall(first, zone) == local.replace(fold=0):
        return first
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return transition(min(first, second) - _SECOND, max(first, second), zone)


def offset(zone: tzinfo, instant: datetime) -> timedelta:
    """How far the clock of a zone is ahead of UTC at an instant."""
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def transition(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first whole second from which the clock runs as it does at `after`, not at `before`."""
    there = offset(zone, after)
    before = before.replace(microsecond=0)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if offset(zone, before + middle * _SECOND) == there:
            high = middle
        else:
            low = middle
    return before + high * _SECOND


def stretches(
    start: datetime, end: datetime, zone: tzinfo
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from `start` to `end` (UTC) in pieces during which the clock is not changed."""
    while start < end:
        stop = min(start + _STRIDE, end)
        here = offset(zone, start)
        if offset(zone, stop - _SECOND) != here:
            stop = transition(start, stop - _SECOND, zone)
        yield start, stop, here
        start = stop


def offset_of(zones: Zones) -> Callable[[str, int], int | None]:
    """As FEEL asks: the offset of a zone, in seconds, when its clock shows a local time.

    The local time is in seconds since 1970; what no clock shows or shows twice: by the two rules.
    """

    def answer(name: str, seconds: int) -> int | None:
        zone = zones(name)
        if zone is None:
            return None
        local = _EPOCH + timedelta(seconds=min(max(seconds, _EARLIEST), _LATEST))
        found = local.replace(tzinfo=zone).utcoffset()
        return None if found is None else int(found.total_seconds())

    return answer
