"""Matrix as a channel: its declaration, and the calls of its client-server API (v3).

Rules of this file: pure; a call is made here and sent by `chat.delivery`. The transaction id of a
message is made of what it is about: sent again, it is the same event.
"""

import hashlib
from typing import Any
from urllib.parse import quote

import msgspec

from genba.acts.card import Card
from genba.channels.chat.contract import Account, Call, Chat
from genba.channels.chat.payloads import text
from genba.channels.contract import Channel, Surroundings
from genba.channels.matrix import reading, rendering

CLIENT = "/_matrix/client/v3"


def send(room: str, content: dict[str, Any], key: str, account: Account) -> Call:
    """A message into a room, once by key."""
    return call("PUT", f"rooms/{_part(room)}/send/m.room.message/{_digest(key)}", account, content)


def open_place(who: str, account: Account) -> Call:
    """A room of our bot and somebody, who is asked in."""
    body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [who]}
    return call("POST", "createRoom", account, body)


def opened(answer: dict[str, Any]) -> str:
    """Its name."""
    return text(answer, "room_id")


def post(place: str, card: Card, account: Account, surroundings: Surroundings, root: str) -> Call:
    """Show a card there; one thread a case."""
    content = rendering.render(card, surroundings)
    key = f"{place}:{card.object}:{card.id}:{hashlib.sha256(content['body'].encode()).hexdigest()}"
    if root:
        content = rendering.in_thread(content, root.partition(" ")[2])
    return send(place, content, key, account)


def edit(message: str, card: Card, account: Account, surroundings: Surroundings) -> Call:
    """Show a card as it is now, in the message it stands in ("room event")."""
    room, _, event = message.partition(" ")
    content = rendering.replacing(rendering.render(card, surroundings), event)
    key = f"{event}:{hashlib.sha256(content['body'].encode()).hexdigest()}"
    return send(room, content, key, account)


def posted(answer: dict[str, Any], place: str) -> str:
    """The event that was made."""
    return f"{place} {text(answer, 'event_id')}" if text(answer, "event_id") else ""


def call(method: str, path: str, account: Account, body: Any = None) -> Call:
    """A request to the homeserver."""
    return Call(
        method=method,
        url=f"{account.url}{CLIENT}/{path}",
        headers=(
            ("Authorization", f"Bearer {account.token}"),
            ("Content-Type", "application/json"),
        ),
        body=b"" if body is None else msgspec.json.encode(body),
    )


def _part(text: str) -> str:
    return quote(text, safe="")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


CHANNEL = Channel(
    name=reading.NAME,
    title="Matrix",
    carries=rendering.CARRIES,
    render=rendering.render,
    read=reading.read,
)
CHAT = Chat(
    channel=CHANNEL,
    signed=lambda _post: False,  # we listen to the homeserver; nobody is believed who calls us
    answer=rendering.answer,
    open=open_place,
    opened=opened,
    post=post,
    edit=edit,
    posted=posted,
)
