"""Where the drawing is silent: each kind of question, asked and answered."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.people.directory import Known
from genba.runtime.installation import Installation

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
TaskOf = Callable[[str, str], str]


@pytest.fixture
def begun(people: People, do: Do, deploy: Callable[[str], None], task_of: TaskOf) -> str:
    """A case that is about to choose what is needed."""
    deploy("questions")
    case = do(people["buyer"], "process.start", "questions", start="walk-in").object_id
    assert do(people["lead"], "task.complete", task_of(case, "named")).ok
    assert do(people["buyer"], "task.complete", task_of(case, "stranger")).ok
    return case


def test_several_starts_are_a_choice_each_with_its_form(
    people: People, do: Do, deploy: Callable[[str], None], card: CardOf
) -> None:
    deploy("questions")
    buyer = people["buyer"]
    (offer, *_rest) = card(buyer, "process", "questions").offers
    assert [(one.value, one.label) for one in offer.choices] == [
        ("walk-in", "Somebody comes in"),
        ("letter", "A letter comes"),
    ]
    assert not offer.required
    assert set(do(buyer, "process.start", "questions").errors) == {"start"}
    assert set(do(buyer, "process.start", "questions", start="letter").errors) == {"sender"}
    by_letter = do(buyer, "process.start", "questions", start="letter", sender="A supplier")
    assert by_letter.message == "Started: Questions 1: A supplier."
    assert do(buyer, "process.start", "questions", start="walk-in").message.endswith("Questions 2.")


def test_who_the_drawing_names_is_who_is_asked(
    people: People, do: Do, deploy: Callable[[str], None], task_of: TaskOf, card: CardOf
) -> None:
    deploy("questions")
    case = do(people["buyer"], "process.start", "questions", start="walk-in").object_id
    named = task_of(case, "named")
    assert do(people["buyer"], "task.complete", named).verdict is Verdict.FORBIDDEN
    assert card(people["lead"], "task", named).why == "It is assigned to you."
    assert do(people["lead"], "task.complete", named).ok
    stranger = card(people["buyer"], "task", task_of(case, "stranger"))
    assert stranger.why == "You are in Buying."
    assert stranger.assignee == ""


def test_an_inclusive_choice_takes_one_or_more(
    begun: str, people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    task = card(people["buyer"], "task", task_of(begun, "many"))
    (offer, *_rest) = task.offers
    assert (offer.act, offer.many, offer.choice_field) == ("task.choose", True, "chosen")
    labels = [choice.label for choice in offer.choices]
    assert labels == ["wait for an answer", "wait a while", "call several", "call one"]
    assert (
        do(people["buyer"], "task.choose", task.id, chosen=["nowhere"]).verdict is Verdict.INVALID
    )
    assert do(people["buyer"], "task.choose", task.id, chosen="call one, Wait a while").ok
    open_now = [one.node for one in card(people["buyer"], "case", begun).cards]
    assert sorted(open_now) == ["again", "clock"]


@pytest.mark.parametrize(
    ("path", "node", "title", "note", "answers"),
    [
        (
            "wait for an answer",
            "wait",
            "Has this happened? “Answer came”",
            "you say when it has happened",
            [("task.happened", {})],
        ),
        (
            "wait a while",
            "clock",
            "Is it time? “when it suits”",
            "you say when it is up",
            [("task.time-up", {"comment": "now"})],
        ),
        (
            "call several",
            "count",
            "How many times? “Call round”",
            "does not say how many",
            [("task.how-many", {"count": "2"}), ("task.complete", {}), ("task.complete", {})],
        ),
        (
            "call one",
            "again",
            "",
            "",
            [
                ("task.complete", {}),
                ("task.once-more", {}),
                ("task.complete", {}),
                ("task.enough", {}),
            ],
        ),
    ],
)
def test_each_question_is_answered(
    begun: str,
    people: People,
    do: Do,
    task_of: TaskOf,
    card: CardOf,
    inst: Installation,
    path: str,
    node: str,
    title: str,
    note: str,
    answers: list[tuple[str, dict[str, Any]]],
) -> None:
    buyer = people["buyer"]
    assert do(buyer, "task.choose", task_of(begun, "many"), chosen=[path]).ok
    asked = card(buyer, "case", begun).cards[0]
    assert asked.node == node
    assert asked.title == (title or asked.title)
    assert note in asked.note
    for act, given in answers:
        current = card(buyer, "case", begun).cards[0]
        assert act in [offer.act for offer in current.offers if offer.primary]
        assert do(people["other"], act, current.id, **given).verdict is Verdict.FORBIDDEN
        assert do(buyer, act, current.id, **given).ok
    assert not card(buyer, "case", begun).open


def test_what_is_stuck_is_mended_and_the_order_is_picked(
    people: People, do: Do, deploy: Callable[[str], None], card: CardOf
) -> None:
    deploy("stuck")
    buyer = people["buyer"]
    case = do(buyer, "process.start", "stuck").object_id

    def asked() -> Card:
        return next(one for one in card(buyer, "case", case).cards if one.offers[0].choices)

    stuck = asked()
    assert stuck.title == "Something is stuck: “Add it all up”"
    assert stuck.note
    assert [one.label for one in stuck.offers[0].choices] == [
        "try again",
        "it was done by hand",
        "go on without it",
    ]
    assert do(buyer, "task.mend", stuck.id, chosen="go on without it").ok

    french = next(one for one in card(people["helper"], "case", case).cards)
    assert [one.label for one in french.offers[0].choices] == [
        "Call them",
        "Write to them",
        "assez",
    ]
    assert "le dessin ne dit pas dans quel ordre" in french.note
    assert do(buyer, "task.pick", asked().id, chosen="call them").ok
    call = next(one for one in card(buyer, "case", case).cards if one.node == "call")
    assert do(buyer, "task.complete", call.id).ok
    assert do(buyer, "task.pick", asked().id, chosen="enough").ok
    whole = card(buyer, "case", case)
    assert not whole.open
    told = [one.text for one in whole.story if one.who and not one.quiet]
    assert told == [
        "started the case",
        "mended “Add it all up”: “go on without it”",
        "picked “Call them” in “What helps”",
        "finished “Call them”",
        "picked “enough” in “What helps”",
    ]
