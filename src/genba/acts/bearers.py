"""Tokens people give to their programs: whom they speak for, and for what.

Rules of this file: only the hash of a secret is kept, in a stream of its own ("token:HASH"); the
secret is shown once, by whoever made it. What a token may is never more than what its person may:
its scopes narrow that. Unknown, expired and revoked are the same answer: None.
"""

import hashlib
import re
import secrets
from datetime import datetime

from msgspec import Struct

from genba.journal.contract import Reading
from genba.people.access import ACT, CALENDAR, FEED, PROVISION, READ, TODO, WORK
from genba.runtime.streams import read_state

KIND = "token"
BEGINNING = "genba_"
SCOPE = re.compile(rf"{READ}|{ACT}|{CALENDAR}|{TODO}|{FEED}|{PROVISION}|{WORK}(\*|[^\s,]{{1,120}})")


class Bearer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token, as it is kept."""

    person: str
    name: str
    scopes: tuple[str, ...]
    made: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked is None and (self.expires is None or now < self.expires)


def make_secret() -> str:
    """A new secret of 256 bits, with a beginning that scanners of files know it by."""
    return BEGINNING + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.strip().encode()).hexdigest()


def stream_of(hash: str) -> str:
    """The stream a token is kept in."""
    return f"{KIND}:{hash}"


def mark_of(person: str) -> str:
    """What the tokens of a person are found by."""
    return f"person:{person}"


def find_bearer(reading: Reading, secret: str, now: datetime) -> Bearer | None:
    """The token of this secret, if it is good now."""
    if not secret.startswith(BEGINNING):
        return None
    row = reading.stream(stream_of(hash_of(secret)))
    kept = read_state(row, Bearer) if row is not None else None
    return kept if kept is not None and kept.is_good(now) else None


def bearers_of(reading: Reading, person: str) -> list[tuple[str, Bearer]]:
    """The tokens of a person with their hashes, those that are no longer good too."""
    rows = reading.streams(KIND, mark=mark_of(person), limit=500)
    kept = [(row.id.partition(":")[2], read_state(row, Bearer)) for row in rows]
    return [(hash, bearer) for hash, bearer in kept if bearer is not None]
