"""Dates, times and durations: text and back, and agreement with Python where Python can tell."""

import datetime as python

import pytest
from hypothesis import given
from hypothesis import strategies as some

from genba.expressions import iso, to_feel
from genba.expressions.temporal import (
    MOST_YEARS,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    date_of_number,
    make_date,
)


@given(some.dates())
def test_dates_agree_with_python(day: python.date) -> None:
    date = to_feel(day)
    assert isinstance(date, Date)
    assert iso.write_date(date) == day.isoformat()
    assert date.number == day.toordinal() - 719_163
    assert date.weekday == day.isoweekday()
    assert date_of_number(date.number) == date
    assert date.to_python() == day


@given(some.integers(-365 * MOST_YEARS, 365 * MOST_YEARS))
def test_day_numbers_and_dates_are_one_to_one(number: int) -> None:
    date = date_of_number(number)
    assert date is not None
    assert date.number == number
    assert iso.read_date(iso.write_date(date)) == date
    assert make_date(date.year, date.month, date.day) == date


@given(some.datetimes(timezones=some.none() | some.just(python.UTC)))
def test_moments_agree_with_python(moment: python.datetime) -> None:
    value = to_feel(moment)
    assert isinstance(value, DateTime)
    assert value.to_python() == moment
    assert iso.read_date_time(iso.write_date_time(value)) == value


@given(some.timedeltas())
def test_durations_agree_with_python(size: python.timedelta) -> None:
    value = to_feel(size)
    assert isinstance(value, DaysTimeDuration)
    assert value.to_python() == size
    assert iso.read_duration(iso.write_days(value)) == value


@given(some.integers(-(10**9), 10**9))
def test_months_round_trip(months: int) -> None:
    value = YearsMonthsDuration(months)
    assert iso.read_duration(iso.write_months(value)) == value


@given(
    some.integers(0, 86_400 * 10**9 - 1),
    some.none() | some.integers(-18 * 3600, 18 * 3600),
)
def test_times_round_trip(nanoseconds: int, offset: int | None) -> None:
    value = Time(nanoseconds, offset)
    assert iso.read_time(iso.write_time(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("2024-13-01", "2024-00-01", "2023-02-29", "24-01-01", "02024-01-01", "-0000-01-01"),
        *("10:60:00", "24:00:00", "10:00", "10:00:00+19:00", "10:00:00+01:60", "10:00:00@"),
        *("10:00:00@Nowhere/Else", "10:00:00@Z"),
        *("P", "PT", "P1YT", "P1H", "1D", "P-1D", "P1M2D", "PT1.S5", "", "2024-01-01T"),
    ],
)
def test_what_is_no_value(text: str) -> None:
    assert iso.read_temporal(text) is None


def test_zone_ids_are_kept() -> None:
    value = iso.read_date_time("2024-01-01T10:00:00@Europe/Paris")
    assert value is not None
    assert value.time.zone == "Europe/Paris"
    assert iso.write_date_time(value) == "2024-01-01T10:00:00@Europe/Paris"
    assert value.to_python() is None
