"""Small drawings, an installation per store, and acts on it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from genba.engine.commands import CompleteWork, Rejected
from genba.engine.values import WorkId
from genba.journal.contract import CaseQuery, Journal
from genba.journal.records import CaseId, CaseRow, Envelope, WorkRow
from genba.runtime.clock import FixedClock
from genba.runtime.definitions import Deployed, deploy
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop
from genba.runtime.unit import open_unit
from tests.stores import STORES, open_store

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:t">'
)


def drawing(*parts: str) -> bytes:
    """A BPMN file of these parts."""
    return (HEAD + "".join(parts) + "</definitions>").encode()


def process(id: str, *nodes: str, flows: str, name: str = "") -> str:
    """A process; `flows` is "a>b b>c"."""
    arrows = "".join(
        f'<sequenceFlow id="{id}_f{number}" sourceRef="{pair.split(">")[0]}"'
        f' targetRef="{pair.split(">")[1]}"/>'
        for number, pair in enumerate(flows.split())
    )
    return f'<process id="{id}" name="{name or id}">' + "".join(nodes) + arrows + "</process>"


def node(kind: str, id: str, inside: str = "", **more: str) -> str:
    """A flow node."""
    given = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<{kind} id="{id}" name="{id}"{given}>{inside}</{kind}>'


class Drawings:
    """The builders, for tests."""

    file = staticmethod(drawing)
    process = staticmethod(process)
    node = staticmethod(node)

    @staticmethod
    def two_steps(name: str = "steps") -> bytes:
        """Start, a task, a task, end."""
        return drawing(
            process(
                "steps",
                node("startEvent", "start"),
                node("userTask", "first"),
                node("userTask", "second"),
                node("endEvent", "end"),
                flows="start>first first>second second>end",
                name=name,
            )
        )

    @staticmethod
    def timer(inside: str) -> str:
        """A timer event definition."""
        return f"<timerEventDefinition>{inside}</timerEventDefinition>"


@pytest.fixture
def draw() -> Drawings:
    """Small drawings."""
    return Drawings()


class World:
    """An installation with what a test does to it."""

    def __init__(self, journal: Journal) -> None:
        self.clock = FixedClock(T0)
        self.acts = 0
        self.inst = Installation(journal, self.clock)
        self.loop = Loop(self.inst)

    def deploy(self, data: bytes) -> Deployed:
        """Deploy a drawing that can be run."""
        made = deploy(self.inst, data, "test.bpmn", "7")
        assert isinstance(made, Deployed), made
        return made

    def envelope(self, actor: str = "7") -> Envelope:
        """An act now."""
        self.acts += 1
        key = f"web:{self.acts}"
        return Envelope(at=self.clock.now(), actor=actor, channel="web", key=key)

    def start(self, key: str, **more: Any) -> CaseId:
        """Start a case."""
        with open_unit(self.inst, self.envelope()) as unit:
            case = unit.start_case(key, **more)
            assert not isinstance(case, Rejected), case
            return case.row.case

    def complete(self, case: str, node_id: str, actor: str = "7", **more: Any) -> None:
        """Complete the open work of a node."""
        work = next(work for work in self.works(case) if work.node == node_id)
        with open_unit(self.inst, self.envelope(actor)) as unit:
            command = CompleteWork(
                at=unit.now, work=WorkId(work.work), by=actor, **({"data": {}} | more)
            )
            answer = unit.open(case).command(command)
            assert not isinstance(answer, Rejected), answer

    def works(self, case: str, *, open_only: bool = True) -> list[WorkRow]:
        """The works of a case."""
        with self.inst.journal.reading() as reading:
            return reading.works(CaseId(case), open_only=open_only)

    def nodes(self, case: str) -> list[str]:
        """Where somebody is asked something."""
        return sorted(work.node for work in self.works(case))

    def row(self, case: str) -> CaseRow:
        """The case."""
        with self.inst.journal.reading() as reading:
            row = reading.case(CaseId(case))
            assert row is not None
            return row

    def cases(self, **given: Any) -> list[CaseRow]:
        """Cases, newest first."""
        with self.inst.journal.reading() as reading:
            return reading.cases(CaseQuery(**given))

    def types(self, case: str) -> list[str]:
        """What is on the log of a case."""
        with self.inst.journal.reading() as reading:
            return [entry.type for entry in reading.log(CaseId(case))]

    def outbox(self) -> list[tuple[str, str, int, str]]:
        """All that waits, except cards: kind, key, attempts, error."""
        with self.inst.journal.reading() as reading:
            rows = reading.due_outbox(datetime(9000, 1, 1, tzinfo=UTC))
            return [
                (row.kind, row.key, row.attempts, row.error) for row in rows if row.kind != "card"
            ]


@pytest.fixture(params=STORES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An installation on every store."""
    with open_store(request.param, tmp_path) as journal:
        made = World(journal)
        made.inst.on("card", lambda inst, row: None)
        yield made
        assert made.inst.journal.verify() == []


@pytest.fixture
def new_world() -> Callable[[Journal], World]:
    """An installation on a journal of the test's own."""
    return World
