"""What texts say about time, and when that is."""

from datetime import UTC, datetime, timedelta

import pytest

from genba.engine.time_texts import read
from genba.engine.timing import After, At, ByCron, Due, Every, Span, add, first, following

MONDAY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P3D", timedelta(days=3)),
        ("PT24H", timedelta(hours=24)),
        ("P2W", timedelta(weeks=2)),
        ("PT1.5S", timedelta(seconds=1.5)),
        ("24h", timedelta(hours=24)),
        ("24 Hours", timedelta(hours=24)),
        ("after 3 weeks", timedelta(weeks=3)),
        ("3 weeks later", timedelta(weeks=3)),
        ("wait for 30 min", timedelta(minutes=30)),
        ("two days", timedelta(days=2)),
        ("2 Tage", timedelta(days=2)),
        ("nach zwei Wochen", timedelta(weeks=2)),
        ("nach einer Stunde", timedelta(hours=1)),
        ("3 jours", timedelta(days=3)),
        ("après une semaine", timedelta(weeks=1)),
        ("in 1,5 Stunden", timedelta(minutes=90)),
    ],
)
def test_spans_in_three_languages(text: str, span: timedelta) -> None:
    when = read(text)
    assert isinstance(when, After), text
    assert first(when, MONDAY) == Due(MONDAY + span)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P1M", datetime(2026, 2, 5, 9, 30, tzinfo=UTC)),
        ("one month", datetime(2026, 2, 5, 9, 30, tzinfo=UTC)),
        ("1 Jahr", datetime(2027, 1, 5, 9, 30, tzinfo=UTC)),
        ("un mois", datetime(2026, 2, 5, 9, 30, tzinfo=UTC)),
        ("every Monday", datetime(2026, 1, 12, tzinfo=UTC)),
        ("jeden Freitag", datetime(2026, 1, 9, tzinfo=UTC)),
        ("chaque mardi", datetime(2026, 1, 6, tzinfo=UTC)),
        ("every 2 hours", MONDAY + timedelta(hours=2)),
        ("daily", MONDAY + timedelta(days=1)),
        ("R3/PT10M", MONDAY + timedelta(minutes=10)),
        ("R/2026-02-01T08:00:00Z/P1D", datetime(2026, 2, 1, 8, tzinfo=UTC)),
        ("2026-03-01T10:00:00+01:00", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("0 0 8 * * MON-FRI", datetime(2026, 1, 6, 8, tzinfo=UTC)),
        ("*/15 * * * *", datetime(2026, 1, 5, 9, 45, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("@hourly", datetime(2026, 1, 5, 10, tzinfo=UTC)),
    ],
)
def test_calendar_times(text: str, due: datetime) -> None:
    when = read(text)
    assert when is not None, text
    found = first(when, MONDAY)
    assert found is not None
    assert found[0] == due


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "when the weather is fine",
        "3",
        "PT",
        "P",
        "an",
        "m",
        "5 m",
        "end of month",
        "after lunch",
        "2-3 days",
        "every second Monday",
        "R/tomorrow",
        "1.5 months",
        "99 99 * * *",
        "Boundary Intermediate Event Timer",
        "less than 2 days",
    ],
)
def test_what_is_not_certain_is_not_read(text: str) -> None:
    assert read(text) is None


def test_the_end_of_the_month_is_kept_within_it() -> None:
    assert add(datetime(2026, 1, 31, tzinfo=UTC), Span(1)).day == 28
    assert add(datetime(2024, 1, 31, tzinfo=UTC), Span(1)).day == 29


def test_a_date_that_has_passed_is_due_now() -> None:
    assert first(At(MONDAY - timedelta(days=1)), MONDAY) == Due(MONDAY)


def test_cycles_count_down_and_stay_in_step() -> None:
    when = read("R3/PT1H")
    assert isinstance(when, Every)
    due = first(when, MONDAY)
    assert due == Due(MONDAY + timedelta(hours=1), 2)
    late = due.at + timedelta(minutes=20)
    assert following(when, due, late) == Due(MONDAY + timedelta(hours=2), 1)
    asleep = due.at + timedelta(hours=5, minutes=20)
    assert following(when, due, asleep) == Due(MONDAY + timedelta(hours=7), 1)
    assert following(when, Due(due.at), late) is None


def test_a_cycle_with_an_end_stops_there() -> None:
    when = read("R/PT1H/2026-01-05T11:00:00Z")
    assert isinstance(when, Every)
    assert following(when, Due(MONDAY, -1), MONDAY) == Due(MONDAY + timedelta(hours=1), -1)
    assert following(when, Due(MONDAY + timedelta(hours=1), -1), MONDAY) is None


def test_cron_days_and_weekdays_either_will_do() -> None:
    when = read("0 0 13 * FRI")
    assert isinstance(when, ByCron)
    assert first(when, MONDAY) == Due(datetime(2026, 1, 9, tzinfo=UTC), -1)


def test_times_beyond_the_calendar_never_come() -> None:
    assert first(After(Span(12 * 9000)), MONDAY) is None
