"""The unit of work: one act, one transaction.

Rules of this file: load, decide, collect; on leaving the block append with the version check,
commit once, then wake. Nothing is sent, called or awaited inside: what must happen elsewhere is
posted to the outbox. A unit must not write to any other database connection of the same file.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from typing_extensions import override

from genba.engine.commands import Command, Redirect, Rejected, Start
from genba.engine.decision import decide
from genba.engine.events import Event
from genba.engine.graph import Graph
from genba.engine.migration import Migrate, migrate
from genba.engine.state import Case, new_case
from genba.engine.values import CaseStatus, Data, NodeId
from genba.journal.contract import CaseQuery, NewEntry, Transaction
from genba.journal.records import CaseId, CaseRow, Envelope, NewOutbox, stream_kind
from genba.runtime.almanacs import almanac_for
from genba.runtime.definitions import UnknownVersion, graph
from genba.runtime.identity import fresh_id
from genba.runtime.installation import Installation
from genba.runtime.paths import graph_of, graph_on
from genba.runtime.projections import project
from genba.runtime.recording import read_snapshot, tag, write, write_state
from genba.runtime.streams import OpenStream

# Cases that may begin each other, by calls, messages and signals. A drawing that starts itself for
# ever is stopped here, and whoever mends it is asked.
MOST_CASES = 500


class UnknownCase(LookupError):
    """There is no case of this id."""


class OpenCase:
    """A case inside a unit of work."""

    def __init__(self, unit: "Unit", row: CaseRow, compiled: Graph, state: Case) -> None:
        self.unit = unit
        self.row = row
        self.graph = compiled
        self.state = state
        self.loaded = row.revision
        self.entries: list[NewEntry] = []

    @property
    def id(self) -> CaseId:
        """The id of the case."""
        return self.row.case

    @property
    def seq(self) -> int:
        """The seq of the last entry, recorded ones included."""
        return self.loaded + len(self.entries)

    def command(self, command: Command) -> Rejected | tuple[Event, ...]:
        """Ask the engine; what it answers is recorded and projected. Rejected changes nothing."""
        if isinstance(command, Redirect) and command.path is not None:
            return self._redirect(command, command.path)
        answer = decide(self.graph, self.state, command, self.unit.almanac)
        if not isinstance(answer, Rejected):
            self._take(answer)
        return answer

    def migrate(self, to: Graph, command: Migrate) -> Rejected | tuple[Event, ...]:
        """Go on in another version, whose graph is `to`. Rejected changes nothing."""
        answer = migrate(self.graph, to, self.state, command)
        if not isinstance(answer, Rejected):
            self.turn_to(to, command.version)
            self._take(answer)
        return answer

    def turn_to(self, graph: Graph, version: int) -> None:
        """From here on the case is read with the graph of this version."""
        self.graph = graph
        self.row = replace(self.row, version=version)

    def _redirect(self, command: Redirect, path: list[Data]) -> Rejected | tuple[Event, ...]:
        """Obeyed on the graph of the path it asks for, which is the case's from then on."""
        before = self.graph
        self.graph = graph_on(self.unit.inst, self.row.process, self.row.version, path)
        answer = decide(self.graph, self.state, command, self.unit.almanac)
        if isinstance(answer, Rejected):
            self.graph = before
            return answer
        self._take(answer)
        return answer

    def _take(self, events: tuple[Event, ...]) -> None:
        after = self.seq
        self.entries += [NewEntry(tag(event), write(event)) for event in events]
        project(
            self.unit.tx,
            self.row,
            self.graph,
            envelope=self.unit.envelope,
            naming=self.unit.inst.naming,
            events=events,
            after=after,
            works=self.state.works,
        )
        self._mirror()

    def _mirror(self) -> None:
        """The row says what the state says."""
        ended = self.row.ended_at
        if self.state.status is not CaseStatus.RUNNING and ended is None:
            ended = self.unit.now
        self.row = replace(self.row, status=self.state.status.value, ended_at=ended)

    def record(self, type: str, body: Struct | dict[str, Any]) -> int:
        """Put an event of the domain ("talk.said") on the log; its seq."""
        self.entries.append(NewEntry(type, write(body)))
        return self.seq

    def retitle(self, title: str) -> None:
        """Give the case another title; the log keeps the old one."""
        if title and title != self.row.title:
            self.record("case.retitled", {"title": title, "before": self.row.title})
            self.row = replace(self.row, title=title)

    def post(
        self, kind: str, body: Struct | dict[str, Any], key: str, due: datetime | None = None
    ) -> None:
        """Leave something to do after commit (`due`: not before); the same key is kept once."""
        new = NewOutbox(kind=kind, body=write(body), key=key, due=due or self.unit.now)
        self.unit.tx.post(self.row.case, [new])

    def flush(self) -> None:
        """Append what was collected. Raises Conflict when somebody was faster."""
        if not self.entries:
            return
        row = replace(self.row, state=write_state(self.state))
        self.unit.tx.append(
            row, expected=self.loaded, entries=self.entries, envelope=self.unit.envelope
        )
        self.loaded += len(self.entries)
        self.entries = []
        self.row = replace(row, revision=self.loaded)


