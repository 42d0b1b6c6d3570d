"""Random acts with conflicts and crashes in between: the log, folded, is always the state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genba.engine.commands import AssignWork, Cancel, CompleteWork, Rejected, SendBack
from genba.engine.values import WorkId
from genba.journal.contract import Conflict, Journal, Reading, Transaction
from genba.journal.memory import MemoryJournal
from genba.journal.records import CaseId
from genba.journal.sqlite import SqliteJournal
from genba.runtime import loop
from genba.runtime.folding import differs, fold
from genba.runtime.unit import open_unit, read_state


class Crash(BaseException):
    """The process goes down."""


# At which of the next transactions, at which of its calls, and how.
Failure = tuple[int, int, type[BaseException]]


class Unreliable:
    """A journal whose transactions can fail at their n-th call, or when they should commit."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.fails: Failure | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.journal, name)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with self.journal.reading() as reading:
            yield reading

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        fails = self.fails
        with self.journal.writing() as tx:
            if fails is None or fails[0]:
                self.fails = fails and (fails[0] - 1, *fails[1:])
                yield tx
            else:
                self.fails = None
                yield Failing(tx, *fails[1:])
                raise fails[2]


class Failing:
    """A transaction that fails at its n-th call."""

    def __init__(self, tx: Transaction, calls: int, error: type[BaseException]) -> None:
        self._tx, self._left, self._error = tx, calls, error

    def __getattr__(self, name: str) -> Any:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return getattr(self._tx, name)


def everything(draw: Any) -> bytes:
    """Parallel, loop by choice, timers, a call, a message to another pool, a signal."""
    minutes = draw.timer("<timeDuration>PT10M</timeDuration>")
    signal = '<signalEventDefinition signalRef="sig"/>'
    message = "<messageEventDefinition/>"
    boundary = '<boundaryEvent id="late" name="late" attachedToRef="left">' + minutes
    data: bytes = draw.file(
        '<signal id="sig" name="Alarm"/>',
        '<collaboration id="c"><participant id="A" processRef="main"/>'
        '<participant id="B" processRef="side"/>'
        '<messageFlow id="m1" sourceRef="tell" targetRef="told"/></collaboration>',
        draw.process(
            "main",
            draw.node("startEvent", "s"),
            draw.node("parallelGateway", "fork"),
            draw.node("userTask", "left"),
            boundary + "</boundaryEvent>",
            draw.node("userTask", "hurry"),
            draw.node("userTask", "right"),
            draw.node("exclusiveGateway", "again"),
            draw.node("intermediateCatchEvent", "pause", minutes),
            draw.node("parallelGateway", "join"),
            draw.node("callActivity", "ask", calledElement="inner"),
            draw.node("intermediateThrowEvent", "tell", message),
            draw.node("intermediateThrowEvent", "shout", signal),
            draw.node("endEvent", "e"),
            draw.node("endEvent", "e2"),
            flows="s>fork fork>left fork>right late>hurry hurry>e2 right>again again>right"
            " again>pause pause>join left>join join>ask ask>tell tell>shout shout>e",
        ),
        draw.process(
            "inner",
            draw.node("startEvent", "s2"),
            draw.node("userTask", "work"),
            draw.node("endEvent", "e3"),
            flows="s2>work work>e3",
        ),
        draw.process(
            "side",
            draw.node("startEvent", "told", message),
            draw.node("intermediateCatchEvent", "alarm", signal),
            draw.node("endEvent", "e4"),
            flows="told>alarm alarm>e4",
        ),
    )
    return data


acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["complete"] * 6 + ["assign", "back", "start", "pass", "loop", "loop", "say", "cancel"]
        ),
        st.integers(0, 50),
        st.one_of(
            st.none(),
            st.tuples(
                st.integers(0, 2),
                st.integers(0, 25),
                st.sampled_from([Conflict, Crash, KeyError]),
            ),
        ),
    ),
    max_size=25,
)


def act(world: Any, kind: str, choice: int) -> None:
    """Do one random thing."""
    if kind == "pass":
        world.clock.advance(timedelta(minutes=choice))
    elif kind == "loop":
        world.loop.run_once()
    elif kind == "start" or not world.cases():
        world.start("main", data={"n": choice})
    else:
        cases = world.cases(status="running") or world.cases()
        case = cases[choice % len(cases)].case
        with open_unit(world.inst, world.envelope(str(choice))) as unit:
            opened = unit.open(case)
            for command in _commands(kind, choice, unit, case):
                opened.command(command)
            if kind == "say":
                opened.record("talk.said", {"content": str(choice)})


