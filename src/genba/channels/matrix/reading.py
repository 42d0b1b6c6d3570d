"""What is said in a Matrix room: words in answer to a card, a reaction to it.

Rules of this file: pure. Our homeserver has authenticated the sender of an event of its own users;
of other servers' users it knows the server only, so they count when they are on ours. An edit
(`m.replace`) is an ordinary message with a star before it: it says nothing, ever. What a bot says
(`m.notice`) says nothing.
"""

from typing import Any

from msgspec.structs import replace

from genba.acts.card import Assurance
from genba.channels.chat.payloads import at, inbound, text
from genba.channels.contract import Heard

NAME = "matrix"


def read(said: dict[str, Any]) -> Heard | None:
    """What an event says; `said` is the event with `room_id`, `self` (our own user) and whether
    the room is `direct`: else only what names us is said to us."""
    sender, event = text(said, "sender"), text(said, "event_id")
    if not sender or not event or sender == text(said, "self"):
        return None
    if at(said, "unsigned", "redacted_because") is not None:
        return None
    match text(said, "type"):
        case "m.reaction":
            return _reaction(said, sender, event)
        case "m.room.message":
            return _message(said, sender, event)
    return None


def _message(said: dict[str, Any], sender: str, event: str) -> Heard | None:
    relation = text(said, "content", "m.relates_to", "rel_type")
    if relation == "m.replace" or at(said, "content", "m.new_content") is not None:
        return None
    if text(said, "content", "msgtype") != "m.text":
        return None
    reply = text(said, "content", "m.relates_to", "m.in_reply_to", "event_id")
    root = text(said, "content", "m.relates_to", "event_id") if relation == "m.thread" else ""
    words = _own(text(said, "content", "body")) if reply else text(said, "content", "body")
    if root and at(said, "content", "m.relates_to", "is_falling_back") is True:
        reply = ""  # for programs without threads: it names the last message, whatever is meant
    if not (reply or root) and at(said, "direct") is not True:
        words, named = _named(said, words)
        if not named:
            return None
    return _heard(said, sender, event, words=words, about=reply or root)


def _named(said: dict[str, Any], words: str) -> tuple[str, bool]:
    """What is said to us in a room of others, without our name."""
    own = text(said, "self")
    called = words.strip().removeprefix("!")
    for name in (own, own.partition(":")[0].removeprefix("@"), "genba"):
        if called.casefold().startswith(name.casefold()) and name:
            return called[len(name) :].lstrip(" :,"), True
    return words, False


def _reaction(said: dict[str, Any], sender: str, event: str) -> Heard | None:
    if text(said, "content", "m.relates_to", "rel_type") != "m.annotation":
        return None
    key = text(said, "content", "m.relates_to", "key")
    about = text(said, "content", "m.relates_to", "event_id")
    return _heard(said, sender, event, words=key, about=about, wants="reaction")


def _heard(
    said: dict[str, Any], sender: str, event: str, *, words: str, about: str, wants: str = ""
) -> Heard:
    ours = sender.partition(":")[2] == text(said, "self").partition(":")[2]
    given = inbound(NAME, sender, f"event:{event}")
    level = Assurance.CHANNEL if ours else Assurance.POSSESSION
    return Heard(
        inbound=replace(given, assurance=level),
        wants=wants or ("words" if about else "command"),
        words=words.strip(),
        place=text(said, "room_id"),
        trigger=event,
        message=about,
    )


def _own(body: str) -> str:
    """A reply without what older programs quote above it: lines that begin with "> "."""
    lines = body.split("\n")
    if not lines[0].startswith("> "):
        return body
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines).lstrip("\n")
