"""REST as a channel: its declaration.

Rules of this file: a card as JSON, as `openapi` describes it; a request as what is wanted.
"""

from typing import Any

import msgspec
from msgspec import Struct

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.channels.contract import Carrying, Channel, Heard, Surroundings
from genba.people.directory import Known

CARRIES = Carrying(
    context="everything, as JSON",
    talk="the acts of talking",
    plain="`POST /api/OBJECT/ID/ACT`",
    filled="the same, with a JSON body",
    step_up="refused, with what is missing: no program counts as signed in",
    elsewhere="`/live`, `ETag`",
)


class Asked(Struct, frozen=True, kw_only=True):
    """A request to act: by whom, whether a program shows their token, and under which key."""

    reader: Known
    program: bool
    act: str
    object: str
    given: dict[str, Any]
    key: str


def render(card: Card, _surroundings: Surroundings) -> bytes:
    """A card as JSON."""
    return msgspec.json.encode(card)


def read(asked: Asked) -> Heard:
    """What a request asks for."""
    return Heard(
        inbound=Inbound(
            channel="api",
            assurance=Assurance.CHANNEL if asked.program else Assurance.SESSION,
            act=asked.act,
            given=asked.given,
            key=f"{asked.reader.id}:{asked.key}",
            person=asked.reader.id,
            object=asked.object,
            locale=asked.reader.locale,
            machine=asked.program,
            scopes=asked.reader.scopes,
        )
    )


CHANNEL = Channel(name="api", title="REST", carries=CARRIES, render=render, read=read)
