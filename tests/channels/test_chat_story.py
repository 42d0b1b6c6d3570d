"""Work in chat systems: linked, asked, done, refused, changed elsewhere; by mail when they fail."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from genba.acts.objects import card_for
from genba.channels.chat import delivery
from genba.channels.chat.systems import systems_from, use_systems
from genba.channels.pressing import aim_text
from genba.people.directory import Known
from genba.people.identities import identities_of
from genba.runtime.loop import FIRST_DELAY

from . import company, vendor

SYSTEMS = ("slack", "mattermost", "teams", "zulip")
POSTING = ("slack", "mattermost", "zulip")
PRESSED = ("slack", "mattermost", "teams")


@pytest.fixture
def server(post: company.Post) -> Iterator[vendor.Vendor]:
    with vendor.running() as running:
        use_systems(systems_from(vendor.environment(running.url)))
        delivery.connect(post.inst)
        yield running
        use_systems(None)


@pytest.fixture
def speak(server: vendor.Vendor) -> Any:
    return lambda name: vendor.Speaker(name, company.AT)


def link(post: company.Post, speaker: vendor.Speaker, who: Known, system: str) -> None:
    """Link by the code that is sent to the registered address."""
    speaker.write(system, f"link {who.address}")
    mail = post.newest(who)
    code = company.text_of(mail).split("link ")[1].split()[0]
    said = str(speaker.write(system, f"link {code}"))
    assert who.name in said


def approval(inst: Any, who: Known) -> Any:
    """The card of the approval as somebody sees it, also when it is over."""
    case = company.the_case(inst).case
    with inst.journal.reading() as reading:
        works = [one for one in reading.works(case, open_only=False) if one.node == "approve"]
    return card_for("task", f"{case}:{works[-1].work}", who)


@pytest.mark.parametrize("system", SYSTEMS)
def test_linked_by_a_code_once(
    system: str, post: company.Post, people: dict[str, Known], speak: Any
) -> None:
    ana, bob = speak("UANA"), speak("UBOB")
    assert "link" in str(ana.write(system, ""))
    link(post, ana, people["lead"], system)
    with post.inst.journal.reading() as reading:
        assert identities_of(reading, people["lead"].id) == (ana.identity(system),)
    code = company.text_of(post.newest(people["lead"])).split("link ")[1].split()[0]
    assert "not valid" in str(bob.write(system, f"link {code}")).replace("\\", "")
    assert "not valid" in str(bob.write(system, "link nonsense"))
    before = len(post.box(people["lead"]))
    bob.write(system, "link nobody@example.org")
    assert len(post.box(people["lead"])) == before
    outcomes = [one.outcome for one in company.attempts(post.inst)]
    assert "unknown-person" in outcomes


@pytest.mark.security("S15")
def test_an_address_is_told_nothing_about(
    post: company.Post, people: dict[str, Known], speak: Any
) -> None:
    ana = speak("UANA")
    known = ana.write("slack", f"link {people['lead'].address}")
    assert ana.write("slack", "link nobody@example.org") == known


def test_a_code_of_the_page(post: company.Post, people: dict[str, Known], speak: Any) -> None:
    from genba.people.models import Person

    client = Client()
    client.force_login(
        Person.objects.get(pk=int(people["lead"].id)),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    page = client.post("/me/chats").content.decode()
    code = page.split("<code>link ")[1].split("</code>")[0]
    speak("UANA").write("slack", f"link {code}")
    page = client.get("/me/chats").content.decode()
    assert "T1/UANA" in page
    answer = client.post("/me/chats", {"end": "slack:T1/UANA", "_key": "k1"})
    assert "T1/UANA" not in answer.content.decode()
    assert "not known" in str(speak("UANA").write("slack", ""))


@pytest.mark.security("S8")
def test_nobody_claims_an_identity_without_the_chat(
    post: company.Post, people: dict[str, Known], do: Any
) -> None:
    who = people["lead"]
    assert not do(who, "chats.link", who.id, proof="slack:T1/UBOB").ok
    with post.inst.journal.reading() as reading:
        assert identities_of(reading, who.id) == ()


@pytest.mark.security("S8")
@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_not_signed_does_nothing_and_is_noted(
    system: str, server: vendor.Vendor, inst: Any
) -> None:
    answer = Client().post(f"/chat/{system}", b"{}", content_type="application/json")
    assert answer.status_code == 401
    (attempt,) = company.attempts(inst)
    assert (attempt.channel, attempt.outcome) == (system, "unproven")
    assert Client().post("/chat/nothing", b"{}", content_type="text/plain").status_code == 404


@pytest.mark.parametrize("system", POSTING)
def test_a_card_comes_to_the_chat_and_is_changed_when_decided_elsewhere(
    system: str, post: company.Post, people: dict[str, Known], to_approval: company.Started,
    server: vendor.Vendor, speak: Any,
) -> None:  # fmt: skip
    link(post, speak("UANA"), people["lead"], system)
    mails = len(post.box(people["lead"]))
    to_approval()
    assert len(post.box(people["lead"])) == mails, "who reads in a chat gets no mail"
    (posted,) = [body for _path, body in server.asked if "laptops" in str(body)]
    assert "approve" in str(posted).lower()
    post.reply(people["deputy"], post.newest(people["deputy"]), "approve only the cheaper one")
    post.loop.drain()
    path, changed = server.asked[-1]
    assert "update" in path or "patch" in path or "messages/m" in path
    assert "Deputy lead" in str(changed)
    assert "task.approve" not in str(changed)


def test_a_card_waits_for_the_end_of_quiet_hours(
    post: company.Post, people: dict[str, Known], to_approval: company.Started,
    server: vendor.Vendor, speak: Any, do: Any,
) -> None:  # fmt: skip
    lead = people["lead"]
    link(post, speak("UANA"), lead, "zulip")
    now = post.inst.clock.now()
    ends = f"{now.hour + 2}:00"
    assert do(lead, "person.quiet-hours", lead.id, begins=f"{now.hour}:00", ends=ends).ok

    def posted() -> list[Any]:
        post.loop.drain()
        return [body for _path, body in server.asked if "laptops" in str(body)]

    to_approval()
    assert posted() == []
    post.inst.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    assert len(posted()) == 1


@pytest.mark.security("S4")
@pytest.mark.parametrize("system", PRESSED)
def test_an_old_button_is_told_who_decided_how_and_when(
    system: str, post: company.Post, people: dict[str, Known], to_approval: company.Started,
    speak: Any,
) -> None:  # fmt: skip
    ana = speak("UANA")
    link(post, ana, people["lead"], system)
    to_approval()
    old = aim_text(approval(post.inst, people["lead"]))
    post.reply(people["deputy"], post.newest(people["deputy"]), "approve")
    said = str(ana.press(system, old, "task.approve")).replace("\\", "")
    if system == "slack":
        return  # said to the address Slack gave for it, which is not here
    assert "Deputy lead" in said
    assert "mail" in said


@pytest.mark.parametrize("system", PRESSED)
def test_a_button_a_form_and_what_is_missing(
    system: str, post: company.Post, people: dict[str, Known], to_approval: company.Started,
    server: vendor.Vendor, speak: Any,
) -> None:  # fmt: skip
    ana = speak("UANA")
    link(post, ana, people["lead"], system)
    to_approval()
    aim = aim_text(approval(post.inst, people["lead"]))
    assert "approve" in company.open_nodes(post.inst)
    wrong = str(ana.press(system, aim, "task.reject", day="x"))
    assert "approve" in company.open_nodes(post.inst), wrong
    ana.press(system, aim, "task.reject", reason="too dear")
    assert "approve" not in company.open_nodes(post.inst)
    assert "too dear" in company.words(post.inst)


@pytest.mark.parametrize("system", SYSTEMS)
def test_words_act_talk_and_are_asked_back(
    system: str, post: company.Post, people: dict[str, Known], to_approval: company.Started,
    speak: Any,
) -> None:  # fmt: skip
    ana = speak("UANA")
    link(post, ana, people["lead"], system)
    to_approval()
    number = company.the_case(post.inst).number
    assert "laptops" in str(ana.write(system, ""))
    assert "laptops" in str(ana.write(system, str(number)))
    ana.write(system, f"{number} why so many?")
    assert "why so many?" in company.words(post.inst)
    doubted = str(ana.write(system, f"{number} approve later"))
    assert "not certain" in doubted
    assert "approve" in company.open_nodes(post.inst)
    assert "nothing here" in str(ana.write(system, "4711 approve"))
    ana.write(system, f"{number} approve only the cheaper one")
    assert "approve" not in company.open_nodes(post.inst)
    assert "only the cheaper one" in company.words(post.inst)


def test_an_answer_in_the_thread_of_a_card(
    post: company.Post, people: dict[str, Known], to_approval: company.Started, speak: Any
) -> None:
    import json

    ana = speak("UANA")
    link(post, ana, people["lead"], "slack")
    to_approval()
    post.loop.drain()
    with post.inst.journal.reading() as reading:
        from genba.channels.chat.posts import showing

        (shown, *_more) = showing(reading, "case", company.the_case(post.inst).case)
    place, _, ts = shown.message.partition(" ")
    event = {
        "type": "message", "user": "UANA", "channel": place, "thread_ts": ts, "ts": "99.0",
        "text": "approve",
    }  # fmt: skip
    said = {"type": "event_callback", "team_id": "T1", "event": event}
    edited = {**said, "event": {**event, "subtype": "message_changed"}}
    ana.slack(json.dumps(edited).encode(), "application/json")
    assert "approve" in company.open_nodes(post.inst)
    ana.slack(json.dumps(said).encode(), "application/json")
    assert "approve" not in company.open_nodes(post.inst)


@pytest.mark.parametrize("status", [503, 403])
def test_when_the_chat_fails_mail_takes_over(
    status: int, post: company.Post, people: dict[str, Known], to_approval: company.Started,
    server: vendor.Vendor, speak: Any, clock: Any,
) -> None:  # fmt: skip
    link(post, speak("UANA"), people["lead"], "slack")
    mails = len(post.box(people["lead"]))
    server.status = status
    to_approval()
    for _try in range(delivery.TRIES):
        clock.advance(timedelta(seconds=100) + FIRST_DELAY)
        post.loop.drain()
    (mail,) = post.box(people["lead"])[: len(post.box(people["lead"])) - mails]
    assert "laptops" in str(mail["Subject"])
    post.reply(people["lead"], mail, "approve")
    assert "approve" not in company.open_nodes(post.inst)
    calls = [path for path, _body in server.asked if "conversations" in path]
    assert len(calls) == (delivery.TRIES if status == 503 else 1)
