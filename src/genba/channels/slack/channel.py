"""Slack as a channel: its declaration, and the calls of its API.

Rules of this file: pure; a call is made here and sent by `chat.delivery`.
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from genba.acts.card import Card
from genba.channels.chat.contract import Account, Call, Chat, Form, Reply
from genba.channels.chat.payloads import text
from genba.channels.contract import Channel, Heard, Surroundings
from genba.channels.slack import reading, rendering

HOST = "slack.com"
API = f"https://{HOST}/api"


def post(place: str, card: Card, account: Account, surroundings: Surroundings, root: str) -> Call:
    """Show a card to somebody, in the direct messages of our app; one thread a case."""
    body = {"channel": place, "unfurl_links": False, **rendering.render(card, surroundings)}
    if root:
        body = {**body, "thread_ts": root.partition(" ")[2], "reply_broadcast": True}
    return _call("chat.postMessage", account, body)


def open_place(who: str, account: Account) -> Call:
    """The direct messages of our app and somebody."""
    return _call("conversations.open", account, {"users": who.rpartition("/")[2]})


def opened(answer: dict[str, Any]) -> str:
    """Their name."""
    return text(answer, "channel", "id")


def edit(message: str, card: Card, account: Account, surroundings: Surroundings) -> Call:
    """Show a card as it is now, in the message it stands in ("channel ts")."""
    place, _, ts = message.partition(" ")
    return _call(
        "chat.update", account, {"channel": place, "ts": ts, **rendering.render(card, surroundings)}
    )


def posted(answer: dict[str, Any], _place: str) -> str:
    """The message that was made; "" when Slack says it was not."""
    if answer.get("ok") is not True:
        return ""
    return f"{text(answer, 'channel')} {text(answer, 'ts')}"


def form(given: Form, heard: Heard, account: Account, surroundings: Surroundings) -> Call:
    """Open a form where a button was pressed."""
    view = rendering.form_view(given, surroundings)
    return _call("views.open", account, {"trigger_id": heard.trigger, "view": view})


def follow(reply: Reply, heard: Heard, surroundings: Surroundings) -> Call | None:
    """What a press is answered with: Slack does not show the body of our answer to one."""
    if heard.wants not in ("act", "form") or urlsplit(heard.place)[:2] != (
        "https",
        f"hooks.{HOST}",
    ):
        return None
    said = {**rendering.said(reply, surroundings), "replace_original": False}
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    return Call(method="POST", url=heard.place, headers=headers, body=msgspec.json.encode(said))


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
    follow=follow,
    challenge=reading.challenge,
    form=form,
    open=open_place,
    opened=opened,
    post=post,
    edit=edit,
    posted=posted,
)
