"""What the engine is told about time zones and working hours.

Rules of this file: look-ups that whoever calls the engine gives; nothing is read here. An instant
computed from them goes into an event and is never computed again, so that a case replays the same
after a calendar, or the rules of a zone, have changed.
"""

from collections.abc import Callable
from datetime import UTC, tzinfo

from msgspec import Struct

from genba.engine.calendars import Calendar, Shift
from genba.engine.zones import Zones, offset_of

STANDARD = Calendar()


def _no_zone(name: str) -> tzinfo | None:
    return UTC if name in ("UTC", "Z", "Etc/UTC") else None


def _no_calendar(name: str) -> Calendar | None:
    return None


def _no_team(team: str) -> str:
    return ""


class Habits(Struct, frozen=True, kw_only=True):
    """What an installation does where neither step nor process says: texts of time, and a team."""

    remind: str = ""
    escalate: str = ""
    escalate_to: str = ""

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self.remind or self.escalate)


class Almanac(Struct, frozen=True, kw_only=True):
    """Zones by id, calendars by name, the calendar of a team ("" where it has none)."""

    zone: tzinfo = UTC  # where a text and its process name none
    zones: Zones = _no_zone
    calendars: Callable[[str], Calendar | None] = _no_calendar
    team: Callable[[str], str] = _no_team
    habits: Habits = Habits()

    def at(self, *, zone: str = "", calendar: str = "", team: str = "") -> "Place":
        """Where a time is meant: a zone id, and a calendar or a team whose calendar counts."""
        return Place(almanac=self, zone_id=zone, calendar_name=calendar, team=team)

    def offsets(self, zone: str, seconds: int) -> int | None:
        """As FEEL asks for the offset of a zone id."""
        return offset_of(self.zones)(zone, seconds)


class Place(Struct, frozen=True, kw_only=True):
    """Where a time is meant. A name nobody knows counts as none."""

    almanac: Almanac
    zone_id: str = ""
    calendar_name: str = ""
    team: str = ""

    def zone(self, named: str = "") -> tzinfo:
        """The zone a text names, else that of the place, else that of the installation."""
        for name in (named, self.zone_id):
            found = self.almanac.zones(name) if name else None
            if found is not None:
                return found
        return self.almanac.zone

    def shift(self) -> Shift:
        """The working time that counts: named, else the team's, else "default", else Mon-Fri 9-17.

        A calendar without a zone is in the zone of the place.
        """
        almanac = self.almanac
        for name in (self.calendar_name, almanac.team(self.team) if self.team else "", "default"):
            calendar = almanac.calendars(name) if name else None
            if calendar is not None:
                return Shift(calendar, self.zone(calendar.zone))
        return Shift(STANDARD, self.zone())


NOTHING_KNOWN = Almanac()
