"""The page as a channel: its declaration.

Rules of this file: a card's acts as forms, made of its offers alone; a posted form as what is
wanted. The pages around a card (its story, the drawing) are `pages`.
"""

from typing import Any

from django.template import engines
from msgspec import Struct

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.channels.contract import Carrying, Channel, Heard, Surroundings

CARRIES = Carrying(
    context="everything: story, drawing, files, what helped",
    talk="on the case",
    plain="a button",
    filled="a form in place",
    step_up="in place",
    elsewhere="in place, at once",
)
ACTS = (
    '{% from "offers.html" import act with context %}'
    "{% for offer in card.offers %}{{ act(card, offer, primary=offer.primary) }}{% endfor %}"
)


class Pressed(Struct, frozen=True, kw_only=True):
    """A form somebody posted: who, how sure that is, and the card it stood on."""

    person: str
    level: Assurance
    card: Card
    act: str
    given: dict[str, Any]
    key: str
    version: int | None = None
    locale: str = ""
    sent: str = ""
    draft: str = ""


def render(card: Card, surroundings: Surroundings) -> str:
    """The acts of a card as forms."""
    found: Any = engines["jinja2"]
    return str(
        found.env.from_string(ACTS).render(
            card=card, request=None, csrf_input="", **surroundings.more
        )
    )


def read(pressed: Pressed) -> Heard:
    """What a posted form asks for."""
    return Heard(
        inbound=Inbound(
            channel="web",
            assurance=pressed.level,
            act=pressed.act,
            given=pressed.given,
            key=f"web:{pressed.person}:{pressed.key}",
            person=pressed.person,
            object=pressed.card.object,
            object_id=pressed.card.id,
            version=pressed.version,
            locale=pressed.locale,
            sent=pressed.sent,
            draft=pressed.draft,
        )
    )


CHANNEL = Channel(name="web", title="The page", carries=CARRIES, render=render, read=read)
