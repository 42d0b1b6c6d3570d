"""Zulip as a channel: its declaration, and the calls of its API (v1).

Rules of this file: pure; a call is made here and sent by `chat.delivery`.
"""

import base64
from typing import Any
from urllib.parse import urlencode

from genba.acts.card import Card
from genba.channels.chat.contract import Account, Call, Chat
from genba.channels.chat.payloads import text
from genba.channels.contract import Channel, Surroundings
from genba.channels.zulip import reading, rendering


def post(place: str, card: Card, account: Account, surroundings: Surroundings, _root: str) -> Call:
    """Show a card to somebody, in a direct message."""
    content = str(rendering.render(card, surroundings)["content"])
    body = {"type": "direct", "to": f"[{int(place)}]", "content": content}
    return _call("POST", "messages", account, body)


def edit(message: str, card: Card, account: Account, surroundings: Surroundings) -> Call:
    """Show a card as it is now, in the message it stands in."""
    content = str(rendering.render(card, surroundings)["content"])
    return _call("PATCH", f"messages/{message.partition(' ')[2]}", account, {"content": content})


def posted(answer: dict[str, Any], place: str) -> str:
    """The message that was made."""
    return f"{place} {text(answer, 'id')}" if answer.get("result") == "success" else ""


def _call(method: str, path: str, account: Account, body: dict[str, str]) -> Call:
    pair = base64.b64encode(f"{account.name}:{account.token}".encode()).decode()
    return Call(
        method=method,
        url=f"{account.url}/api/v1/{path}",
        headers=(
            ("Authorization", f"Basic {pair}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ),
        body=urlencode(body).encode(),
    )


CHANNEL = Channel(
    name=reading.NAME,
    title="Zulip",
    carries=rendering.CARRIES,
    render=rendering.render,
    read=reading.read,
)
CHAT = Chat(
    channel=CHANNEL,
    signed=reading.signed,
    answer=rendering.answer,
    post=post,
    edit=edit,
    posted=posted,
)
