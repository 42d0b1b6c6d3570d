"""What a chat system is, beside being a channel: signatures, forms, answers, and calls of its API.

Rules of this file: data and pure functions only. A `Call` is a request that is still to be sent; it
is made by a vendor's folder and sent by `delivery`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from genba.acts.card import Card, Offer
from genba.channels.contract import Channel, Heard, Surroundings


class Post(Struct, frozen=True, kw_only=True):
    """A request that reached us. Header names are in lower case; `at` is when it came."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime
    secret: str = ""  # what the vendor's signature is checked with


class Call(Struct, frozen=True, kw_only=True):
    """A request to a vendor's API."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Account(Struct, frozen=True, kw_only=True):
    """How we are known to a vendor: where its API is, and by what it knows us."""

    url: str = ""
    token: str = ""
    name: str = ""  # of our bot there


class Form(Struct, frozen=True, kw_only=True):
    """A form somebody asked for: of which offer of which card, with what was filled in before."""

    card: Card
    offer: Offer
    given: dict[str, Any] = {}
    errors: dict[str, str] = {}
    choice: str = ""


class Reply(Struct, frozen=True, kw_only=True):
    """What is answered: words, perhaps the card as it is now, perhaps a form to fill in."""

    text: str
    card: Card | None = None
    cards: tuple[Card, ...] = ()
    form: Form | None = None
    errors: dict[str, str] = {}
    done: bool = False  # the message the card stands in shows it as it is now


class Chat(Struct, frozen=True, kw_only=True):
    """A chat system. Everything is pure; what is None the system has no way for.

    `signed(post)` says whether the vendor sent it; `answer(reply, heard, surroundings)` is the body
    of our answer to it, `follow` a call that says it where the body is not shown; `form(form,
    heard, account, surroundings)` opens a form. `open(who, account)` makes a place to talk to
    somebody, which `opened(answer)` names (without it, a place is who they are there).
    `post(place, card, account, surroundings, root)` shows a card there, in the thread of `root`;
    `posted(answer, place)` names the message, "PLACE ID", which `edit` makes show the card as it
    is now.
    """

    channel: Channel
    signed: Callable[[Post], bool]
    answer: Callable[[Reply, Heard, Surroundings], Any]
    follow: Callable[[Reply, Heard, Surroundings], Call | None] | None = None
    challenge: Callable[[Post], str] | None = None
    form: Callable[[Form, Heard, Account, Surroundings], Call] | None = None
    open: Callable[[str, Account], Call] | None = None
    opened: Callable[[dict[str, Any]], str] | None = None
    post: Callable[[str, Card, Account, Surroundings, str], Call] | None = None
    posted: Callable[[dict[str, Any], str], str] | None = None
    edit: Callable[[str, Card, Account, Surroundings], Call] | None = None