def _commands(kind: str, choice: int, unit: Any, case: str) -> list[Any]:
    if kind == "cancel":
        return [Cancel(at=unit.now)] if choice > 40 else []
    works = unit.tx.works(CaseId(case))
    if not works or kind == "say":
        return []
    row = works[choice % len(works)]
    work = unit.open(case).state.works[row.work]
    if kind == "assign":
        return [AssignWork(at=unit.now, work=WorkId(row.work), to=str(choice) if choice else None)]
    if kind == "back":
        return [SendBack(at=unit.now, work=WorkId(row.work), by=str(choice))]
    chosen = (work.options[choice % len(work.options)].id,) if work.options else ()
    data = {"n": choice, "x": choice / 4}
    return [
        CompleteWork(at=unit.now, work=WorkId(row.work), data=data, chosen=chosen, by=str(choice))
    ]


def check(world: Any) -> None:
    """Log, state and rows of every case agree."""
    with world.inst.journal.reading() as reading:
        for row in world.cases(limit=1000):
            log = reading.log(row.case)
            assert [entry.seq for entry in log] == list(range(1, row.revision + 1))
            assert not differs(world.inst, reading, row.case), row.case
            stored = reading.case(row.case)
            assert stored is not None
            state = read_state(stored)
            assert stored.status == state.status.value
            assert (stored.ended_at is None) == (stored.status == "running")
            open_works = reading.works(row.case)
            assert {work.work for work in open_works} == set(state.works)
            assert {w.work: w.assignee or None for w in open_works} == {
                id: work.assignee for id, work in state.works.items()
            }
            late = {
                r.key.removeprefix("timer:") for r in reading.outbox(row.case) if r.kind == "timer"
            }
            timers = {(t.timer, t.due) for t in reading.timers(row.case)}
            assert timers | {(t, state.timers[t].due) for t in late if t in state.timers} == {
                (id, timer.due) for id, timer in state.timers.items()
            }
        positions = [entry.position for entry in reading.log_since(0, 100_000)]
        assert positions == list(range(1, len(positions) + 1))
        waiting = world.cases(process="side", status="running", limit=1000)
        assert len(reading.subscribers("signal", "Alarm")) == len(waiting)
    assert world.inst.journal.verify() == []


@pytest.fixture(autouse=True, scope="module")
def innocent() -> Iterator[None]:
    """Every failure here is made by the test: no row is given up for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "DEATHS", 10**6)
        patch.setattr(loop, "ATTEMPTS", 10**6)
        yield


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    script=acts,
    kills=st.lists(st.integers(0, 6), max_size=30),
    calls=st.integers(0, 3),
    sqlite=st.booleans(),
)
def test_the_log_folded_is_the_state(
    script: list[tuple[str, int, Failure | None]],
    kills: list[int],
    calls: int,
    sqlite: bool,
    draw: Any,
    new_world: Callable[[Any], Any],
    tmp_path_factory: Any,
) -> None:
    path: Path = tmp_path_factory.mktemp("property") / "g.sqlite3"
    journal = Unreliable(SqliteJournal(path) if sqlite else MemoryJournal())
    world = new_world(journal)
    world.inst.on("card", lambda inst, row: None)
    world.deploy(everything(draw))
    for kind, choice, fails in script:
        journal.fails = fails
        with suppress(Conflict, Crash, KeyError):
            act(world, kind, choice)
        journal.fails = None
        check(world)
    for _ in range(400):  # everything ends, whatever failed before and fails on the way
        world.clock.advance(timedelta(hours=2))
        with suppress(Crash):
            journal.fails = (kills.pop(), calls, Crash) if kills and not journal.fails else None
            world.loop.drain()
        with suppress(Crash):
            for row in world.cases(status="running", limit=1000):
                for work in world.works(row.case):
                    act_on(world, row.case, work.work)
        if not world.cases(status="running") and not world.outbox():
            break
    journal.fails = None
    check(world)
    assert not world.cases(status="running")
    assert world.outbox() == []
    mains = [row for row in world.cases(process="main", limit=1000) if row.status == "completed"]
    for row in mains:  # each effect once
        told = world.types(row.case)
        called = [one.parent_element for one in world.cases(parent=row.case, limit=1000)]
        assert len(called) == len(set(called)) == told.count("case-called")
        sides = world.cases(collaboration=row.collaboration, process="side", limit=1000)
        assert len(sides) == told.count("message-sent")
    journal.close()


def act_on(world: Any, case: str, work_id: str) -> None:
    """Complete a work, choosing to go on where there is a choice."""
    with open_unit(world.inst, world.envelope()) as unit:
        opened = unit.open(case)
        work = opened.state.works.get(WorkId(work_id))
        if work is not None:
            chosen = (work.options[-1].id,) if work.options else ()
            answer = opened.command(
                CompleteWork(at=unit.now, work=WorkId(work_id), chosen=chosen, by="7")
            )
            assert not isinstance(answer, Rejected), answer


def test_folding_finds_a_state_the_log_does_not_tell(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    with open_unit(world.inst, world.envelope()) as unit:
        opened = unit.open(case)
        opened.state.data["smuggled"] = True
        opened.record("talk.said", {})
    with world.inst.journal.reading() as reading:
        assert differs(world.inst, reading, case)
        assert fold(world.inst, reading, case).data == {}
        assert differs(world.inst, reading, "nobody")
