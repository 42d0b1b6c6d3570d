"""Changing when people work: hours, days off, the teams that work by a calendar.

Rules of this file: one function an act; a calendar is a stream, each change an entry of its log.
What was computed from a calendar before it changed stays as it was: it stands on the log of its
case. A team works by one calendar: joining one, it leaves the other.
"""

from typing import Annotated, Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_noop, ngettext
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Effect
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import Nothing, picked, schema_of
from genba.cases.calendar_objects import (
    DAYS,
    CalendarObject,
    may_change,
    team_names,
)
from genba.cases.holiday_files import LONGEST, NAME, read_holidays
from genba.cases.hours import Unreadable, read_hours, write_hours
from genba.engine.calendars import Holidays
from genba.engine.holidays import read_holiday
from genba.people.directory import Known, group_named
from genba.runtime.almanacs import Kept, calendar_id, calendar_of_team, zone_of
from genba.runtime.unit import Unit

MOST_DAYS = 2_000  # days off of one calendar
_Day = Annotated[str, Meta(max_length=100)]


class Week(Struct, frozen=True):
    """The hours of each weekday, empty for none, and the zone whose clock they are on."""

    monday: _Day = ""
    tuesday: _Day = ""
    wednesday: _Day = ""
    thursday: _Day = ""
    friday: _Day = ""
    saturday: _Day = ""
    sunday: _Day = ""
    zone: Annotated[
        str,
        Meta(
            title=gettext_noop("Time zone"),
            description=gettext_noop("Like Europe/Paris; empty: that of the installation."),
            max_length=60,
        ),
    ] = ""


class DayOff(Struct, frozen=True):
    """A day, several days, or a rule of every year."""

    day: Annotated[
        str,
        Meta(
            title=gettext_noop("Day"),
            description=gettext_noop(
                "Like 2026-12-24, 2026-12-24/2027-01-02, 12-25, easter+1, last monday of may"
            ),
            min_length=1,
            max_length=60,
        ),
    ]
    name: Annotated[str, Meta(title=gettext_noop("Name"), max_length=NAME)] = ""


class Day(Struct, frozen=True):
    """One of the days off."""

    day: Annotated[str, Meta(title=gettext_noop("Day"), max_length=60)]


class HolidayFile(Struct, frozen=True):
    """An iCalendar file."""

    file: Annotated[bytes, Meta(title=gettext_noop("File (.ics)"), max_length=LONGEST)]


class Team(Struct, frozen=True):
    """A team by its name."""

    team: Annotated[str, Meta(title=gettext_noop("Team"), min_length=1, max_length=255)]


def week_terms(calendar: CalendarObject, by: Known) -> Terms | None:
    """The week as it is, to be changed."""
    if not may_change(calendar, by):
        return None
    schema = schema_of(Week)
    hours = (write_hours(day) for day in calendar.said.week)
    for number, (name, text) in enumerate(zip(DAYS, hours, strict=True)):
        schema["properties"][name] |= {"title": str(WEEKDAYS[number]), "default": text}
    schema["properties"]["zone"]["default"] = calendar.said.zone
    return Terms(schema=schema, hint=gettext("For instance 9:00-12:00, 13:00-17:00."))


def day_terms(calendar: CalendarObject, by: Known) -> Terms | None:
    """The days off there are."""
    if not calendar.said.holidays or not may_change(calendar, by):
        return None
    days = [(one.text, f"{one.text} {one.name}".strip()) for one in calendar.said.holidays]
    return Terms(schema=picked(Day, "day", list(dict(days).items())))


def joining_terms(calendar: CalendarObject, by: Known) -> Terms | None:
    """The teams that do not work by it yet."""
    teams = [name for name in team_names() if name not in calendar.said.teams]
    if not teams or not may_change(calendar, by):
        return None
    return Terms(schema=picked(Team, "team", [(name, name) for name in teams]))


def leaving_terms(calendar: CalendarObject, by: Known) -> Terms | None:
    """The teams that work by it."""
    if not calendar.said.teams or not may_change(calendar, by):
        return None
    return Terms(schema=picked(Team, "team", [(name, name) for name in calendar.said.teams]))


def removable(calendar: CalendarObject, by: Known) -> bool:
    """It is there, and theirs to change."""
    return calendar.kept is not None and may_change(calendar, by)


def _change(unit: Unit, calendar: CalendarObject, kept: Kept, type: str, body: Any) -> None:
    stream = unit.stream(calendar_id(calendar.name))
    stream.record(type, body)
    stream.keep(kept, marks=kept.teams)


@act(
    "calendar",
    "hours",
    when=week_terms,
    label=gettext_noop("Set the hours"),
    summary=gettext_noop("Say in which hours of the week people work, and in which time zone."),
    input=Week,
    rank=10,
)
def set_hours(unit: Unit, calendar: CalendarObject, _by: Known, given: Week) -> Outcome:
    """Set the week."""
    if given.zone and zone_of(given.zone) is None:
        return invalid("zone", gettext("There is no such time zone. Write it like Europe/Paris."))
    week = []
    for name in DAYS:
        try:
            week.append(read_hours(getattr(given, name)))
        except Unreadable:
            return invalid(name, gettext("Write the hours like 9:00-12:00, 13:00-17:00."))
    kept = replace(calendar.said, week=tuple(week), zone=given.zone)
    body = {"week": kept.week, "zone": kept.zone}
    _change(unit, calendar, kept, "calendar.hours-set", body)
    return done(gettext("The hours are set. What is already due stays as it is."))


