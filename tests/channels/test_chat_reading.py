"""What chat systems send: believed when it is signed, read by its shape, never from an edit."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.acts.card import Assurance
from genba.channels.chat.contract import Post, Reply
from genba.channels.contract import Heard, Surroundings
from genba.channels.matrix import reading as matrix
from genba.channels.mattermost import reading as mattermost
from genba.channels.mattermost.rendering import sign
from genba.channels.slack import reading as slack
from genba.channels.slack.channel import HOST, follow
from genba.channels.teams import reading as teams
from genba.channels.zulip import reading as zulip

AT = datetime(2026, 3, 2, 9, 13, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS_SECRET = base64.b64encode(b"a secret of Teams").decode()
FORM = "application/x-www-form-urlencoded"


def post(body: bytes | dict[str, Any], secret: str = SECRET, **headers: str) -> Post:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = headers.pop("kind", "application/json")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Post(headers={"content-type": kind, **named}, body=raw, at=AT, secret=secret)


def slack_post(body: bytes, at: datetime = AT, secret: str = SECRET, kind: str = FORM) -> Post:
    stamp = str(int(at.timestamp()))
    base = b"v0:" + stamp.encode() + b":" + body
    digest = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return post(body, x_slack_request_timestamp=stamp, x_slack_signature=digest, kind=kind)


def test_slack_as_its_documentation_computes_it() -> None:
    """The worked example of Slack's page on verifying requests."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    digest = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    sent = Post(
        headers={
            "content-type": FORM,
            "x-slack-request-timestamp": "1531420618",
            "x-slack-signature": digest,
        },
        body=body,
        at=datetime.fromtimestamp(1531420618, UTC),
        secret=SECRET,
    )
    assert slack.signed(sent)
    heard = slack.read(sent)
    assert heard is not None
    assert (heard.wants, heard.inbound.identity) == ("command", "slack:T1DC2JH3J/U2CERLKJA")


@pytest.mark.security("S8")
def test_slack_believes_no_other_signature_and_no_old_one() -> None:
    body = b"command=%2Fgenba&text=88"
    assert slack.signed(slack_post(body))
    assert not slack.signed(slack_post(body, secret="another"))
    assert not slack.signed(slack_post(body, at=AT - timedelta(minutes=6)))
    assert not slack.signed(slack_post(body, at=AT + timedelta(minutes=6)))
    changed = slack_post(body)
    assert not slack.signed(Post(headers=changed.headers, body=b"x", at=AT, secret=SECRET))
    assert not slack.signed(Post(headers=changed.headers, body=body, at=AT, secret=""))
    assert not slack.signed(post(body, x_slack_request_timestamp="²"))


def interaction(said: dict[str, Any]) -> Heard | None:
    return slack.read(slack_post(urlencode({"payload": json.dumps(said)}).encode()))


def test_slack_a_button_a_menu_and_a_modal() -> None:
    who = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "trigger_id": "t"}
    button = {"block_id": "atask|c1:w3|7", "action_id": "do|task.approve|", "action_ts": "9.1"}
    heard = interaction({"type": "block_actions", **who, "actions": [button]})
    assert heard is not None
    said = heard.inbound
    assert (said.object, said.object_id, said.version, said.act) == (
        "task", "c1:w3", 7, "task.approve",
    )  # fmt: skip
    assert (said.identity, said.key, said.assurance) == ("slack:T1/U1", "U1:9.1", Assurance.CHANNEL)
    chosen = {"block_id": "btask|c1:w3|7", "action_id": "more", "action_ts": "9.2"}
    chosen["selected_option"] = {"value": "form|task.reject|"}  # type: ignore[assignment]
    menu = interaction({"type": "block_actions", **who, "actions": [chosen]})
    assert menu is not None
    assert (menu.wants, menu.inbound.act, menu.trigger) == ("form", "task.reject", "t")
    view = {
        "id": "V1",
        "private_metadata": "task|c1:w3|7\ntask.reject",
        "state": {
            "values": {
                "freason": {"value": {"type": "plain_text_input", "value": "too dear"}},
                "fday": {"value": {"type": "datepicker", "selected_date": "2026-03-05"}},
                "fsize": {"value": {"selected_option": {"value": "large"}}},
                "fparts": {"value": {"selected_options": [{"value": "a"}, {"value": "b"}]}},
                "fnone": {"value": {"type": "plain_text_input", "value": None}},
            }
        },
    }
    filled = interaction({"type": "view_submission", **who, "view": view})
    assert filled is not None
    assert filled.inbound.given == {
        "reason": "too dear", "day": "2026-03-05", "size": "large", "parts": ["a", "b"],
    }  # fmt: skip


