"""Cron expressions: which minutes they name.

Rules of this file: five fields (minute hour day month weekday), or six with seconds first as
`zeebe:` and Spring write them, and the names starting with "@". Lists, ranges, steps, `*`, `?`,
and English month and day names. Nothing else is read: what is not understood is None.

When the clock is changed: an expression that names hours fires once for each time named, those the
clock skips at the first moment after the gap, those that come twice the first time only. One that
names every hour fires whenever the clock shows such a minute.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

from genba.engine.zones import offset, resolve, transition, wall

_NAMED = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# (lowest, highest, names) of each field, seconds first
_FIELDS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0, 59, ()),
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, _MONTHS),
    (0, 7, _DAYS),
)
_ALL_HOURS = 24
_TICK = timedelta(microseconds=1)
_HORIZON = 366 * 8  # days: a 29 February comes again within eight years


class Cron(Struct, frozen=True):
    """The values of each field; `any_day`, `any_weekday`: that field was open (`*` or `?`)."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 is Sunday
    any_day: bool
    any_weekday: bool

    def following(self, after: datetime, zone: tzinfo = UTC) -> datetime | None:
        """The first instant after `after` that is named; None if there is none soon."""
        if len(self.hours) == _ALL_HOURS:
            return self._as_shown(after, zone)
        local = wall(after, zone)
        while True:  # a time the clock skips is that after the gap, which may have been fired
            upcoming = self._upcoming(local)
            if upcoming is None:
                return None
            found = resolve(upcoming, zone)
            if found > after:
                return found
            local = upcoming

    def _as_shown(self, after: datetime, zone: tzinfo) -> datetime | None:
        """As the clock shows it, also a second time in the overlap."""
        start, end = after + _TICK, after + timedelta(days=_HORIZON)
        while start < end:
            ahead = offset(zone, start)
            upcoming = self._upcoming((start + ahead).replace(tzinfo=None) - _TICK)
            if upcoming is None:
                return None
            found = upcoming.replace(tzinfo=UTC) - ahead
            if offset(zone, found) == ahead:
                return found
            start = transition(start, found, zone)  # the clock is changed before that
        return None

    def _upcoming(self, after: datetime) -> datetime | None:
        """The first time named that a clock which is never changed shows after `after`."""
        day = after.replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(_HORIZON):
            if self._names(day):
                for hour in self.hours:
                    if hour < after.hour and day.date() == after.date():
                        continue
                    for minute in self.minutes:
                        for second in self.seconds:
                            named = day.replace(hour=hour, minute=minute, second=second)
                            if named > after:
                                return named
            day += timedelta(days=1)
        return None

    def _names(self, day: datetime) -> bool:
        if day.month not in self.months:
            return False
        by_day = day.day in self.days
        by_weekday = day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return by_day and by_weekday
        return by_day or by_weekday  # both given: either will do, as cron has it


def read_cron(text: str) -> Cron | None:
    """A cron expression, or None where the text is not one."""
    fields = _NAMED.get(text.strip().lower(), text).split()
    if len(fields) == 5:
        fields = ["0", *fields]
    if len(fields) != 6:
        return None
    values = [_values(field, *bounds) for field, bounds in zip(fields, _FIELDS, strict=True)]
    if any(value is None for value in values):
        return None
    sets = [value for value in values if value is not None]
    return Cron(
        seconds=tuple(sorted(sets[0])),
        minutes=tuple(sorted(sets[1])),
        hours=tuple(sorted(sets[2])),
        days=frozenset(sets[3]),
        months=frozenset(sets[4]),
        weekdays=frozenset(day % 7 for day in sets[5]),
        any_day=fields[3] in "*?",
        any_weekday=fields[5] in "*?",
    )


def _values(field: str, lowest: int, highest: int, names: tuple[str, ...]) -> set[int] | None:
    found: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        if step and not (step.isdigit() and int(step)):
            return None
        low, high = _bounds(span, lowest, highest, names, open_ended=bool(step))
        if low is None or high is None or not lowest <= low <= high <= highest:
            return None
        found.update(range(low, high + 1, int(step or 1)))
    return found


def _bounds(
    span: str, lowest: int, highest: int, names: tuple[str, ...], *, open_ended: bool
) -> tuple[int | None, int | None]:
    if span in ("*", "?"):
        return lowest, highest
    left, dash, right = span.partition("-")
    low = _number(left, lowest, names)
    if dash:
        return low, _number(right, lowest, names)
    return low, highest if open_ended else low


def _number(text: str, lowest: int, names: tuple[str, ...]) -> int | None:
    if text.isdigit():
        return int(text)
    return names.index(text) + lowest if text in names else None
