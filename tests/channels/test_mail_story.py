"""A process by mail alone, over real sockets: start, approve, talk, be away, come too late."""

import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

import pytest
from django.test import Client

from genba.cases.deployment import deploy_drawing
from genba.people.directory import Known, by_address
from genba.runtime.installation import Installation

from .company import (
    LINK,
    Post,
    Started,
    attempts,
    open_nodes,
    position,
    text_of,
    the_case,
    words,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_purchase_by_mail_alone(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    case = the_case(inst)
    assert "3 laptops" in case.title
    assert case.started_by == people["staff"].id
    assert words(inst) == ["The old ones fail twice a week."]
    started = post.box(people["staff"])[-1]
    assert "Started" in text_of(started)
    assert started["Auto-Submitted"] == "auto-replied"

    card = post.newest(people["lead"])
    assert str(card["Subject"]) == case.title
    assert "approve" in text_of(card)
    french = post.newest(people["deputy"])
    assert "On vous demande" in text_of(french)

    post.reply(people["lead"], card, "Approve, if under 6000 €")
    assert open_nodes(inst) == ["order"]
    answer = post.newest(people["lead"])
    assert "Approved." in text_of(answer)
    assert str(answer["Subject"]) == case.title
    assert "if under 6000 €" in words(inst)

    post.reply(people["buyer"], post.newest(people["buyer"]), "done")
    assert the_case(inst).status == "completed"


def test_other_words_become_a_comment(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = len(post.box(people["lead"]))
    post.reply(people["lead"], card, "Could you approve this later? I am in a meeting.\nThanks")
    assert open_nodes(inst) == ["approve"]
    assert words(inst)[-1] == "Could you approve this later? I am in a meeting.\nThanks"
    assert len(post.box(people["lead"])) == before
    told = post.newest(people["staff"])
    assert "Team lead wrote:" in text_of(told)
    assert "in a meeting" in text_of(told)

    post.reply(people["staff"], told, "It is urgent")
    assert words(inst)[-1] == "It is urgent"


def test_a_doubt_is_asked_back_once(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = len(post.box(people["lead"]))
    for _time in range(3):
        post.reply(people["lead"], card, "approve?")
    assert open_nodes(inst) == ["approve"]
    mails = post.box(people["lead"])
    assert len(mails) == before + 1
    assert "“approve”" in text_of(mails[0])
    post.reply(people["lead"], mails[0], "approve")
    assert open_nodes(inst) == ["order"]


@pytest.mark.security("S10")
def test_an_out_of_office_changes_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before, mails = position(inst), len(post.box(people["lead"]))
    absent = "Approve requests go to the deputy, I am away"
    post.reply(people["lead"], card, absent, Auto_Submitted="auto-replied (vacation)")
    post.reply(people["lead"], card, "approve", Precedence="bulk")
    post.reply(people["lead"], card, "approve", X_Autoreply="yes")
    message = EmailMessage(policy=SMTP)
    message["From"] = people["lead"].address
    message["To"] = card["Reply-To"].addresses[0].addr_spec
    message.set_content("approve")
    post.send(message, "")
    assert position(inst) == before
    assert len(post.box(people["lead"])) == mails
    assert open_nodes(inst) == ["approve"]
    assert [one.outcome for one in attempts(inst)].count("automatic") == 4


@pytest.mark.security("S1")
def test_opening_every_link_changes_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    links = {
        link
        for who in people.values()
        for mail in post.box(who)
        for link in LINK.findall(text_of(mail))
    }
    assert len(links) >= 4
    before, tried = position(inst), len(attempts(inst))
    client = Client()
    for link in sorted(links):
        path = link.removeprefix("http://testserver")
        for _time in range(20):
            got = client.get(path)
            assert client.head(path).status_code == got.status_code == 200
            assert "<script" not in got.content.decode()
            assert got["Cache-Control"] == "no-store"
            assert got["Referrer-Policy"] == "same-origin"
            assert "script-src" not in got["Content-Security-Policy"]
    assert position(inst) == before
    assert len(attempts(inst)) == tried
    assert open_nodes(inst) == ["approve"]


@pytest.mark.security("S1")
def test_a_scanner_that_submits_every_form_changes_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    (link,) = LINK.findall(text_of(post.newest(people["lead"])))
    path = link.removeprefix("http://testserver")
    before, scanner = position(inst), Client()
    acts = re.findall(r'name="act" value="([^"]+)"', scanner.get(path).content.decode())
    assert "task.approve" in acts
    for number, act in enumerate(acts):
        pressed = scanner.post(path, {"act": act, "reason": "x", "key": f"k{number}"})
        assert pressed.status_code in (302, 422), act
    assert position(inst) == before
    assert open_nodes(inst) == ["approve"]


@pytest.mark.security("S15")
def test_one_answer_a_day_says_that_something_did_not_work(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    lead = people["lead"]
    card, before = post.newest(lead), len(post.box(lead))
    for number in range(3):
        post.reply(lead, card, "", X_Number=str(number))
        post.reply("stranger@example.com", card, f"approve {number}")
    assert len(post.box(lead)) == before + 2  # about the card, and about a stranger's mail


@pytest.mark.security("S4")
def test_a_second_answer_is_told_who_decided_and_when(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    mine, theirs = post.newest(people["lead"]), post.newest(people["deputy"])
    post.reply(people["lead"], mine, "approve")
    before = position(inst)
    post.reply(people["deputy"], theirs, "reject too dear")
    assert position(inst) == before
    assert open_nodes(inst) == ["order"]
    told = text_of(post.newest(people["deputy"]))
    assert "Team lead" in told
    assert "09:12" in told
    assert "mail" in told

    post.reply(people["lead"], mine, "Well, was it right?")
    assert "no longer open" in text_of(post.newest(people["lead"]))
    assert words(inst)[-1] == "Well, was it right?"


@pytest.mark.security("S13")
def test_a_missing_input_is_asked_back_and_the_card_is_not_used_up(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    post.reply(people["lead"], card, "changes")
    assert open_nodes(inst) == ["approve"]
    asked = text_of(post.newest(people["lead"]))
    assert "What to change" in asked
    assert "changes" in asked
    post.reply(people["lead"], post.newest(people["lead"]), "changes\n\nTake the cheaper ones.")
    assert open_nodes(inst) != ["approve"]
    assert "Take the cheaper ones." in words(inst)


def test_files_join_the_case(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    message = EmailMessage(policy=SMTP)
    message["From"] = "lead@example.org"
    message["To"] = card["Reply-To"].addresses[0].addr_spec.upper()
    message["Message-ID"] = make_msgid(domain="example.org")
    message.set_content("approve\n\nBest regards\nLead\n")
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="o.pdf")
    post.send(message, "lead@example.org")
    assert open_nodes(inst) == ["order"]
    with inst.journal.reading() as reading:
        files = [one for one in reading.contents(the_case(inst).case) if one.kind == "file"]
        (body,) = [reading.content(one.case, one.id) for one in files]
    assert body is not None
    assert (body.name, body.body) == ("o.pdf", b"%PDF-1")
    assert not any("regards" in one for one in words(inst))


def test_an_unknown_sender_starts_as_a_guest(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    post.write(
        "new@example.com", "START+PURCHASE@GENBA.TEST", "Amount in euros: 20", subject="A cable"
    )
    guest = by_address("new@example.com")
    assert guest is not None
    assert guest.is_guest
    assert the_case(inst).started_by == guest.id
    answer = post.newest(guest)
    post.reply(guest, answer, "It is for the projector.")
    assert words(inst) == ["It is for the projector."]


PLAIN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="plain" name="A plain thing">
    <startEvent id="start"/>
    <userTask id="look" name="Look"/>
    <endEvent id="end"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="look"/>
    <sequenceFlow id="b" sourceRef="look" targetRef="end"/>
  </process>
</definitions>"""


def test_a_drawing_without_a_form_takes_its_title_from_the_subject(
    inst: Installation, post: Post, people: dict[str, Known]
) -> None:
    made = deploy_drawing(inst, PLAIN, "plain.bpmn", "")
    assert not isinstance(made, tuple), made
    post.write(people["staff"], "start+plain@genba.test", "Please.", subject="Leak\n in room 4")
    assert the_case(inst).title == "A plain thing 1: Leak in room 4"
    assert words(inst) == ["Please."]


def test_a_long_subject_names_the_case_in_short_and_is_kept_whole(
    inst: Installation, post: Post, people: dict[str, Known]
) -> None:
    made = deploy_drawing(inst, PLAIN, "plain.bpmn", "")
    assert not isinstance(made, tuple), made
    subject = "leak " * 30
    post.write(people["staff"], "start+plain@genba.test", "Please.", subject=subject)
    assert the_case(inst).title.startswith("A plain thing 1: leak leak")
    assert words(inst)[0].split() == [*subject.split(), "Please."]


def test_a_word_that_is_not_offered_here_is_talk(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    post.reply(people["lead"], post.newest(people["lead"]), "Done\nI have asked the supplier.")
    assert open_nodes(inst) == ["approve"]
    assert words(inst)[-1] == "Done\nI have asked the supplier."
