"""Cases that go on in another version: previewed, done once, taken back; on every store."""

from itertools import pairwise
from typing import Any

import pytest

from genba.changes.verdicts import Fate, Verdict
from genba.engine.values import NodeId
from genba.journal.records import CaseId, NewOutbox
from genba.runtime.folding import differs
from genba.runtime.migrations import STAYED, move, preview
from genba.runtime.notices import Migration
from genba.runtime.recording import write
from genba.runtime.unit import open_unit


def steps(draw: Any, *tasks: str, waits: str = "", name: str = "Steps") -> bytes:
    """A process of tasks in a row; `waits` is the time at the boundary of the first."""
    chain = ["start", *tasks, "end"]
    nodes = [draw.node("userTask", task) for task in tasks]
    flows = [f"{a}>{b}" for a, b in pairwise(chain)]
    if waits:
        timer = draw.timer(f"<timeDuration>{waits}</timeDuration>")
        nodes.append(draw.node("boundaryEvent", "late", timer, attachedToRef=tasks[0]))
        nodes.append(draw.node("userTask", "remind"))
        flows.append("late>remind")
    drawn = draw.process(
        "steps",
        draw.node("startEvent", "start"),
        draw.node("endEvent", "end"),
        *nodes,
        flows=" ".join(flows),
        name=name,
    )
    return bytes(draw.file(drawn))


def go(world: Any, case: str, to: int, **more: Any) -> Verdict:
    """Let a case go on in a version."""
    with open_unit(world.inst, world.envelope()) as unit:
        return move(unit, unit.open(case), to, by="7", **more)


def snapshot(world: Any, case: str) -> tuple[Any, ...]:
    """All that is stored of a case beside its log."""
    with world.inst.journal.reading() as reading:
        row = reading.case(CaseId(case))
        return row.version, row.state, reading.works(row.case), reading.timers(row.case)


def test_a_new_version_moves_nobody(world: Any, draw: Any) -> None:
    world.deploy(steps(draw, "first", "second"))
    case = world.start("steps")
    world.deploy(steps(draw, "first", "extra", "second"))
    world.loop.drain()
    assert world.row(case).version == 1
    world.complete(case, "first")
    assert world.nodes(case) == ["second"]


def test_a_case_goes_on_where_it_is_and_ends_in_the_new_version(world: Any, draw: Any) -> None:
    world.deploy(steps(draw, "first", "second"))
    case = world.start("steps")
    (before,) = world.works(case)
    world.deploy(steps(draw, "first", "extra", "second"))
    assert go(world, case, 2).fate is Fate.FINE
    assert world.row(case).version == 2
    assert world.works(case) == [before], "the same work, the same id"
    for node in ("first", "extra", "second"):
        world.complete(case, node)
    assert world.row(case).status == "completed"
    with world.inst.journal.reading() as reading:
        assert not differs(world.inst, reading, case), "the log tells the state, across versions"


def test_taken_back_at_once_everything_is_as_it_was(world: Any, draw: Any) -> None:
    world.deploy(steps(draw, "first", "second", waits="PT1H"))
    case = world.start("steps")
    before = snapshot(world, case)
    world.deploy(steps(draw, "first", "second", waits="PT2H"))
    go(world, case, 2)
    assert snapshot(world, case)[3] != before[3], "the clock says another time"
    go(world, case, 1)
    assert snapshot(world, case) == before
    assert world.types(case)[-1] == "migration-reverted"
    with world.inst.journal.reading() as reading:
        assert not differs(world.inst, reading, case)
    assert go(world, case, 2).fate is Fate.FINE, "and it may go there again"


