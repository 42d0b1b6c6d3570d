"""A case that waits for a worker, tokens, and programs that show them."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from msgspec import Struct

Charge = Callable[..., str]


@pytest.fixture(autouse=True)
def in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test wrote about people is not committed: no other thread could read it."""
    from genba.channels.workers import polling

    async def aside(do: Callable[[], Any]) -> Any:
        return await sync_to_async(do)()  # in the thread of the test, by the bridge

    monkeypatch.setattr(polling, "aside", aside)


@pytest.fixture
def charge(inst: Any, people: Any, do: Any, deploy: Any) -> Charge:
    """Start a case that waits for the topic charge-card, which somebody has asked for before."""
    from genba.runtime.machines import serve

    serve(inst, ("charge-card",), "7")
    deploy("charging")

    def start(**data: Any) -> str:
        from genba.journal.records import Envelope
        from genba.runtime.unit import open_unit

        with open_unit(inst, Envelope(at=inst.clock.now(), actor=people["staff"].id)) as unit:
            return str(unit.start_case("charging", data=data or {"amount": 12}).row.case)

    return start


class Program(Struct):
    """A program that shows a token."""

    client: Client
    secret: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        sent = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        return self.client.generic(method, path, **sent, headers=headers)

    def fetch(self, topic: str = "charge-card", worker: str = "w1", **more: Any) -> list[Any]:
        """Jobs by Genba's own words."""
        topics = [{"topic": topic, "seconds": more.pop("seconds", 60)}]
        answer = self.ask("POST", "/api/jobs/fetch", {"worker": worker, "topics": topics, **more})
        assert answer.status_code == 200, answer.content
        found: list[Any] = answer.json()["jobs"]
        return found

    def say(self, id: str, act: str, **given: Any) -> Any:
        """What a worker says of a job."""
        return self.ask("POST", f"/api/job/{id}/{act}", {"worker": "w1", **given})


@pytest.fixture
def program() -> Callable[[str], Program]:
    """A program that shows this token."""
    return lambda secret: Program(Client(enforce_csrf_checks=True), secret)


@pytest.fixture
def worker(token: Any, program: Any) -> Program:
    """A worker of the topic charge-card."""
    made: Program = program(token("work:charge-card"))
    return made


@pytest.fixture
def open_at(inst: Any) -> Callable[[str], list[tuple[str, str]]]:
    """Where a case is: the node and kind of its open works."""

    def where(case: str) -> list[tuple[str, str]]:
        with inst.journal.reading() as reading:
            return [(work.node, work.kind) for work in reading.works(case)]

    return where


@pytest.fixture
def knows(inst: Any) -> Callable[[str], dict[str, Any]]:
    """The data of a case."""

    def data(case: str) -> dict[str, Any]:
        from genba.runtime.unit import read_state

        with inst.journal.reading() as reading:
            return read_state(reading.case(case)).data

    return data


@pytest.fixture
def pass_time(clock: Any) -> Callable[[float], None]:
    """Let seconds pass."""
    return lambda seconds: clock.advance(timedelta(seconds=seconds))


@pytest.fixture
def browse(people: dict[str, Any]) -> Callable[..., Client]:
    """A browser signed in as one of the people."""

    def signed_in(role: str) -> Client:
        from genba.people.models import Person

        client = Client()
        person = Person.objects.get(pk=int(people[role].id))
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
