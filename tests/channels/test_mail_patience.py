"""When a mail comes: quiet hours, muted conversations, a digest instead of single mails."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Outcome
from genba.acts.performance import perform
from genba.cases.deployment import deploy_drawing
from genba.people.directory import Known
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

from .company import DRAWING, Post, text_of

pytestmark = pytest.mark.django_db(transaction=True)

People = dict[str, Known]
Do = Callable[..., Outcome]


@pytest.fixture
def do(inst: Installation) -> Do:
    """An act from the page."""
    keys = count()

    def done(who: Known, act: str, id: str, **given: object) -> Outcome:
        inbound = Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act=act,
            given=dict(given),
            key=f"k{next(keys)}",
            person=who.id,
            object=act.partition(".")[0],
            object_id=id,
        )
        outcome = perform(inbound)
        assert outcome.ok, outcome
        return outcome

    return done


@pytest.fixture
def case(inst: Installation, post: Post, people: People, do: Do) -> str:
    """A purchase that Team lead and the French deputy follow; nobody has mail of it any more."""
    made = deploy_drawing(inst, DRAWING.read_bytes(), "purchase.bpmn", "")
    assert not isinstance(made, tuple)
    id = do(
        people["staff"], "process.start", "purchase", title="3 laptops", amount="5940"
    ).object_id
    for role in ("lead", "deputy"):
        do(people[role], "case.follow", id)
    for person in people.values():
        post.box(person)
    return id


def fresh(post: Post, who: Known, before: int) -> list[str]:
    """What somebody got since they had so many."""
    box = post.box(who)
    return [text_of(mail) for mail in box[: len(box) - before]]


def test_a_muted_conversation_is_silent_unless_one_is_asked_for(
    case: str, post: Post, people: People, do: Do
) -> None:
    lead = people["lead"]
    do(people["staff"], "case.comment", case, text="One")
    mail = post.newest(lead)
    post.reply(lead, mail, "mute")
    before = len(post.box(lead))
    do(people["staff"], "case.comment", case, text="Two")
    assert fresh(post, lead, before) == []
    do(people["staff"], "case.comment", case, text="Three, @team-lead")
    (text,) = fresh(post, lead, before)
    assert "Three" in text
    post.reply(lead, post.newest(lead), "unmute")
    before = len(post.box(lead))
    do(people["staff"], "case.comment", case, text="Four")
    assert len(fresh(post, lead, before)) == 1


def test_mail_waits_for_the_end_of_quiet_hours_and_is_true_then(
    case: str, post: Post, people: People, do: Do, clock: FixedClock, inst: Installation
) -> None:
    lead, buyer = people["lead"], people["buyer"]
    for person in (lead, buyer):
        do(person, "person.quiet-hours", person.id, begins="9:00", ends="11:00")
    box = {person.id: len(post.box(person)) for person in (lead, buyer)}
    do(people["staff"], "case.comment", case, text="@team-lead the old ones fail")
    again = do(people["staff"], "process.start", "purchase", title="a desk", amount="100").object_id
    with inst.journal.reading() as reading:
        (work,) = reading.works(again)  # type: ignore[arg-type]
    do(people["staff"], "case.withdraw", again)
    assert fresh(post, lead, box[lead.id]) == fresh(post, buyer, box[buyer.id]) == []
    clock.set(clock.now() + timedelta(hours=2))
    (text,) = fresh(post, lead, box[lead.id])
    assert "the old ones fail" in text
    assert fresh(post, buyer, box[buyer.id]) == []  # its task was withdrawn meanwhile
    assert work.case == again


def test_what_is_due_before_quiet_hours_end_does_not_wait(
    case: str, post: Post, people: People, do: Do, inst: Installation
) -> None:
    buyer = people["buyer"]
    do(buyer, "person.quiet-hours", buyer.id, begins="9:00", ends="9:00", weekend=True)
    do(buyer, "person.quiet-hours", buyer.id, begins="9:00", ends="18:00")
    before = len(post.box(buyer))
    do(people["staff"], "case.ask", case, to="buyer", question="Which one?", by="2026-03-02")
    (text,) = fresh(post, buyer, before)
    assert text.count("Which one?") == 1


def test_once_a_day_tells_what_was_said_and_happened_in_ones_own_language(
    case: str, post: Post, people: People, do: Do, clock: FixedClock, inst: Installation
) -> None:
    lead, deputy, staff = people["lead"], people["deputy"], people["staff"]
    do(lead, "person.digest", lead.id, at="7:00")
    do(deputy, "person.digest", deputy.id, at="7:00")
    box = {person.id: len(post.box(person)) for person in (lead, deputy)}
    clock.advance(timedelta(minutes=1))
    do(staff, "case.comment", case, text="The old ones fail.")
    do(lead, "case.comment", case, text="My own words.")
    do(people["buyer"], "case.comment", case, text="Second, @team-lead")
    (now,) = fresh(post, lead, box[lead.id])  # who is asked for is told at once
    assert "Second" in now
    assert fresh(post, deputy, box[deputy.id]) == []
    clock.set(clock.now() + timedelta(hours=22))
    digest = fresh(post, lead, box[lead.id])[0]
    assert "What was said and happened since 2 March, 09:12:" in digest
    assert "Purchase 1: 3 laptops" in digest
    assert "Staff member: “The old ones fail.”" in digest
    assert "Buyer: “Second, @team-lead”" in digest
    assert "My own words" not in digest
    french = fresh(post, deputy, box[deputy.id])[0]
    assert "Ce qui s’est dit et passé depuis le" in french
    assert "Team lead: “My own words.”" in " ".join(french.split())
    clock.set(clock.now() + timedelta(days=1))
    assert len(fresh(post, lead, box[lead.id])) == 2  # nothing happened: no mail
    clock.advance(timedelta(minutes=1))
    do(staff, "case.comment", case, text="Still true.")
    clock.set(clock.now() + timedelta(days=1))
    later = fresh(post, lead, box[lead.id])[0]
    assert "Still true." in later
    assert "The old ones fail." not in later
    do(lead, "person.at-once", lead.id)
    do(staff, "case.comment", case, text="At once.")
    assert "At once." in fresh(post, lead, box[lead.id])[0]
    assert inst.journal.verify() == []


def test_a_digest_shows_only_what_one_may_see_and_did_not_mute(
    case: str, post: Post, people: People, do: Do, clock: FixedClock
) -> None:
    lead, staff = people["lead"], people["staff"]
    do(lead, "person.digest", lead.id, at="7:00")
    do(lead, "case.mute", case)
    before = len(post.box(lead))
    clock.advance(timedelta(minutes=1))
    do(staff, "case.comment", case, text="One")
    clock.set(clock.now() + timedelta(days=1))
    assert fresh(post, lead, before) == []
    do(lead, "case.unmute", case)
    clock.advance(timedelta(minutes=1))
    do(staff, "case.comment", case, text="Two")
    do(staff, "case.restrict", case)
    clock.set(clock.now() + timedelta(days=1))
    assert fresh(post, lead, before) == []


def test_followers_read_a_question_once(case: str, post: Post, people: People, do: Do) -> None:
    box = {role: len(post.box(people[role])) for role in ("lead", "deputy")}
    do(people["staff"], "case.ask", case, to="team-lead", question="Prepayment?")
    for role, before in box.items():
        (text,) = fresh(post, people[role], before)
        assert text.count("Prepayment?") == 1


def test_an_answer_quotes_what_it_answers(case: str, post: Post, people: People, do: Do) -> None:
    do(people["staff"], "case.ask", case, to="team-lead", question="Prepayment?")
    post.reply(people["lead"], post.newest(people["lead"]), "Below 5,000 only.")
    text = text_of(post.newest(people["staff"]))
    assert "“Prepayment?”" in text
    assert "Below 5,000 only." in text
