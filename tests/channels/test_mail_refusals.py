"""Mail that must do nothing: of others, unproven, repeated, misdirected; and the link in it."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.test import Client

from genba.people.directory import Known, by_address
from genba.people.models import Person
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

from .company import (
    LINK,
    Post,
    Started,
    open_nodes,
    position,
    text_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.security("S6")
def test_a_link_acts_only_for_its_person_signed_in(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    (link,) = LINK.findall(text_of(post.newest(people["lead"])))
    path = link.removeprefix("http://testserver")
    press = {"act": "task.approve", "condition": "two only", "key": "k1"}
    stranger, other, owner = Client(), Client(), Client()
    other.force_login(Person.objects.get(email="staff@example.org"))
    owner.force_login(Person.objects.get(email="lead@example.org"))

    before = position(inst)
    asked = stranger.post(path, press)
    assert asked.status_code == 302
    assert "next=" in asked["Location"]
    assert other.get(path).status_code == other.post(path, press).status_code == 403
    assert position(inst) == before
    assert owner.post(path, {**press, "act": "task.nonsense"}).status_code == 404

    done = owner.post(path, press)
    assert done.status_code == 200
    assert "Approved." in done.content.decode()
    assert owner.post(path, press).status_code == 200
    late = owner.post(path, {**press, "key": "k2"})
    assert late.status_code == 409
    assert open_nodes(inst) == ["order"]
    token = path.rpartition("/")[2]
    assert stranger.get(f"/m/{'a' * 26}").status_code == 404
    address = post.newest(people["deputy"])["Reply-To"].addresses[0].addr_spec
    reply_token = address.partition("+")[2].partition("@")[0]
    assert reply_token != token
    assert owner.get(f"/m/{reply_token}").status_code == 404


@pytest.mark.security("S9")
def test_the_same_mail_twice_has_no_second_effect(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    sent = post.reply(people["lead"], post.newest(people["lead"]), "A thought\nand another")
    before, mails = position(inst), len(post.box(people["staff"]))
    post.send(sent, "lead@example.org")
    assert position(inst) == before
    approved = post.reply(people["lead"], post.box(people["lead"])[0], "approve")
    before = position(inst)
    answers = len(post.box(people["lead"]))
    for _time in range(3):
        post.send(approved, "lead@example.org")
    assert position(inst) == before
    assert len(post.box(people["lead"])) == answers
    assert len(post.box(people["staff"])) == mails


@pytest.mark.security("S7")
def test_somebody_elses_mail_does_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before, mails = position(inst), len(post.box(people["lead"]))
    post.reply(people["deputy"], card, "approve")
    post.reply("stranger@example.com", card, "approve")
    message = EmailMessage(policy=SMTP)
    message["To"] = card["Reply-To"].addresses[0].addr_spec
    message.set_content("approve")
    two = b"From: lead@example.org\r\nFrom: stranger@example.com\r\n" + message.as_bytes()
    with smtplib.SMTP(post.site.host, post.site.port) as client:
        client.sendmail("stranger@example.com", [str(message["To"])], two)
    assert position(inst) == before
    assert open_nodes(inst) == ["approve"]
    told = post.box(people["lead"])
    assert len(told) == mails + 1
    assert "not from your own" in text_of(told[0])


@pytest.mark.security("S5")
def test_rights_are_those_of_now(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["deputy"])
    person = Person.objects.get(email="deputy@example.org")
    person.teams.clear()
    before = position(inst)
    post.reply(people["deputy"], card, "approve")
    assert position(inst) == before
    assert open_nodes(inst) == ["approve"]


@pytest.mark.security("S15")
def test_a_mail_to_the_wrong_place_is_told_once(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    for _time in range(3):
        post.write(people["staff"], "start+nothing@genba.test", "x", subject="y")
        post.write("stranger@example.com", "start+nothing@genba.test", "x", subject="y")
        post.write(people["staff"], "act+" + "a" * 26 + "@genba.test", "approve")
    (told,) = post.box(people["staff"])
    assert "start+purchase@genba.test" in text_of(told)
    assert by_address("stranger@example.com") is None


def test_a_day_later_an_error_is_told_again(
    inst: Installation,
    post: Post,
    people: dict[str, Known],
    clock: FixedClock,
    deployed: None,
) -> None:
    post.write(people["staff"], "genba@genba.test", "hello")
    clock.advance(timedelta(days=1))
    post.write(people["staff"], "genba@genba.test", "hello again")
    assert len(post.box(people["staff"])) == 2


def test_each_start_that_failed_is_told(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    for number in range(2):
        post.write(people["staff"], "start+purchase@genba.test", "Hm.", subject=f"A thing {number}")
    mails = post.box(people["staff"])
    assert len(mails) == 2
    assert all("Nothing was changed" in text_of(mail) for mail in mails)


def test_what_is_too_long_to_keep_is_said(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    long = "word\n" * 6000
    post.reply(people["lead"], post.newest(people["lead"]), f"approve\n\n{long}")
    assert open_nodes(inst) == ["order"]
    told = text_of(post.newest(people["lead"]))
    assert "Not all of your mail could be kept: At most 20000 characters." in told
    text = f"Amount in euros: 20\n\n{long}"
    post.write(people["staff"], "start+purchase@genba.test", text, subject="A cable")
    assert "Not all of your mail could be kept" in text_of(post.newest(people["staff"]))
