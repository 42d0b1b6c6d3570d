"""Times on the wall through real changes of the clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.engine.almanac import Almanac, Place
from genba.engine.calendars import Calendar, Holidays
from genba.engine.time_texts import read
from genba.engine.timing import Due, first, following
from genba.engine.zones import resolve, stretches, wall

ALMANAC = Almanac(zone=ZoneInfo("Europe/Paris"), zones=ZoneInfo)
HERE = ALMANAC.at()
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        # The clock skips 2:00 to 3:00: the first moment after.
        ("Europe/Paris", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
        ("Europe/Paris", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Paris", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Paris", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Paris", "2026-03-29T03:10", "2026-03-29T01:10"),
        # 2:00 to 3:00 comes twice: the first.
        ("Europe/Paris", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Paris", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("America/New_York", "2026-03-08T02:15", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        # Half an hour: 2:00 to 2:30 is skipped in October, 1:30 to 2:00 comes twice in April.
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),  # a whole day was skipped
    ],
)
def test_what_the_clock_skips_and_what_comes_twice(zone: str, local: str, instant: str) -> None:
    assert resolve(datetime.fromisoformat(local), ZoneInfo(zone)) == utc(instant)


@given(
    zone=st.sampled_from(ZONES),
    one=st.integers(0, 366 * 24 * 60),
    two=st.integers(0, 366 * 24 * 60),
)
def test_later_on_the_wall_is_never_earlier(zone: str, one: int, two: int) -> None:
    start, place = utc("2026-01-01").replace(tzinfo=None), ZoneInfo(zone)
    early, late = (resolve(start + timedelta(minutes=n), place) for n in sorted((one, two)))
    assert early <= late


@given(zone=st.sampled_from(ZONES), minute=st.integers(0, 366 * 24 * 60))
def test_a_shown_time_leads_back_to_itself(zone: str, minute: int) -> None:
    instant, place = utc("2026-01-01") + timedelta(minutes=minute), ZoneInfo(zone)
    shown = wall(instant, place)
    assert resolve(shown, place) <= instant
    assert wall(resolve(shown, place), place) == shown


def test_a_year_in_pieces_has_two_changes_of_the_clock() -> None:
    for zone, changes in (("Europe/Paris", 2), ("Australia/Lord_Howe", 2), ("UTC", 0)):
        pieces = list(stretches(utc("2026-01-01"), utc("2027-01-01"), ZoneInfo(zone)))
        assert all(one[1] == two[0] for one, two in pairwise(pieces))
        assert sum(one[2] != two[2] for one, two in pairwise(pieces)) == changes


def fired(text: str, start: str, count: int, place: Place = HERE) -> list[str]:
    """When a timer that is set at `start` is due, always noticed in time."""
    when = read(text)
    assert when is not None
    due: Due | None = first(when, utc(start), place)
    found = []
    while due is not None and len(found) < count:
        found.append(due.at.astimezone(UTC).isoformat()[5:16])
        due = following(when, due, due.at, place)
    return found


@pytest.mark.parametrize(
    ("text", "start", "dues"),
    [
        # Nine o'clock stays nine o'clock.
        ("0 9 * * *", "2026-03-28T00:00", ["03-28T08:00", "03-29T07:00", "03-30T07:00"]),
        ("R/2026-03-28T09:00/P1D", "2026-03-27T00:00",
         ["03-28T08:00", "03-29T07:00", "03-30T07:00"]),
        ("R/2026-10-24T09:00/P1D", "2026-10-23T00:00",
         ["10-24T07:00", "10-25T08:00", "10-26T08:00"]),
        # 2:30 is skipped on 29 March, and is 2:30 again the day after.
        ("30 2 * * *", "2026-03-28T00:00", ["03-28T01:30", "03-29T01:00", "03-30T00:30"]),
        ("R/2026-03-28T02:30/P1D", "2026-03-27T00:00",
         ["03-28T01:30", "03-29T01:00", "03-30T00:30"]),
        ("R/2026-03-29T02:30/P1D", "2026-03-27T00:00", ["03-29T01:00", "03-30T00:30"]),
        # 2:30 comes twice on 25 October and fires once.
        ("30 2 * * *", "2026-10-24T00:00", ["10-24T00:30", "10-25T00:30", "10-26T01:30"]),
        # Every hour is every hour shown: also twice, and none is lost.
        ("30 * * * *", "2026-10-24T23:00", ["10-24T23:30", "10-25T00:30", "10-25T01:30",
                                            "10-25T02:30"]),
        ("30 * * * *", "2026-03-29T00:00", ["03-29T00:30", "03-29T01:30", "03-29T02:30"]),
        # Several skipped times are one.
        ("*/20 2 * * *", "2026-03-28T02:00", ["03-29T01:00", "03-30T00:00", "03-30T00:20"]),
        # Hours are time that goes by.
        ("R/PT6H", "2026-03-28T23:00", ["03-29T05:00", "03-29T11:00"]),
        ("PT24H", "2026-03-28T09:00", ["03-29T09:00"]),
        ("P1D", "2026-03-28T09:00", ["03-29T08:00"]),
        # The end of the month is the end of each month.
        ("R/2026-01-31T09:00/P1M", "2026-01-01T00:00",
         ["01-31T08:00", "02-28T08:00", "03-31T07:00", "04-30T07:00"]),
        # Zones in texts.
        ("2026-07-01T09:00[America/New_York]", "2026-01-01T00:00", ["07-01T13:00"]),
        ("2026-07-01T09:00@America/New_York", "2026-01-01T00:00", ["07-01T13:00"]),
        ("TZID=America/New_York:2026-07-01T09:00", "2026-01-01T00:00", ["07-01T13:00"]),
        ("CRON_TZ=America/New_York 0 2 * * *", "2026-03-07T08:00", ["03-08T07:00", "03-09T06:00"]),
        ("0 2 * * * [Australia/Lord_Howe]", "2026-10-02T15:30", ["10-03T15:30", "10-04T15:00"]),
        ("R/2026-07-01T09:00[America/New_York]/P1D", "2026-06-01T00:00",
         ["07-01T13:00", "07-02T13:00"]),
        ("2026-07-01T09:00+02:00[America/New_York]", "2026-01-01T00:00", ["07-01T07:00"]),
    ],
)  # fmt: skip
def test_timers_through_the_change_of_the_clock(text: str, start: str, dues: list[str]) -> None:
    assert fired(text, start, len(dues)) == dues


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT8H working", "2026-04-07T14:00"),  # from Friday 16:00; 6 April is Easter Monday
        ("P2D working", "2026-04-08T14:00"),
        ("2 working days", "2026-04-08T14:00"),
        ("2 jours ouvrés", "2026-04-08T14:00"),
        ("zwei Arbeitstage", "2026-04-08T14:00"),
        ("nach 2 Arbeitstagen", "2026-04-08T14:00"),
        ("after 8 working hours", "2026-04-07T14:00"),
        ("8 heures ouvrées", "2026-04-07T14:00"),
        ("P1DT1H working", "2026-04-07T15:00"),
    ],
)
def test_working_time_by_the_calendar_of_the_team(text: str, due: str) -> None:
    when = read(text)
    assert when is not None, text
    found = first(when, utc("2026-04-03T14:00"), holidays_at_easter())
    assert found == Due(utc(due))


def test_a_working_cycle_that_was_missed_fires_once_and_falls_in_step() -> None:
    when = read("R/PT8H working")
    assert when is not None
    place = holidays_at_easter()
    due = first(when, utc("2026-04-03T14:00"), place)
    assert due == Due(utc("2026-04-07T14:00"), -1)
    noticed = utc("2026-04-13T10:00")
    assert following(when, due, noticed, place) == Due(utc("2026-04-13T14:00"), -1)


@pytest.mark.parametrize(
    "text", ["1 working month", "P1W working", "2 working weeks", "0 9 * * * working"]
)
def test_working_time_that_says_too_little_is_not_read(text: str) -> None:
    assert read(text) is None


def test_a_daily_cycle_missed_for_days_fires_once_at_the_same_hour() -> None:
    when = read("R/2026-03-26T02:30/P1D")
    assert when is not None
    due = first(when, utc("2026-03-20T00:00"), HERE)
    assert due is not None
    after = following(when, due, utc("2026-03-28T12:00"), HERE)
    assert after is not None
    assert after.at == utc("2026-03-29T01:00")
    again = following(when, after, utc("2026-04-02T12:00"), HERE)
    assert again is not None
    assert again.at == utc("2026-04-03T00:30")


def holidays_at_easter() -> Place:
    french = Calendar(zone="Europe/Paris", holidays=(Holidays("easter+1"),))
    almanac = Almanac(
        zones=ZoneInfo,
        calendars={"French": french}.get,
        team=lambda team: "French" if team == "Buying" else "",
    )
    return almanac.at(team="Buying")
