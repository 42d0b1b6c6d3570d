"""What one case does to another: signals, calls, timetables; messages are in `test_messages`."""

from datetime import timedelta
from typing import Any

import pytest

from genba.engine.commands import Cancel
from genba.engine.events import DataChanged
from genba.runtime.recording import read_event
from genba.runtime.unit import open_unit, read_state

SIGNAL = '<signal id="sig" name="Alarm"/>'
THROWN = '<signalEventDefinition signalRef="sig"/>'


def test_a_signal_reaches_all_who_wait_and_starts_what_starts_by_it(world: Any, draw: Any) -> None:
    world.deploy(
        draw.file(
            SIGNAL,
            draw.process(
                "thrower",
                draw.node("startEvent", "s"),
                draw.node("userTask", "shout"),
                draw.node("endEvent", "e", THROWN),
                flows="s>shout shout>e",
            ),
            draw.process(
                "waiter",
                draw.node("startEvent", "s2"),
                draw.node("intermediateCatchEvent", "hear", THROWN),
                draw.node("userTask", "react"),
                flows="s2>hear hear>react",
            ),
            draw.process(
                "starter",
                draw.node("startEvent", "s3", THROWN),
                draw.node("userTask", "help"),
                flows="s3>help",
            ),
        )
    )
    waiting = [world.start("waiter") for _ in range(3)]
    deaf = world.start("waiter")
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(deaf).command(Cancel(at=unit.now))
    thrower = world.start("thrower")
    world.loop.drain()
    assert not any("react" in world.nodes(case) for case in waiting)
    world.complete(thrower, "shout")
    world.loop.drain()
    assert [world.nodes(case) for case in waiting] == [["react"]] * 3
    assert world.row(deaf).status == "cancelled"
    assert len(world.cases(process="starter")) == 1
    world.loop.drain()
    assert len(world.cases(process="starter")) == 1
    assert world.outbox() == []


def calling(draw: Any) -> bytes:
    data: bytes = draw.file(
        draw.process(
            "outer",
            draw.node("startEvent", "s"),
            draw.node("callActivity", "ask", calledElement="inner"),
            draw.node("userTask", "go_on"),
            draw.node("endEvent", "e"),
            flows="s>ask ask>go_on go_on>e",
        ),
        draw.process(
            "inner",
            draw.node("startEvent", "s2"),
            draw.node("userTask", "work"),
            draw.node("endEvent", "e2"),
            flows="s2>work work>e2",
        ),
    )
    return data


def test_a_called_case_starts_ends_and_hands_back(world: Any, draw: Any) -> None:
    world.deploy(calling(draw))
    outer = world.start("outer", title="Laptops", data={"price": 3})
    world.loop.drain()
    (inner,) = world.cases(parent=outer)
    assert (inner.process, inner.title, inner.collaboration, inner.version) == (
        "inner",
        "Laptops",
        outer,
        1,
    )
    assert read_state(world.row(inner.case)).data == {"price": 3}
    assert world.nodes(outer) == []
    world.complete(inner.case, "work", data={"answer": "yes"})
    world.loop.drain()
    assert world.nodes(outer) == ["go_on"]
    assert read_state(world.row(outer)).data == {"price": 3, "answer": "yes"}
    with world.inst.journal.reading() as reading:
        told = [read_event(entry) for entry in reading.log(outer)]
    handed = [event.values for event in told if isinstance(event, DataChanged)]
    assert handed == [{"answer": "yes"}], "not the price, which it was only given"
    world.complete(outer, "go_on")
    world.loop.drain()
    assert world.row(outer).status == "completed"
    assert world.outbox() == []


def test_the_called_version_is_that_of_the_same_file(world: Any, draw: Any) -> None:
    world.deploy(calling(draw))
    old = world.start("outer")
    world.deploy(calling(draw).replace(b'name="work"', b'name="work anew"'))
    world.loop.drain()
    new = world.start("outer")
    world.loop.drain()
    assert [world.cases(parent=case)[0].version for case in (old, new)] == [1, 2]


@pytest.mark.parametrize("cancels", [True, False])
def test_a_called_case_escalates_to_its_caller(world: Any, draw: Any, cancels: bool) -> None:
    late = '<escalationEventDefinition escalationRef="late"/>'
    edge = {"attachedToRef": "ask", "cancelActivity": str(cancels).lower()}
    world.deploy(
        draw.file(
            '<escalation id="late" name="Late" escalationCode="L"/>',
            draw.process(
                "outer",
                draw.node("startEvent", "s"),
                draw.node("callActivity", "ask", calledElement="inner"),
                draw.node("boundaryEvent", "b", late, **edge),
                draw.node("userTask", "look"),
                draw.node("userTask", "go_on"),
                flows="s>ask ask>go_on b>look",
            ),
            draw.process(
                "inner",
                draw.node("startEvent", "s2"),
                draw.node("intermediateThrowEvent", "t", late),
                draw.node("userTask", "work"),
                flows="s2>t t>work",
            ),
        )
    )
    outer = world.start("outer")
    world.loop.drain()
    assert world.nodes(outer) == ["look"]
    (inner,) = world.cases(parent=outer)
    assert inner.status == ("cancelled" if cancels else "running")
    if not cancels:
        world.complete(inner.case, "work")
        world.loop.drain()
        assert sorted(world.nodes(outer)) == ["go_on", "look"]
    assert world.outbox() == []