class Unit:
    """A unit of work; see `open_unit`."""

    def __init__(self, inst: Installation, tx: Transaction, envelope: Envelope) -> None:
        self.inst = inst
        self.tx = tx
        self.envelope = envelope
        self._cases: dict[CaseId, OpenCase] = {}
        self.almanac = almanac_for(tx, inst.zone, inst.habits)
        self._streams: dict[str, OpenStream] = {}

    @property
    def now(self) -> datetime:
        """The instant of the act."""
        return self.envelope.at

    def start_case(
        self,
        process_key: str,
        *,
        version: int | None = None,
        node: str | None = None,
        data: Data | None = None,
        title: str = "",
        collaboration: str | None = None,
        parent: str = "",
        parent_element: str = "",
    ) -> OpenCase | Rejected:
        """Start a case of a process: its latest version, at its none start event, by default.

        Raises UnknownVersion when there is no such process or version.
        """
        if collaboration is not None and self._is_crowded(collaboration):
            message = f"There are {MOST_CASES} cases that started each other; no more are started."
            return Rejected(rule="case.too-many", message=message)
        if version is None:
            versions = self.tx.versions(process_key)
            if not versions:
                raise UnknownVersion(f"there is no process {process_key}")
            version = versions[0].version
        compiled = graph(self.inst, process_key, version)
        case = CaseId(fresh_id(self.now))
        state = new_case(case)
        start = Start(
            at=self.now,
            version=version,
            node=NodeId(node) if node else None,
            data=data or {},
            by=self.envelope.actor or None,
        )
        answer = decide(compiled, state, start, self.almanac)
        if isinstance(answer, Rejected):
            return answer
        row = self.tx.create_case(
            CaseRow(
                case=case,
                number=0,
                process=process_key,
                version=version,
                collaboration=collaboration or case,
                title=title or compiled.name,
                status=state.status.value,
                revision=0,
                started_at=self.now,
                started_by=self.envelope.actor,
                parent=parent,
                parent_element=parent_element,
            )
        )
        opened = OpenCase(self, row, compiled, state)
        self._cases[case] = opened
        opened._take(answer)
        return opened

    def _is_crowded(self, collaboration: str) -> bool:
        """Whether so many cases began each other that they would never stop: nobody meant that."""
        return self.tx.count_cases(CaseQuery(collaboration=collaboration)) >= MOST_CASES

    def open(self, case_id: str) -> OpenCase:
        """A case to act on; the same object each time within the unit. Raises UnknownCase."""
        case = CaseId(case_id)
        if case not in self._cases:
            row = self.tx.case(case)
            if row is None:
                raise UnknownCase(f"there is no case {case}")
            state = read_state(row)
            self._cases[case] = OpenCase(self, row, graph_of(self.inst, row, state), state)
        return self._cases[case]

    def stream(self, id: str) -> OpenStream:
        """A stream ("KIND:NAME") to write to, also one that is not there yet; the same each time.

        Raises ValueError when the id is not that of a stream.
        """
        if not stream_kind(id):
            raise ValueError(f"{id} is not the id of a stream")
        if id not in self._streams:
            self._streams[id] = OpenStream(self.tx, self.envelope, id)
        return self._streams[id]

    def flush(self) -> None:
        """Append the entries of every case and stream; called when the block is left."""
        for case in self._cases.values():
            case.flush()
        for stream in self._streams.values():
            stream.flush()


class _OpenUnit(AbstractContextManager[Unit]):
    """See `open_unit`; a class, as every act passes through."""

    def __init__(self, inst: Installation, envelope: Envelope) -> None:
        self._inst = inst
        self._envelope = envelope
        self._writing = inst.journal.writing()

    @override
    def __enter__(self) -> Unit:
        tx = self._writing.__enter__()
        try:
            self._unit = Unit(self._inst, tx, self._envelope)
        except BaseException as failed:
            self._writing.__exit__(type(failed), failed, failed.__traceback__)
            raise
        return self._unit

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: Any
    ) -> bool | None:
        if error is not None:
            return self._writing.__exit__(kind, error, trace)
        try:
            self._unit.flush()
        except BaseException as failed:
            self._writing.__exit__(type(failed), failed, failed.__traceback__)
            raise
        self._writing.__exit__(None, None, None)
        self._inst.wake()
        return None


def open_unit(inst: Installation, envelope: Envelope) -> AbstractContextManager[Unit]:
    """A unit of work: committed when the block ends, nothing of it when it raises.

    Raises Conflict when somebody changed a case in between: do the whole act again.
    """
    return _OpenUnit(inst, envelope)


def read_state(row: CaseRow) -> Case:
    """The engine's state of a case."""
    return read_snapshot(row.state)
