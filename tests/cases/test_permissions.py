"""Who may do what: every role, object and act, in a table; the channel changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.people.directory import Known, invite

People = dict[str, Known]
Do = Callable[..., Outcome]

TALK = {"task.comment", "task.attach"}
ASK = {"task.ask"}
SAID = {"case.mark", "case.edit", "case.erase-words", "case.resolve", "case.reopen"}
ON_CASE = {"case.comment", "case.attach", "case.ask", "case.keep-private", "case.meet"} | SAID
CHANGING = {"case.suspend", "case.skip", "case.add-step", "case.move-step", "case.correct"}
LEAVING = {"task.skip", "task.add-step", "task.go-on-at", "task.ask-others", "task.ask-otherwise"}
SEEN = {"case.share", "case.invite", "case.restrict"}
HANDING = {"task.assign", "task.delegate", "task.add-signer"}
PROMISES = {"task.postpone", "task.due", "task.priority"}
REMIND = {"task.remind"}

# role -> acts offered on the first task of a fresh case, on the case, and on the process
MATRIX: dict[str, tuple[set[str], set[str], set[str]]] = {
    "guest": (set(), set(), set()),
    "other": (
        TALK | ASK | REMIND | {"case.follow"},
        ON_CASE | {"case.follow"},
        {"process.start"},
    ),
    "lead": (
        TALK | ASK | REMIND | {"case.follow"},
        ON_CASE | CHANGING | {"case.follow"},
        {"process.start"},
    ),
    "staff": (
        TALK | ASK | REMIND | {"case.unfollow", "case.mute"},
        ON_CASE | CHANGING | {"case.unfollow", "case.mute", "case.withdraw"} | SEEN,
        {"process.start"},
    ),
    "buyer": (
        TALK
        | ASK
        | REMIND
        | PROMISES
        | {"case.follow"}
        | HANDING
        | LEAVING
        | {"task.claim", "task.complete"},
        ON_CASE | CHANGING | {"case.follow"},
        {"process.start"},
    ),
}

GIVEN: dict[str, dict[str, Any]] = {
    "task.comment": {"text": "words"},
    "task.ask": {"to": "team-lead", "question": "words"},
    "task.attach": {"file": b"x"},
    "task.skip": {"reason": "words"},
    "task.add-step": {"what": "words"},
    "task.go-on-at": {"to": "approve", "reason": "words"},
    "task.ask-others": {"to": "Staff", "reason": "words"},
    "task.ask-otherwise": {"what": "words", "reason": "words"},
    "task.assign": {"to": "buyer@example.org"},
    "task.postpone": {"until": "2026-03-09"},
    "task.due": {"due": "2 working days"},
    "task.priority": {"priority": 60},
    "task.delegate": {"to": "team-lead"},
    "task.add-signer": {"to": "team-lead", "place": "after"},
}


@pytest.fixture
def everybody(people: People) -> People:
    return {**people, "guest": invite("guest@example.org", "Guest")}


@pytest.mark.parametrize("role", MATRIX)
def test_offers_are_those_of_the_table(
    role: str, started: Callable[..., str], everybody: People, task_of: Callable[[str, str], str]
) -> None:
    case = started()
    objects = (("task", task_of(case, "check")), ("case", case), ("process", "purchase"))
    for (object, id), expected in zip(objects, MATRIX[role], strict=True):
        card: Card | None = card_for(object, id, everybody[role])
        assert {offer.act for offer in (card.offers if card else ())} == expected


@pytest.mark.security("S14")
@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("channel", ["web", "mail", "api", "cli"])
def test_doing_agrees_with_what_was_offered_in_every_channel(
    role: str,
    channel: str,
    started: Callable[..., str],
    everybody: People,
    task_of: Callable[[str, str], str],
    do: Do,
) -> None:
    case = started()
    task = task_of(case, "check")
    offered = MATRIX[role][0]
    denied = {"task.claim", "task.release", "task.complete", "task.assign", *TALK, *ASK} - offered
    for act in sorted(denied):
        outcome = do(
            everybody[role], act, task, object="task", channel=channel, **GIVEN.get(act, {})
        )
        wanted = Verdict.UNKNOWN_OBJECT if role == "guest" else Verdict.FORBIDDEN
        assert outcome.verdict is wanted, act
    for act in sorted(offered):
        fresh = task_of(started(), "check")
        outcome = do(
            everybody[role], act, fresh, object="task", channel=channel, **GIVEN.get(act, {})
        )
        assert outcome.ok, (act, outcome)
