"""Mattermost as a channel: its declaration, and the calls of its API (v4).

Rules of this file: pure; a call is made here and sent by `chat.delivery`.
"""

from typing import Any

import msgspec

from genba.acts.card import Card
from genba.channels.chat.contract import Account, Call, Chat, Form
from genba.channels.chat.payloads import text
from genba.channels.contract import Channel, Heard, Surroundings
from genba.channels.mattermost import reading, rendering


def open_place(who: str, account: Account) -> Call:
    """The direct channel of our bot and somebody."""
    return _call("POST", "channels/direct", account, [account.name, who])


def opened(answer: dict[str, Any]) -> str:
    """Its name."""
    return text(answer, "id")


def post(place: str, card: Card, account: Account, surroundings: Surroundings, root: str) -> Call:
    """Show a card there; one thread a case."""
    body = {"channel_id": place, **rendering.render(card, surroundings)}
    if root:
        body["root_id"] = root.partition(" ")[2]
    return _call("POST", "posts", account, body)


def edit(message: str, card: Card, account: Account, surroundings: Surroundings) -> Call:
    """Show a card as it is now, in the post it stands in."""
    return _call(
        "PUT",
        f"posts/{message.partition(' ')[2]}/patch",
        account,
        rendering.render(card, surroundings),
    )


def posted(answer: dict[str, Any], place: str) -> str:
    """The post that was made."""
    return f"{place} {text(answer, 'id')}" if text(answer, "id") else ""


def form(given: Form, heard: Heard, account: Account, surroundings: Surroundings) -> Call:
    """Open a form where a button was pressed."""
    body = {
        "trigger_id": heard.trigger,
        "url": f"{surroundings.url}/chat/mattermost",
        "dialog": rendering.form_dialog(given, surroundings),
    }
    return _call("POST", "actions/dialogs/open", account, body)


def _call(method: str, path: str, account: Account, body: Any) -> Call:
    return Call(
        method=method,
        url=f"{account.url}/api/v4/{path}",
        headers=(
            ("Authorization", f"Bearer {account.token}"),
            ("Content-Type", "application/json"),
        ),
        body=msgspec.json.encode(body),
    )


CHANNEL = Channel(
    name=reading.NAME,
    title="Mattermost",
    carries=rendering.CARRIES,
    render=rendering.render,
    read=reading.read,
)
CHAT = Chat(
    channel=CHANNEL,
    signed=reading.signed,
    answer=rendering.answer,
    form=form,
    open=open_place,
    opened=opened,
    post=post,
    edit=edit,
    posted=posted,
)
