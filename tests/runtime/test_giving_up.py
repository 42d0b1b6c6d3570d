"""What never works is asked of a person: no fourth silent try."""

from datetime import timedelta
from typing import Any

import pytest

from genba.engine.commands import CompleteWork, Rejected
from genba.engine.values import WorkId
from genba.journal.contract import Claim
from genba.journal.records import CaseId
from genba.runtime import loop
from genba.runtime.unit import open_unit


def posted(world: Any, draw: Any, kind: str = "words") -> str:
    world.deploy(draw.two_steps())
    case: str = world.start("steps")
    world.loop.drain()
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).post(kind, {}, key="words:1")
    return case


def die(world: Any) -> None:
    """Claim what is due, and never be heard of again."""
    now = world.clock.now()
    assert world.inst.journal.claim(Claim(now=now, until=now + loop.LEASE, timers=True))
    world.clock.advance(loop.LEASE)


def incident(world: Any, case: str) -> Any:
    (work,) = [work for work in world.works(case) if work.kind == "incident"]
    return work


def answer(world: Any, case: str, chosen: str) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        work = WorkId(incident(world, case).work)
        done = unit.open(case).command(CompleteWork(at=unit.now, work=work, chosen=(chosen,)))
        assert not isinstance(done, Rejected)


@pytest.mark.parametrize("chosen", ["retry", "go-on"])
def test_three_deaths_are_an_incident(world: Any, draw: Any, chosen: str) -> None:
    taken: list[str] = []
    world.inst.on("words", lambda inst, row: taken.append(row.key))
    case = posted(world, draw)
    for _ in range(3):
        die(world)
    world.loop.drain()
    assert taken == []
    assert "delivery.given-up" in world.types(case)
    world.clock.advance(timedelta(days=9))
    world.loop.drain()
    assert taken == []
    answer(world, case, chosen)
    world.loop.drain()
    assert taken == (["words:1"] if chosen == "retry" else [])
    assert world.outbox() == []


def test_two_deaths_are_not(world: Any, draw: Any) -> None:
    taken: list[str] = []
    world.inst.on("words", lambda inst, row: taken.append(row.key))
    posted(world, draw)
    die(world)
    die(world)
    world.loop.drain()
    assert taken == ["words:1"]


def test_what_keeps_failing_is_an_incident(world: Any, draw: Any) -> None:
    asked: list[str] = []

    def refuses(inst: Any, row: Any) -> None:
        asked.append(row.key)
        raise ConnectionError("the server is away")

    world.inst.on("words", refuses)
    case = posted(world, draw)
    for _ in range(30):
        world.loop.drain()
        world.clock.advance(timedelta(hours=1))
    assert len(asked) == loop.ATTEMPTS
    assert incident(world, case).title == "start" or incident(world, case).title
    world.inst.on("words", lambda inst, row: asked.append("done"))
    answer(world, case, "retry")
    world.loop.drain()
    assert asked[-1] == "done"


@pytest.mark.parametrize("chosen", ["retry", "go-on"])
def test_a_timer_that_kills_its_workers_is_an_incident(world: Any, draw: Any, chosen: str) -> None:
    wait = draw.timer("<timeDuration>PT1H</timeDuration>")
    world.deploy(
        draw.file(
            draw.process(
                "wait",
                draw.node("startEvent", "start"),
                draw.node("intermediateCatchEvent", "hour", wait),
                draw.node("userTask", "after"),
                flows="start>hour hour>after",
            )
        )
    )
    case = world.start("wait")
    world.loop.drain()
    world.clock.advance(timedelta(hours=1))
    for _ in range(3):
        die(world)
    world.loop.drain()
    assert world.nodes(case) == [incident(world, case).node]
    answer(world, case, chosen)  # nobody goes on without a timer: its token waits for it
    world.loop.drain()
    assert world.nodes(case) == ["after"]


def test_what_was_claimed_by_another_meanwhile_does_not_count(
    world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The effect of a delivery and its settling are one transaction, with the claim checked."""
    from genba.runtime import deliveries

    case = posted(world, draw, kind="hear")

    def slow(unit: Any, row: Any, notice: Any) -> None:
        unit.open(case).record("effect", {})

    monkeypatch.setitem(deliveries.EFFECTS, "hear", slow)
    monkeypatch.setattr(deliveries, "read_notice", lambda row: None)
    now = world.clock.now()
    (late,) = world.inst.journal.claim(Claim(now=now, until=now + loop.LEASE)).rows
    world.clock.advance(loop.LEASE)
    die(world)
    world.loop._do(late, world.clock.now())
    assert "effect" not in world.types(case)
    world.loop.drain()
    assert world.types(CaseId(case)).count("effect") == 1
