"""Process, case and task as the acts see them: loaded from the journal, with their drawing.

Rules of this file: reads only. A task is a work of a case, "CASE:w3"; a process is its key in
its latest version; a case keeps the version it started with.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from genba.acts.objects import Thread
from genba.cases.outside import is_open
from genba.engine.gathering import Half
from genba.engine.graph import Graph, GraphNode
from genba.engine.state import Case, Work
from genba.journal.contract import Reading
from genba.journal.records import CaseId, CaseRow, Entry, ProcessVersion, WorkRow
from genba.people.access import may_see_case, may_see_process, may_start
from genba.people.attention import muting
from genba.people.deputies import standing_in
from genba.people.directory import Known
from genba.people.sharing import Sharing, grants, sharing_of
from genba.runtime.definitions import graph
from genba.runtime.gathering import waiting_starts
from genba.runtime.installation import current
from genba.runtime.paths import graph_of
from genba.runtime.recording import up_to_date
from genba.runtime.unit import read_state

ENDINGS = ("work-cancelled", "work-completed", "step-sent-back")  # most telling last


class ProcessObject(Struct, frozen=True):
    """A process people can start, in its latest version."""

    version: ProcessVersion
    graph: Graph
    running: tuple[tuple[int, int], ...] = ()  # versions cases run in, and how many
    waiting: Mapping[str, tuple[Half, ...]] = {}  # starts that wait for more, by start event
    outside: bool = False  # anybody outside may start it


class CaseObject(Struct, frozen=True):
    """A case with its drawing and its state."""

    row: CaseRow
    graph: Graph
    state: Case
    followers: tuple[str, ...] = ()
    sharing: Sharing = Sharing()
    muted: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()  # who stands today for whoever started it

    def grants(self, known: Known, level: str) -> bool:
        """Whether the case was shared with somebody, at least so far."""
        return grants(self.sharing, known, level)


class TaskObject(Struct, frozen=True):
    """A work of a case; `asked` is what the engine asks while it is open, `ending` how it ended."""

    case: CaseObject
    row: WorkRow
    asked: Work | None = None
    ending: Entry | None = None

    @property
    def id(self) -> str:
        """The id of the task: "CASE:w3"."""
        return f"{self.row.case}:{self.row.work}"

    @property
    def node(self) -> GraphNode:
        """The step of the drawing it is about."""
        return self.case.graph.node(self.row.node)


def load_process(reading: Reading, key: str) -> ProcessObject | None:
    """The latest version of a process."""
    latest = next((one for one in reading.processes() if one.key == key), None)
    if latest is None:
        return None
    running = tuple(reading.running_versions(key))
    drawn = graph(current(), latest.key, latest.version)
    gathers = any(drawn.node(start).all_of for start in drawn.start_nodes)
    waiting = waiting_starts(reading, key) if gathers else {}
    return ProcessObject(latest, drawn, running, waiting, is_open(drawn, key, reading))


def load_case(reading: Reading, id: str) -> CaseObject | None:
    """A case by its id."""
    row = reading.case(CaseId(id))
    if row is None:
        return None
    followers = tuple(reading.followers(row.case))
    state = read_state(row)
    own = graph_of(current(), row, state)
    sharing = sharing_of(row.case, reading)
    return CaseObject(
        row,
        own,
        state,
        followers,
        sharing,
        muting(row.case, reading),
        standing_in(row.started_by, reading),
    )


def thread_of_case(case: CaseObject) -> Thread:
    """A case is talked about on its own log."""
    id = case.row.case
    return Thread(log=id, object="case", id=id, followers=case.followers, muted=case.muted)


def load_task(reading: Reading, id: str) -> TaskObject | None:
    """A task by its id, also one that is closed."""
    case_id, _colon, work_id = id.partition(":")
    row = reading.work(CaseId(case_id), work_id) if work_id else None
    case = load_case(reading, case_id) if row else None
    if row is None or case is None:
        return None
    if row.closed_at is None:
        asked = next((work for key, work in case.state.works.items() if key == work_id), None)
        return TaskObject(case, row, asked)
    return TaskObject(case, row, None, _ending(reading, row))


def _ending(reading: Reading, work: WorkRow) -> Entry | None:
    """The entry of the log that closed a work; sending back says more than cancelling."""
    closing = [
        entry
        for entry in map(up_to_date, reading.log(work.case))
        if entry.type in ENDINGS and msgspec.json.decode(entry.body).get("work") == work.work
    ]
    return max(closing, key=lambda entry: ENDINGS.index(entry.type), default=None)


def whole_of_task(id: str) -> tuple[str, str]:
    """The case a task is part of."""
    return "case", id.partition(":")[0]


def sees_process(process: ProcessObject, known: Known, reading: Reading) -> bool:
    """Members see every process; guests those they have a case of."""
    return may_see_process(known, process.version.key, reading)


def starts_process(process: ProcessObject, known: Known, _reading: Reading) -> bool:
    """Whoever may start a process may, also without looking at it: by mail, for instance."""
    return may_start(known, process.graph.process)


def sees_case(case: CaseObject, known: Known, reading: Reading) -> bool:
    """Whether somebody may know of a case."""
    return may_see_case(known, case.row, reading)


def sees_task(task: TaskObject, known: Known, reading: Reading) -> bool:
    """Whoever may know of a case may know of its tasks."""
    return may_see_case(known, task.case.row, reading)
