"""Events reach a real receiver, signed as Standard Webhooks has it; what fails is laid aside."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from msgspec import Struct
from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(Struct):
    """A program that receives events, and answers as it is told."""

    url: str
    port: int
    status: int = 204
    onward: str = ""
    got: list[tuple[dict[str, str], bytes]] = []

    def types(self) -> list[str]:
        """What it received."""
        return [json.loads(body)["type"] for _headers, body in self.got]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on this machine, which the installer allows."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append((dict(self.headers.items()), body))
            self.send_response(told.status)
            if told.onward:
                self.send_header("Location", told.onward)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    port = server.server_address[1]
    told = Receiver(url=f"http://127.0.0.1:{port}/in", port=port)
    monkeypatch.setenv("GENBA_WEBHOOK_HOSTS", f"127.0.0.1:{port}=127.0.0.0/8, *")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hooked(inst: Any, do: Any, people: Any, receiver: Receiver) -> Callable[..., tuple[str, Any]]:
    """Make a webhook; gives its id, and the loop that sends."""
    from genba.channels.webhooks import sending
    from genba.runtime.loop import Loop

    sending.connect(inst)
    sending._resting.clear()

    def make(who: str = "buyer", **given: Any) -> tuple[str, Any]:
        made = do(people[who], "webhook.make", "new", name="mine", url=receiver.url, **given)
        assert made.ok, made
        return made.object_id, Loop(inst)

    return make


def load(inst: Any, id: str) -> Any:
    from genba.machines.webhooks import load_webhook

    with inst.journal.reading() as reading:
        found = load_webhook(reading, id)
    return found.hook if found else None


def test_what_happens_arrives_signed_once(
    hooked: Any, receiver: Receiver, started: Any, inst: Any
) -> None:
    _id, loop = hooked(events="case-started, work-opened")
    case = started()
    loop.drain()
    loop.drain()
    assert receiver.types() == ["genba.case-started", "genba.work-opened"]
    headers, body = receiver.got[0]
    assert headers["Content-Type"] == "application/cloudevents+json"
    event = json.loads(body)
    assert event["specversion"] == "1.0"
    assert event["subject"] == f"case/{case}"
    assert event["data"]["case"] == case
    assert "laptops" not in body.decode()  # what is in a case stays there


def test_the_signature_is_checked_by_their_library(
    hooked: Any, receiver: Receiver, do: Any, people: Any, inst: Any
) -> None:
    from genba.channels.webhooks.signing import secret_of
    from genba.runtime.clock import SystemClock

    inst.clock = SystemClock()  # theirs does not take what is old
    id, loop = hooked()
    assert do(people["buyer"], "webhook.try", id).ok
    loop.drain()
    ((headers, body),) = [one for one in receiver.got if b"genba.test" in one[1]]
    assert Webhook(secret_of(id, 1)).verify(body, headers)["type"] == "genba.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(id, 1)).verify(body.replace(b"test", b"best"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(id, 2)).verify(body, headers)
    assert do(people["buyer"], "webhook.renew-secret", id).ok
    assert do(people["buyer"], "webhook.try", id).ok
    loop.drain()
    headers, body = receiver.got[-1]
    for generation in (1, 2):  # both, for a day
        assert Webhook(secret_of(id, generation)).verify(body, headers)


def test_only_what_its_person_may_see(
    hooked: Any, receiver: Receiver, started: Any, do: Any, people: Any
) -> None:
    _id, loop = hooked(who="other", events="*")
    case = started()
    loop.drain()
    seen = len(receiver.got)
    assert seen
    assert do(people["staff"], "case.restrict", case).ok
    loop.drain()
    assert len(receiver.got) == seen
    assert receiver.types().count("genba.case-started") == 1


def test_what_is_not_taken_is_tried_again_then_laid_aside_and_sent_again(
    hooked: Any, receiver: Receiver, started: Any, inst: Any, do: Any, people: Any
) -> None:
    id, loop = hooked(events="case-started")
    receiver.status = 503
    started()
    for hour in range(20):
        loop.run_once(inst.clock.now() + timedelta(hours=2 * hour))
    assert len(receiver.got) == 12
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    (letter,) = load(inst, id).dead
    assert letter.error == "the answer was 503"
    receiver.status = 200
    assert do(people["buyer"], "webhook.resend", id, event=str(letter.position)).ok
    loop.drain()
    assert len(receiver.got) == 13
    assert receiver.got[12][0]["webhook-id"] == receiver.got[0][0]["webhook-id"]
    assert load(inst, id).dead == ()
    assert not do(people["buyer"], "webhook.resend", id, event="all").ok


def test_an_address_that_is_gone_is_left_alone(
    hooked: Any, receiver: Receiver, started: Any, inst: Any
) -> None:
    id, loop = hooked(events="case-started")
    receiver.status = 410
    started()
    loop.drain()
    hook = load(inst, id)
    assert (hook.on, len(hook.dead), len(receiver.got)) == (False, 1, 1)


def test_stopped_it_waits_and_misses_nothing(
    hooked: Any, receiver: Receiver, started: Any, do: Any, people: Any
) -> None:
    id, loop = hooked(events="case-started")
    assert do(people["buyer"], "webhook.stop", id).ok
    started()
    loop.drain()
    assert receiver.got == []
    assert do(people["buyer"], "webhook.go-on", id).ok
    loop.drain()
    assert receiver.types() == ["genba.case-started"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.7", "[::ffff:127.0.0.1]"]
)
def test_no_webhook_calls_an_internal_address(
    hooked: Any, inst: Any, do: Any, people: Any, host: str
) -> None:
    made = do(people["buyer"], "webhook.make", "new", name="in", url=f"https://{host}/in")
    assert made.ok  # what an address means is asked when it is called, each time
    _other, loop = hooked()
    assert do(people["buyer"], "webhook.try", made.object_id).ok
    loop.drain()
    (letter,) = load(inst, made.object_id).dead
    assert "may not be called" in letter.error


def test_a_name_that_means_something_else_by_now_and_a_redirect_are_not_followed(
    hooked: Any,
    receiver: Receiver,
    inst: Any,
    do: Any,
    people: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from genba.runtime import outward

    id, loop = hooked()
    receiver.status, receiver.onward = 307, receiver.url.replace("/in", "/secret")
    assert do(people["buyer"], "webhook.try", id).ok
    loop.drain()
    (letter,) = load(inst, id).dead
    assert "not followed" in letter.error
    assert len(receiver.got) == 1

    answers = iter([["203.0.113.9"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    monkeypatch.setattr(outward, "look_up", resolve)
    monkeypatch.setattr(outward, "is_outside", lambda address: str(address) == "203.0.113.9")
    monkeypatch.setattr(
        outward, "_ask", lambda *_given: (_ for _ in ()).throw(outward.Unreachable("not there"))
    )
    made = do(people["buyer"], "webhook.make", "new", name="far", url="https://far.example/")
    assert do(people["buyer"], "webhook.try", made.object_id).ok
    loop.drain()  # outside, and not there: tried again
    from genba.channels.webhooks import sending

    sending._resting.clear()
    loop.run_once(inst.clock.now() + timedelta(minutes=1))  # by now the name means this machine
    (letter,) = load(inst, made.object_id).dead
    assert asked == ["far.example", "far.example"]
    assert "inside the network" in letter.error


def test_the_page_shows_the_secret_to_its_person_only(hooked: Any, people: Any, inst: Any) -> None:
    from genba.channels.webhooks.signing import secret_of
    from genba.people.models import Person

    def browse(role: str) -> Client:
        client = Client()
        person = Person.objects.get(pk=int(people[role].id))
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    id, _loop = hooked()
    secret = secret_of(id, 1)
    page = browse("buyer").get(f"/me/webhooks/{id}")
    assert secret in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert browse("other").get(f"/me/webhooks/{id}").status_code == 404
    assert b"mine" in browse("buyer").get("/me/webhooks").content
    with inst.journal.reading() as reading:
        for entry in reading.log_since(0, 500):
            assert secret not in entry.body.decode()
            assert "127.0.0.1" not in entry.body.decode()


def test_a_program_neither_sees_nor_makes_webhooks(hooked: Any, token: Any) -> None:
    id, _loop = hooked()
    shown = {"Authorization": f"Bearer {token('read', 'act', who='buyer')}"}
    assert Client().get(f"/api/webhook/{id}", headers=shown).status_code == 404
    body = {"name": "x", "url": "https://example.org/"}
    made = Client().post(
        "/api/webhook/new/make", json.dumps(body), content_type="application/json", headers=shown
    )
    assert made.status_code == 404
