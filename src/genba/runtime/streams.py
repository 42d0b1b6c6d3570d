"""A stream inside a unit of work: a log that is no case.

Rules of this file: collect, then write once when the unit ends, with the version check. No kind of
stream is known here. What is kept is what the entries come to, as JSON; free text does not belong
into either (it is a `Content`, which can be erased).
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Protocol, TypeVar

from msgspec import Struct, ValidationError
from msgspec.inspect import StructType, type_info
from msgspec.structs import replace

from genba.journal.contract import NewEntry, Transaction
from genba.journal.records import NOTHING, CaseId, Envelope, NewOutbox, StreamRow, stream_kind
from genba.runtime.recording import NEWER, WrittenByNewer, reader, write

S = TypeVar("S", bound=Struct)


class OpenLog(Protocol):
    """A case or a stream inside a unit of work, as far as they are the same."""

    @property
    def id(self) -> CaseId:
        """What the log is of."""
        ...

    @property
    def seq(self) -> int:
        """The seq of the last entry, recorded ones included."""
        ...

    def record(self, type: str, body: Struct | dict[str, Any]) -> int:
        """Put an event of the domain on the log; its seq."""
        ...

    def post(
        self, kind: str, body: Struct | dict[str, Any], key: str, due: datetime | None = None
    ) -> None:
        """Leave something to do after commit."""
        ...


class OpenStream:
    """A stream inside a unit of work. `row.revision` is 0 as long as there is none."""

    def __init__(self, tx: Transaction, envelope: Envelope, id: str) -> None:
        stored = tx.stream(id)
        new = StreamRow(id=CaseId(id), kind=stream_kind(id), updated=envelope.at)
        self.row = stored or new
        self._tx = tx
        self._envelope = envelope
        self._entries: list[NewEntry] = []
        self._marks: tuple[str, ...] | None = None
        self._kept = False

    @property
    def id(self) -> CaseId:
        """The id of the stream."""
        return self.row.id

    @property
    def seq(self) -> int:
        """The seq of the last entry, recorded ones included."""
        return self.row.revision + len(self._entries)

    def state(self, type: type[S]) -> S | None:
        """What was kept, also just now; None when nothing ever was.

        Raises WrittenByNewer when there is more in it than this release knows.
        """
        return read_state(self.row, type)

    def record(self, type: str, body: Struct | dict[str, Any]) -> int:
        """Put what happened on the log of the stream; its seq. The first makes the stream."""
        self._entries.append(NewEntry(type, write(body)))
        return self.seq

    def keep(self, state: Struct | dict[str, Any], marks: tuple[str, ...] | None = None) -> None:
        """What the stream comes to now, and the marks it is found by (None: those it had).

        Goes with a `record` that explains it, before or after: the unit fails without one.
        """
        self.row = replace(self.row, state=write(state))
        self._marks = self._marks if marks is None else marks
        self._kept = True

    def mark(self, *marks: str) -> None:
        """The marks it is found by, where only they change; goes with a `record`, like `keep`."""
        self._marks = marks

    def post(
        self, kind: str, body: Struct | dict[str, Any], key: str, due: datetime | None = None
    ) -> None:
        """Leave something to do after commit (`due`: not before); the same key is kept once."""
        new = NewOutbox(kind=kind, body=write(body), key=key, due=due or self._envelope.at)
        self._tx.post(self.row.id, [new])

    def flush(self) -> None:
        """Write what was collected. Raises Conflict when somebody was faster."""
        if not self._entries and not self._kept:
            return
        self._tx.write_stream(
            self.row,
            expected=self.row.revision,
            entries=self._entries,
            envelope=self._envelope,
            marks=self._marks,
        )
        self.row = replace(self.row, revision=self.seq, updated=self._envelope.at)
        self._entries, self._marks, self._kept = [], None, False


@cache
def _reader(type: Any) -> Callable[[bytes], Any]:
    _strict(type_info(type))
    return reader(type)


def _strict(info: Any) -> None:
    """What is kept must refuse members it does not know, however deep: else an older release would
    write it again without them. Raises TypeError: a bug."""
    if isinstance(info, StructType) and not info.cls.__struct_config__.forbid_unknown_fields:
        raise TypeError(f"{info.cls.__name__} is kept in a stream: forbid_unknown_fields is needed")
    for member in getattr(info, "fields", ()):
        _strict(member.type)
    inside = [getattr(info, name, None) for name in ("item_type", "value_type")]
    for part in (*inside, *getattr(info, "item_types", ()), *getattr(info, "types", ())):
        if part is not None:
            _strict(part)


def read_state(row: StreamRow | None, type: type[S]) -> S | None:
    """What was kept in a stream; None when there is no stream or nothing ever was kept in it.

    Raises WrittenByNewer when there is more in it than this release knows: it is left as it is.
    """
    if row is None or row.state == NOTHING:
        return None
    try:
        kept: S = _reader(type)(row.state)
    except ValidationError as unknown:
        raise WrittenByNewer(NEWER % unknown) from unknown
    return kept
