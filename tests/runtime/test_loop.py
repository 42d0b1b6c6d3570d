"""The loop: due things are done once, failures wait, a kill in between is harmless."""

import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import Conflict
from genba.journal.memory_writing import MemoryTransaction
from genba.journal.records import CaseId, OutboxRow
from genba.journal.sql_writing import SqlTransaction
from genba.runtime import deliveries, loop
from genba.runtime.loop import Loop, delay
from genba.runtime.notices import CardNotice, read_notice
from genba.runtime.unit import Unit, open_unit


def waiting_for_an_hour(draw: Any) -> bytes:
    hour = draw.timer("<timeDuration>PT1H</timeDuration>")
    data: bytes = draw.file(
        draw.process(
            "wait",
            draw.node("startEvent", "start"),
            draw.node("intermediateCatchEvent", "hour", hour),
            draw.node("userTask", "after"),
            draw.node("endEvent", "end"),
            flows="start>hour hour>after after>end",
        )
    )
    return data


def test_a_timer_fires_when_it_is_due_and_not_before(world: Any, draw: Any) -> None:
    world.deploy(waiting_for_an_hour(draw))
    case = world.start("wait")
    due = world.clock.now() + timedelta(hours=1)
    world.loop.drain()
    assert world.loop.run_once(due - timedelta(microseconds=1)) == 0
    assert world.nodes(case) == []
    assert world.loop.run_once(due) == 2  # the timer, and the card of what it opened
    assert world.nodes(case) == ["after"]
    assert world.works(case)[0].opened_at == due
    assert world.loop.run_once(due) == 0
    with world.inst.journal.reading() as reading:
        fired = [e for e in reading.log(CaseId(case)) if e.type == "timer-fired"]
        assert [(e.envelope.channel, e.envelope.machine) for e in fired] == [("timer", True)]


def test_the_loop_compares_with_the_clock(world: Any, draw: Any) -> None:
    world.deploy(waiting_for_an_hour(draw))
    case = world.start("wait")
    world.loop.drain()
    assert world.nodes(case) == []
    world.clock.advance(timedelta(hours=2))
    world.loop.drain()
    assert world.nodes(case) == ["after"]


def test_a_timer_that_fails_waits_and_keeps_nobody(
    world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(waiting_for_an_hour(draw))
    broken, healthy = world.start("wait"), world.start("wait")
    fire = deliveries.fire_timer

    def fails(unit: Unit, case: str, timer: str) -> None:
        if case == broken:
            raise ValueError("this one is broken")
        fire(unit, case, timer)

    monkeypatch.setattr(deliveries, "fire_timer", fails)
    monkeypatch.setattr(loop, "fire_timer", fails)
    now = world.clock.advance(timedelta(hours=1))
    world.loop.drain()
    assert (world.nodes(broken), world.nodes(healthy)) == ([], ["after"])
    world.clock.set(now + delay(0))
    world.loop.drain()
    ((kind, _, attempts, error),) = world.outbox()
    assert (kind, attempts, error) == ("timer", 1, "ValueError: this one is broken")
    monkeypatch.undo()
    world.clock.advance(timedelta(hours=1))
    world.loop.drain()
    assert world.nodes(broken) == ["after"]
    assert world.outbox() == []


def test_a_timer_of_an_ended_case_is_forgotten(world: Any, draw: Any) -> None:
    from genba.journal.records import TimerRow

    world.deploy(draw.two_steps())
    case = world.start("steps")
    with world.inst.journal.writing() as tx:
        tx.set_timer(TimerRow(case=CaseId(case), timer="t99", due=world.clock.now()))
    world.loop.drain()
    with world.inst.journal.reading() as reading:
        assert reading.timers(CaseId(case)) == []


def test_waits_are_doubled_up_to_an_hour() -> None:
    seconds = [delay(attempts).total_seconds() for attempts in range(12)]
    assert seconds[:4] == [5, 10, 20, 40]
    assert seconds[-1] == delay(1000).total_seconds() == 3600


def test_a_channel_takes_its_rows_once(world: Any, draw: Any) -> None:
    taken: list[CardNotice] = []
    world.inst.on("card", lambda inst, row: taken.append(read_notice(row)))
    world.deploy(draw.two_steps())
    case = world.start("steps")
    world.loop.drain()
    world.loop.drain()
    assert [(card.case, card.what) for card in taken] == [(case, "opened")]


def test_a_channel_that_fails_is_asked_again_later(world: Any, draw: Any) -> None:
    asked: list[str] = []

    def refuses(inst: Any, row: OutboxRow) -> None:
        asked.append(row.key)
        raise ConnectionError("the server is away" + "!" * 1000)

    world.inst.on("words", refuses)
    world.deploy(draw.two_steps())
    case = world.start("steps")
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).post("words", {}, key="words:1")
    for seconds in (0, 5, 10, 20):
        world.clock.advance(timedelta(seconds=seconds))
        world.loop.drain()
    assert len(asked) == 4
    ((_, _, attempts, error),) = world.outbox()
    assert attempts == 4
    assert error.startswith("ConnectionError: the server is away")
    assert len(error) <= 500
    world.inst.on("words", lambda inst, row: None)
    world.clock.advance(timedelta(seconds=40))
    world.loop.drain()
    assert world.outbox() == []


def test_several_channels_take_the_same_kind_and_fail_alone(world: Any, draw: Any) -> None:
    got: list[str] = []

    def broken(inst: Any, row: OutboxRow) -> None:
        raise OSError("no")

    world.inst.on("words", lambda inst, row: got.append("mail"), "mail")
    world.inst.on("words", broken, "chat")
    world.deploy(draw.two_steps())
    case = world.start("steps")
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).post("words", {}, key="words:1")
    world.loop.drain()
    world.clock.advance(timedelta(hours=1))
    world.loop.drain()
    assert got == ["mail"]
    assert [(row[0], row[2]) for row in world.outbox()] == [("words/chat", 2)]


