"""A note: what helped once, kept on the step for the next one.

Rules of this file: plain data and look-ups; kept in the stream "note:ID", written by the acts of
`note_acts` and by a helpful answer. Its words are contents of that stream. A note belongs to a
team, holds for a step under the conditions it was made in, and says when it was last of help.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from genba.engine.graph import Graph
from genba.journal.contract import Reading
from genba.journal.records import CaseId, StreamRow
from genba.recall.features import LONGEST_VALUE
from genba.runtime.streams import read_state

KIND = "note"
TITLE, TEXT = "title", "text"  # names of its contents
FRESH = timedelta(days=90)  # without help for so long, its team is asked whether it is true
REMEMBERED = 500  # cases a note is known to have helped; the number goes on
CONDITIONS = 40  # data of the case it is kept with


class Note(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a note comes to now; `title` and `text` are ids of its contents."""

    process: str
    node: str
    team: str
    by: str
    made: datetime
    title: str
    text: str
    case: str = ""  # where it was learned
    outcome: str = ""  # how the step ended there, where that is known
    data: dict[str, Any] = {}  # the conditions
    drawn: str = ""  # of the step, when it was made or confirmed
    edited: datetime | None = None
    cases: tuple[str, ...] = ()  # it helped, latest last
    helped: int = 1
    not_helped: int = 0
    latest: datetime | None = None  # when it helped
    asked: datetime | None = None  # its team, whether it is still true
    retired: bool = False

    def touched(self) -> datetime:
        """When it was last made, edited, confirmed or of help."""
        return max(one for one in (self.made, self.edited, self.latest) if one is not None)

    def worth(self) -> float:
        """How sure it is to help: between 0 and 1."""
        return (self.helped + 1) / (self.helped + self.not_helped + 2)


class NoteObject(Struct, frozen=True):
    """A note with its words."""

    id: str
    note: Note
    title: str
    text: str
    graph: Graph
    revision: int = 0


def stream_of(id: str) -> str:
    """The stream that keeps a note."""
    return f"{KIND}:{id}"


def note_of(row: StreamRow | None) -> Note | None:
    """The note a stream keeps."""
    return read_state(row, Note)


def words(reading: Reading, log: str, content: str) -> str:
    """The words of a content; "" once they are erased."""
    found = reading.content(CaseId(log), content)
    return "" if found is None or found.erased else found.body.decode("utf-8", "replace")


def conditions(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of the data of a case a note is kept with: short plain values."""
    plain = {
        name: value if isinstance(value, bool | int | float) else str(value)
        for name, value in data.items()
        if value not in (None, "") and not isinstance(value, dict | list | tuple)
    }
    short = {name: value for name, value in plain.items() if len(str(value)) <= LONGEST_VALUE}
    return dict(list(short.items())[:CONDITIONS])


def drawn(graph: Graph, node: str) -> str:
    """A step as it is drawn: changes when what is said of it changes."""
    if node not in graph.nodes:
        return ""
    found = graph.node(node).drawn
    said = (found.name, found.documentation, found.kind, graph.node(node).drawn.form)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
