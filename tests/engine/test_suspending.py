"""A case on hold: nothing moves, what comes waits, and a missed time comes once."""

from datetime import timedelta

import pytest

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.values import TimerId, WorkId
from tests.engine.drawing import Play, flows, tasks

TIMED = (
    '<startEvent id="s"/><endEvent id="e"/>'
    + tasks("a", "late", "b")
    + '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
    "<timeCycle>R/PT1H</timeCycle></timerEventDefinition></boundaryEvent>"
    + '<intermediateCatchEvent id="m"><messageEventDefinition/></intermediateCatchEvent>'
    + flows("s > a > m > b > e", "t > late")
)


def on_hold(play: Play) -> None:
    play.tell(c.Suspend(at=play.at))


def test_what_people_ask_of_its_works_is_refused() -> None:
    play = Play(TIMED)
    on_hold(play)
    work = WorkId(play.work("a"))
    for command in (
        c.CompleteWork(at=play.at, work=work),
        c.AssignWork(at=play.at, work=work, to="7"),
        c.Remind(at=play.at, work=work, by="7"),
        c.Suspend(at=play.at),
    ):
        assert play.refuse(command) == "case.suspended"
    play.tell(c.Continue(at=play.at))
    play.do("a")
    assert play.refuse(c.Continue(at=play.at)) == "case.not-suspended"


def test_a_time_that_was_missed_comes_once_and_falls_in_step_again() -> None:
    play = Play(TIMED)
    on_hold(play)
    (timer,) = play.case.timers
    play.tell(c.FireTimer(at=play.at + timedelta(hours=1), timer=timer))
    assert play.open == ["a"]
    assert play.refuse(c.FireTimer(at=play.at, timer=timer)) == "timer.gone", "it waits already"
    later = play.at + timedelta(hours=5, minutes=10)
    told = play.tell(c.Continue(at=later))
    assert sum(isinstance(event, e.TimerFired) for event in told) == 1
    assert sorted(play.open) == ["a", "late"]
    (running,) = play.case.timers.values()
    assert running.due == play.at + timedelta(hours=6)


def test_a_message_waits_for_the_case_and_the_case_for_nobody() -> None:
    play = Play(TIMED)
    play.do("a")
    on_hold(play)
    play.deliver("m", node="m")
    assert play.open == ["happened:m"]
    play.restore()
    play.tell(c.Continue(at=play.at))
    assert play.open == ["b"]


def test_a_case_on_hold_is_changed_and_ended() -> None:
    play = Play(TIMED)
    on_hold(play)
    place = next(id for id, one in play.case.elements.items() if one.node == "a")
    begin = c.Entry(node=play.graph.node("b").id, scope=play.case.root)
    play.tell(c.Redirect(at=play.at, cancel=(place,), begin=(begin,)))
    assert play.open == ["b"]
    assert play.case.suspended
    play.tell(c.Cancel(at=play.at))
    assert play.case.status == "cancelled"
    assert not play.case.suspended


@pytest.mark.parametrize("gone", ["t99"])
def test_a_timer_that_does_not_run_is_not_kept(gone: str) -> None:
    play = Play(TIMED)
    on_hold(play)
    assert play.refuse(c.FireTimer(at=play.at, timer=TimerId(gone))) == "timer.gone"