def test_what_nobody_takes_here_is_kept(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).post("party", {}, key="party:1")
    world.loop.drain()
    ((kind, _, _, error),) = world.outbox()
    assert (kind, error) == ("party", "nobody takes party here")


def test_something_posted_for_later_waits(world: Any, draw: Any) -> None:
    taken: list[str] = []
    world.inst.on("words", lambda inst, row: taken.append(row.key))
    world.deploy(draw.two_steps())
    case = world.start("steps")
    later = world.clock.now() + timedelta(days=2)
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).post("words", {}, key="remind", due=later)
    world.loop.drain()
    assert taken == []
    world.clock.set(later)
    world.loop.drain()
    assert taken == ["remind"]


@pytest.mark.trap("a conflict that repeats an effect")
def test_a_delivery_is_tried_again_at_once_after_a_conflict(
    world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(waiting_for_an_hour(draw))
    case = world.start("wait")
    fire, left = deliveries.fire_timer, [2]

    def contested(unit: Unit, case: str, timer: str) -> None:
        if left[0]:
            left[0] -= 1
            raise Conflict("somebody was faster")
        fire(unit, case, timer)

    monkeypatch.setattr(loop, "fire_timer", contested)
    world.clock.advance(timedelta(hours=1))
    world.loop.drain()
    assert world.nodes(case) == ["after"]


@pytest.mark.trap("a conflict that repeats an effect")
def test_a_kill_between_effect_and_settling_is_harmless(
    world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal starts one case, however often its row is done."""
    signal = '<signal id="sig" name="Alarm"/>'
    thrown = '<signalEventDefinition signalRef="sig"/>'
    world.deploy(
        draw.file(
            signal,
            draw.process(
                "a", draw.node("startEvent", "s"), draw.node("endEvent", "e", thrown), flows="s>e"
            ),
            draw.process(
                "b",
                draw.node("startEvent", "s2", thrown),
                draw.node("userTask", "react"),
                flows="s2>react",
            ),
        )
    )
    world.start("a")
    kills: Counter[str] = Counter()
    settles = {kind: kind.settle for kind in (MemoryTransaction, SqlTransaction)}

    class Killed(BaseException):
        pass

    def killed(self: Any, row: OutboxRow, *, held: bool = False) -> None:
        kills[row.kind] += 1
        if kills[row.kind] <= 2:
            raise Killed
        next(settle for kind, settle in settles.items() if isinstance(self, kind))(
            self, row, held=held
        )

    for kind in settles:
        monkeypatch.setattr(kind, "settle", killed)
    for _ in range(20):
        with suppress(Killed):
            world.loop.drain()
        world.clock.advance(loop.LEASE)
    assert kills == {"signal": 3, "hear": 3, "card": 3}
    assert len(world.cases(process="b")) == 1
    assert world.outbox() == []


def test_the_thread_starts_works_and_stops(world: Any, draw: Any) -> None:
    taken: list[str] = []
    world.inst.on("card", lambda inst, row: taken.append(row.key))
    world.deploy(draw.two_steps())
    runner = Loop(world.inst)
    runner.start()
    runner.start()
    world.start("steps")
    until = time.monotonic() + 10
    while not taken and time.monotonic() < until:
        time.sleep(0.01)
    runner.stop()
    runner.stop()
    assert len(taken) == 1


def test_a_slow_channel_delays_no_case(world: Any, draw: Any) -> None:
    import threading

    answered = threading.Event()
    world.inst.on("card", lambda inst, row: answered.wait(10) and None)
    world.deploy(
        draw.file(
            draw.process(
                "p",
                draw.node("startEvent", "s"),
                draw.node("userTask", "slow"),
                draw.node("callActivity", "call", calledElement="q"),
                flows="s>slow s>call",
            ),
            draw.process(
                "q",
                draw.node("startEvent", "s2"),
                draw.node("userTask", "done"),
                flows="s2>done",
            ),
        )
    )
    runner = Loop(world.inst)
    runner.start()
    world.start("p")
    until = time.monotonic() + 8
    while not world.cases(process="q") and time.monotonic() < until:
        time.sleep(0.01)
    assert len(world.cases(process="q")) == 1
    answered.set()
    runner.stop()


def test_a_failing_loop_goes_on(world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    world.inst.on("card", lambda inst, row: taken.append(row.key))
    world.deploy(draw.two_steps())
    outside, left = Loop._outside, [1]

    def fails_first(self: Loop, at: Any) -> int:
        if left[0]:
            left[0] -= 1
            raise RuntimeError("the disk is full")
        return outside(self, at)

    monkeypatch.setattr(Loop, "_outside", fails_first)
    monkeypatch.setattr(loop, "PATIENCE", 0.01)
    runner = Loop(world.inst)
    runner.start()
    world.start("steps")
    until = time.monotonic() + 10
    while not taken and time.monotonic() < until:
        time.sleep(0.01)
    runner.stop()
    assert len(taken) == 1


def test_a_row_of_another_release_is_kept(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).post("telepathy", {}, key="t:1")
        unit.open(case).post("hear", {"nothing": 1}, key="h:1")
    world.loop.drain()
    kinds = {row[0]: row[3] for row in world.outbox()}
    assert kinds["telepathy"] == "nobody takes telepathy here"
    assert kinds["hear"].startswith("ValidationError")
    assert replace(world.row(case), state=b"").status == "running"
