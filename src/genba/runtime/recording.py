"""Between the engine's data and the bytes of the journal.

Rules of this file: JSON, numbers exact. A fraction comes back as the float or the Decimal it was
written as (see `expressions.to_json`), so that a state that was read is the state that was stored,
byte for byte.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args

import msgspec
from msgspec import Struct

from genba.engine.events import Event
from genba.engine.state import Case
from genba.journal.records import Entry

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

# The stored name of every event of the engine; other names on a log are the domain's own.
ENGINE_TYPES = frozenset(str(event.__struct_config__.tag) for event in get_args(Event))


def write(value: Struct | dict[str, Any]) -> bytes:
    """The JSON of an event, a notice or plain data."""
    return _JSON.encode(value)


def write_state(case: Case) -> bytes:
    """The snapshot of a case."""
    return _JSON.encode(case)


def read_snapshot(state: bytes) -> Case:
    """The case of a snapshot. Raises msgspec.DecodeError when it is not one."""
    return _CASE.decode(state)


def read_event(entry: Entry) -> Event | None:
    """The engine's event of a line of the log, or None for one of the domain."""
    return _EVENT.decode(entry.body) if entry.type in ENGINE_TYPES else None


def read_data(body: bytes) -> dict[str, Any]:
    """Plain data."""
    return _DATA.decode(body)


def tag(event: Struct) -> str:
    """The stored name of an event."""
    return str(event.__struct_config__.tag)
