"""What Slack sends us: a button, a modal, a command, words in a thread; signed, or not believed.

Rules of this file: pure. A request counts when it carries the signature of the app (v0: HMAC-SHA256
of timestamp and body) and is not older than five minutes. An edited or deleted message, and what a
bot wrote, says nothing.
"""

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs

from genba.channels.chat.contract import Post
from genba.channels.chat.payloads import at, decoded, inbound, members, objects, same, text
from genba.channels.contract import Heard
from genba.channels.pressing import read_aim, read_press

NAME = "slack"
FRESH = 300  # seconds


def signed(post: Post) -> bool:
    """Whether the app of this secret sent it, just now."""
    stamp = post.headers.get("x-slack-request-timestamp", "")
    if not post.secret or not stamp.isascii() or not stamp.isdecimal():
        return False
    if abs(post.at.timestamp() - int(stamp)) > FRESH:
        return False
    base = b"v0:" + stamp.encode() + b":" + post.body
    wanted = hmac.new(post.secret.encode(), base, hashlib.sha256).hexdigest()
    return same(post.headers.get("x-slack-signature", ""), f"v0={wanted}")


def read(post: Post) -> Heard | None:
    """What a request says; None when it says nothing."""
    if post.headers.get("content-type", "").startswith("application/json"):
        return _event(decoded(post.body))
    form = {
        name: values[0] for name, values in parse_qs(post.body.decode("utf-8", "replace")).items()
    }
    if "payload" in form:
        said = decoded(form["payload"])
        reader = _INTERACTIONS.get(text(said, "type"))
        return reader(said) if reader else None
    return _command(form) if form.get("command") else None


def challenge(post: Post) -> str:
    """What Slack wants back when the address of events is set."""
    said = decoded(post.body)
    return text(said, "challenge") if text(said, "type") == "url_verification" else ""


def _pressed(said: dict[str, Any]) -> Heard | None:
    action = at(said, "actions", 0)
    aim = read_aim(text(action, "block_id")[1:])
    pressed = read_press(text(action, "selected_option", "value") or text(action, "action_id"))
    if aim is None or pressed is None:
        return None
    key = f"{text(said, 'user', 'id')}:{text(action, 'action_ts')}"
    return Heard(
        inbound=inbound(NAME, _who(said), key, aim=aim, act=pressed.act),
        wants="form" if pressed.form else "act",
        words=pressed.choice,
        place=text(said, "response_url"),
        trigger=text(said, "trigger_id"),
        message=text(said, "container", "message_ts"),
    )


def _submitted(said: dict[str, Any]) -> Heard | None:
    where, _, act = text(said, "view", "private_metadata").partition("\n")
    aim = read_aim(where)
    if aim is None or not act:
        return None
    blocks = members(said, "view", "state", "values")
    given = {block[1:]: _value(members(fields, "value")) for block, fields in blocks.items()}
    key = f"{text(said, 'user', 'id')}:{text(said, 'view', 'id')}"
    return Heard(
        inbound=inbound(NAME, _who(said), key, aim=aim, act=act, given=given), wants="filled"
    )


_INTERACTIONS = {"block_actions": _pressed, "view_submission": _submitted}


def _value(field: dict[str, Any]) -> Any:
    """What was filled in, by the type of element."""
    if "selected_options" in field:
        return [text(one, "value") for one in objects(field, "selected_options")]
    return (
        text(field, "selected_date")
        or text(field, "value")
        or text(field, "selected_option", "value")
    )


def _command(form: dict[str, str]) -> Heard:
    who = f"{form.get('team_id', '')}/{form.get('user_id', '')}"
    return Heard(
        inbound=inbound(NAME, who, f"command:{form.get('trigger_id', '')}"),
        wants="command",
        words=form.get("text", ""),
        place=form.get("response_url", ""),
        trigger=form.get("trigger_id", ""),
    )


def _event(said: dict[str, Any]) -> Heard | None:
    """Words in a thread of one of our messages. An edit comes as `message_changed`: it is none."""
    event = members(said, "event")
    if text(event, "type") != "message" or "bot_id" in event or "app_id" in event:
        return None
    if "subtype" in event or "edited" in event:
        return None
    user, thread = text(event, "user"), text(event, "thread_ts")
    if not user or not thread:
        return None
    key = f"event:{text(event, 'channel')}:{text(event, 'ts')}"
    return Heard(
        inbound=inbound(NAME, f"{text(said, 'team_id')}/{user}", key),
        wants="words",
        words=text(event, "text"),
        place=text(event, "channel"),
        message=thread,
    )


def _who(said: dict[str, Any]) -> str:
    team = text(said, "team", "id") or text(said, "user", "team_id")
    return f"{team}/{text(said, 'user', 'id')}"
