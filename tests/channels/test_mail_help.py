"""Help by mail: asking, answering, passing on, "not me", and saying that it helped."""

from collections.abc import Callable
from itertools import count

import pytest

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.cases.deployment import deploy_drawing
from genba.help import questions
from genba.help.clocks import connect
from genba.help.questions import Question
from genba.people.directory import Known
from genba.runtime.installation import Installation

from .company import DRAWING, Post, text_of

pytestmark = pytest.mark.django_db(transaction=True)

People = dict[str, Known]
Ask = Callable[..., None]


@pytest.fixture
def case(inst: Installation, post: Post, people: People) -> str:
    """A purchase of Staff, which Buying has to check."""
    connect(inst)
    made = deploy_drawing(inst, DRAWING.read_bytes(), "purchase.bpmn", "")
    assert not isinstance(made, tuple)
    given = {"title": "3 laptops", "amount": "5940"}
    inbound = Inbound(
        channel="web",
        assurance=Assurance.SESSION,
        act="process.start",
        given=given,
        key="start",
        person=people["staff"].id,
        object="process",
        object_id="purchase",
    )
    return perform(inbound).object_id


@pytest.fixture
def ask(case: str, post: Post) -> Ask:
    """Ask from the page."""
    keys = count()

    def asked(who: Known, **given: str) -> None:
        inbound = Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act="case.ask",
            given=dict(given),
            key=f"ask{next(keys)}",
            person=who.id,
            object="case",
            object_id=case,
        )
        assert perform(inbound).ok

    return asked


def question(inst: Installation, case: str) -> tuple[str, Question]:
    with inst.journal.reading() as reading:
        (found,) = questions.marked(reading, questions.case_mark(case))
    return found


def words(case: str, who: Known) -> list[str]:
    card = card_for("case", case, who)
    assert isinstance(card, Card)
    return [one.text for one in card.story if one.kind == "words"]


def test_a_task_is_asked_about_answered_and_helped_by_mail_alone(
    inst: Installation, post: Post, people: People, case: str
) -> None:
    buyer, lead = people["buyer"], people["lead"]
    task = post.newest(buyer)
    post.reply(buyer, task, "ask for help May we prepay?\n\nTo: team-lead")
    mail = post.newest(lead)
    text = text_of(mail)
    assert "Buyer asks: “May we prepay?”" in text
    assert "not me" in text
    assert "pass to" in text
    post.reply(lead, mail, "Below 5,000 with a guarantee.")
    answer = post.newest(buyer)
    text = text_of(answer)
    assert "Below 5,000 with a guarantee." in text
    assert "helped" in text
    post.reply(buyer, answer, "helped")
    id, kept = question(inst, case)
    assert (kept.status, bool(kept.note)) == (questions.HELPED, True)
    assert "Kept as a note on this step" in text_of(post.newest(buyer))
    story = words(case, buyer)
    assert story[-1] == "Below 5,000 with a guarantee."
    note = card_for("note", kept.note, lead)
    assert note is not None
    assert note.title == "May we prepay?"
    assert card_for("ask", id, lead) is not None


def test_not_me_asks_the_next_one(
    inst: Installation, post: Post, people: People, case: str, ask: Ask
) -> None:
    ask(people["staff"], question="May we?")
    _id, first = question(inst, case)
    (asked,) = first.waiting()
    assert asked == people["buyer"].id  # the team of the step
    post.reply(people["buyer"], post.newest(people["buyer"]), "not me")
    _id, then = question(inst, case)
    assert next(one.said for one in then.asked) == questions.NOT_ME
    assert "asked less of this kind" in text_of(post.newest(people["buyer"]))


def test_a_question_is_passed_on_and_answered_in_french(
    inst: Installation, post: Post, people: People, case: str, ask: Ask
) -> None:
    lead, deputy, staff = people["lead"], people["deputy"], people["staff"]
    ask(staff, question="May we?", to="team-lead")
    post.reply(lead, post.newest(lead), "pass to deputy-lead")
    _id, kept = question(inst, case)
    assert kept.waiting() == (deputy.id,)
    mail = post.newest(deputy)
    text = text_of(mail)
    assert "Staff member demande : « May we? »" in text
    assert "pas moi" in text
    post.reply(deputy, mail, "Oui, avec une garantie.")
    answer = text_of(post.newest(staff))
    assert "Oui, avec une garantie." in answer
    assert "“May we?”" in answer
    assert "helped" in answer


def test_an_asker_who_writes_french_says_that_it_did_not_help(
    inst: Installation, post: Post, people: People, case: str, ask: Ask
) -> None:
    lead, deputy = people["lead"], people["deputy"]
    ask(deputy, question="On peut ?", to="team-lead")
    post.reply(lead, post.newest(lead), "Perhaps.")
    answer = post.newest(deputy)
    assert "aidé" in text_of(answer)
    post.reply(deputy, answer, "pas aidé")
    _id, kept = question(inst, case)
    assert kept.replies[0].helped is False
    assert kept.status == questions.OPEN
