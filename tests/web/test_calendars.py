"""The pages of calendars: begun, changed and refused as a browser does it."""

from collections.abc import Callable
from typing import Any

from django.test import Client

Browse = Callable[..., Client]


def test_a_calendar_is_begun_shown_and_changed(
    inst: Any, people: dict[str, Any], browse: Browse
) -> None:
    client = browse("buyer")
    assert "No calendar has been written yet" in client.get("/calendars/").content.decode()
    opened = client.get("/calendars/", {"name": "Night shift"})
    assert opened["Location"] == "/calendars/Night%20shift"
    page = client.get(opened["Location"]).content.decode()
    assert "not written yet: office hours" in page
    assert 'value="9:00-17:00"' in page
    place = "/acts/calendar/Night%20shift/calendar.hours"
    wrong = client.post(place, {"monday": "late", "_key": "a"})
    assert wrong.status_code == 422
    assert "Write the hours like" in wrong.content.decode()
    done = client.post(place, {"monday": "22-24", "zone": "", "_key": "b"})
    assert done.status_code == 303
    page = client.get(done["Location"]).content.decode()
    assert "<dd>22:00-24:00</dd>" in page
    assert (
        client.post(
            "/acts/calendar/Night%20shift/calendar.close", {"day": "12-25", "_key": "c"}
        ).status_code
        == 303
    )
    assert "12-25 · next: 2026-12-25" in client.get(done["Location"]).content.decode()
    assert "Night shift" in client.get("/calendars/").content.decode()
    assert "Fermetures" in browse("helper").get(done["Location"]).content.decode()


def test_the_one_for_all_offers_nothing_to_a_member(
    inst: Any, people: dict[str, Any], browse: Browse
) -> None:
    page = browse("buyer").get("/calendars/default")
    assert page.status_code == 200
    assert b"data-act=" not in page.content