def test_a_withdrawn_caller_withdraws_what_it_called(world: Any, draw: Any) -> None:
    world.deploy(calling(draw))
    outer = world.start("outer")
    world.loop.drain()
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(outer).command(Cancel(at=unit.now))
    world.loop.drain()
    (inner,) = world.cases(parent=outer)
    assert inner.status == "cancelled"
    assert world.outbox() == []


def test_a_caller_withdrawn_before_the_call_calls_nobody(world: Any, draw: Any) -> None:
    world.deploy(calling(draw))
    outer = world.start("outer")
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(outer).command(Cancel(at=unit.now))
    world.loop.drain()
    assert world.cases(parent=outer) == []
    assert world.outbox() == []


def test_a_withdrawn_called_case_is_somebodys_question(world: Any, draw: Any) -> None:
    world.deploy(calling(draw))
    outer = world.start("outer")
    world.loop.drain()
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(world.cases(parent=outer)[0].case).command(Cancel(at=unit.now))
    world.loop.drain()
    assert [(work.node, work.kind) for work in world.works(outer)] == [("ask", "incident")]


def by_the_hour(draw: Any, cycle: str, name: str = "clockwork") -> bytes:
    kind = "timeCycle" if cycle.startswith("R") else "timeDuration"
    if cycle[:2] == "20":
        kind = "timeDate"
    timer = draw.timer(f"<{kind}>{cycle}</{kind}>")
    data: bytes = draw.file(
        draw.process(
            "clockwork",
            draw.node("startEvent", "tick", timer),
            draw.node("userTask", "wind"),
            flows="tick>wind",
            name=name,
        )
    )
    return data


def started(world: Any, hours: float) -> int:
    """Let time pass; how many cases there are then."""
    world.clock.advance(timedelta(hours=hours))
    world.loop.drain()
    return len(world.cases(process="clockwork"))


def test_a_timer_start_event_starts_cases_again_and_again(world: Any, draw: Any) -> None:
    world.deploy(by_the_hour(draw, "R/PT1H"))
    assert [started(world, hours) for hours in (0, 0.5, 0.5, 1, 1)] == [0, 0, 1, 2, 3]
    # What was missed while nobody was there happens once, then it falls in step again.
    assert [started(world, hours) for hours in (5.5, 0.5, 1)] == [4, 5, 6]


@pytest.mark.trap("a timer start that begins anew with each deployment")
def test_deploying_again_does_not_begin_anew(world: Any, draw: Any) -> None:
    world.deploy(by_the_hour(draw, "R/PT1H"))
    assert started(world, 0.5) == 0
    world.deploy(by_the_hour(draw, "R/PT1H"))
    world.deploy(by_the_hour(draw, "R/PT1H", "Better clockwork"))
    assert [started(world, hours) for hours in (0.5, 0.5, 0.5)] == [1, 1, 2]
    assert world.cases(process="clockwork")[0].version == 2


@pytest.mark.trap("a timer start that begins anew with each deployment")
def test_another_time_ends_the_old_timetable(world: Any, draw: Any) -> None:
    world.deploy(by_the_hour(draw, "R/PT1H"))
    world.deploy(by_the_hour(draw, "R/PT3H"))
    assert [started(world, hours) for hours in (1, 1, 1, 1)] == [0, 0, 1, 1]
    assert len(world.outbox()) == 1


def test_a_counted_timetable_ends_and_stays_ended(world: Any, draw: Any) -> None:
    world.deploy(by_the_hour(draw, "R2/PT1H"))
    assert [started(world, hours) for hours in (1, 1, 1, 1)] == [1, 2, 2, 2]
    world.deploy(by_the_hour(draw, "R2/PT1H", "Better"))
    assert started(world, 5) == 2


def test_a_date_that_is_past_is_not_caught_up(world: Any, draw: Any) -> None:
    world.deploy(by_the_hour(draw, "2020-01-01T00:00:00Z"))
    assert started(world, 5) == 0
    world.deploy(by_the_hour(draw, "2027-01-01T00:00:00Z"))
    assert started(world, 24 * 366) == 1
    assert started(world, 24 * 366) == 1
