"""What somebody can do: what they say, what they did, and what they do not want to be taken for.

Rules of this file: plain data and pure questions over it. A skill is a word: those a step asks for
(`genba:skills`), else the step itself. What somebody said and took back is kept in the stream
"skills:PERSON"; what they did is read from the steps they finished, so nobody writes it down and
nobody else can. It is shown to the person and orders what they are offered; it never counts or
compares people.
"""

from datetime import datetime

from msgspec import Struct

from genba.journal.contract import Reading
from genba.journal.records import Deed, WorkRow
from genba.runtime.definitions import UnknownVersion, graph
from genba.runtime.installation import current
from genba.runtime.streams import read_state

KIND = "skills"


class Skills(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person said."""

    said: tuple[str, ...] = ()
    not_mine: tuple[str, ...] = ()  # learned from what they did, and taken back


class Skill(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something somebody can do: said, learned, or both."""

    name: str
    said: bool = False
    times: int = 0  # how often they did a step that asks for it, lately
    last: datetime | None = None
    taken_back: bool = False


def stream_of(person: str) -> str:
    """The stream that keeps what a person said they can do."""
    return f"{KIND}:{person}"


def kept(person: str, reading: Reading) -> Skills:
    """What a person said."""
    return read_state(reading.stream(stream_of(person)), Skills) or Skills()


def skills_of(person: str, reading: Reading) -> tuple[Skill, ...]:
    """Everything somebody said or learned, also what they took back; most often done first."""
    said = kept(person, reading)
    found: dict[str, Skill] = {}
    for deed in reading.deeds(person):
        for name in needs(deed.process, deed.version, deed.node, deed.title):
            found[name.lower()] = _learned(found.get(name.lower()), name, deed)
    for name in said.said:
        before = found.get(name.lower(), Skill(name=name))
        found[name.lower()] = Skill(name=name, said=True, times=before.times, last=before.last)
    for name in said.not_mine:
        if (learned := found.get(name.lower())) is not None:
            found[name.lower()] = Skill(
                name=learned.name, times=learned.times, last=learned.last, taken_back=True
            )
    return tuple(sorted(found.values(), key=lambda one: (-one.times, one.name.lower())))


def _learned(before: Skill | None, name: str, deed: Deed) -> Skill:
    times = deed.count + (before.times if before else 0)
    last = max(deed.last, before.last) if before and before.last else deed.last
    return Skill(name=name, times=times, last=last)


def able(skills: tuple[Skill, ...]) -> dict[str, Skill]:
    """Those that count, by their word in lower case."""
    return {one.name.lower(): one for one in skills if not one.taken_back}


def needs(process: str, version: int, node: str, title: str) -> tuple[str, ...]:
    """What one has to be able to do for a step: what its drawing says, else the step itself."""
    try:
        found = graph(current(), process, version).nodes.get(node)
    except UnknownVersion:
        found = None
    return (found.people.skills if found is not None else ()) or (title,)


def needs_of(work: WorkRow, process: str, version: int) -> tuple[str, ...]:
    """The same for a work."""
    return needs(process, version, work.node, work.title)
