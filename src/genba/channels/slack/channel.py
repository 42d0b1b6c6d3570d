"""Slack as a channel: its declaration, and the calls of its API.

Rules of this file: pure; a call is made here and sent by `chat.delivery`.
"""

from typing import Any

import msgspec

from genba.acts.card import Card
from genba.channels.chat.contract import Account, Call, Chat, Form
from genba.channels.chat.payloads import text
from genba.channels.contract import Channel, Heard, Surroundings
from genba.channels.slack import reading, rendering

HOST = "slack.com"
API = f"https://{HOST}/api"


def post(who: str, card: Card, account: Account, surroundings: Surroundings) -> tuple[Call, ...]:
    """Show a card to somebody, in the direct messages of our app."""
    user = who.rpartition("/")[2]
    body = {"channel": user, "unfurl_links": False, **rendering.render(card, surroundings)}
    return (_call("chat.postMessage", account, body),)


def edit(message: str, card: Card, account: Account, surroundings: Surroundings) -> Call:
    """Show a card as it is now, in the message it stands in ("channel ts")."""
    place, _, ts = message.partition(" ")
    return _call(
        "chat.update", account, {"channel": place, "ts": ts, **rendering.render(card, surroundings)}
    )


def posted(answer: dict[str, Any]) -> str:
    """The message that was made; "" when Slack says it was not."""
    if answer.get("ok") is not True:
        return ""
    return f"{text(answer, 'channel')} {text(answer, 'ts')}"


def form(given: Form, heard: Heard, account: Account, surroundings: Surroundings) -> Call:
    """Open a form where a button was pressed."""
    view = rendering.form_view(given, surroundings)
    return _call("views.open", account, {"trigger_id": heard.trigger, "view": view})


def _call(method: str, account: Account, body: dict[str, Any]) -> Call:
    return Call(
        method="POST",
        url=f"{account.url or API}/{method}",
        headers=(
            ("Authorization", f"Bearer {account.token}"),
            ("Content-Type", "application/json; charset=utf-8"),
        ),
        body=msgspec.json.encode(body),
    )


CHANNEL = Channel(
    name=reading.NAME,
    title="Slack",
    carries=rendering.CARRIES,
    render=rendering.render,
    read=reading.read,
)
CHAT = Chat(
    channel=CHANNEL,
    signed=reading.signed,
    answer=rendering.answer,
    form=form,
    post=post,
    edit=edit,
    posted=posted,
)