def slack_event(**event: Any) -> Heard | None:
    base = {"type": "message", "user": "U1", "channel": "C1", "thread_ts": "1.0", "ts": "2.0"}
    said = {"type": "event_callback", "team_id": "T1", "event": {**base, **event}}
    return slack.read(slack_post(json.dumps(said).encode(), kind="application/json"))


def teams_activity(**more: Any) -> Heard | None:
    said = {
        "type": "message", "id": "m1", "text": "<at>Genba</at>&nbsp;88 approve<br>Amount: 3",
        "from": {"id": "29:1", "aadObjectId": "a-1"}, "channelData": {"tenant": {"id": "t-1"}},
        **more,
    }  # fmt: skip
    return teams.read(post(said))


def zulip_message(**more: Any) -> Heard | None:
    message = {"id": 5, "sender_id": 9, "sender_email": "ana@example.org", "content": "x", **more}
    body = {"bot_email": "genba-bot@example.org", "token": SECRET, "message": message}
    return zulip.read(post({**body, "data": "@**Genba** 88 approve"}))


def matrix_event(content: dict[str, Any], **more: Any) -> Heard | None:
    event = {
        "type": "m.room.message", "sender": "@ana:genba.test", "event_id": "$1",
        "room_id": "!r:genba.test", "self": "@genba:genba.test", "direct": True,
        "content": content, **more,
    }  # fmt: skip
    return matrix.read(event)


IN_THREAD = {"rel_type": "m.thread", "event_id": "$card", "m.in_reply_to": {"event_id": "$card"}}
WORDS = {"msgtype": "m.text", "body": "approve", "m.relates_to": IN_THREAD}


def test_words_in_every_system() -> None:
    thread, named, bot, room = (
        slack_event(text="approve"), teams_activity(), zulip_message(), matrix_event(WORDS),
    )  # fmt: skip
    assert thread is not None and (thread.words, thread.message) == ("approve", "1.0")  # noqa: PT018
    assert named is not None and named.words == "88 approve\nAmount: 3"  # noqa: PT018
    assert named.inbound.identity == "teams:t-1/a-1"
    assert bot is not None and bot.words == "88 approve"  # noqa: PT018
    assert room is not None and (room.words, room.message) == ("approve", "$card")  # noqa: PT018
    assert room.inbound.identity == "matrix:@ana:genba.test"


@pytest.mark.security("S17")
def test_an_edited_message_says_nothing_in_any_system() -> None:
    edit = {"rel_type": "m.replace", "event_id": "$1"}
    inner = {"msgtype": "m.text", "body": "approve"}
    said = [
        slack_event(subtype="message_changed", message={"text": "approve", "user": "U1"}),
        slack_event(text="approve", edited={"user": "U1", "ts": "3.0"}),
        teams_activity(type="messageUpdate"),
        teams_activity(channelData={"eventType": "editMessage", "tenant": {"id": "t-1"}}),
        zulip_message(last_edit_timestamp=1772442800),
        zulip_message(edit_history=[{"prev_content": "y"}]),
        matrix_event({**inner, "body": "* approve", "m.new_content": inner, "m.relates_to": edit}),
        matrix_event({**inner, "m.new_content": inner}),
        matrix_event({**inner, "m.relates_to": edit}),
    ]
    assert said == [None] * len(said)


@pytest.mark.security("S15")
def test_what_a_bot_says_is_not_heard() -> None:
    assert slack_event(text="approve", bot_id="B1") is None
    assert zulip_message(sender_email="genba-bot@example.org") is None
    assert matrix_event({**WORDS, "msgtype": "m.notice"}) is None
    assert matrix_event(WORDS, sender="@genba:genba.test") is None


@pytest.mark.security("S8")
def test_mattermost_believes_its_token_and_our_signature() -> None:
    command = urlencode({"token": SECRET, "user_id": "u1", "command": "/genba", "text": "88"})
    assert mattermost.signed(post(command.encode(), kind=FORM))
    assert not mattermost.signed(post(command.encode(), secret="another", kind=FORM))
    assert not mattermost.signed(post(command.encode(), secret="", kind=FORM))
    pressed = {"card": "task|c1:w3|7", "press": "do|task.approve|"}
    pressed["signature"] = sign(SECRET, "task|c1:w3|7\ndo|task.approve|")
    sent = post({"user_id": "u1", "trigger_id": "t1", "context": pressed})
    assert mattermost.signed(sent)
    heard = mattermost.read(sent)
    assert heard is not None and heard.inbound.act == "task.approve"  # noqa: PT018
    other = {**pressed, "press": "do|task.reject|"}
    assert not mattermost.signed(post({"user_id": "u1", "context": other}))
    state = "task|c1:w3|7\ntask.reject"
    dialog = {
        "type": "dialog_submission", "user_id": "u1", "state": f"{sign(SECRET, state)}\n{state}",
        "submission": {"reason": "too dear", "urgent": True, "none": None},
    }  # fmt: skip
    assert mattermost.signed(post(dialog))
    assert not mattermost.signed(post({**dialog, "state": f"{'0' * 64}\n{state}"}))
    filled = mattermost.read(post(dialog))
    assert filled is not None and filled.inbound.given == {"reason": "too dear", "urgent": True}  # noqa: PT018
    assert mattermost.read(post({**dialog, "cancelled": True})) is None


