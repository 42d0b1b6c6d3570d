"""Which process, which version, which start event, when one case begins another.

Rules of this file: look-ups for `deliveries` and `messages`. Within a file the versions of that
file belong together; across files the latest one begins.
"""

from genba.engine.collaboration import signal_starts
from genba.engine.commands import Rejected
from genba.journal.contract import Reading
from genba.journal.records import CaseRow
from genba.notation.model import EventKind
from genba.runtime.definitions import UnknownVersion, file_definitions, graph
from genba.runtime.gathering import Waiting
from genba.runtime.unit import OpenCase, Unit


class Undeliverable(Exception):
    """What was to be done was refused, in plain words; it is tried again later."""


def must(answer: OpenCase | Waiting | Rejected) -> OpenCase | Waiting:
    """What was started. Raises Undeliverable for a refusal, which the row then keeps."""
    if isinstance(answer, Rejected):
        raise Undeliverable(answer.message)
    return answer


def version_beside(reading: Reading, row: CaseRow, process: str) -> int:
    """The version of `process` that was deployed in the same file as the version of a case.

    Raises UnknownVersion when the file has no such process.
    """
    own = reading.process_version(row.process, row.version)
    for version in reading.versions(process):
        if own is not None and version.deployment == own.deployment:
            return version.version
    raise UnknownVersion(f"process {process} is not in the file of {row.process}")


def starts_by(unit: Unit, kind: EventKind, name: str) -> list[tuple[str, str]]:
    """Processes (latest versions) and their start events that begin by a name (§10.5.5)."""
    found: list[tuple[str, str]] = []
    for version in unit.tx.processes():
        if kind is EventKind.SIGNAL:
            drawing = file_definitions(unit.inst, version.key, version.version)
            starts = signal_starts(drawing, name)
            found += [(key, str(node)) for key, node in starts if key == version.key]
        else:
            compiled = graph(unit.inst, version.key, version.version)
            for node in compiled.start_nodes:
                if any(t.kind is kind and t.name == name for t in compiled.node(node).triggers):
                    found.append((version.key, str(node)))
    return found
