"""The calendar as a channel: its declaration.

Rules of this file: pure. A tick is all that can be said here; what becomes of one that is not
enough is `ticking`.
"""

from icalendar import Calendar
from msgspec import Struct

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.channels.calendar.entries import Entry, Place, calendar, event, tick_of, todo
from genba.channels.contract import Carrying, Channel, Heard, Surroundings
from genba.people.access import ACT
from genba.people.directory import Known

NAME = "todo"
CARRIES = Carrying(
    context="title, why, facts",
    talk="–",
    plain="a tick, where one thing is asked and it needs no answer",
    filled="a link to the page",
    step_up="a link to the page",
    elsewhere="the entry is gone, or cancelled, when it is fetched again",
    inputs=frozenset(),
    fields=0,
)


class Sent(Struct, frozen=True, kw_only=True):
    """A to-do as a program sent it, by whom, and the card it stands for."""

    reader: Known
    card: Card
    file: bytes


def is_ticked(file: bytes) -> bool | None:
    """Whether a to-do says that it is done; None for what is no to-do."""
    try:
        todos = Calendar.from_ical(file).walk("VTODO")
    except (ValueError, IndexError, KeyError, TypeError):
        return None
    if len(todos) != 1:
        return None
    (one,) = todos
    done = str(one.get("STATUS", "")).upper() == "COMPLETED"
    return done or "COMPLETED" in one or str(one.get("PERCENT-COMPLETE", "")) == "100"


def read(sent: Sent) -> Heard | None:
    """What a to-do asks for: nothing unless it is ticked; the form where a tick is not enough."""
    if not is_ticked(sent.file):
        return None
    card, reader = sent.card, sent.reader
    offer = tick_of(card)
    inbound = Inbound(
        channel=NAME,
        assurance=Assurance.CHANNEL,
        act=offer.act if offer else "",
        key=f"{reader.id}:{card.id}:{card.version}",
        person=reader.id,
        behalf=offer.behalf if offer else "",
        object=card.object,
        object_id=card.id,
        locale=reader.locale,
        scopes=(ACT,),  # a tick is the one act the password of a list is for
    )
    return Heard(inbound=inbound, wants="act" if offer else "form")


def render(card: Card, surroundings: Surroundings) -> bytes:
    """A card as a file of a calendar: its due time, and the to-do."""
    domain = str(surroundings.more.get("domain", "genba.localhost"))
    place = Place(url=surroundings.url, domain=domain, name=surroundings.name)
    entry = Entry(card=card)
    parts = [todo(entry, place)]
    return calendar([event(entry, place), *parts] if card.due else parts, surroundings.name)


CHANNEL = Channel(
    name="calendar", title="Calendar and to-do list", carries=CARRIES, render=render, read=read
)
