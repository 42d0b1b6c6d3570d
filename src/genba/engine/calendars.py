"""Working time: when a team works, and how far it gets in so many hours or days.

Rules of this file: pure arithmetic on a calendar that is given. A moment is working time when the
clock of the calendar's zone shows a time within the hours of that weekday, and the day is no
holiday: so a night shift through the change of the clock is as long as it really is. Hours of work
are counted to the second. A working day is a day with working hours: "two working days later" is
the same time of day on the second working day after, or the end of that day's work if it is over
by then, or the next opening when it is in a pause. From a day on which nobody works it is the end
of that day's work: so who begins later is never due earlier.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from genba.engine.holidays import Holiday, read_holiday
from genba.engine.zones import resolve, stretches, wall

DAY_MINUTES = 24 * 60
HORIZON = 366 * 8  # days looked at for working time before there is none
_DAY = timedelta(days=1)


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """From one minute of the day to another (not included): 540 to 1020 is 9:00 to 17:00."""

    start: int
    end: int


class Holidays(Struct, frozen=True, forbid_unknown_fields=True):
    """A day, or several, or a rule of every year: `text` as `holidays` reads it."""

    text: str
    name: str = ""


OFFICE = (Hours(9 * 60, 17 * 60),)


class Calendar(Struct, frozen=True, kw_only=True):
    """When somebody works: hours by weekday (Monday first), and days on which nobody does.

    `zone` is a zone id; empty: that of the installation.
    """

    zone: str = ""
    week: tuple[tuple[Hours, ...], ...] = (OFFICE,) * 5 + ((),) * 2
    holidays: tuple[Holidays, ...] = ()


class Shift:
    """A calendar in its zone, ready to count with."""

    def __init__(self, calendar: Calendar, zone: tzinfo) -> None:
        self.zone = zone
        self.week = calendar.week
        read = (read_holiday(one.text) for one in calendar.holidays)
        self.rules: tuple[Holiday, ...] = tuple(rule for rule in read if rule is not None)
        self._free: dict[int, frozenset[date]] = {}

    def hours(self, day: date) -> tuple[Hours, ...]:
        """The working hours of a day, none on a holiday."""
        hours = self.week[day.weekday()]
        return () if hours and self.is_holiday(day) else hours

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works on a day, whatever its weekday."""
        if day.year not in self._free:
            self._free[day.year] = frozenset(d for rule in self.rules for d in rule.days(day.year))
        return day in self._free[day.year]

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working time from `start` to `end`, as instants."""
        for begin, stop, ahead in stretches(start, end, self.zone):
            low, high = begin + ahead, stop + ahead  # on the wall
            day = low.date()
            while day <= high.date():
                midnight = datetime.combine(day, time(0), UTC)
                for hours in self.hours(day):
                    one = max(low, midnight + timedelta(minutes=hours.start))
                    two = min(high, midnight + timedelta(minutes=hours.end))
                    if one < two:
                        yield one - ahead, two - ahead
                day += _DAY

    def opening(self, instant: datetime) -> datetime | None:
        """The instant itself when it is working time, else when work begins next."""
        end = instant + _DAY * HORIZON
        return next((start for start, _ in self.periods(instant, end)), None)

    def after(self, instant: datetime, work: timedelta) -> datetime | None:
        """When so much working time has gone by; None when that never comes.

        No time at all: the next moment of work, which is now while work is going on.
        """
        if work <= timedelta(0):
            return self.opening(instant)
        quiet = instant
        while instant - quiet < _DAY * HORIZON:
            for start, end in self.periods(instant, instant + _DAY):
                if end - start >= work:
                    return start + work
                work -= end - start
                quiet = end
            instant += _DAY
        return None

    def before(self, instant: datetime, work: timedelta) -> datetime | None:
        """From when so much working time goes by until `instant`; None when that never was."""
        quiet = instant
        while quiet - instant < _DAY * HORIZON:
            for start, end in reversed(tuple(self.periods(instant - _DAY, instant))):
                if end - start >= work:
                    return end - work
                work -= end - start
                quiet = start
            instant -= _DAY
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants."""
        return sum((two - one for one, two in self.periods(start, end)), timedelta(0))

    def days_after(self, instant: datetime, days: int) -> datetime | None:
        """So many working days later (before, when negative); see the rule of this file."""
        local = wall(instant, self.zone)
        found = self._day(local.date(), days)
        if found is None:
            return None
        if days and not self.hours(local.date()):
            midnight, hours = datetime.combine(found, time(0)), self.hours(found)
            minutes = hours[-1].end if days > 0 else hours[0].start
            return resolve(midnight + timedelta(minutes=minutes), self.zone)
        return self._on(found, local.time())

    def _day(self, day: date, count: int) -> date | None:
        step = _DAY if count >= 0 else -_DAY
        left, quiet = abs(count), 0
        while quiet < HORIZON:
            if left == 0 and self.hours(day):
                return day
            day += step
            quiet += 1
            if self.hours(day):
                left, quiet = max(left - 1, 0), 0
        return None

    def _on(self, day: date, clock: time) -> datetime:
        """The time of day on a working day, moved into its hours."""
        minutes = clock.hour * 60 + clock.minute + (clock.second + clock.microsecond / 1e6) / 60
        midnight = datetime.combine(day, time(0))
        last = self.hours(day)[-1]
        for hours in self.hours(day):
            if minutes <= hours.end:
                if minutes < hours.start:
                    return resolve(midnight + timedelta(minutes=hours.start), self.zone)
                return resolve(datetime.combine(day, clock), self.zone)
        return resolve(midnight + timedelta(minutes=last.end), self.zone)
