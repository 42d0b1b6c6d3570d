"""The state of a case, folded from its log: the proof that the log is all there is.

Rules of this file: reads only. `journal.verify` says whether the log is what was written; this
says whether the stored state is what the log tells.
"""

from collections.abc import Iterator

from genba.engine.graph import Graph
from genba.engine.replaying import replay
from genba.engine.state import Case
from genba.engine.values import Data
from genba.journal.contract import CaseQuery, Reading
from genba.journal.records import CaseId
from genba.runtime.installation import Installation
from genba.runtime.paths import graph_on
from genba.runtime.recording import entries_of, read_event, write_state

PAGE = 1_000  # cases that are read at once


def fold(inst: Installation, reading: Reading, case_id: str) -> Case:
    """The state that the log of a case tells. Raises LookupError when there is no such case."""
    case = CaseId(case_id)
    row = reading.case(case)
    if row is None:
        raise LookupError(f"there is no case {case_id}")

    def graph_of(_process: str, version: int, path: list[Data]) -> Graph:
        return graph_on(inst, row.process, version, path)

    told = map(read_event, entries_of(reading, case))
    events = (event for event in told if event is not None)
    return replay(graph_of, events, case)


def differs(inst: Installation, reading: Reading, case_id: str) -> bool:
    """Whether the stored state of a case is not what its log tells, byte for byte."""
    row = reading.case(CaseId(case_id))
    return row is None or row.state != write_state(fold(inst, reading, case_id))


def unlike_their_logs(inst: Installation) -> Iterator[CaseId]:
    """Every case whose stored state is not what its log tells; reads every log."""
    after = 0
    with inst.journal.reading() as reading:
        while page := reading.cases(CaseQuery(limit=PAGE, after=after)):
            yield from (row.case for row in page if differs(inst, reading, row.case))
            after += len(page)
