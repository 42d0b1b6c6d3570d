"""The graph of one case: its version, on its own path.

Rules of this file: a case without changes has the graph of its version. One with changes has a
graph made of the version and these, kept by both; making it again gives the same graph, so that a
log that is folded later tells the same.
"""

from hashlib import sha256

from genba.changes import Refusal, own_graph, read_changes
from genba.changes.structure import Library
from genba.engine.graph import Graph
from genba.engine.state import Case
from genba.engine.values import Data
from genba.journal.records import CaseRow
from genba.notation.model import Process
from genba.runtime.decisions import bind
from genba.runtime.definitions import GRAPHS, UnknownVersion, file_definitions, graph, kept
from genba.runtime.installation import Installation
from genba.runtime.machines import man
from genba.runtime.recording import write


def graph_of(inst: Installation, row: CaseRow, state: Case) -> Graph:
    """What a case runs on now. Raises UnknownVersion."""
    return graph_on(inst, row.process, row.version, state.path)


def graph_on(inst: Installation, key: str, version: int, path: list[Data]) -> Graph:
    """A version with the changes of a case's path. Raises UnknownVersion."""
    if not path:
        return graph(inst, key, version)
    named = (key, version, digest(path))
    found = kept(inst, inst.paths, named, GRAPHS, lambda: _compile(inst, key, version, path))
    return man(inst, bind(inst, found, (key, version)), named)


def digest(path: list[Data]) -> str:
    """A path in a few characters: the same changes, the same digest."""
    return sha256(write({"path": path})).hexdigest()


def _compile(inst: Installation, key: str, version: int, path: list[Data]) -> Graph:
    drawing = file_definitions(inst, key, version)
    made = own_graph(drawing, key, read_changes(path), library(inst))
    if isinstance(made, Refusal):
        raise UnknownVersion(f"the path of a case of {key} cannot be run: {made.message}")
    return made


def library(inst: Installation) -> Library:
    """The processes steps are taken from: every version that was deployed."""

    def find(process: str, version: int) -> Process | None:
        try:
            drawing = file_definitions(inst, process, version)
        except UnknownVersion:
            return None
        return next((drawn for drawn in drawing.processes if drawn.id == process), None)

    return find