@pytest.mark.security("S8")
def test_teams_and_zulip_believe_what_was_agreed() -> None:
    body = json.dumps({"type": "message"}).encode()
    key = base64.b64decode(TEAMS_SECRET)
    digest = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
    assert teams.signed(post(body, TEAMS_SECRET, authorization=f"HMAC {digest}"))
    assert not teams.signed(post(body + b" ", TEAMS_SECRET, authorization=f"HMAC {digest}"))
    assert not teams.signed(post(body, TEAMS_SECRET, authorization=f"Bearer {digest}"))
    assert not teams.signed(post(body, "", authorization=f"HMAC {digest}"))
    assert zulip.signed(post({"token": SECRET}))
    assert not zulip.signed(post({"token": "another"}))
    assert not zulip.signed(post({"token": ""}, secret=""))


def test_teams_a_button_and_a_form_of_a_card() -> None:
    data = {"genba_card": "task|c1:w3|7", "genba_press": "form|task.reject|", "reason": "too dear"}
    said = teams_activity(
        type="invoke", name="adaptiveCard/action", value={"action": {"verb": "x", "data": data}}
    )
    assert said is not None
    assert (said.wants, said.inbound.act) == ("filled", "task.reject")
    assert said.inbound.given == {"reason": "too dear"}


def test_matrix_reactions_quotes_and_strangers() -> None:
    about = {"rel_type": "m.annotation", "event_id": "$card", "key": "👀"}
    seen = matrix_event({"m.relates_to": about}, type="m.reaction")
    assert seen is not None and (seen.wants, seen.words) == ("reaction", "👀")  # noqa: PT018
    quoted = {
        "msgtype": "m.text", "body": "> <@genba:genba.test> approve\n\nno, reject",
        "m.relates_to": {"m.in_reply_to": {"event_id": "$card"}},
    }  # fmt: skip
    said = matrix_event(quoted)
    assert said is not None and said.words == "no, reject"  # noqa: PT018
    stranger = matrix_event(WORDS, sender="@ana:elsewhere.test")
    assert stranger is not None and stranger.inbound.assurance is Assurance.POSSESSION  # noqa: PT018
    assert matrix_event(WORDS, unsigned={"redacted_because": {}}) is None


def test_slack_is_answered_at_its_own_address_only() -> None:
    button = {"block_id": "atask|c1:w3|7", "action_id": "do|task.approve|", "action_ts": "9.1"}
    for host, answered in ((f"hooks.{HOST}", True), ("hooks.example.org", False)):
        heard = interaction(
            {"type": "block_actions", "actions": [button], "response_url": f"https://{host}/a/1"}
        )
        assert heard is not None
        call = follow(Reply(text="approved by Deputy lead"), heard, Surroundings())
        assert (call is not None) is answered
        if call is not None:
            assert json.loads(call.body)["text"] == "approved by Deputy lead"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "user", "id", "actions", "view", "state", "values", "event", "context",
             "submission", "message", "value", "action", "data", "content", "m.relates_to",
             "sender", "event_id", "team", "from", "block_id", "action_id", "selected_option"]
        ) | st.text(max_size=5),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.sampled_from(["block_actions", "view_submission", "message", "invoke", ""]))
def test_whatever_is_sent_is_read_or_says_nothing(said: Any, kind: str) -> None:
    whole = {**said, "type": kind} if isinstance(said, dict) else said
    raw = json.dumps(whole).encode()
    for reader in (slack.read, mattermost.read, teams.read, zulip.read):
        reader(post(raw))
        reader(post(urlencode({"payload": raw, "command": "x"}).encode(), kind=FORM))
    for signed in (slack.signed, mattermost.signed, teams.signed, zulip.signed):
        assert not signed(post(raw))
    if isinstance(whole, dict):
        matrix.read(whole)
