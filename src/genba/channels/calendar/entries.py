"""A card as an entry of a calendar: an event at its due time, or a to-do (RFC 5545).

Rules of this file: pure; a card and the place it is at in, a component out, the same for the same
input. It decides nothing. Instants are written in UTC, which every client shows in its own zone:
no table of zones has to travel along, and none can be wrong. The caller sets the reader's language.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, Todo
from msgspec import Struct

from genba.acts.card import Assurance, Card, Offer

PRODUCT = "-//Genba//Genba//EN"
FACTS = 12
# Lines that change without anything a reader would notice: they are no reason to fetch it again.
PASSING = (b"SEQUENCE", b"DTSTAMP")


class Entry(Struct, frozen=True, kw_only=True):
    """A card in somebody's calendar. `done`: when they did it. `ticked`: when they ticked it off
    though that is not enough."""

    card: Card
    done: datetime | None = None
    ticked: datetime | None = None


class Place(Struct, frozen=True, kw_only=True):
    """Where the entries come from."""

    url: str
    domain: str
    name: str


def tick_of(card: Card) -> Offer | None:
    """What ticking a card off means: the one thing asked that needs no answer; None for others.

    Where there is a choice (approve, or reject), a tick says neither.
    """
    asked = [offer for offer in card.offers if offer.primary]
    if not card.open or len(asked) != 1:
        return None
    one = asked[0]
    fits = one.tickable and not one.required and not one.choices
    return one if fits and one.assurance <= Assurance.CHANNEL else None


def event(entry: Entry, place: Place) -> Event:
    """The due time of a card. What is done is cancelled, for programs that keep what they saw."""
    made = Event()
    _common(made, entry, place)
    made.add("dtstart", entry.card.due)
    made.add("dtend", entry.card.due)
    made.add("transp", "TRANSPARENT")  # a time to be ready by, not one that is taken
    made.add("status", "CANCELLED" if entry.done else "CONFIRMED")
    return made


def todo(entry: Entry, place: Place) -> Todo:
    """A card as a to-do."""
    made = Todo()
    _common(made, entry, place)
    if entry.card.opened_at:
        made.add("created", entry.card.opened_at)
    if entry.card.due:
        made.add("due", entry.card.due)
    made.add("status", "COMPLETED" if entry.done else "NEEDS-ACTION")
    made.add("percent-complete", 100 if entry.done else 0)
    if entry.done:
        made.add("completed", entry.done)
    return made


def calendar(entries: Iterable[Component], name: str) -> bytes:
    """Entries as one file; `name` is what programs call the calendar ("" for none)."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    if name:
        made.add("name", name)  # RFC 7986
        made.add("x-wr-calname", name)
        made.add("x-published-ttl", "PT15M")
    for one in entries:
        made.add_component(one)
    return bytes(made.to_ical())


def tag_of(file: bytes) -> str:
    """The version of a file: another one when a reader would notice a difference."""
    kept = [line for line in file.split(b"\r\n") if not line.startswith(PASSING)]
    return hashlib.sha256(b"\n".join(kept)).hexdigest()[:32]


def uid_of(card: Card, place: Place) -> str:
    """What an entry is known by, for good."""
    return f"{card.id.replace(':', '-', 1)}@{place.domain}"


def _common(made: Component, entry: Entry, place: Place) -> None:
    card = entry.card
    made.add("uid", uid_of(card, place))
    made.add("dtstamp", max(filter(None, (card.opened_at, entry.done, entry.ticked))))
    made.add("sequence", card.version * 2 + bool(entry.ticked))
    made.add("summary", printable(card.title if card.title == card.subject else _titled(card)))
    made.add("description", printable("\n".join(_lines(entry, place))))
    made.add("url", f"{place.url}{card.url}")
    made.add("categories", [printable(card.process_name)])


def printable(text: str) -> str:
    """A text without signs that neither a calendar nor XML can carry."""
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable())


def _titled(card: Card) -> str:
    return f"{card.title} · {card.subject}"


def _lines(entry: Entry, place: Place) -> list[str]:
    card = entry.card
    facts = [f"{fact.label}: {fact.value}" for fact in card.facts[:FACTS]]
    head = [line for line in (card.why, card.status, card.note) if line]
    parts = [head, facts, [] if entry.done else _how(entry), [f"{place.url}{card.url}"]]
    return [line for part in parts if part for line in ("", *part)][1:]


def _how(entry: Entry) -> list[str]:
    """How it is answered from here."""
    if tick_of(entry.card):
        return [_("Tick it off when it is done.")]
    asked = ", ".join(offer.label for offer in entry.card.offers if offer.primary)
    words = _("Ticking it off is not enough, it asks for an answer: %(what)s.") % {"what": asked}
    way = _("Open the link below, or answer the mail it came with.")
    if entry.ticked:
        return [_("You ticked this off. It is open again:"), words, way]
    return [words, way] if asked else [way]
