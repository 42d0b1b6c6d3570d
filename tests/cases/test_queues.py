"""Queues: what comes first and why, taking the next, limits, skills."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.people.directory import Known, invite

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
Begin = Callable[..., str]


@pytest.fixture
def begin(people: People, do: Do, deploy: Callable[[str], None], clock: Any) -> Begin:
    """Start an enquiry of this title; gives the case id."""
    deploy("enquiries")

    def start(title: str, **data: Any) -> str:
        clock.advance(timedelta(seconds=1))
        outcome = do(people["staff"], "process.start", "enquiries", title=title, **data)
        assert outcome.ok, outcome
        return str(outcome.object_id)

    return start


def waiting(card: Card) -> list[tuple[str, str]]:
    return [(one.subject.partition(": ")[2], one.why) for one in card.cards]


def taken(outcome: Outcome) -> str:
    assert outcome.ok, outcome
    assert outcome.card is not None
    return outcome.card.subject.partition(": ")[2]


def test_what_is_urgent_then_late_then_what_costs_most_is_on_top(
    begin: Begin, people: People, card: CardOf, do: Do, clock: Any, task_of: Any
) -> None:
    begin("plain")
    begin("costly", cost="100")
    begin("can wait", cost="intangible")
    begin("late", until="PT1H")
    begin("urgent", cost="expedite")
    marked = begin("marked")
    assert do(people["buyer"], "task.priority", task_of(marked, "answer"), priority=80).ok
    clock.advance(timedelta(hours=3))
    assert waiting(card(people["buyer"], "queue", "Buying")) == [
        ("urgent", "urgent: before everything else · waits for 3 hours"),
        ("late", "overdue since 10:12"),
        ("costly", "waits for 3 hours · a day of delay costs 100"),
        ("marked", "waits for 3 hours · priority 80"),
        ("plain", "waits for 3 hours"),
        ("can wait", "waits for 3 hours · nothing is lost by waiting"),
    ]
    outcome = do(people["buyer"], "queue.next", "*")
    assert taken(outcome) == "urgent"
    assert outcome.message == (
        "“Answer” is yours: urgent: before everything else · waits for 3 hours."
    )
    assert taken(do(people["helper"], "queue.next", "Buying")) == "late"
    assert len(card(people["buyer"], "queue", "*").cards) == 4


def test_put_off_or_given_back_it_leaves_and_joins_the_queue(
    begin: Begin, people: People, card: CardOf, do: Do, task_of: Any
) -> None:
    buyer, task = people["buyer"], task_of(begin("one"), "answer")
    assert do(buyer, "task.postpone", task, until="2 working days").ok
    assert waiting(card(buyer, "queue", "Buying")) == []
    assert do(buyer, "queue.next", "Buying").message == "Nothing waits here that you can take."
    assert do(buyer, "task.resume", task).ok
    assert taken(do(buyer, "queue.next", "Buying")) == "one"
    assert card(buyer, "queue", "Buying").cards == ()
    assert do(buyer, "task.release", task).ok
    assert taken(do(people["helper"], "queue.next", "Buying")) == "one"


def test_who_comes_second_is_told_who_has_it_and_what_is_next(
    begin: Begin, people: People, do: Do, task_of: Any
) -> None:
    first, second = begin("first"), begin("second")
    task = task_of(first, "answer")
    assert do(people["buyer"], "task.claim", task).ok
    outcome = do(people["helper"], "task.claim", task)
    assert outcome.verdict is Verdict.GONE
    assert outcome.message.startswith("Buyer a pris « Answer ».")
    assert outcome.card is not None
    assert outcome.card.case == second
    assert any(offer.act == "task.claim" for offer in outcome.card.offers)


def test_a_limit_is_said_kept_and_waived_by_somebody_else(
    begin: Begin, people: People, do: Do, task_of: Any, card: CardOf
) -> None:
    buyer, helper = people["buyer"], people["helper"]
    cases = [begin(str(number)) for number in range(4)]
    assert do(buyer, "queue.limit", "Buying", each=1).ok
    assert taken(do(buyer, "queue.next", "*")) == "0"
    refused = do(buyer, "queue.next", "*")
    assert refused.verdict is Verdict.REFUSED
    assert "the limit is 1" in refused.message
    assert "anybody else of Buying lets you take one more" in refused.message
    assert do(buyer, "task.claim", task_of(cases[1], "answer")).message == refused.message
    assert do(buyer, "queue.allow", "Buying", to="buyer@example.org").verdict is Verdict.INVALID
    assert do(helper, "queue.allow", "Buying", to="buyer@example.org").ok
    assert do(buyer, "task.claim", task_of(cases[1], "answer")).ok
    assert do(buyer, "queue.next", "*").verdict is Verdict.REFUSED
    assert do(buyer, "task.complete", task_of(cases[0], "answer")).ok
    assert taken(do(buyer, "queue.next", "*")) == "2"
    assert do(buyer, "queue.limit", "Buying", team=2).ok
    assert do(helper, "queue.next", "*").verdict is Verdict.REFUSED
    facts = {one.label: one.value for one in card(buyer, "queue", "Buying").facts}
    assert facts == {"At most, each": "1", "At most, together": "2", "In hand, together": "2"}


def test_what_fits_is_offered_first_said_or_learned_and_corrected(
    begin: Begin, people: People, do: Do, card: CardOf, task_of: Any
) -> None:
    buyer = people["buyer"]
    begin("plain")
    french = begin("french", french=True)
    again = begin("french again", french=True)
    assert waiting(card(buyer, "queue", "*"))[0][0] == "plain"
    assert do(buyer, "skills.add", buyer.id, skill=" french ").ok
    assert waiting(card(buyer, "queue", "*"))[0][0] == "plain"  # not the contracts
    assert do(buyer, "skills.add", buyer.id, skill="Contracts").ok
    assert waiting(card(buyer, "queue", "*"))[0] == ("french", "just asked · fits what you can do")
    assert do(buyer, "task.complete", task_of(french, "translate")).ok
    facts = {one.label: one.value for one in card(buyer, "skills", buyer.id).facts}
    assert facts == {
        "Contracts": "you said so · you did it 1 time · last 09:12",
        "french": "you said so · you did it 1 time · last 09:12",
    }
    assert waiting(card(buyer, "queue", "*"))[0] == (
        "french again",
        "just asked · you did this 1 time",
    )
    assert do(buyer, "skills.drop", buyer.id, skill="french").ok
    facts = {one.label: one.value for one in card(buyer, "skills", buyer.id).facts}
    assert facts["French"].endswith("you said that this is not yours")
    assert waiting(card(buyer, "queue", "*"))[0][0] == "plain"
    assert do(people["helper"], "task.complete", task_of(again, "translate")).ok
    helped = card(people["helper"], "skills", people["helper"].id).facts
    assert [one.label for one in helped] == ["Contracts", "French"]


def test_a_skill_never_keeps_a_promise_from_being_kept(
    begin: Begin, people: People, do: Do, clock: Any
) -> None:
    buyer = people["buyer"]
    assert do(buyer, "skills.add", buyer.id, skill="Answer").ok
    begin("fits")
    begin("late", until="PT1H", french=True)
    clock.advance(timedelta(hours=2))
    assert taken(do(buyer, "queue.next", "*")) == "late"


def test_who_may_not(begin: Begin, people: People, do: Do) -> None:
    begin("one")
    guest = invite("guest@example.org", "Guest")
    assert card_for("queue", "Buying", guest) is None
    assert card_for("skills", people["buyer"].id, people["helper"]) is None
    assert do(guest, "queue.next", "*").verdict is Verdict.UNKNOWN_OBJECT
    assert do(people["other"], "queue.next", "Buying").verdict is Verdict.FORBIDDEN
    assert do(people["other"], "queue.next", "*").verdict is Verdict.REFUSED
    assert do(people["other"], "queue.limit", "Buying", each=1).verdict is Verdict.FORBIDDEN
    assert do(people["buyer"], "queue.next", "Nobody").verdict is Verdict.UNKNOWN_OBJECT
    assert do(people["helper"], "skills.add", people["buyer"].id, skill="x").verdict is (
        Verdict.UNKNOWN_OBJECT
    )
