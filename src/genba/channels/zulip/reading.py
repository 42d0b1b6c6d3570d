"""What Zulip sends us: a message to our bot, with the token of its outgoing webhook.

Rules of this file: pure. Zulip calls us for new messages only; one that was edited all the same
says nothing. What a bot wrote says nothing either.
"""

import re

from genba.channels.chat.contract import Post
from genba.channels.chat.payloads import at, decoded, inbound, same, text
from genba.channels.contract import Heard

NAME = "zulip"
_MENTION = re.compile(r"^\s*@_?\*\*[^*]{1,100}\*\*\s*")


def signed(post: Post) -> bool:
    """Whether it carries the token of our bot."""
    return same(text(decoded(post.body), "token"), post.secret)


def read(post: Post) -> Heard | None:
    """What a message says; None when it says nothing."""
    said = decoded(post.body)
    message = text(said, "message", "id")
    who = text(said, "message", "sender_id")
    edited = at(said, "message", "edit_history") or at(said, "message", "last_edit_timestamp")
    if not message or not who or edited:
        return None
    if text(said, "message", "sender_email") == text(said, "bot_email"):
        return None
    words = text(said, "data") or text(said, "message", "content")
    return Heard(
        inbound=inbound(NAME, who, f"message:{message}"),
        wants="command",
        words=_MENTION.sub("", words).strip(),
        place=text(said, "message", "stream_id"),
        message=message,
    )
