"""Between the engine's data and the bytes of the journal.

Rules of this file: JSON, numbers exact. A fraction comes back as the float or the Decimal it was
written as (see `expressions.to_json`), so that a state that was read is the state that was stored,
byte for byte. Entries are read in the format of this release, whichever wrote them (`formats`);
what only a newer release can read is refused and left as it is, so that nothing of it is lost.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from genba.engine.events import Event
from genba.engine.state import Case
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Entry
from genba.runtime.formats import UPCASTERS, following


class WrittenByNewer(Exception):
    """A newer release has written this: servers of the present one leave it alone."""


NEWER = (
    "A newer release of Genba has worked on this, and this one does not know what it wrote"
    " (%s). Nothing was changed or lost: ask a server of that release, or install it here."
)

_PAGE = 5_000  # entries of a log that are read at once

_JSON = msgspec.json.Encoder(decimal_format="number")


def _fraction(text: str) -> float | Decimal:
    """A float when it says exactly this, else a Decimal; the twin of `expressions.to_json`."""
    number, exact = float(text), Decimal(text)
    return number if number - number == 0 and Decimal(repr(number)) == exact else exact


def reader(type: Any) -> Callable[[bytes], Any]:
    """A decoder of a type, numbers exact."""
    return msgspec.json.Decoder(type, float_hook=_fraction).decode


_EVENT = msgspec.json.Decoder(Event, float_hook=_fraction)
_CASE = msgspec.json.Decoder(Case, float_hook=_fraction)
_DATA = msgspec.json.Decoder(dict[str, Any], float_hook=_fraction)

# The stored name of every event of the engine; other names on a log are the domain's own, and have
# a dot.
_TAGS: dict[type, str] = {event: str(event.__struct_config__.tag) for event in get_args(Event)}
ENGINE_TYPES = frozenset(_TAGS.values())


def entries_of(reading: Reading, case: CaseId) -> Iterator[Entry]:
    """Every entry of a case or a stream, as it was written; read by parts, however long it is."""
    after = 0
    while page := reading.log(case, after=after, limit=_PAGE):
        yield from page
        after = page[-1].seq


def write(value: Struct | dict[str, Any]) -> bytes:
    """The JSON of an event, a notice or plain data."""
    return _JSON.encode(value)


def write_state(case: Case) -> bytes:
    """The snapshot of a case."""
    return _JSON.encode(case)


def read_snapshot(state: bytes) -> Case:
    """The case of a snapshot.

    Raises WrittenByNewer when there is more in it than this release knows, msgspec.DecodeError
    when it is no snapshot.
    """
    try:
        return _CASE.decode(state)
    except msgspec.ValidationError as unknown:
        raise WrittenByNewer(NEWER % unknown) from unknown


def read_event(entry: Entry) -> Event | None:
    """The engine's event of a line of the log, or None for one of the domain.

    Raises WrittenByNewer for an event of the engine that this release does not know.
    """
    entry = up_to_date(entry)
    if entry.type in ENGINE_TYPES:
        event: Event = _EVENT.decode(entry.body)
        return event
    if "." in entry.type:
        return None
    raise WrittenByNewer(NEWER % f"an entry of type {entry.type}")


def up_to_date(entry: Entry) -> Entry:
    """The entry in the format of this release; its hash stays that of what was written."""
    while (upcast := UPCASTERS.get(entry.type)) is not None:
        type = following(entry.type)
        body = upcast(_DATA.decode(entry.body))
        if body.get("type") == entry.type:  # the tag of an event of the engine
            body["type"] = type
        entry = replace(entry, type=type, body=write(body))
    return entry


def read_data(body: bytes) -> dict[str, Any]:
    """Plain data."""
    return _DATA.decode(body)


def tag(event: Struct) -> str:
    """The stored name of an event of the engine."""
    return _TAGS[type(event)]