def test_after_something_has_happened_the_way_back_is_a_migration(world: Any, draw: Any) -> None:
    world.deploy(steps(draw, "first", "second"))
    case = world.start("steps")
    world.deploy(steps(draw, "first", "extra", "second"))
    go(world, case, 2)
    world.complete(case, "first")
    stays = go(world, case, 1)
    assert stays.fate is Fate.CHOICE, "the old version has no such step"
    assert world.row(case).version == 2
    assert world.types(case)[-1] == STAYED
    world.complete(case, "extra")
    assert go(world, case, 1).fate is Fate.FINE
    assert world.nodes(case) == ["second"]
    with world.inst.journal.reading() as reading:
        assert not differs(world.inst, reading, case)


def test_a_step_that_is_gone_is_asked_for_then_the_work_keeps_its_id(world: Any, draw: Any) -> None:
    world.deploy(steps(draw, "check", "second"))
    case = world.start("steps")
    (work,) = world.works(case)
    world.deploy(steps(draw, "review", "second"))
    asked = preview(world.inst, "steps", 1, 2, world.clock.now()).cases[0].verdict
    assert asked.fate is Fate.CHOICE
    assert asked.questions[0].options == ("review", "second")
    assert go(world, case, 2, chosen={NodeId("check"): NodeId("review")}).fate is Fate.FINE
    (moved,) = world.works(case)
    assert (moved.work, moved.node, moved.title) == (work.work, "review", "review")
    world.complete(case, "review")
    assert world.nodes(case) == ["second"]


@pytest.mark.trap("a migration that loses tokens, messages or timers")
@pytest.mark.parametrize("other", ["PT1H", "PT3H"])
def test_a_clock_is_kept_or_starts_anew(world: Any, draw: Any, other: str) -> None:
    world.deploy(steps(draw, "first", waits="PT1H"))
    case = world.start("steps")
    before = snapshot(world, case)[3]
    world.deploy(steps(draw, "first", "second", waits=other))
    effects = go(world, case, 2).effects
    after = snapshot(world, case)[3]
    assert (after == before) == (other == "PT1H")
    assert [effect.kind for effect in effects] == ([] if other == "PT1H" else ["clock"])
    assert len(after) == 1, "neither lost nor doubled"


@pytest.mark.trap("a migration that loses tokens, messages or timers")
def test_a_migration_from_the_outbox_is_done_once(world: Any, draw: Any) -> None:
    world.deploy(steps(draw, "first", "second"))
    cases = [world.start("steps") for _ in range(3)]
    world.complete(cases[0], "first")
    world.deploy(steps(draw, "first", "other"))
    with world.inst.journal.writing() as tx:
        body = write(Migration(version=1, to=2, by="7"))
        for case in cases:
            row = NewOutbox(kind="migrate", body=body, key="migrate:k", due=world.clock.now())
            tx.post(case, [row])
    world.loop.drain()
    world.loop.drain()
    assert [world.row(case).version for case in cases] == [1, 2, 2], "one stands at a step gone"
    for case in cases[1:]:
        assert world.types(case).count("case-migrated") == 1
    with world.inst.journal.reading() as reading:
        moved = next(one for one in reading.log(cases[1]) if one.type == "case-migrated")
        assert moved.envelope.behalf == "7"
        assert moved.envelope.machine


def test_who_is_asked_in_the_new_version_finds_it_there(world: Any, draw: Any) -> None:
    """Another lane: the same work, open to the other group."""

    def drawn(role: str) -> bytes:
        lanes = (
            f'<laneSet id="l"><lane id="l1" name="{role}"><flowNodeRef>first</flowNodeRef>'
            "</lane></laneSet>"
        )
        return bytes(
            draw.file(
                draw.process(
                    "steps",
                    lanes,
                    draw.node("startEvent", "start"),
                    draw.node("userTask", "first"),
                    flows="start>first",
                )
            )
        )

    world.deploy(drawn("Buyers"))
    case = world.start("steps")
    world.deploy(drawn("Clerks"))
    effects = go(world, case, 2).effects
    assert [(effect.kind, effect.node) for effect in effects] == [("role", "first")]
    assert [work.role for work in world.works(case)] == ["Clerks"]
    go(world, case, 1)
    assert [work.role for work in world.works(case)] == ["Buyers"]
