"""A calendar as an object people see and change: its hours, its holidays, who works by it.

Rules of this file: reads only. A name nobody has used yet is a calendar too, with office hours
and no holidays: the first act on it makes it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact, Moment
from genba.cases.hours import write_hours
from genba.cases.places import calendar_path
from genba.cases.wording import listed
from genba.engine.holidays import read_holiday
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Entry
from genba.people.access import may_change_calendar, may_see_calendars
from genba.people.directory import Known, groups, names_of
from genba.runtime.almanacs import KIND, Kept, calendar_id, kept_calendar
from genba.runtime.installation import current

DEFAULT = "default"  # the calendar of whoever has none
LONGEST = 80  # characters of a name
MOST = 1_000  # calendars on one page
SOON = timedelta(days=366)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarObject(Struct, frozen=True):
    """A calendar by its name; `kept` is None as long as nobody has written it."""

    name: str
    kept: Kept | None
    revision: int = 0

    @property
    def said(self) -> Kept:
        """What counts: what was written, else office hours."""
        return self.kept if self.kept is not None else Kept()


def load_calendar(reading: Reading, name: str) -> CalendarObject | None:
    """The calendar of a name, also of one that is not used yet; None where it can be no name."""
    if not name.strip() or name != name.strip() or len(name) > LONGEST or not name.isprintable():
        return None
    row = reading.stream(calendar_id(name))
    return CalendarObject(name, kept_calendar(reading, name), row.revision if row else 0)


def calendars(reading: Reading) -> list[CalendarObject]:
    """Every calendar people work by, by name."""
    rows = reading.streams(KIND, limit=MOST)
    names = (row.id.partition(":")[2] for row in rows)
    found = (load_calendar(reading, name) for name in names)
    return [one for one in found if one is not None and one.kept is not None]


def sees_calendar(_calendar: CalendarObject, known: Known, _reading: Reading) -> bool:
    """Whether somebody may read when others work."""
    return may_see_calendars(known)


def may_change(calendar: CalendarObject, known: Known) -> bool:
    """Whether somebody may change it."""
    return may_change_calendar(known, calendar.said.teams, default=calendar.name == DEFAULT)


def calendar_gone(_calendar: CalendarObject, _known: Known) -> str:
    """A calendar can be written again after it was removed."""
    return ""


def calendar_card(calendar: CalendarObject, known: Known, full: bool, reading: Reading) -> Card:
    """A calendar: the week, the days off that come next, the teams, and who changed what."""
    said = calendar.said
    status = gettext("in use") if calendar.kept else gettext("not written yet: office hours")
    return Card(
        object="calendar",
        id=calendar.name,
        version=calendar.revision,
        title=calendar.name,
        subject=calendar.name,
        url=calendar_path(calendar.name),
        case=calendar_id(calendar.name),
        status=status,
        note=gettext("Whoever has no calendar of their own works by this one.")
        if calendar.name == DEFAULT
        else "",
        facts=(
            *(Fact(day, hours) for day, hours in week_in_words(said)),
            Fact(gettext("Time zone"), said.zone or str(current().zone)),
            Fact(gettext("Teams"), listed(said.teams) or "–"),
        ),
        story=calendar_story(reading, calendar.name) if full else (),
    )


def week_in_words(kept: Kept) -> list[tuple[str, str]]:
    """Each weekday in the reader's language, and its hours."""
    names = [str(WEEKDAYS[number]) for number in range(7)]
    closed = gettext("closed")
    return [(name, write_hours(day) or closed) for name, day in zip(names, kept.week, strict=True)]


def days_off(kept: Kept, at: datetime) -> list[tuple[str, str, str]]:
    """Each holiday as it is written, its name, and its next day from `at` on ("" for none)."""
    today = at.date()
    rows = []
    for holiday in kept.holidays:
        rule = read_holiday(holiday.text)
        years = range(today.year, (today + SOON).year + 1)
        days = sorted(day for year in years for day in (rule.days(year) if rule else ()))
        following = next((day.isoformat() for day in days if day >= today), "")
        rows.append((holiday.text, holiday.name, following))
    return sorted(rows, key=lambda row: (row[2] or "9999", row[0]))


def team_names() -> tuple[str, ...]:
    """The teams that may work by a calendar."""
    return groups()


# --- the story -------------------------------------------------------------------------------


def _hours(body: dict[str, Any]) -> str:
    week = msgspec.convert(body["week"], Kept.__annotations__["week"])
    days = week_in_words(Kept(week=week))
    return gettext("set the hours: %(hours)s (%(zone)s)") % {
        "hours": ", ".join(f"{day} {hours}" for day, hours in days),
        "zone": body["zone"] or str(current().zone),
    }


TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    "calendar.hours-set": _hours,
    "calendar.day-closed": lambda body: gettext("closed %(day)s %(name)s") % body,
    "calendar.day-opened": lambda body: gettext("opened %(day)s again") % body,
    "calendar.days-brought": lambda body: gettext("brought %(count)s days off from a file") % body,
    "calendar.team-joined": lambda body: gettext("let %(team)s work by it") % body,
    "calendar.team-left": lambda body: gettext("let %(team)s no longer work by it") % body,
    "calendar.removed": lambda body: gettext("removed the calendar"),
}


def calendar_story(reading: Reading, name: str) -> tuple[Moment, ...]:
    """Who changed what, oldest first."""
    log = [entry for entry in reading.log(CaseId(calendar_id(name))) if entry.type in TOLD]
    names = names_of(entry.envelope.actor for entry in log)
    return tuple(_moment(entry, names) for entry in log)


def _moment(entry: Entry, names: dict[str, str]) -> Moment:
    return Moment(
        seq=entry.seq,
        position=entry.position,
        at=entry.envelope.at,
        kind="event",
        who=names.get(entry.envelope.actor, ""),
        person=entry.envelope.actor,
        channel=entry.envelope.channel,
        text=TOLD[entry.type](msgspec.json.decode(entry.body)).strip(),
    )
