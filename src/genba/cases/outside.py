"""A process anybody outside may start, by its public form: where that is said.

Rules of this file: plain data and a question. The drawing says it (`genba:open="true"`), or whoever
may with `process.open` and `process.close`, which count for more; kept in the stream "outside:KEY".
A drawing that names who may start it is open to nobody else, whatever is said.
"""

from msgspec import Struct

from genba.engine.graph import Graph
from genba.journal.contract import Reading
from genba.people.access import may_start
from genba.people.directory import Known
from genba.runtime.streams import read_state

STRANGER = Known(id="0", name="", address="", is_guest=True)


class Outside(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was said by an act."""

    open: bool


def stream_of(process: str) -> str:
    """The stream that keeps whether a process is open to the outside."""
    return f"outside:{process}"


def form_path(process: str) -> str:
    """Where the public form stands."""
    from genba.cases.places import segment

    return f"/open/{segment(process)}"


def may_be_open(graph: Graph) -> bool:
    """Whether its drawing lets somebody start it who is nobody here."""
    return may_start(STRANGER, graph.process)


def is_open(graph: Graph, key: str, reading: Reading) -> bool:
    """Whether the public form of a process, in its latest version, is open now."""
    said = read_state(reading.stream(stream_of(key)), Outside)
    declared = graph.process.open_outside if said is None else said.open
    return declared and may_be_open(graph)