@act(
    "calendar",
    "close",
    when=may_change,
    label=gettext_noop("Add a day off"),
    summary=gettext_noop("Say that nobody works on a day, on several days, or every year."),
    input=DayOff,
    rank=20,
)
def close_day(unit: Unit, calendar: CalendarObject, _by: Known, given: DayOff) -> Outcome:
    """Add a day off, or give it another name."""
    day = " ".join(given.day.split()).lower()
    if read_holiday(day) is None:
        return invalid("day", gettext("Write the day like 2026-12-24 or 12-25."))
    others = [one for one in calendar.said.holidays if one.text != day]
    if len(others) >= MOST_DAYS:
        return invalid("day", gettext("There are too many days off. Remove old ones first."))
    kept = replace(calendar.said, holidays=(*others, Holidays(day, given.name.strip())))
    _change(unit, calendar, kept, "calendar.day-closed", {"day": day, "name": given.name.strip()})
    return done(gettext("Nobody works then: %(day)s.") % {"day": day})


@act(
    "calendar",
    "open",
    when=day_terms,
    label=gettext_noop("Remove a day off"),
    summary=gettext_noop("Say that a day off is a day like others again."),
    input=Day,
    rank=40,
)
def open_day(unit: Unit, calendar: CalendarObject, _by: Known, given: Day) -> Outcome:
    """Remove a day off."""
    left = tuple(one for one in calendar.said.holidays if one.text != given.day)
    kept = replace(calendar.said, holidays=left)
    _change(unit, calendar, kept, "calendar.day-opened", {"day": given.day})
    return done(gettext("It is a day like others again: %(day)s.") % {"day": given.day})


@act(
    "calendar",
    "import",
    when=may_change,
    label=gettext_noop("Days off from a file"),
    summary=gettext_noop("Bring in days off from an iCalendar file (.ics)."),
    input=HolidayFile,
    rank=30,
)
def bring_days(unit: Unit, calendar: CalendarObject, _by: Known, given: HolidayFile) -> Outcome:
    """Add the whole days of a file to the days off there are."""
    read = read_holidays(given.file)
    if read is None:
        return invalid("file", gettext("This is no iCalendar file (.ics)."))
    there = {one.text: one for one in calendar.said.holidays}
    new = [one for one in read.holidays if there.get(one.text) != one]
    there |= {one.text: one for one in new}
    if len(there) > MOST_DAYS:
        return invalid("file", gettext("There are too many days off. Remove old ones first."))
    if not new:
        return invalid("file", gettext("There is no whole day in it that is not known already."))
    kept = replace(calendar.said, holidays=tuple(there.values()))
    body = {"count": len(new), "days": [one.text for one in new]}
    _change(unit, calendar, kept, "calendar.days-brought", body)
    words = ngettext("%(count)d day off was added.", "%(count)d days off were added.", len(new))
    message = words % {"count": len(new)}
    if read.unread:
        words = ngettext(
            "%(count)d event is no whole day and was left out.",
            "%(count)d events are no whole days and were left out.",
            read.unread,
        )
        message = f"{message} {words % {'count': read.unread}}"
    return done(message)


@act(
    "calendar",
    "join",
    when=joining_terms,
    label=gettext_noop("Add a team"),
    summary=gettext_noop("Let a team work by this calendar, and no longer by another."),
    input=Team,
    rank=50,
)
def join(unit: Unit, calendar: CalendarObject, _by: Known, given: Team) -> Outcome:
    """Let a team work by it."""
    team = group_named(given.team) or given.team
    before = calendar_of_team(unit.tx, team)
    if before and before != calendar.name:
        other = unit.stream(calendar_id(before))
        left = other.state(Kept) or Kept()
        left = replace(left, teams=tuple(one for one in left.teams if one != team))
        other.record("calendar.team-left", {"team": team})
        other.keep(left, marks=left.teams)
    kept = replace(calendar.said, teams=tuple(sorted({*calendar.said.teams, team})))
    _change(unit, calendar, kept, "calendar.team-joined", {"team": team})
    return done(gettext("%(team)s works by this calendar now.") % {"team": team})


@act(
    "calendar",
    "leave",
    when=leaving_terms,
    label=gettext_noop("Remove a team"),
    summary=gettext_noop("Let a team work by the calendar “default” again."),
    input=Team,
    rank=60,
)
def leave(unit: Unit, calendar: CalendarObject, _by: Known, given: Team) -> Outcome:
    """Let a team work by it no longer."""
    teams = tuple(one for one in calendar.said.teams if one != given.team)
    kept = replace(calendar.said, teams=teams)
    _change(unit, calendar, kept, "calendar.team-left", {"team": given.team})
    return done(gettext("%(team)s works by the calendar “default” now.") % {"team": given.team})


@act(
    "calendar",
    "remove",
    when=removable,
    label=gettext_noop("Remove the calendar"),
    summary=gettext_noop("Remove a calendar: its teams work by the calendar “default” again."),
    effect=Effect.FINAL,
    rank=90,
)
def remove(unit: Unit, calendar: CalendarObject, _by: Known, _given: Nothing) -> Outcome:
    """Remove a calendar."""
    kept = replace(calendar.said, teams=(), removed=True)
    _change(unit, calendar, kept, "calendar.removed", {})
    return done(gettext("Removed. What is already due stays as it is."))
