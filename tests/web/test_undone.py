"""What was given up and nobody is asked about: found by administrators, tried again or dropped."""

from typing import Any

import pytest
from django.test import Client

from genba.journal.records import Envelope
from genba.people.accounts import enrol
from genba.runtime.giving_up import give_up
from genba.runtime.loop import Loop
from genba.runtime.unit import open_unit
from tests.web.test_pages import form_of


@pytest.fixture
def given_up(inst: Any, started: Any, do: Any, people: Any) -> str:
    """A case that has ended, and something of it that was given up."""
    case = str(started())
    with open_unit(inst, Envelope(at=inst.clock.now())) as unit:
        unit.open(case).post("words", {}, key="words:1")
    with inst.journal.reading() as reading:
        (row,) = [one for one in reading.outbox(case) if one.key == "words:1"]
    assert do(people["staff"], "case.withdraw", case, reason="no").ok
    give_up(inst, row, "the server is away", inst.clock.now())
    return case


@pytest.fixture
def admin(people: Any) -> Client:
    from genba.people.models import Person

    known = enrol("admin@example.org", None, name="Admin", groups=[], administrator=True)
    client = Client()
    person = Person.objects.get(pk=int(known.id))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client) -> str:
    answer = client.get("/undone")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_tried_again(given_up: str, admin: Client, inst: Any) -> None:
    taken: list[str] = []
    inst.on("words", lambda inst, row: taken.append(row.key))
    assert "1 thing was given up" in admin.get("/processes/").content.decode()
    assert "the server is away" in page_of(admin)
    form = form_of(page_of(admin), "delivery.retry")
    assert admin.post(form.pop("action"), form).status_code == 303
    Loop(inst).drain()
    assert taken.count("words:1") == 1
    assert "Nothing: all that was to be done was done" in page_of(admin)
    assert "given up" not in admin.get("/processes/").content.decode()


def test_it_is_dropped_with_a_reason(given_up: str, admin: Client, inst: Any) -> None:
    form = form_of(page_of(admin), "delivery.drop")
    action = form.pop("action")
    assert admin.post(action, {**form, "reason": ""}).status_code == 422
    assert admin.post(action, {**form, "reason": "told by telephone"}).status_code == 303
    with inst.journal.reading() as reading:
        assert reading.parked() == []
        types = [entry.type for entry in reading.log(given_up)]
        words = [reading.content(given_up, one.id).body for one in reading.contents(given_up)]
    assert "delivery.dropped" in types
    assert b"told by telephone" in words


def test_nobody_else_sees_or_mends_it(given_up: str, browse: Any, inst: Any) -> None:
    client = browse("buyer")
    with inst.journal.reading() as reading:
        (row,) = reading.parked()
    assert client.get("/undone").status_code == 404
    assert client.get(f"/api/delivery/{row.id}").status_code == 404
    assert client.post(f"/api/delivery/{row.id}/retry", "{}", "application/json").status_code == 404
    assert "given up" not in client.get("/processes/").content.decode()
