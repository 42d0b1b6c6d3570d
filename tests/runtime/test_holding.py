"""A case on hold: what the loop brings waits in it, and is done when it goes on."""

from datetime import timedelta
from typing import Any

from genba.changes.vocabulary import Continue, Refusal, Suspend
from genba.runtime.changing import make_change
from genba.runtime.folding import fold
from genba.runtime.recording import read_snapshot
from genba.runtime.unit import open_unit


def turn(world: Any, case: str, what: Any) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        made = make_change(unit, unit.open(case), what, step="")
        assert not isinstance(made, Refusal)


def test_times_and_signals_wait_and_are_done_once(world: Any, draw: Any) -> None:
    rung = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    heard = '<signalEventDefinition signalRef="sig"/>'
    world.deploy(
        draw.file(
            '<signal id="sig" name="Alarm"/>',
            draw.process(
                "thrower",
                draw.node("startEvent", "s1"),
                draw.node("endEvent", "e1", heard),
                flows="s1>e1",
            ),
            draw.process(
                "waiter",
                draw.node("startEvent", "s"),
                draw.node("parallelGateway", "f"),
                draw.node("intermediateCatchEvent", "hour", rung),
                draw.node("intermediateCatchEvent", "alarm", heard),
                draw.node("userTask", "timed"),
                draw.node("userTask", "warned"),
                flows="s>f f>hour f>alarm hour>timed alarm>warned",
            ),
        )
    )
    case = world.start("waiter")
    turn(world, case, Suspend())
    world.start("thrower")
    world.clock.advance(timedelta(hours=3))
    world.loop.drain()
    world.loop.drain()
    assert world.nodes(case) == ["alarm"], "somebody may still say that it has come"
    assert world.outbox() == []
    with world.inst.journal.reading() as reading:
        assert reading.due_timers(world.clock.now(), 9) == [], "nothing rings again and again"
    turn(world, case, Continue())
    world.loop.drain()
    assert sorted(world.nodes(case)) == ["timed", "warned"]
    with world.inst.journal.reading() as reading:
        assert fold(world.inst, reading, case) == read_snapshot(reading.case(case).state)
