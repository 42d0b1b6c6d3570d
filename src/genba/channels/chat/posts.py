"""Where the cards we posted stand, so that an answer finds its card and a card is kept true.

Rules of this file: one stream a card ("shown:OBJECT/ID"), found by the marks of its messages. It is
about messages, never about what was decided.
"""

import hashlib

from msgspec import Struct

from genba.journal.contract import Reading
from genba.journal.records import Envelope
from genba.runtime.installation import Installation
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

KIND = "shown"


class Shown(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message a card stands in: of which channel, for whom, and what the system calls it."""

    channel: str
    person: str
    message: str


class Showing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every message of a card."""

    object: str
    id: str
    messages: tuple[Shown, ...] = ()


def stream_of(object: str, id: str) -> str:
    """The stream of a card."""
    return f"{KIND}:{hashlib.sha256(f'{object}/{id}'.encode()).hexdigest()}"


def mark_of(channel: str, message: str) -> str:
    """What a card is found by."""
    return f"{channel}:{hashlib.sha256(message.encode()).hexdigest()[:40]}"


def keep_post(inst: Installation, object: str, id: str, shown: Shown) -> None:
    """A card stands in one more message."""
    envelope = Envelope(at=inst.clock.now(), channel=shown.channel, machine=True, act="show")
    with open_unit(inst, envelope) as unit:
        stream = unit.stream(stream_of(object, id))
        kept = stream.state(Showing) or Showing(object=object, id=id)
        messages = (*(one for one in kept.messages if one != shown), shown)
        stream.record("card.shown", {"channel": shown.channel, "person": shown.person})
        marks = tuple(dict.fromkeys(mark_of(one.channel, one.message) for one in messages))
        stream.keep(Showing(object=object, id=id, messages=messages), marks=marks)


def showing(reading: Reading, object: str, id: str) -> tuple[Shown, ...]:
    """The messages a card stands in."""
    kept = read_state(reading.stream(stream_of(object, id)), Showing)
    return kept.messages if kept else ()


def cards_in_message(reading: Reading, channel: str, message: str) -> tuple[tuple[str, str], ...]:
    """Object and id of the cards that stand in a message: the first of a case is its thread too."""
    rows = reading.streams(KIND, mark=mark_of(channel, message), limit=5)
    kept = (read_state(row, Showing) for row in rows)
    return tuple((one.object, one.id) for one in kept if one is not None)
