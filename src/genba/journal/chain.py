"""The hash chain of the log of a case or a stream: every entry vouches for all before it.

Rules of this file: pure functions, shared by every store. The canonical form of an entry is the
MessagePack array of its fields in the order below; it covers the position, so that entries
cannot trade places in the log of the installation either. The head of the chain is kept with
the case or stream, so that a log that was cut short does not look complete.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

import msgspec

from genba.journal.contract import NewEntry
from genba.journal.records import CaseId, Entry, Envelope, stream_kind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING = b""  # the head of an empty log

_encode = msgspec.msgpack.Encoder().encode
_MICROSECOND = timedelta(microseconds=1)
_ARRAY_OF_13, _ONE = b"\x9d", 1  # how MessagePack begins an array, and the bytes of a short one's


@lru_cache(maxsize=1_000)  # an act says its instant in many places
def microseconds(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z; a naive datetime raises TypeError."""
    return (at - EPOCH) // _MICROSECOND


def canonical(
    case: str, seq: int, position: int, type: str, body: bytes, envelope: Envelope
) -> bytes:
    """The bytes of an entry that its hash covers."""
    own = _encode((case, seq, position, type, body))
    return _ARRAY_OF_13 + own[_ONE:] + _sealed(envelope)


def _sealed(envelope: Envelope) -> bytes:
    """The envelope's part of the canonical form, the same for all entries of an act."""
    fields = (
        microseconds(envelope.at),
        envelope.actor,
        envelope.behalf,
        envelope.channel,
        envelope.machine,
        envelope.act,
        envelope.key,
        envelope.reason,
    )
    return _encode(fields)[_ONE:]


def link(previous: bytes, form: bytes) -> bytes:
    """SHA-256 over the hash of the previous entry and the canonical form of this one."""
    return sha256(previous + form).digest()


def forge(
    case: CaseId,
    *,
    after: int,
    head: bytes,
    positions: Iterable[int],
    entries: Sequence[NewEntry],
    envelope: Envelope,
) -> list[Entry]:
    """The entries that follow seq `after` and hash `head`, at the given positions."""
    made: list[Entry] = []
    sealed = _sealed(envelope)
    for seq, (new, position) in enumerate(zip(entries, positions, strict=False), start=after + 1):
        own = _encode((case, seq, position, new.type, new.body))
        head = sha256(head + _ARRAY_OF_13 + own[_ONE:] + sealed).digest()
        made.append(
            Entry(
                position=position,
                case=case,
                seq=seq,
                type=new.type,
                body=new.body,
                envelope=envelope,
                hash=head,
            )
        )
    return made


def named(id: str) -> str:
    """A case or a stream, as a report names it."""
    return f"Stream {id}" if stream_kind(id) else f"Case {id}"


def faults(case: CaseId, entries: Iterable[Entry], *, revision: int, head: bytes) -> list[str]:
    """What is wrong with one log, in words; empty when it is as it was written."""
    name = named(case)
    found: list[str] = []
    seq, position, previous = 0, 0, NOTHING
    for entry in entries:
        if entry.seq != seq + 1:
            found.append(f"{name}: after entry {seq} comes {entry.seq}.")
        if entry.position <= position:
            found.append(f"{name}: entry {entry.seq} stands before the one it follows.")
        form = canonical(case, entry.seq, entry.position, entry.type, entry.body, entry.envelope)
        if link(previous, form) != entry.hash:
            found.append(f"{name}: entry {entry.seq} is not what was written.")
        seq, position, previous = entry.seq, entry.position, entry.hash
    if seq != revision:
        found.append(f"{name}: the log ends at {seq}, it must end at {revision}.")
    if previous != head:
        found.append(f"{name}: the end of the log is not what was written.")
    return found


def gaps(what: str, there: int, last: int) -> list[str]:
    """What is wrong with a numbering that never leaves gaps."""
    if there == last:
        return []
    return [f"{last - there} of {last} {what} are missing."]
