"""Deciding together: what votes decide, who is asked when, and that replay tells the same."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.balloting import SETTLES, verdict_of
from genba.engine.state import Ballot, Seat
from genba.engine.values import WorkId
from tests.engine.drawing import Play, flows, tasks

GENBA = 'xmlns:genba="https://genba.dev/bpmn/1"'
YES, NO = "approved", "rejected"


def voted(votes: str, *, more: str = "", loop: str = "") -> Play:
    """A step that is voted on, and one behind it."""
    step = f'<userTask {GENBA} id="a" name="a" genba:acts="approve reject"{votes}{more}>{loop}'
    return Play('<startEvent id="s"/>', step + "</userTask>", tasks("b"), flows("s > a > b"))


def say(play: Play, verdict: str, by: str | None = None, place: int = 0) -> tuple[e.Event, ...]:
    """Answer the open work at this place."""
    work = list(play.case.works)[place]
    return play.tell(c.CompleteWork(at=play.at, work=work, data={"a_decision": verdict}, by=by))


@pytest.mark.parametrize(
    ("votes", "answers", "result"),
    [
        ("2 of 3", [YES, NO], None),
        ("2 of 3", [YES, NO, YES], YES),
        ("2 of 3", [YES, YES], YES),
        ("2 of 3", [NO, NO], NO),
        ("all of 3", [NO, YES], None),
        ("all of 3", [NO, YES, YES], NO),
        ("all of 2", [YES, YES], YES),
        ("veto of 3", [YES, YES], None),
        ("veto of 3", [YES, NO], NO),
        ("veto of 2", [YES, YES], YES),
        ("first of 4", [NO], NO),
        ("first of 4", [YES], YES),
        ("3", [YES, YES, YES], YES),
        ("2 of 3, in order", [NO, NO], NO),
    ],
)
def test_what_votes_decide(votes: str, answers: list[str], result: str | None) -> None:
    play = voted(f' genba:votes="{votes}"')
    for number, answer in enumerate(answers):
        say(play, answer, by=f"p{number}")
    if result is None:
        assert play.open == ["a"] * len(play.open)
        assert "a_decision" not in play.case.data
    else:
        assert play.open == ["b"]
        assert play.case.data["a_decision"] == result
        assert play.case.data["a_votes"]["rejected"] == answers.count(NO)


def test_everybody_has_a_card_of_their_own_and_the_rest_is_closed_when_it_is_decided() -> None:
    play = voted(' genba:votes="2 of 3"')
    assert play.open == ["a", "a", "a"]
    say(play, YES, by="p1")
    events = say(play, YES, by="p2")
    assert [x.why for x in events if isinstance(x, e.WorkCancelled)] == ["settled"]


def test_in_order_one_is_asked_after_the_other() -> None:
    play = voted(' genba:votes="2 of 3, in order"')
    for by in ("p1", "p2"):
        assert play.open == ["a"]
        say(play, YES, by=by)
    assert play.open == ["b"]


def test_one_person_answers_once_also_through_a_deputy() -> None:
    play = voted(' genba:votes="2 of 3"')
    say(play, YES, by="p1")
    work = WorkId(next(iter(play.case.works)))
    for who in ({"by": "p1"}, {"by": "p9", "behalf": "p1"}):
        assert play.refuse(c.CompleteWork(at=play.at, work=work, **who)) == "vote.twice"


def test_the_people_a_drawing_names_are_asked_each() -> None:
    play = voted(' genba:votes="all"', more=' camunda:candidateUsers="kim, lee"')
    assert [work.assignee for work in play.case.works.values()] == ["kim", "lee"]


def test_the_instances_of_a_repeated_step_vote_too() -> None:
    marker = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
    loop = marker + "</multiInstanceLoopCharacteristics>"
    play = voted(' genba:votes="2"', loop=loop)
    say(play, YES)
    say(play, NO)
    assert play.open == ["a"]
    say(play, NO)
    assert (play.open, play.case.data["a_decision"]) == (["b"], NO)
    everybody = voted("", loop=loop)
    for answer in (NO, YES, YES):
        say(everybody, answer)
    assert everybody.case.data["a_decision"] == NO


def add(play: Play, to: str, place: str, by: str = "p1") -> tuple[e.Event, ...]:
    work = WorkId(next(iter(play.case.works)))
    return play.tell(c.AddSigner(at=play.at, work=work, to=to, place=place, by=by))


def asked(play: Play) -> list[str | None]:
    return [work.assignee for work in play.case.works.values()]


def test_a_signer_before_comes_first_and_then_it_is_mine_again() -> None:
    play = voted("")
    add(play, "p2", "before")
    assert asked(play) == ["p2"]
    say(play, YES, by="p2")
    assert asked(play) == ["p1"]
    say(play, YES, by="p1")
    assert play.open == ["b"]


def test_a_signer_after_comes_when_i_have_answered() -> None:
    play = voted("")
    add(play, "p2", "after")
    assert asked(play) == ["p1"]
    say(play, YES, by="p1")
    assert asked(play) == ["p2"]
    say(play, NO, by="p2")
    assert (play.open, play.case.data["a_decision"]) == (["b"], NO)


def test_a_signer_beside_is_asked_at_once_and_one_no_is_enough() -> None:
    play = voted("")
    add(play, "p2", "beside")
    assert asked(play) == ["p1", "p2"]
    say(play, NO, by="p2", place=1)
    assert (play.open, play.case.data["a_decision"]) == (["b"], NO)


def test_a_signer_to_a_count_is_needed_too() -> None:
    play = voted(' genba:votes="1 of 2"')
    add(play, "p3", "beside")
    say(play, YES, by="p1")
    assert play.case.elements[play.case.works[WorkId(play.work("a"))].element].ballot is not None
    say(play, YES, by="p2")
    assert play.open == ["b"]


def test_nobody_is_asked_twice_and_only_tasks_are_signed() -> None:
    play = voted("")
    add(play, "p2", "beside")
    work = WorkId(play.work("a"))
    again = c.AddSigner(at=play.at, work=work, to="p2", place="after", by="p1")
    assert play.refuse(again) == "signer.twice"
    assert (
        play.refuse(c.AddSigner(at=play.at, work=work, to="p3", place="on top")) == "signer.place"
    )


def test_what_is_delegated_comes_back_and_what_is_proposed_with_it() -> None:
    play = voted("")
    work = WorkId(play.work("a"))
    play.tell(c.DelegateWork(at=play.at, work=work, to="p2", by="p1"))
    circle = c.DelegateWork(at=play.at, work=work, to="p1", by="p2")
    assert play.refuse(circle) == "delegate.circle"
    say(play, NO, by="p2")
    assert asked(play) == ["p1"]
    assert play.case.works[work].proposed == {"a_decision": NO}
    assert "a_decision" not in play.case.data
    say(play, YES, by="p1")
    assert play.case.data["a_decision"] == YES


def test_what_was_delegated_and_given_back_to_the_role_comes_back_to_nobody() -> None:
    play = voted("")
    work = WorkId(play.work("a"))
    play.tell(c.DelegateWork(at=play.at, work=work, to="p2", by="p1"))
    play.tell(c.AssignWork(at=play.at, work=work, to=None, by="p2"))
    say(play, YES, by="p3")
    assert play.open == ["b"]


def test_all_who_had_a_hand_in_a_step_are_remembered_where_a_rule_looks_at_it() -> None:
    play = Play(
        f'<userTask {GENBA} id="a" genba:votes="2 of 2"/>',
        f'<userTask {GENBA} id="b" genba:fourEyes="not:a"/>',
        flows("a > b"),
    )
    say(play, "", by="p1")
    work = WorkId(play.work("a"))
    play.tell(c.CompleteWork(at=play.at, work=work, by="p2", behalf="p3"))
    assert play.case.hands == {"a": ["p1", "p2", "p3"]}


SEATS = st.lists(st.sampled_from(["", YES, NO, "done"]), min_size=1, max_size=8)


@given(rule=st.sampled_from(sorted(SETTLES)), answers=SEATS, need=st.integers(1, 8))
def test_a_vote_that_decides_is_not_changed_by_a_later_one(
    rule: str, answers: list[str], need: int
) -> None:
    ballot = Ballot(rule, min(need, len(answers)), [Seat(verdict=one) for one in answers])
    outcome = verdict_of(ballot)
    left = [seat for seat in ballot.seats if not seat.verdict]
    assert outcome or left, "when everybody has answered it is decided"
    if outcome and rule != "first":
        for answer in (YES, NO):
            for seat in left:
                seat.verdict = answer
            assert rule == "veto" or verdict_of(ballot) == outcome


@settings(max_examples=60)
@given(data=st.data())
def test_any_order_of_answers_and_signers_ends_and_replays(data: Any) -> None:
    votes = data.draw(st.sampled_from(["", ' genba:votes="2 of 3"', ' genba:votes="all of 3"']))
    play = voted(votes)
    for number in range(12):
        if play.open == ["b"]:
            break
        place = data.draw(st.integers(0, len(play.case.works) - 1))
        work = play.case.works[list(play.case.works)[place]]
        by = work.assignee or f"q{number}"
        if number < 4 and data.draw(st.booleans()):
            where = data.draw(st.sampled_from(["before", "after", "beside"]))
            id = list(play.case.works)[place]
            play.tell(c.AddSigner(at=play.at, work=id, to=f"s{number}", place=where, by=by))
        else:
            say(play, data.draw(st.sampled_from([YES, NO])), by=by, place=place)
    assert play.open == ["b"]
