"""Why people leave the path, in their own words, which are the next one's picks.

Rules of this file: the words are contents (they can be erased); the stream of a process keeps which
there are and how often each was used. What was erased is no pick any more.
"""

from uuid import uuid4

from msgspec import Struct

from genba.journal.contract import Reading
from genba.journal.records import CaseId, Content
from genba.runtime.streams import read_state
from genba.runtime.unit import Unit

KIND = "reasons"
MOST = 40  # reasons a process keeps; those used least go first
SHOWN = 5
SHORT = 120  # characters: what is longer is an explanation, no pick


class Reasons(Struct, frozen=True, forbid_unknown_fields=True):
    """Which content how often, most used first."""

    used: dict[str, int] = {}


class Used(Struct, frozen=True):
    """A reason was given."""

    content: str


def picks(reading: Reading, process: str) -> tuple[str, ...]:
    """The reasons given most often in cases of a process."""
    row = reading.stream(_id(process))
    kept = read_state(row, Reasons)
    if row is None or kept is None:
        return ()
    words = {one.id: one for one in reading.contents(row.id) if not one.erased}
    found = (words[id].body.decode() for id in kept.used if id in words)
    return tuple(found)[:SHOWN]


def remember(unit: Unit, process: str, words: str) -> None:
    """A reason was given in a case of a process: it is a pick from now on."""
    line = " ".join(words.split())
    if not line or len(line) > SHORT:
        return
    stream = unit.stream(_id(process))
    kept = stream.state(Reasons) or Reasons()
    known = {one.body.decode(): one.id for one in unit.tx.contents(stream.id) if not one.erased}
    id = known.get(line)
    if id is None or id not in kept.used:
        id = uuid4().hex
        body = line.encode()
        unit.tx.put_content(
            Content(case=CaseId(stream.id), id=id, kind="words", body=body, size=len(body))
        )
    used = {**kept.used, id: kept.used.get(id, 0) + 1}
    ranked = sorted(used.items(), key=lambda item: -item[1])[:MOST]
    if id not in dict(ranked):
        ranked[-1] = (id, 1)
    stream.record("reasons.used", Used(content=id))
    stream.keep(Reasons(used=dict(ranked)))


def _id(process: str) -> str:
    return f"{KIND}:{process}"
