"""What Teams sends us: words to our name, a button of a card; signed, or not believed.

Rules of this file: pure. A request counts when it carries the HMAC-SHA256 of its body with the
security token of our outgoing webhook. An edited message (`messageUpdate`) says nothing.
"""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Any

from genba.channels.chat.contract import Post
from genba.channels.chat.payloads import at, decoded, inbound, members, same, text
from genba.channels.contract import Heard
from genba.channels.pressing import read_aim, read_press

NAME = "teams"
OURS = ("genba_card", "genba_press")
_MENTION = re.compile(r"<at[^>]*>.*?</at>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,500}>")
_SIGNS = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}


def signed(post: Post) -> bool:
    """Whether the outgoing webhook of this security token sent it."""
    try:
        key = base64.b64decode(post.secret, validate=True)
    except (binascii.Error, ValueError):
        return False
    if not key:
        return False
    wanted = base64.b64encode(hmac.new(key, post.body, hashlib.sha256).digest()).decode()
    way, _, given = post.headers.get("authorization", "").partition(" ")
    return way == "HMAC" and same(given.strip(), wanted)


def read(post: Post) -> Heard | None:
    """What an activity says; None when it says nothing."""
    said = decoded(post.body)
    match text(said, "type"):
        case "message":
            return _written(said)
        case "invoke":
            return _pressed(said)
    return None


def _written(said: dict[str, Any]) -> Heard | None:
    """Words to our name. Teams says of an edit that the message is updated, whatever its type."""
    if text(said, "channelData", "eventType") in ("editMessage", "undeleteMessage"):
        return None
    if at(said, "value", OURS[0]) is not None:  # a card sent as a message, as older clients do
        return _activated(said, members(said, "value"))
    words = _MENTION.sub(" ", text(said, "text"))
    words = re.sub(r"(?i)<br\s*/?>|</p>|</div>", "\n", words)
    words = _TAG.sub("", words)
    for sign, meant in _SIGNS.items():
        words = words.replace(sign, meant)
    return Heard(
        inbound=inbound(NAME, _who(said), f"message:{text(said, 'id')}"),
        wants="command",
        words=words.strip(),
        place=text(said, "conversation", "id"),
        message=text(said, "replyToId"),
    )


def _pressed(said: dict[str, Any]) -> Heard | None:
    if text(said, "name") != "adaptiveCard/action":
        return None
    return _activated(said, members(said, "value", "action", "data"))


def _activated(said: dict[str, Any], data: dict[str, Any]) -> Heard | None:
    aim, pressed = read_aim(text(data, OURS[0])), read_press(text(data, OURS[1]))
    if aim is None or pressed is None:
        return None
    given = {name: value for name, value in data.items() if name not in OURS}
    return Heard(
        inbound=inbound(
            NAME, _who(said), f"press:{text(said, 'id')}", aim=aim, act=pressed.act, given=given
        ),
        wants="filled" if pressed.form else "act",
        words=pressed.choice,
        place=text(said, "conversation", "id"),
        message=text(said, "replyToId"),
    )


def _who(said: dict[str, Any]) -> str:
    tenant = text(said, "channelData", "tenant", "id") or text(said, "conversation", "tenantId")
    return f"{tenant}/{text(said, 'from', 'aadObjectId') or text(said, 'from', 'id')}"
