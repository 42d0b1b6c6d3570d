"""Deciding by mail: handing on, coming back, signing too, voting late."""

from pathlib import Path

import pytest
from django.test import Client

from genba.cases.deployment import deploy_drawing
from genba.people.accounts import enrol
from genba.people.directory import Known, by_address
from genba.runtime.installation import Installation

from .company import LINK, Post, Started, open_nodes, text_of, words

pytestmark = pytest.mark.django_db(transaction=True)

VOTE = Path(__file__).parents[1] / "drawings" / "deciding.bpmn"


def test_what_is_delegated_by_mail_comes_back_by_mail(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    lead, deputy = people["lead"], people["deputy"]
    post.reply(lead, post.newest(lead), "delegate deputy@example.org")
    assert "Deputy lead has it now; it comes back to you." in text_of(post.newest(lead))
    given = post.newest(deputy)
    assert "Votre réponse va à Team lead" in text_of(given)
    post.reply(deputy, given, "refuser trop cher")
    assert open_nodes(inst) == ["approve"]
    back = post.newest(lead)
    assert "It came back to you for the final word; proposed: rejected." in text_of(back)
    post.reply(lead, back, "approve")
    assert open_nodes(inst) == ["order"]
    assert "trop cher" in words(inst)


def test_a_signer_is_added_by_mail_in_french(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    lead, deputy = people["lead"], people["deputy"]
    post.reply(deputy, post.newest(deputy), "ajouter signataire team-lead")
    assert "est sollicité aussi" in text_of(post.newest(deputy))
    post.reply(lead, post.newest(lead), "approve")
    assert open_nodes(inst) == ["approve"], "both must"
    card = next(one for one in reversed(post.box(deputy)) if "On vous demande" in text_of(one))
    post.reply(deputy, card, "approuver")
    assert open_nodes(inst) == ["order"]


def test_a_late_vote_by_mail_is_kept_and_said_to_be_late(
    inst: Installation, post: Post, people: dict[str, Known]
) -> None:
    made = deploy_drawing(inst, VOTE.read_bytes(), VOTE.name, "")
    assert not isinstance(made, tuple), made
    board = [
        enrol(f"{name}@example.org", None, name=name.title(), groups=["Board"])
        for name in ("one", "two", "three")
    ]
    post.write(people["staff"], "start+deciding@genba.test", "Please", subject="A machine")
    for _step in ("check", "compare"):
        post.reply(people["buyer"], post.newest(people["buyer"]), "done")
    cards = [post.newest(who) for who in board]
    for who, card in zip(board[:2], cards[:2], strict=True):
        post.reply(who, card, "approve")
    assert open_nodes(inst) == ["sign"]
    post.reply(board[2], cards[2], "reject\n\nIt is too dear for us.")
    answer = " ".join(text_of(post.newest(board[2])).split())
    assert "It was decided at" in answer
    assert "kept in the story as late" in answer
    assert "It is too dear for us." in words(inst)
    assert open_nodes(inst) == ["sign"]


def test_somebody_outside_sees_one_case_by_a_link(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    staff = people["staff"]
    card = next(one for one in reversed(post.box(staff)) if "Started" in text_of(one))
    post.reply(staff, card, "invite shop@example.com")
    assert "gets a mail with a link." in text_of(post.newest(staff))
    guest = by_address("shop@example.com")
    assert guest is not None
    assert guest.is_guest
    mail = post.newest(guest)
    assert "Staff member shares this with you:" in text_of(mail)
    link = LINK.search(text_of(mail))
    assert link is not None
    page = Client().get(link[0].removeprefix("http://testserver"))
    assert page.status_code == 200
    assert "3 laptops" in page.content.decode()
    post.reply(guest, mail, "We have them here.")
    assert "We have them here." in words(inst)
