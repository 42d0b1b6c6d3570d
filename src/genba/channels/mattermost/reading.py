"""What Mattermost sends us: a button, a dialog, a command; each with what shows it is genuine.

Rules of this file: pure. A command carries the token Mattermost gave for it; a button and a dialog
carry our own signature of what they do. Posts are not sent to us, so an edit says nothing.
"""

from typing import Any
from urllib.parse import parse_qs

from genba.channels.chat.contract import Post
from genba.channels.chat.payloads import at, decoded, inbound, members, same, text
from genba.channels.contract import Heard
from genba.channels.mattermost.rendering import sign
from genba.channels.pressing import read_aim, read_press

NAME = "mattermost"


def signed(post: Post) -> bool:
    """Whether it is a command with our token, or a button or dialog that we signed."""
    if not post.secret:
        return False
    if not _is_json(post):
        return same(_form(post).get("token", ""), post.secret)
    said = decoded(post.body)
    if text(said, "type") == "dialog_submission":
        given, _, rest = text(said, "state").partition("\n")
        return same(given, sign(post.secret, rest))
    aim, press = text(said, "context", "card"), text(said, "context", "press")
    return same(text(said, "context", "signature"), sign(post.secret, f"{aim}\n{press}"))


def read(post: Post) -> Heard | None:
    """What a request says; None when it says nothing."""
    if not _is_json(post):
        return _command(_form(post))
    said = decoded(post.body)
    return _submitted(said) if text(said, "type") == "dialog_submission" else _pressed(said)


def _pressed(said: dict[str, Any]) -> Heard | None:
    aim = read_aim(text(said, "context", "card"))
    chosen = text(said, "context", "press") or text(said, "context", "selected_option")
    pressed = read_press(chosen)
    if aim is None or pressed is None:
        return None
    trigger = text(said, "trigger_id")
    return Heard(
        inbound=inbound(NAME, text(said, "user_id"), f"press:{trigger}", aim=aim, act=pressed.act),
        wants="form" if pressed.form else "act",
        words=pressed.choice,
        place=text(said, "channel_id"),
        trigger=trigger,
        message=text(said, "post_id"),
    )


def _submitted(said: dict[str, Any]) -> Heard | None:
    _signature, where, act = [*text(said, "state").split("\n"), "", ""][:3]
    aim = read_aim(where)
    if aim is None or not act or at(said, "cancelled") is True:
        return None
    given = {
        name: text(value) if not isinstance(value, bool) else value
        for name, value in members(said, "submission").items()
    }
    key = f"dialog:{text(said, 'user_id')}:{_digest(said)}"
    return Heard(
        inbound=inbound(NAME, text(said, "user_id"), key, aim=aim, act=act, given=given),
        wants="filled",
        place=text(said, "channel_id"),
    )


def _digest(said: dict[str, Any]) -> str:
    """What makes a dialog the same when it is sent again: Mattermost gives it no name."""
    return sign("", f"{text(said, 'state')}\n{sorted(members(said, 'submission').items())}")


def _command(form: dict[str, str]) -> Heard | None:
    if not form.get("command"):
        return None
    trigger = form.get("trigger_id", "")
    return Heard(
        inbound=inbound(NAME, form.get("user_id", ""), f"command:{trigger}"),
        wants="command",
        words=form.get("text", ""),
        place=form.get("channel_id", ""),
        trigger=trigger,
    )


def _is_json(post: Post) -> bool:
    return post.headers.get("content-type", "").startswith("application/json")


def _form(post: Post) -> dict[str, str]:
    pairs = parse_qs(post.body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in pairs.items()}
