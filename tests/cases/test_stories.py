"""The story of a case in words, in both languages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils.translation import override

from genba.acts.card import Card
from genba.acts.inbound import Outcome
from genba.cases.stories import TELLERS
from genba.cases.titles import case_title, telling_fact
from genba.cases.wording import SILENCES, TITLES, moment_of
from genba.engine.values import WorkKind
from genba.people.directory import Known
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation
from genba.runtime.recording import ENGINE_TYPES

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
TaskOf = Callable[[str, str], str]

# Events of the engine that say nothing a reader would want to know; a new event needs a decision.
UNTOLD = {
    "ballot-opened",
    "vote-cast",
    "case-called",
    "case-continued",  # told by "change.made"
    "case-suspended",  # told by "change.made"
    "command-kept",  # told as what it is when the case goes on
    "compensation-step",
    "compensation-triggered",
    "change-undone",  # told by "change.undone"
    "condition-changed",
    "data-changed",
    "element-cancelled",
    "element-completed",
    "event-occurred",
    "flow-cleared",
    "flow-taken",
    "instance-output",
    "instances-planned",
    "join-reset",
    "message-taken",
    "path-changed",  # told by "change.made"
    "scope-interrupted",
    "steps-halted",
    "steps-resumed",
    "subscription-closed",
    "subscription-opened",
    "timer-cancelled",
    "work-revised",
}


def test_every_event_is_told_or_left_out_on_purpose() -> None:
    told = {name for name in TELLERS if "." not in name}  # the others are the domain's own
    assert told <= ENGINE_TYPES
    assert ENGINE_TYPES - told <= UNTOLD
    assert not told & UNTOLD


def test_every_kind_of_work_has_words() -> None:
    assert set(TITLES) == set(SILENCES) == set(WorkKind)


def test_the_story_is_told_in_the_readers_language(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    case = started()
    task = task_of(case, "check")
    assert do(people["buyer"], "task.claim", task).ok
    assert do(people["buyer"], "task.assign", task, to="second-buyer").ok
    assert do(people["helper"], "task.release", task, channel="mail").ok
    assert do(people["helper"], "task.complete", task, channel="mail", comment="vu").ok
    assert do(people["staff"], "case.withdraw", case, reason="not needed").ok

    def told(who: Known) -> list[str]:
        moments = card(who, "case", case).story
        return [f"{one.who} {one.text}".strip() for one in moments if not one.quiet]

    assert told(people["lead"]) == [
        "Staff member started the case",
        "Buyer took “Check the request”",
        "Buyer gave “Check the request” to Second buyer",
        "Second buyer gave “Check the request” back",
        "Second buyer vu",
        "Second buyer finished “Check the request” by mail",
        "Staff member not needed",
        "Staff member withdrew the case",
    ]
    assert told(people["helper"])[:6] == [
        "Staff member a ouvert le dossier",
        "Buyer a pris « Check the request »",
        "Buyer a confié « Check the request » à Second buyer",
        "Second buyer a rendu « Check the request »",
        "Second buyer vu",
        "Second buyer a terminé « Check the request » par mail",
    ]


def test_an_outside_party_is_named(
    people: People, do: Do, deploy: Callable[[str], None], task_of: TaskOf, card: CardOf
) -> None:
    deploy("party")
    buyer = people["buyer"]
    case = do(buyer, "process.start", "ordering").object_id
    assert do(buyer, "task.complete", task_of(case, "send")).ok
    goods = card(buyer, "task", task_of(case, "goods"))
    assert goods.title == "Has this happened? “Wait for the goods”"
    assert "It comes from Supplier." in goods.note
    assert do(buyer, "task.happened", goods.id, comment="two boxes").ok
    told = [one.text for one in card(buyer, "case", case).story if not one.quiet]
    assert told == [
        "started the case",
        "finished “Order”",
        "The message “order” was sent to Supplier.",
        "two boxes",
        "said that “Wait for the goods” has happened",
        "The case is complete.",
    ]


def test_engine_detail_is_folded_away_and_keeps_the_order_of_the_log(
    started: Callable[..., str], people: People, card: CardOf
) -> None:
    moments = card(people["buyer"], "case", started()).story
    quiet = [one.text for one in moments if one.quiet]
    assert "Buying is asked: “Check the request”." in quiet
    assert [one.seq for one in moments] == sorted({one.seq for one in moments})
    assert all(one.who == "" for one in moments if one.quiet)


def test_a_person_who_left_is_still_named(
    started: Callable[..., str], people: People, card: CardOf, inst: Installation
) -> None:
    from genba.people.models import Person

    case = started()
    Person.objects.filter(pk=int(people["staff"].id)).update(is_active=False)
    assert card(people["buyer"], "case", case).story[0].who == "Staff member"


def test_a_story_is_only_a_view(
    started: Callable[..., str], people: People, inst: Installation, card: CardOf
) -> None:
    case = started()
    with inst.journal.reading() as reading:
        before = reading.position()
        row = reading.case(case)  # type: ignore[arg-type]
    assert row is not None
    first = card(people["buyer"], "case", case)
    assert card(people["buyer"], "case", case) == first
    with inst.journal.reading() as reading:
        assert reading.position() == before
        assert reading.case(case) == row  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "title"),
    [
        ({}, "Purchase 7"),
        ({"title": "3 laptops"}, "Purchase 7: 3 laptops"),
        ({"who": "Sales", "Subject": "3  new\nlaptops"}, "Purchase 7: 3 new laptops"),
        ({"amount": 5, "who": "Sales"}, "Purchase 7: Sales"),
        ({"long": "x" * 200}, "Purchase 7"),
        ({"title": " "}, "Purchase 7"),
        ({"title": "word " * 40}, "Purchase 7: " + ("word " * 16).strip() + "…"),
        ({"address": {"title": "inside"}}, "Purchase 7"),
    ],
)
def test_titles(data: dict[str, Any], title: str) -> None:
    assert case_title("Purchase", 7, data) == title


def test_a_telling_fact_is_one_line() -> None:
    assert telling_fact({"title": "a\r\nBcc: b"}) == "a Bcc: b"


def test_times_are_short_and_in_words(clock: FixedClock) -> None:
    now = clock.now()
    assert moment_of(now, now) == "09:12"
    assert moment_of(datetime.fromisoformat("2026-02-27T08:00:00Z"), now) == "February 27 08:00"
    assert moment_of(datetime.fromisoformat("2025-02-27T08:00:00Z"), now) == "Feb. 27, 2025 08:00"
    with override("fr"):
        assert moment_of(datetime.fromisoformat("2026-02-27T08:00:00Z"), now) == "27 février 08:00"
