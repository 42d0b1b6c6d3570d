"""Calendars people keep: through acts, with rights, and with what they do to due dates."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.cases.holiday_files import read_holidays
from genba.cases.hours import Unreadable, read_hours, write_hours
from genba.engine.calendars import Holidays, Hours
from genba.people.directory import Known
from genba.runtime.almanacs import almanac_for

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
WEEK = {
    "monday": "9:00-12:00, 14h-18h",
    "tuesday": "9-12",
    "wednesday": "",
    "thursday": "",
    "friday": "9-12",
    "saturday": "",
    "sunday": "",
    "zone": "Europe/Paris",
}
FILE = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261225\r
DTEND;VALUE=DATE:20261227\r
SUMMARY:Noël\\, and the d\r
 ay after\r
BEGIN:VALARM\r
SUMMARY:not this\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Fête nationale\r
DTSTART;VALUE=DATE:20200714\r
RRULE:FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=14\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260525\r
RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20260525T100000Z\r
SUMMARY:A meeting\r
END:VEVENT\r
BEGIN:VEVENT\r
STATUS:CANCELLED\r
DTSTART;VALUE=DATE:20260526\r
END:VEVENT\r
END:VCALENDAR\r
""".encode()


def after(inst: Any, team: str, start: datetime, hours: int) -> datetime | None:
    """So many working hours later, for a team."""
    with inst.journal.reading() as reading:
        shift = almanac_for(reading, inst.zone).at(team=team).shift()
        return shift.after(start, timedelta(hours=hours))


def test_denied_first(inst: Any, people: People, do: Do) -> None:
    for act, given in (("hours", WEEK), ("close", {"day": "12-25"}), ("join", {"team": "Staff"})):
        denied = do(people["buyer"], f"calendar.{act}", "default", **given)
        assert denied.verdict is Verdict.FORBIDDEN
    assert do(people["buyer"], "calendar.hours", "Buying", **WEEK).ok
    assert do(people["buyer"], "calendar.join", "Buying", team="Buying").ok
    for act, given in (("hours", WEEK), ("leave", {"team": "Buying"}), ("remove", {})):
        denied = do(people["staff"], f"calendar.{act}", "Buying", **given)
        assert denied.verdict is Verdict.FORBIDDEN
    for wrong in ("", " x", "x" * 81, "a\nb"):
        assert do(people["buyer"], "calendar.hours", wrong).verdict is Verdict.UNKNOWN_OBJECT


def test_a_guest_does_not_see_them(inst: Any, people: People, do: Do) -> None:
    from genba.people.directory import invite

    guest = invite("guest@example.org")
    answer = do(guest, "calendar.hours", "Buying", **WEEK)
    assert answer.verdict is Verdict.UNKNOWN_OBJECT


def test_from_hours_to_a_due_date(inst: Any, people: People, do: Do, card: CardOf) -> None:
    buyer = people["buyer"]
    friday = datetime(2026, 3, 27, 10, tzinfo=UTC)  # 11:00 in Paris; summer time begins on Sunday
    assert after(inst, "Buying", friday, 4) == datetime(2026, 3, 27, 14, tzinfo=UTC)
    assert do(buyer, "calendar.hours", "Shop", **WEEK).ok
    assert after(inst, "Buying", friday, 4) == datetime(2026, 3, 27, 14, tzinfo=UTC)
    assert do(buyer, "calendar.join", "Shop", team="Buying").ok
    assert after(inst, "Buying", friday, 4) == datetime(2026, 3, 30, 10, tzinfo=UTC)  # Mon 12:00
    assert do(buyer, "calendar.close", "Shop", day=" 2026-03-30 ", name="Stocktaking").ok
    assert after(inst, "Buying", friday, 4) == datetime(2026, 3, 31, 10, tzinfo=UTC)
    shown = card(buyer, "calendar", "Shop")
    assert [(fact.label, fact.value) for fact in shown.facts[:3]] == [
        ("Monday", "9:00-12:00, 14:00-18:00"),
        ("Tuesday", "9:00-12:00"),
        ("Wednesday", "closed"),
    ]
    assert [f"{one.who} {one.text}" for one in shown.story[1:]] == [
        "Buyer let Buying work by it",
        "Buyer closed 2026-03-30 Stocktaking",
    ]
    french = card(people["helper"], "calendar", "Shop")
    assert french.story[1].text == "fait travailler Buying selon lui"
    assert do(buyer, "calendar.open", "Shop", day="2026-03-30").ok
    assert do(buyer, "calendar.remove", "Shop").ok
    assert after(inst, "Buying", friday, 4) == datetime(2026, 3, 27, 14, tzinfo=UTC)


