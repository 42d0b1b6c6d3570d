"""Whose account an identity of another system is: "slack:T1/U1", "matrix:@ana:example.org".

Rules of this file: plain data and questions. An identity belongs to one person, and is kept in a
stream of its own ("chat:DIGEST"), found by the mark of that person; written by the acts of
`machines.chat_acts`. Who has no account that is active is nobody here.
"""

import hashlib

from msgspec import Struct

from genba.journal.contract import Reading
from genba.people.directory import Known, known
from genba.runtime.streams import read_state

KIND = "chat"
MOST = 50  # identities of one person


class Linked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An identity and whose it is; nobody's any more when `person` is empty."""

    identity: str
    person: str


def stream_of(identity: str) -> str:
    """The stream an identity is kept in."""
    return f"{KIND}:{hashlib.sha256(identity.encode()).hexdigest()}"


def mark_of(person: str) -> str:
    """What the identities of a person are found by."""
    return f"person:{person}"


def linked(reading: Reading, identity: str) -> Known | None:
    """The person of an identity."""
    kept = read_state(reading.stream(stream_of(identity)), Linked)
    return known(kept.person) if kept is not None and kept.person else None


def identities_of(reading: Reading, person: str) -> tuple[str, ...]:
    """The identities of a person, sorted."""
    rows = reading.streams(KIND, mark=mark_of(person), limit=MOST)
    kept = (read_state(row, Linked) for row in rows)
    return tuple(sorted(one.identity for one in kept if one is not None and one.person == person))
