"""The state of a case, folded from its log: the proof that the log is all there is.

Rules of this file: reads only. `journal.verify` says whether the log is what was written; this
says whether the stored state is what the log tells.
"""

from collections.abc import Iterator

from genba.engine.events import Event
from genba.engine.graph import Graph
from genba.engine.replaying import replay
from genba.engine.state import Case
from genba.engine.values import Data
from genba.journal.contract import CaseQuery, Reading
from genba.journal.records import CaseId
from genba.runtime.installation import Installation
from genba.runtime.paths import graph_on
from genba.runtime.recording import read_event, write_state

PAGE = 1_000


def fold(inst: Installation, reading: Reading, case_id: str) -> Case:
    """The state that the log of a case tells. Raises LookupError when there is no such case."""
    case = CaseId(case_id)
    row = reading.case(case)
    if row is None:
        raise LookupError(f"there is no case {case_id}")

    def graph_of(_process: str, version: int, path: list[Data]) -> Graph:
        return graph_on(inst, row.process, version, path)

    return replay(graph_of, _events(reading, case), case)


def _events(reading: Reading, case: CaseId) -> Iterator[Event]:
    seq = 0
    while page := reading.log(case, after=seq, limit=PAGE):
        yield from (event for entry in page if (event := read_event(entry)) is not None)
        seq = page[-1].seq


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
