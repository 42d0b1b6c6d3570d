"""Mail as a channel: its declaration.

Rules of this file: pure. What a mail says is read by `inbound` and `replies`, which hand each part
of it to `heard`; how it looks is `rendering`.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from msgspec import Struct

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.channels.contract import Carrying, Channel, Heard, Surroundings
from genba.channels.fields import Kind
from genba.channels.mail.rendering import Envelope, card_mail
from genba.channels.mail.site import Site
from genba.channels.mail.threads import card_thread

NAME = "mail"
CARRIES = Carrying(
    context="all of the card, its first notes",
    talk="any words of an answer",
    plain="a verb as the first line of an answer",
    filled="the verb and text behind it, or lines below it",
    step_up="a link to the page, mailed to the registered address",
    elsewhere="a late answer is told who decided, how and when",
    inputs=frozenset(Kind) - {Kind.FILE},
    fields=4,
)


class Part(Struct, frozen=True, kw_only=True):
    """One part of a mail that was understood: an act, words, a file."""

    sender: str
    level: Assurance
    key: str
    act: str
    given: dict[str, Any]
    token: str = ""
    object: str = ""
    object_id: str = ""


def render(card: Card, surroundings: Surroundings) -> EmailMessage:
    """The mail of a card; `more` says to whom and where an answer goes."""
    more = surroundings.more
    place: Site = more.get("site") or Site(url=surroundings.url, name=surroundings.name)
    key = f"{card.object}:{card.id}:{card.version}"
    envelope = Envelope(
        site=place,
        name=str(more.get("name", "")),
        address=str(more.get("address", f"nobody@{place.domain}")),
        thread=card_thread(subject=card.subject, case=card.case, key=key, domain=place.domain),
        at=more.get("at") or datetime(1970, 1, 1, tzinfo=UTC),
        reply_to=str(more.get("reply_to", "")),
        link=str(more.get("link", "")),
    )
    return card_mail(card, envelope)


def read(part: Part) -> Heard:
    """What a part of a mail asks for: by the secret it came to, else of an object."""
    return Heard(
        inbound=Inbound(
            channel=NAME,
            assurance=part.level,
            act=part.act,
            given=part.given,
            key=part.key,
            identity=f"mailto:{part.sender}",
            token=part.token,
            purpose="reply",
            object=part.object,
            object_id=part.object_id,
        )
    )


CHANNEL = Channel(name=NAME, title="Mail", carries=CARRIES, render=render, read=read)
