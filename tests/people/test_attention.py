"""When somebody may be disturbed: quiet hours through nights and weekends, and the next digest."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.people.attention import Attention, is_urgent, next_digest, quiet_until

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NIGHT = Attention(begins=time(19), ends=time(7, 30))
LUNCH = Attention(begins=time(12), ends=time(13))
WEEKEND = Attention(begins=time(19), ends=time(7, 30), weekend=True)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week that begins on a Monday."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("chosen", "now", "until"),
    [
        (Attention(), at(0, 3), None),
        (NIGHT, at(0, 19), at(1, 7, 30)),
        (NIGHT, at(0, 3), at(0, 7, 30)),
        (NIGHT, at(0, 7, 30), None),
        (LUNCH, at(0, 12, 59), at(0, 13)),
        (LUNCH, at(0, 13), None),
        (WEEKEND, at(4, 20), at(7, 7, 30)),  # Friday evening to Monday morning
        (WEEKEND, at(6, 12), at(7, 7, 30)),
        (Attention(weekend=True), at(5, 12), at(7, 0)),
        (Attention(weekend=True), at(4, 12), None),
    ],
)
def test_quiet_hours_end_when_they_say(
    chosen: Attention, now: datetime, until: datetime | None
) -> None:
    assert quiet_until(chosen, now) == until


TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
CHOSEN = st.builds(Attention, begins=TIMES, ends=TIMES, weekend=st.booleans(), daily=TIMES)
MOMENTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(CHOSEN, MOMENTS)
def test_after_quiet_hours_it_is_not_quiet(chosen: Attention, now: datetime) -> None:
    until = quiet_until(chosen, now)
    if until is not None:
        assert now < until <= now + timedelta(days=4)
        assert quiet_until(chosen, until) is None


@given(CHOSEN, MOMENTS)
def test_a_digest_comes_later_within_days_and_never_in_quiet_hours(
    chosen: Attention, now: datetime
) -> None:
    due = next_digest(chosen, now)
    assert due is not None
    assert now < due <= now + timedelta(days=5)
    assert quiet_until(chosen, due) is None


def test_what_is_due_before_they_end_does_not_wait() -> None:
    until = at(1, 7, 30)
    assert is_urgent(at(1, 7), until)
    assert is_urgent(at(0, 1), until)
    assert not is_urgent(at(1, 9), until)
    assert not is_urgent(None, until)
