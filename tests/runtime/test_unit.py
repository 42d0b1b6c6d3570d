"""One act, one transaction: state, log and rows together, or nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from genba.engine.commands import AssignWork, Cancel, CompleteWork, Rejected, SendBack
from genba.engine.state import new_case
from genba.engine.values import WorkId
from genba.journal.contract import Conflict
from genba.journal.records import CaseId
from genba.runtime.definitions import UnknownVersion
from genba.runtime.notices import CardNotice, read_notice
from genba.runtime.unit import Unit, UnknownCase, open_unit, read_state


def test_a_case_goes_from_start_to_end(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps("Two steps"))
    case = world.start("steps")
    row = world.row(case)
    assert (row.title, row.status, row.process, row.version, row.started_by) == (
        "Two steps",
        "running",
        "steps",
        1,
        "7",
    )
    assert world.nodes(case) == ["first"]
    world.complete(case, "first", "8", data={"price": 1.5})
    assert world.nodes(case) == ["second"]
    world.clock.advance(timedelta(hours=1))
    world.complete(case, "second")
    row = world.row(case)
    assert (row.status, row.ended_at) == ("completed", world.clock.now())
    done = world.works(case, open_only=False)
    assert [(work.node, work.closed_by, work.outcome, work.channel) for work in done] == [
        ("first", "8", "completed", "web"),
        ("second", "7", "completed", "web"),
    ]
    assert world.types(case)[0] == "case-started"
    assert world.types(case)[-1] == "case-completed"
    assert row.revision == len(world.types(case))
    assert read_state(row).data == {"price": 1.5}


def test_an_error_leaves_nothing(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    before = world.row(case), world.types(case), world.works(case)

    def act() -> None:
        with open_unit(world.inst, world.envelope()) as unit:
            opened = unit.open(case)
            work = unit.tx.works(opened.row.case)[0]
            opened.command(CompleteWork(at=unit.now, work=WorkId(work.work)))
            opened.record("talk.said", {"content": "x"})
            opened.post("words", {}, key="words:x")
            opened.retitle("Other")
            raise KeyError("the act failed at its end")

    with pytest.raises(KeyError):
        act()
    assert (world.row(case), world.types(case), world.works(case)) == before
    assert world.outbox() == []


def test_a_rejected_command_changes_nothing(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    before = world.row(case)
    with open_unit(world.inst, world.envelope()) as unit:
        answer = unit.open(case).command(CompleteWork(at=unit.now, work=WorkId("w99")))
        assert isinstance(answer, Rejected)
        assert isinstance(unit.start_case("steps", node="second"), Rejected)
    assert world.row(case) == before
    assert len(world.cases()) == 1


@pytest.mark.trap("a conflict that repeats an effect")
def test_a_case_changed_in_between_conflicts(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")

    def act() -> None:
        with open_unit(world.inst, world.envelope()) as unit:
            opened = unit.open(case)
            opened.record("talk.said", {})
            opened.loaded -= 1  # what it would be had somebody been faster

    with pytest.raises(Conflict):
        act()
    assert "talk.said" not in world.types(case)


def test_the_domain_writes_on_the_same_log(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps", title="Laptops")
    with open_unit(world.inst, world.envelope()) as unit:
        opened = unit.open(case)
        assert unit.open(case) is opened
        last = opened.seq
        assert opened.record("talk.said", {"content": "c1"}) == last + 1
        opened.retitle("3 laptops")
        assert opened.seq == last + 2
        opened.post("words", {"content": "c1"}, key="words:c1")
        opened.post("words", {"content": "c1"}, key="words:c1")
    assert world.types(case)[-2:] == ["talk.said", "case.retitled"]
    assert world.row(case).title == "3 laptops"
    assert [row[:2] for row in world.outbox()] == [("words", "words:c1")]


def test_every_change_of_a_work_is_a_card(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    with open_unit(world.inst, world.envelope()) as unit:
        work = WorkId(unit.tx.works(CaseId(case))[0].work)
        unit.open(case).command(AssignWork(at=unit.now, work=work, to="8"))
    assert world.works(case)[0].assignee == "8"
    world.complete(case, "first")
    with world.inst.journal.reading() as reading:
        cards = [read_notice(row) for row in reading.outbox(CaseId(case)) if row.kind == "card"]
    second = world.works(case)[0].work
    assert cards == [
        CardNotice(case=case, work=work, what="opened"),
        CardNotice(case=case, work=work, what="handed"),
        CardNotice(case=case, work=work, what="closed"),
        CardNotice(case=case, work=second, what="opened"),
    ]


def test_a_step_sent_back_and_a_case_withdrawn(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    world.complete(case, "first", "8")
    with open_unit(world.inst, world.envelope()) as unit:
        work = WorkId(unit.tx.works(CaseId(case))[0].work)
        unit.open(case).command(SendBack(at=unit.now, work=work, reason="too dear", by="7"))
    assert world.nodes(case) == ["first"]
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).command(Cancel(at=unit.now, reason="not needed", by="7"))
    assert world.works(case) == []
    outcomes = [work.outcome for work in world.works(case, open_only=False)]
    assert outcomes == ["completed", "sent-back", "cancelled"]
    assert world.row(case).status == "cancelled"


def test_what_is_not_there_is_said(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    tries: list[Callable[[Unit], object]] = [
        lambda unit: unit.open("nobody"),
        lambda unit: unit.start_case("nothing"),
        lambda unit: unit.start_case("steps", version=9),
    ]
    for failing in tries:
        with (
            pytest.raises((UnknownCase, UnknownVersion)),
            open_unit(world.inst, world.envelope()) as unit,
        ):
            failing(unit)


def test_numbers_survive_exactly(world: Any, draw: Any) -> None:
    from decimal import Decimal

    world.deploy(draw.two_steps())
    exact = Decimal("0.1234567890123456789012345678901234")
    data = {"exact": exact, "float": 0.1, "whole": 10**20, "list": [1, 2.5, None, True, "x"]}
    case = world.start("steps", data=data)
    state = read_state(world.row(case))
    assert state.data == data
    assert [type(value) for value in state.data.values()] == [Decimal, float, int, list]


def test_a_small_case_is_small(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    assert len(world.row(world.start("steps")).state) < 1024
    assert new_case().elements == {}


def test_whoever_waits_is_woken_after_commit(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    rings = world.inst.rings()
    assert not world.inst.wait(0, rings)
    world.start("steps")
    assert world.inst.wait(0, rings)
