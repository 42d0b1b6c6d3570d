"""What a channel is: two pure functions and what they can carry; a thin adapter moves the bytes.

Rules of this file: nothing here knows a channel, a verb or an object by name. `render` makes a
card into what the channel shows; `read` makes what reached the channel into who wants what, how
sure that is, and the key that makes it happen once. Both are found through the entry point group
`genba.channels`, ours like anybody's. What does not fit a channel is a link to the form: `render`
never drops an offer.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from msgspec import Struct

from genba.acts.card import Card, Offer
from genba.acts.inbound import Inbound
from genba.channels.fields import Kind, fields_of


class Surroundings(Struct, frozen=True, kw_only=True):
    """What a rendering needs beside the card: the site, and what the channel keeps secret."""

    url: str = "http://127.0.0.1:8000"  # of the site, without a last slash
    name: str = "Genba"
    secret: str = ""  # what a channel signs its own buttons with
    more: Mapping[str, Any] = {}


class Heard(Struct, frozen=True, kw_only=True):
    """What reached a channel, as far as it can be read without looking at any card.

    `inbound` names who, how sure, the object and the key. Its act and input are there when a
    button was pressed; where somebody wrote, `words` are still to be read against the card.
    `wants` is "act", or what else the channel can be asked for ("form", "words", "command").
    """

    inbound: Inbound
    wants: str = "act"
    words: str = ""
    place: str = ""  # where the answer goes, in the channel's own terms
    trigger: str = ""  # what opens a form there
    message: str = ""  # the message the card stands in


class Carrying(Struct, frozen=True, kw_only=True):
    """What a channel can carry. Renderers obey it, and the reference page is made of it.

    `inputs` are the kinds of fields that can be filled in there, at most `fields` of them;
    `longest` is how many characters a written one may have. `required` ones only, where
    `only_needed`: what may be left out is on the form.
    """

    context: str
    talk: str
    plain: str  # how an act without input is done
    filled: str  # how one with input is done
    step_up: str
    elsewhere: str  # how one sees what was decided elsewhere
    inputs: frozenset[Kind] = frozenset(Kind)
    fields: int = 100
    options: int = 10_000
    longest: int = 20_000


class Channel(Struct, frozen=True, kw_only=True):
    """A channel, as it is declared: `render(card, surroundings)` and `read(message)`.

    `render` gives whatever the channel sends: a page, a mail, a JSON object. `read` gives what was
    heard, or None for what says nothing (an edited message, one of our own). None for both of what
    only shows, or is only written to.
    """

    name: str
    title: str
    carries: Carrying
    render: Callable[[Card, Surroundings], Any] | None = None
    read: Callable[[Any], Heard | None] | None = None


def fits(offer: Offer, carries: Carrying) -> bool:
    """Whether everything an act needs can be given in a channel; else it is done on the form."""
    fields = [field for field in fields_of(offer) if field.required]
    return len(fields) <= carries.fields and all(
        field.kind in carries.inputs
        and len(field.options) <= carries.options
        and (field.shortest or 0) <= carries.longest
        for field in fields
    )


@cache
def channels() -> tuple[Channel, ...]:
    """Every channel there is, by name. Raises ValueError for two of one name: a bug."""
    found: dict[str, Channel] = {}
    for point in entry_points(group="genba.channels"):
        channel: Channel = point.load()
        if channel.name in found:
            raise ValueError(f"the channel {channel.name} is declared twice")
        found[channel.name] = channel
    return tuple(found[name] for name in sorted(found))


def channel_named(name: str) -> Channel | None:
    """The channel of this name, if there is one."""
    return next((one for one in channels() if one.name == name), None)
