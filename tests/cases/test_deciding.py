"""Deciding as people do: votes, signers, delegates, sending back, and four eyes; denial first."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.journal.records import CaseId
from genba.people.accounts import enrol
from genba.people.directory import Known

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
TaskOf = Callable[[str, str], str]


@pytest.fixture
def board(people: People) -> People:
    """Three who vote, one of whom is a buyer too."""
    made = {
        name: enrol(f"{name}@example.org", None, name=name.title(), groups=["Board", *more])
        for name, more in (("one", ()), ("two", ()), ("three", ("Buying",)))
    }
    return {**people, **made}


@pytest.fixture
def deciding(board: People, do: Do, deploy: Callable[[str], None]) -> Callable[..., str]:
    """A case that has come to its vote, checked by a buyer (or by who is named)."""

    def start(*, by: str = "staff", checked: str = "buyer", to: str = "vote") -> str:
        deploy("deciding")
        case = do(board[by], "process.start", "deciding", title="A machine").object_id
        for step, who in (("check", checked), ("compare", "buyer")):
            if step == to:
                return case
            with_card = works_at(case, step)
            assert do(board[who], "task.complete", with_card[0]).ok
        return case

    return start


def works_at(case: str, node: str, *, open_only: bool = True) -> list[str]:
    from genba.runtime.installation import current

    with current().journal.reading() as reading:
        works = reading.works(CaseId(case), open_only=open_only)
    return [f"{case}:{work.work}" for work in works if work.node == node]


def offered(who: Known, task: str) -> set[str]:
    card = card_for("task", task, who)
    return {offer.act for offer in (card.offers if card else ()) if offer.act.startswith("task.")}


def told(who: Known, case: str) -> list[str]:
    card = card_for("case", case, who)
    assert card is not None
    return [f"{one.who} {one.text}".strip() for one in card.story if not one.quiet]


def test_who_asked_for_it_or_checked_it_does_not_vote(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    asked = deciding(by="one")
    vote = works_at(asked, "vote")[0]
    assert do(board["one"], "task.approve", vote).verdict is Verdict.FORBIDDEN
    assert do(board["one"], "task.claim", vote).verdict is Verdict.FORBIDDEN
    card = card_for("task", vote, board["one"])
    assert card is not None
    assert "You asked for it, so somebody else decides." in card.note
    given = do(board["two"], "task.transfer", vote, to="one", reason="you know it")
    assert given.verdict is Verdict.FORBIDDEN, "nobody has it yet"
    assert do(board["two"], "task.claim", vote).ok
    for act in ("task.transfer", "task.delegate", "task.add-signer", "task.assign"):
        more = {"reason": "because"} if act == "task.transfer" else {}
        refused = do(board["two"], act, vote, to="one", **more)
        assert refused.errors == {"to": "One asked for it, so somebody else decides."}, act
    checked = deciding(checked="three")
    card = card_for("task", works_at(checked, "vote")[0], board["three"])
    assert card is not None
    assert "You did “Check”, so somebody else decides." in card.note
    assert do(board["three"], "task.approve", card.id).verdict is Verdict.FORBIDDEN


def test_only_the_groups_of_the_rule_decide_whoever_else_it_is_given_to(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = deciding()
    for who in ("one", "two"):
        assert do(board[who], "task.approve", works_at(case, "vote")[0 if who == "one" else -1]).ok
    (sign,) = works_at(case, "sign")
    assert do(board["lead"], "task.assign", sign, to="staff-member").errors == {
        "to": "Only somebody of Team lead, Board decides this."
    }
    assert do(board["lead"], "task.approve", sign, comment="fine").ok


def test_two_of_three_decide_and_the_late_vote_is_kept_and_said_to_be_late(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = deciding()
    votes = works_at(case, "vote")
    assert len(votes) == 3
    assert do(board["one"], "task.approve", votes[0], comment="we need it").ok
    for vote in votes[1:]:
        assert do(board["one"], "task.approve", vote).verdict is Verdict.FORBIDDEN
    for_one = card_for("task", votes[1], board["one"])
    assert for_one is not None
    assert for_one.quiet
    mine = card_for("task", votes[1], board["two"])
    assert mine is not None
    assert "So far 1 for and 0 against." in mine.note
    assert do(board["two"], "task.approve", votes[1]).ok
    assert works_at(case, "vote") == []
    late = do(board["three"], "task.reject", votes[2], reason="too dear", channel="mail")
    assert late.ok, late
    assert late.message.startswith("It was decided at 09:12, before your answer.")
    again = do(board["three"], "task.reject", votes[2], reason="still")
    assert again.verdict is Verdict.REFUSED
    assert do(board["two"], "task.approve", votes[2]).verdict is Verdict.REFUSED
    assert do(board["lead"], "task.approve", votes[2]).verdict is Verdict.GONE
    story = told(board["staff"], case)
    assert "“Vote” is decided: approved (2 for, 0 against, of 3)." in story
    assert "Three answered “Vote” late: rejected; it was decided already" in story
    assert "Three too dear" in story


def test_a_reason_is_needed_where_the_step_says_so_and_a_comment_is_welcome_with_a_yes(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = deciding()
    vote = works_at(case, "vote")[0]
    assert do(board["one"], "task.reject", vote).errors == {"reason": "This is needed."}
    assert do(board["one"], "task.approve", vote, condition="if cheaper", comment="nice").ok
    assert "One if cheaper\n\nnice" in told(board["staff"], case)


def test_what_is_delegated_comes_back_for_the_final_word(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = deciding(to="compare")
    (task,) = works_at(case, "compare")
    buyer, helper = board["buyer"], board["helper"]
    assert do(board["other"], "task.delegate", task, to="buyer").verdict is Verdict.FORBIDDEN
    assert do(buyer, "task.delegate", task, to="nobody").verdict is Verdict.INVALID
    assert do(buyer, "task.delegate", task, to="second-buyer", comment="you know them").ok
    promises = {"task.remind", "task.due", "task.priority"}
    helping = {"task.ask", "task.stop-line", "task.comment", "task.attach"}
    assert offered(buyer, task) == {"task.take-back", "task.assign", *promises, *helping}
    assert do(helper, "task.delegate", task, to="buyer").verdict is Verdict.REFUSED
    card = card_for("task", task, helper)
    assert card is not None
    assert "Votre réponse va à Buyer, qui a le dernier mot." in card.note
    assert do(helper, "task.complete", task, comment="A is better").ok
    back = card_for("task", task, buyer)
    assert back is not None
    assert back.open
    assert "It came back to you for the final word; proposed: done." in back.note
    assert do(helper, "task.complete", task).verdict is Verdict.FORBIDDEN
    assert do(buyer, "task.complete", task).ok
    assert "Buyer delegated “Compare” to Second buyer; it comes back" in told(buyer, case)


def test_what_is_delegated_can_be_taken_back_and_what_is_transferred_cannot(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = deciding(to="compare")
    (task,) = works_at(case, "compare")
    buyer, helper = board["buyer"], board["helper"]
    assert do(buyer, "task.delegate", task, to="second-buyer").ok
    assert do(helper, "task.take-back", task).verdict is Verdict.FORBIDDEN
    assert do(buyer, "task.take-back", task).ok
    assert do(buyer, "task.transfer", task, to="second-buyer").errors == {
        "reason": "This is needed."
    }
    assert do(buyer, "task.transfer", task, to="second-buyer", reason="on leave").ok
    assert do(buyer, "task.take-back", task).verdict is Verdict.FORBIDDEN
    assert do(helper, "task.complete", task).ok
    assert works_at(case, "compare") == []


@pytest.mark.parametrize(("place", "first"), [("before", "lead"), ("after", "one")])
def test_a_signer_before_or_after(
    place: str, first: str, deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = signing(deciding, board, do)
    (sign,) = works_at(case, "sign")
    added = do(board["one"], "task.add-signer", sign, to="team-lead", place=place)
    assert added.ok, added
    second = "one" if first == "lead" else "lead"
    (now,) = works_at(case, "sign")
    assert do(board[second], "task.approve", now).verdict is Verdict.FORBIDDEN
    assert do(board[first], "task.approve", now).ok
    (then,) = works_at(case, "sign")
    assert do(board[second], "task.approve", then).ok
    assert works_at(case, "sign") == []


def test_a_signer_beside_has_a_card_of_their_own_and_one_no_is_enough(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = signing(deciding, board, do)
    (sign,) = works_at(case, "sign")
    assert do(board["one"], "task.add-signer", sign, to="team-lead").ok
    assert do(board["one"], "task.add-signer", sign, to="team-lead").verdict is Verdict.REFUSED
    (mine,) = [work for work in works_at(case, "sign") if work != sign]
    assert do(board["lead"], "task.approve", sign).verdict is Verdict.FORBIDDEN
    assert do(board["lead"], "task.reject", mine, reason="no").ok
    assert works_at(case, "sign") == []
    late = do(board["one"], "task.approve", sign)
    assert late.ok
    assert "late" in late.message


def signing(deciding: Callable[..., str], board: People, do: Do) -> str:
    """A case whose last step one of the board holds."""
    case = deciding()
    for who in ("one", "two"):
        assert do(board[who], "task.approve", works_at(case, "vote")[-1 if who == "two" else 0]).ok
    (sign,) = works_at(case, "sign")
    assert do(board["lead"], "task.assign", sign, to="one").ok
    return case


def test_sending_back_to_any_step_that_was_done(
    deciding: Callable[..., str], board: People, do: Do
) -> None:
    case = deciding()
    vote = works_at(case, "vote")[0]
    assert do(board["buyer"], "task.send-back", vote, to="check").verdict is Verdict.FORBIDDEN
    card = card_for("task", vote, board["one"])
    assert card is not None
    (offer,) = [one for one in card.offers if one.act == "task.send-back"]
    choices = [one["title"] for one in offer.schema["properties"]["to"]["oneOf"]]
    assert choices == ["Compare", "Check"]
    assert do(board["one"], "task.send-back", vote, to="check").errors == {
        "reason": "This is needed."
    }
    wrong: dict[str, Any] = {"to": "sign", "reason": "x"}
    assert do(board["one"], "task.send-back", vote, **wrong).verdict is Verdict.INVALID
    assert do(board["one"], "task.send-back", vote, to="check", reason="not checked").ok
    assert works_at(case, "vote") == []
    assert len(works_at(case, "check")) == 1
