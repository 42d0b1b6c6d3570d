"""Assistants as a channel: its declaration.

Rules of this file: pure. A card is data with its acts as calls of tools; what a call asks for is
read without looking at any card. What is asked of the person before is `asking`.
"""

from typing import Any

from msgspec import Struct

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.acts.registry import Declaration
from genba.channels.assistants.tools import told, whole
from genba.channels.contract import Carrying, Channel, Heard, Surroundings
from genba.people.directory import Known

NAME = "assistant"
CARRIES = Carrying(
    context="everything, as data",
    talk="a tool",
    plain="a tool; what is final the person confirms",
    filled="the same, with its input; what is missing the person is asked for",
    step_up="a link to the page, for the person",
    elsewhere="the next read; a late call is told who decided, how and when",
)


class Call(Struct, frozen=True, kw_only=True):
    """A call of the tool of an act, with the token's person and everything that was answered."""

    reader: Known
    declaration: Declaration
    id: str
    given: dict[str, Any]
    key: str
    behalf: str = ""


def render(card: Card, surroundings: Surroundings) -> dict[str, Any]:
    """A card as an assistant reads it; `more` may name the ids its acts are done on."""
    return told(whole(card, dict(surroundings.more.get("targets", {})), surroundings.url))


def read(call: Call) -> Heard:
    """What a call asks for: never more than the scopes of the token, whatever is in it."""
    return Heard(
        inbound=Inbound(
            channel=NAME,
            assurance=Assurance.CHANNEL,
            act=call.declaration.act,
            given=call.given,
            key=f"{call.reader.id}:{call.key}",
            person=call.reader.id,
            behalf=call.behalf,
            object=call.declaration.object,
            object_id=call.id,
            locale=call.reader.locale,
            machine=True,
            scopes=call.reader.scopes,
        )
    )


CHANNEL = Channel(name=NAME, title="Assistants", carries=CARRIES, render=render, read=read)
