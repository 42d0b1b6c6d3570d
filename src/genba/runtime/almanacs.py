"""What this installation knows about time zones and working hours, for the engine.

Rules of this file: the only place of the runtime where the zone database is asked. Calendars are
streams ("calendar:NAME"); the teams that work by one are its marks. Nothing is read before a case
asks for it.
"""

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from genba.engine.almanac import Almanac, Habits
from genba.engine.calendars import OFFICE, Calendar, Holidays, Hours
from genba.engine.zones import offset_of
from genba.journal.contract import Reading
from genba.runtime.streams import read_state

KIND = "calendar"


class Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the stream of a calendar comes to; `removed`: nobody works by it any more."""

    zone: str = ""
    week: tuple[tuple[Hours, ...], ...] = (OFFICE,) * 5 + ((),) * 2
    holidays: tuple[Holidays, ...] = ()
    teams: tuple[str, ...] = ()
    removed: bool = False

    def calendar(self) -> Calendar:
        """As the engine counts with it."""
        return Calendar(zone=self.zone, week=self.week, holidays=self.holidays)


@lru_cache(maxsize=1_000)
def zone_of(name: str) -> tzinfo | None:
    """The zone of an id, from the zone database; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


zone_offset = offset_of(zone_of)  # as FEEL asks for it


def calendar_id(name: str) -> str:
    """The stream of a calendar."""
    return f"{KIND}:{name}"


def kept_calendar(reading: Reading, name: str) -> Kept | None:
    """A calendar by its name; None where there is none, or none any more."""
    kept = read_state(reading.stream(calendar_id(name)), Kept)
    return kept if kept is not None and not kept.removed else None


def calendar_of_team(reading: Reading, team: str) -> str:
    """The name of the calendar a team works by; "" where it has none of its own."""
    rows = reading.streams(KIND, mark=team, limit=1)
    return rows[0].id.partition(":")[2] if rows else ""


def almanac_for(reading: Reading, zone: tzinfo, habits: Habits | None = None) -> Almanac:
    """What the engine is told; `zone` and `habits` are those of the installation."""

    def calendar(name: str) -> Calendar | None:
        kept = kept_calendar(reading, name)
        return kept.calendar() if kept is not None else None

    return Almanac(
        zone=zone,
        zones=zone_of,
        calendars=calendar,
        team=lambda team: calendar_of_team(reading, team),
        habits=habits or Habits(),
    )
