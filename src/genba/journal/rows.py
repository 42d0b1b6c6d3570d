"""Between records and the values a database keeps.

Rules of this file: pure functions, the same for every SQL store. Instants are microseconds,
truth is 0 or 1, lists of words are JSON. A column list in `queries.sql` follows the order of the
fields of its record; that order is the only coupling.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Generic, TypeVar, get_type_hints
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from genba.journal.chain import EPOCH, microseconds
from genba.journal.contract import NewEntry
from genba.journal.records import Entry, Envelope, NewOutbox, StreamRow, WorkRow, stream_kind

BUCKETS = 64
PARKED = datetime(9999, 1, 1, tzinfo=UTC)  # the due of what nobody tries any more
ASKED = "topic/"  # kinds that begin so are given only to those who ask for them by name
NEVER = 2**63 - 1  # "no due": sorts after every instant

R = TypeVar("R", bound=Struct)
Row = TypeVar("Row")


def bucket(case: str) -> int:
    """The bucket of a case: stable across machines and releases."""
    return crc32(case.encode()) % BUCKETS


def instant(value: int) -> datetime:
    """Microseconds since 1970 as an aware UTC datetime."""
    return EPOCH + timedelta(microseconds=value)


def _instant_or_none(value: int | None) -> datetime | None:
    return None if value is None or value == NEVER else instant(value)


_words = msgspec.json.Decoder(tuple[str, ...]).decode

# The type of a field -> how its column is read. Everything else is kept as it is.
_READ: dict[Any, Callable[[Any], Any]] = {
    datetime: instant,
    datetime | None: _instant_or_none,
    bool: bool,
    tuple[str, ...]: _words,
}


class Shape(Generic[R]):
    """How rows become records of one type."""

    def __init__(self, record: type[R]) -> None:
        hints = get_type_hints(record)
        self.record = record
        self.fields = record.__struct_fields__
        self.special = tuple(
            (index, _READ[hints[field]])
            for index, field in enumerate(self.fields)
            if hints[field] in _READ
        )

    def read(self, values: Sequence[Any]) -> R:
        """The record of a row; columns missing at its end take their defaults."""
        kept = list(values)
        for index, convert in self.special:
            if index < len(kept):
                kept[index] = convert(kept[index])
        return self.record(**dict(zip(self.fields, kept, strict=False)))


# The same for writing.
_WRITE: dict[Any, Callable[[Any], Any]] = {
    datetime: microseconds,
    datetime | None: microseconds,
    bool: int,
    tuple[str, ...]: lambda value: msgspec.json.encode(value).decode(),
}


@cache
def _written(record: type[Struct]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The fields of a record that are not kept as they are, and how they are written."""
    hints = get_type_hints(record)
    return tuple(
        (field, _WRITE[hints[field]])
        for field in record.__struct_fields__
        if hints[field] in _WRITE
    )


def bind(record: Struct) -> dict[str, Any]:
    """The parameters of a query that stores the record, by field name."""
    given = asdict(record)
    for field, write in _written(type(record)):
        if given[field] is not None:
            given[field] = write(given[field])
    return given


def bind_work(row: WorkRow) -> dict[str, Any]:
    """The same for a work, whose missing due sorts last."""
    given = bind(row)
    if row.due is None:
        given["due"] = NEVER
    return given


def ranked(row: WorkRow) -> datetime:
    """Where a work stands among others; one that was never ranked, as the tables rank it."""
    if row.rank is not None:
        return row.rank
    sooner = (row.priority - 50) * timedelta(days=1) / 5
    return (row.due or row.opened_at + timedelta(days=10)) - sooner


def is_waiting(row: WorkRow) -> bool:
    """Whether a work is in its queues: open, nobody's, and not put off."""
    return row.closed_at is None and not row.assignee and row.later is None


def candidates(row: WorkRow) -> list[str]:
    """Who may take a work: its role, its groups, its users."""
    groups = {row.role, *row.groups} - {""}
    return [f"group/{name}" for name in sorted(groups)] + [
        f"person/{id}" for id in sorted(set(row.users))
    ]


def asking(names: Sequence[str], groups: Sequence[str]) -> list[str]:
    """As whom a person asks for works."""
    return [*(f"person/{name}" for name in names), *(f"group/{name}" for name in groups)]


def entry_rows(entries: Sequence[Entry], envelope: Envelope) -> list[tuple[Any, ...]]:
    """The lines one act writes to the log, its envelope spread out: rows for `append_entry`."""
    common = (
        microseconds(envelope.at),
        envelope.actor,
        envelope.behalf,
        envelope.channel,
        int(envelope.machine),
        envelope.act,
        envelope.key,
        envelope.reason,
    )
    return [
        (entry.case, entry.seq, entry.position, entry.type, entry.body, *common, entry.hash)
        for entry in entries
    ]


def outbox_rows(case: str, rows: Sequence[NewOutbox]) -> list[tuple[Any, ...]]:
    """What an act leaves to do: rows for `post`."""
    place = bucket(case)
    return [(case, place, row.kind, row.body, row.key, microseconds(row.due)) for row in rows]


def portions(rows: Sequence[Row], most: int) -> Iterator[Sequence[Row]]:
    """Rows by so many as one statement takes."""
    for there in range(0, len(rows), most):
        yield rows[there : there + most]


def read_entry(values: Sequence[Any]) -> Entry:
    """A line of the log, in the column order of the queries `log` and `log_since`."""
    position, case, seq, type, body, hash, at, actor, behalf, channel, machine, act, key, why = (
        values
    )
    envelope = Envelope(
        at=instant(at),
        actor=actor,
        behalf=behalf,
        channel=channel,
        machine=bool(machine),
        act=act,
        key=key,
        reason=why,
    )
    return Entry(
        position=position, case=case, seq=seq, type=type, body=body, envelope=envelope, hash=hash
    )


def words_of(body: bytes | None) -> str:
    """The beginning of words, for a line in a list."""
    if body is None:
        return ""
    text = " ".join(body.decode("utf-8", "replace").split())
    return text if len(text) <= 200 else f"{text[:199]}…"


def must_be_case(id: str) -> None:
    """Raise ValueError for the id of a stream."""
    if stream_kind(id):
        raise ValueError(f"{id} would be a stream, not a case: it has a colon")


def must_be_stream(row: StreamRow, entries: Sequence[NewEntry]) -> None:
    """Raise ValueError for what cannot be written to a stream."""
    if not row.kind or stream_kind(row.id) != row.kind:
        raise ValueError(f"{row.id} is no stream of the kind {row.kind!r}")
    if not entries:
        raise ValueError(f"the stream {row.id} is written without saying what happened")
