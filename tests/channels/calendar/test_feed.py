"""Due dates by a secret address: what is in it, and what its secret opens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from genba.acts.bearers import hash_of

pytestmark = pytest.mark.django_db(transaction=True)


def events(answer: Any) -> dict[str, Any]:
    """The events of a file, by what they are called."""
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    return {str(one["summary"]).partition(" · ")[0]: one for one in found.walk("VEVENT")}


def test_what_is_due_is_in_it(
    errand: Any, secret: Any, subscribed: Any, people: Any, do: Any, task_of: Any
) -> None:
    case = errand()
    own = secret("buyer", "calendar")
    (one,) = events(subscribed(own)).values()
    assert one["summary"] == "Pack it · Errands 1"
    assert one["dtstart"].dt == datetime(2026, 3, 3, 9, 12, tzinfo=UTC)
    assert one["status"] == "CONFIRMED"
    assert one["url"] == f"https://genba.test/cases/1/{task_of(case, 'pack').partition(':')[2]}"
    assert "Tick it off when it is done." in one["description"]
    assert events(subscribed(secret("lead", "calendar"))) == {}  # nothing is asked of them


def test_the_entry_is_gone_as_soon_as_it_is_decided_elsewhere(
    errand: Any, secret: Any, subscribed: Any, people: Any, do: Any, task_of: Any
) -> None:
    """The lead signs by mail: it leaves the deputy's calendar, and is cancelled in their own."""
    case = errand()
    assert do(people["buyer"], "task.complete", task_of(case, "pack")).ok
    lead, deputy = secret("lead", "calendar"), secret("deputy", "calendar")
    before = events(subscribed(lead))["Sign it"]
    assert list(events(subscribed(deputy))) == ["Sign it"]
    signing = task_of(case, "sign")
    assert do(people["lead"], "task.approve", signing, channel="mail").ok
    assert events(subscribed(deputy)) == {}
    after = events(subscribed(lead))["Sign it"]
    assert after["status"] == "CANCELLED"
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_what_was_done_long_ago_is_not_kept(
    errand: Any, secret: Any, subscribed: Any, people: Any, do: Any, task_of: Any, clock: Any
) -> None:
    assert do(people["buyer"], "task.complete", task_of(errand(), "pack")).ok
    own = secret("buyer", "calendar")
    assert list(events(subscribed(own))) == ["Pack it"]
    clock.advance(timedelta(days=31))
    assert events(subscribed(own)) == {}


def test_it_is_not_sent_again_while_nothing_changes(
    errand: Any, secret: Any, subscribed: Any, people: Any, do: Any, task_of: Any
) -> None:
    case, own = errand(), secret("buyer", "calendar")
    first = subscribed(own)
    again = subscribed(own, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert do(people["staff"], "case.comment", case, text="In a hurry").ok
    said = subscribed(own, **{"If-None-Match": first["ETag"]})
    assert said.status_code == 304  # talk is not in it
    assert do(people["buyer"], "task.claim", task_of(case, "pack")).ok
    assert subscribed(own, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_it_speaks_the_readers_language(
    errand: Any, secret: Any, subscribed: Any, people: Any, do: Any, task_of: Any
) -> None:
    assert do(people["buyer"], "task.complete", task_of(errand(), "pack")).ok
    one = events(subscribed(secret("deputy", "calendar")))["Sign it"]
    assert "La cocher ne suffit pas" in one["description"]


@pytest.mark.security("S12")
def test_its_secret_opens_nothing_else_and_nothing_else_opens_it(
    errand: Any, secret: Any, subscribed: Any, people: Any, do: Any
) -> None:
    errand()
    own, other = secret("buyer", "calendar"), secret("buyer", "read", "act", "todo")
    assert subscribed(other).status_code == 404
    assert subscribed("genba_nobodys").status_code == 404
    bearer = {"Authorization": f"Bearer {own}"}
    assert Client().get("/api/cards", headers=bearer).status_code == 403
    start = "/api/process/errands/start"
    done = Client().post(start, "{}", content_type="application/json", headers=bearer)
    assert done.status_code == 403
    assert do(people["buyer"], "account.revoke-token", people["buyer"].id, token="device").errors
    assert do(people["buyer"], "account.revoke-token", people["buyer"].id, token=hash_of(own)).ok
    assert subscribed(own).status_code == 404


@pytest.mark.security("S1")
def test_whoever_fetches_it_changes_nothing_and_is_told_to_keep_it_secret(
    errand: Any, secret: Any, subscribed: Any, inst: Any
) -> None:
    errand()
    own = secret("buyer", "calendar")

    def position() -> int:
        with inst.journal.reading() as reading:
            return int(reading.position())

    before = position()
    for method in ("get", "head"):
        answer = getattr(Client(), method)(f"/calendar/{own}.ics")
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
    assert Client().post(f"/calendar/{own}.ics").status_code == 405
    assert position() == before


@pytest.mark.security("S5")
def test_who_left_the_team_sees_it_no_more(
    errand: Any, secret: Any, subscribed: Any, people: Any
) -> None:
    from genba.people.models import Person

    errand()
    own = secret("buyer", "calendar")
    person = Person.objects.get(pk=int(people["buyer"].id))
    person.teams.clear()
    assert events(subscribed(own)) == {}
    person.is_active = False
    person.save()
    assert subscribed(own).status_code == 404


def test_the_page_makes_an_address_shows_it_once_and_ends_it(
    errand: Any, people: Any, subscribed: Callable[..., Any]
) -> None:
    from genba.people.models import Person

    errand()
    client = Client()
    client.force_login(
        Person.objects.get(pk=int(people["buyer"].id)),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    made = client.post("/me/calendar", {"scope": "calendar", "name": "Phone", "_key": "k"})
    assert made["Cache-Control"] == "no-store"
    page = made.content.decode()
    address = page.partition("<code>https://genba.test")[2].partition("</code>")[0]
    assert list(events(client.get(address))) == ["Pack it"]
    page = client.get("/me/calendar").content.decode()
    assert "Phone" in page
    assert address not in page
    end = page.partition('name="end" value="')[2].partition('"')[0]
    ended = client.post("/me/calendar", {"end": end, "_key": "l"})
    assert ended.status_code == 200
    assert client.get(address).status_code == 404