def test_the_hours_stand_in_the_form_and_what_is_not_said_stays(
    inst: Any, people: People, do: Do, card: CardOf
) -> None:
    assert do(people["buyer"], "calendar.hours", "Shop", **WEEK).ok
    assert do(people["buyer"], "calendar.hours", "Shop", wednesday="8-10").ok
    (offer,) = [one for one in card(people["buyer"], "calendar", "Shop").offers
                if one.act == "calendar.hours"]  # fmt: skip
    kept = {name: rule["default"] for name, rule in offer.schema["properties"].items()}
    assert kept["monday"] == "9:00-12:00, 14:00-18:00"
    assert kept["wednesday"] == "8:00-10:00"
    assert kept["zone"] == "Europe/Paris"


def test_a_team_works_by_one_calendar(inst: Any, people: People, do: Do, card: CardOf) -> None:
    buyer = people["buyer"]
    assert do(buyer, "calendar.join", "One", team="buying").ok
    assert do(buyer, "calendar.join", "Two", team="Buying").ok
    assert "Buying" not in str(card(buyer, "calendar", "One").facts)
    assert "Buying" in str(card(buyer, "calendar", "Two").facts)


def test_an_administrator_writes_the_one_for_all(inst: Any, people: People, do: Do) -> None:
    from genba.people.accounts import enrol

    chief = enrol("chief@example.org", None, name="Chief", administrator=True)
    assert do(chief, "calendar.hours", "default", **WEEK | {"friday": ""}).ok
    friday = datetime(2026, 3, 27, 10, tzinfo=UTC)
    assert after(inst, "anybody", friday, 1) == datetime(2026, 3, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("act", "given", "field"),
    [
        ("hours", {"monday": "9-8"}, "monday"),
        ("hours", {"zone": "Paris"}, "zone"),
        ("close", {"day": "30 February"}, "day"),
        ("import", {"file": b"hello"}, "file"),
        ("import", {"file": b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"}, "file"),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(
    inst: Any, people: People, do: Do, act: str, given: dict[str, Any], field: str
) -> None:
    answer = do(people["buyer"], f"calendar.{act}", "Shop", **given)
    assert answer.verdict is Verdict.INVALID
    assert list(answer.errors) == [field]
    with inst.journal.reading() as reading:
        assert reading.stream("calendar:Shop") is None


def test_days_off_from_a_file(inst: Any, people: People, do: Do, card: CardOf) -> None:
    read = read_holidays(FILE)
    assert read is not None
    assert read.holidays == (
        Holidays("2026-12-25/2026-12-26", "Noël, and the day after"),
        Holidays("07-14", "Fête nationale"),
    )
    assert read.unread == 2
    answer = do(people["buyer"], "calendar.import", "Shop", file=FILE)
    assert answer.message == (
        "2 days off were added. 2 events are no whole days and were left out."
    )
    again = do(people["buyer"], "calendar.import", "Shop", file=FILE)
    assert again.verdict is Verdict.INVALID
    assert card(people["buyer"], "calendar", "Shop").story[-1].text == (
        "brought 2 days off from a file"
    )


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", ()),
        ("9-17", (Hours(540, 1020),)),
        ("13:30 – 24:00; 0:00-6", (Hours(0, 360), Hours(810, 1440))),
        ("9h15 à 12h", (Hours(555, 720),)),
    ],
)
def test_hours_are_read_and_written_back(text: str, hours: tuple[Hours, ...]) -> None:
    assert read_hours(text) == hours
    assert read_hours(write_hours(hours)) == hours


@pytest.mark.parametrize("text", ["9", "9-9", "9-25", "9:60-10", "9-12, 11-13", "morning"])
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(Unreadable):
        read_hours(text)
