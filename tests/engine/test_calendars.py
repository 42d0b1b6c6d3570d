"""Working time: counted against a clock that is looked at minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genba.engine.calendars import Calendar, Holidays, Hours, Shift
from genba.engine.holidays import easter, read_holiday

PARIS, LORD_HOWE, NEW_YORK = (
    ZoneInfo(name) for name in ("Europe/Paris", "Australia/Lord_Howe", "America/New_York")
)
NIGHT = ((Hours(0, 360), Hours(1320, 1440)),) * 7  # 22:00 to 6:00, every night
CALENDARS = {
    "office": Calendar(),
    "pause": Calendar(
        week=((Hours(480, 720), Hours(780, 1020)),) * 4 + ((Hours(480, 735),), (), ()),
        holidays=(Holidays("2026-03-30"), Holidays("10-26"), Holidays("easter+1")),
    ),
    "night": Calendar(week=NIGHT),
    "always": Calendar(week=((Hours(0, 1440),),) * 7),
    "half past": Calendar(week=((Hours(90, 150), Hours(600, 601)),) * 7),
}
ZONES = {"Paris": PARIS, "Lord Howe": LORD_HOWE, "New York": NEW_YORK, "UTC": UTC}
# Around the changes of the clock in 2026: 29 March, 8 March, 5 April; 25 October, 1 November.
STARTS = (datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
MINUTE = timedelta(minutes=1)


@cache
def shift_of(calendar: str, zone: str) -> Shift:
    return Shift(CALENDARS[calendar], ZONES[zone])


def works(shift: Shift, minute: datetime) -> bool:
    """Whether a minute is worked, as somebody sees it who looks at the clock on the wall."""
    local = minute.astimezone(shift.zone)
    now = local.hour * 60 + local.minute
    free = any(local.date() in rule.days(local.year) for rule in shift.rules)
    return not free and any(h.start <= now < h.end for h in shift.week[local.weekday()])


def walked(shift: Shift, start: datetime, minutes: int) -> datetime:
    """So many minutes of work later, minute by minute."""
    at = start
    while True:
        if works(shift, at):
            if not minutes:
                return at
            minutes -= 1
            if not minutes:
                return at + MINUTE
        at += MINUTE


calendars = st.sampled_from(sorted(CALENDARS))
zones = st.sampled_from(sorted(ZONES))
minutes = st.builds(
    lambda start, n: start + timedelta(minutes=n),
    st.sampled_from(STARTS),
    st.integers(0, 40 * 24 * 60),
)
instants = st.builds(lambda at, s: at + timedelta(seconds=s), minutes, st.integers(0, 59))
work = st.integers(1, 1500)


@settings(max_examples=120, deadline=None)
@given(calendar=calendars, zone=zones, start=minutes, count=st.integers(0, 1200))
def test_as_many_minutes_as_the_clock_on_the_wall_shows(
    calendar: str, zone: str, start: datetime, count: int
) -> None:
    shift = shift_of(calendar, zone)
    assert shift.after(start, MINUTE * count) == walked(shift, start, count)


@given(calendar=calendars, zone=zones, one=instants, two=instants, count=work)
def test_who_starts_later_is_not_done_earlier(
    calendar: str, zone: str, one: datetime, two: datetime, count: int
) -> None:
    shift, (early, late) = shift_of(calendar, zone), sorted((one, two))
    first, second = (shift.after(at, MINUTE * count) for at in (early, late))
    assert first is not None
    assert second is not None
    assert first <= second
    for days in (count % 20, -(count % 20)):
        one_day, other = (shift.days_after(at, days) for at in (early, late))
        assert one_day is not None
        assert other is not None
        assert one_day <= other


@given(calendar=calendars, zone=zones, start=instants, first=work, second=work)
def test_work_in_two_parts_is_work_in_one(
    calendar: str, zone: str, start: datetime, first: int, second: int
) -> None:
    shift = shift_of(calendar, zone)
    half = shift.after(start, MINUTE * first)
    assert half is not None
    assert shift.after(half, MINUTE * second) == shift.after(start, MINUTE * (first + second))


@given(calendar=calendars, zone=zones, start=instants, count=work)
def test_what_was_added_lies_between_and_leads_back(
    calendar: str, zone: str, start: datetime, count: int
) -> None:
    shift = shift_of(calendar, zone)
    end = shift.after(start, MINUTE * count)
    assert end is not None
    assert shift.between(start, end) == MINUTE * count
    back = shift.before(end, MINUTE * count)
    assert back is not None
    assert shift.between(back, end) == MINUTE * count
    assert back >= start
    assert back == shift.opening(back)


@given(calendar=calendars, zone=zones, start=instants, days=st.integers(1, 30))
def test_working_days_are_days_with_hours(
    calendar: str, zone: str, start: datetime, days: int
) -> None:
    shift = shift_of(calendar, zone)
    end = shift.days_after(start, days)
    assert end is not None
    day = end.astimezone(shift.zone).date()
    assert shift.hours(day)
    begun = start.astimezone(shift.zone)
    between = (begun.date() + timedelta(n + 1) for n in range((day - begun.date()).days))
    assert sum(1 for one in between if shift.hours(one)) == days
    if calendar == "office" and 9 <= begun.hour < 17:
        worked = bool(shift.hours(begun.date()))
        due = begun.time() if worked else time(17)  # from a weekend: the end of the day
        assert end.astimezone(shift.zone).time() == due


def test_a_night_shift_through_the_change_of_the_clock_is_as_long_as_it_is() -> None:
    shift = shift_of("night", "Paris")
    spring = datetime(2026, 3, 28, 21, tzinfo=UTC)  # 22:00; at 2:00 it is 3:00
    assert shift.between(spring, spring + timedelta(hours=12)) == timedelta(hours=7)
    autumn = datetime(2026, 10, 24, 20, tzinfo=UTC)  # 22:00; at 3:00 it is 2:00
    assert shift.between(autumn, autumn + timedelta(hours=12)) == timedelta(hours=9)


def test_who_never_works_is_never_done() -> None:
    shift = Shift(Calendar(week=((),) * 7), UTC)
    start = STARTS[0]
    assert shift.after(start, MINUTE) is None
    assert shift.before(start, MINUTE) is None
    assert shift.days_after(start, 1) is None
    assert shift.opening(start) is None
    days = ((month, day) for month in range(1, 13) for day in range(1, 29))
    closed = tuple(Holidays(f"{month:02d}-{day:02d}") for month, day in days)
    assert (
        Shift(Calendar(holidays=closed), UTC).after(start, MINUTE) is not None
    )  # the 29th is left


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-12-24", [date(2026, 12, 24)]),
        ("2026-12-31/2027-01-02", [date(2026, 12, 31)]),
        ("12-25", [date(2026, 12, 25)]),
        ("--05-01", [date(2026, 5, 1)]),
        ("02-29", []),
        ("easter", [date(2026, 4, 5)]),
        ("easter+1", [date(2026, 4, 6)]),
        ("Easter-2", [date(2026, 4, 3)]),
        ("easter+39", [date(2026, 5, 14)]),
        ("first Monday of May", [date(2026, 5, 4)]),
        ("last monday in may", [date(2026, 5, 25)]),
        ("4th Thursday of November", [date(2026, 11, 26)]),
        ("2027-01-01", []),
    ],
)
def test_days_in_words(text: str, days: list[date]) -> None:
    rule = read_holiday(text)
    assert rule is not None
    assert rule.days(2026) == days


@pytest.mark.parametrize(
    "text", ["", "christmas", "2026-02-30", "13-01", "02-30", "2027-01-02/2026-01-01", "monday"]
)
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert read_holiday(text) is None


def test_easter_of_known_years() -> None:
    known = [(1961, 4, 2), (2000, 4, 23), (2011, 4, 24), (2024, 3, 31), (2038, 4, 25)]
    assert [easter(year) for year, *_ in known] == [date(*one) for one in known]
