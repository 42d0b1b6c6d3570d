"""The calendar as a channel: its declaration.

Rules of this file: pure. What a tick means is `ticking`; an entry offers nothing else.
"""

from genba.acts.card import Card
from genba.channels.calendar.entries import Entry, Place, calendar, event, todo
from genba.channels.contract import Carrying, Channel, Surroundings

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


def render(card: Card, surroundings: Surroundings) -> bytes:
    """A card as a file of a calendar: its due time, and the to-do."""
    domain = str(surroundings.more.get("domain", "genba.localhost"))
    place = Place(url=surroundings.url, domain=domain, name=surroundings.name)
    entry = Entry(card=card)
    parts = [todo(entry, place)]
    return calendar([event(entry, place), *parts] if card.due else parts, surroundings.name)


CHANNEL = Channel(name="calendar", title="Calendar and to-do list", carries=CARRIES, render=render)
