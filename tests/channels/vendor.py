"""A chat system as far as we call it: a server that keeps what it was asked and answers in turn."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_plus, urlencode

from django.test import Client

from genba.channels.mattermost.rendering import sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS_SECRET = base64.b64encode(b"a secret of Teams").decode()
FORM = "application/x-www-form-urlencoded"


class Vendor:
    """What it was asked, newest last: (path, body). `status` is what it answers with."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.status = 200
        self.url = ""

    def answer(self, path: str, body: Any) -> dict[str, Any]:
        """What the systems answer, in one: each of us reads its own part."""
        number = len(self.asked)
        return {
            "ok": True, "result": "success", "id": f"m{number}", "ts": f"{number}.0",
            "channel": {"id": "D1"} if path.endswith("open") else "D1", "event_id": f"$e{number}",
        }  # fmt: skip


@contextmanager
def running() -> Iterator[Vendor]:
    """A vendor on this machine, until the end."""
    vendor = Vendor()

    class Door(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(raw) if raw[:1] in (b"{", b"[") else unquote_plus(raw.decode())
            vendor.asked.append((self.path, body))
            said = json.dumps(vendor.answer(self.path, body)).encode()
            self.send_response(vendor.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_PUT = do_PATCH = do_GET = handle_one  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    vendor.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def environment(url: str) -> dict[str, str]:
    """All systems set up, with their servers here."""
    return {
        "GENBA_SLACK_URL": url, "GENBA_SLACK_TOKEN": "xoxb", "GENBA_SLACK_SECRET": SECRET,
        "GENBA_MATTERMOST_URL": url, "GENBA_MATTERMOST_TOKEN": "t", "GENBA_MATTERMOST_BOT": "bot",
        "GENBA_MATTERMOST_SECRET": SECRET, "GENBA_TEAMS_SECRET": TEAMS_SECRET,
        "GENBA_ZULIP_URL": url, "GENBA_ZULIP_KEY": "k", "GENBA_ZULIP_BOT": "genba-bot@example.org",
        "GENBA_ZULIP_SECRET": SECRET,
    }  # fmt: skip


class Speaker:
    """Somebody in each of the systems, as its server tells us what they do."""

    def __init__(self, name: str, now: datetime) -> None:
        self.name = name  # who they are there
        self.now = now
        self.client = Client(raise_request_exception=True)
        self.count = 0

    def identity(self, system: str) -> str:
        return {
            "slack": f"slack:T1/{self.name}",
            "mattermost": f"mattermost:{self.name}",
            "teams": f"teams:t-1/{self.name}",
            "zulip": f"zulip:{sum(map(ord, self.name))}",
            "matrix": f"matrix:@{self.name}:genba.test",
        }[system]

    def write(self, system: str, text: str) -> Any:
        """A line to our name."""
        self.count += 1
        return getattr(self, f"_{system}_line")(text, f"{self.name}{self.count}")

    def press(self, system: str, aim: str, act: str, choice: str = "", **given: Any) -> Any:
        """A button, or a form that was filled in where there is something to give."""
        self.count += 1
        return getattr(self, f"_{system}_press")(
            aim, act, choice, given, f"{self.name}{self.count}"
        )

    def slack(self, body: bytes, kind: str = FORM) -> Any:
        stamp = str(int(self.now.timestamp()))
        base = b"v0:" + stamp.encode() + b":" + body
        digest = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        return self._post(
            "slack", body, kind,
            {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": digest},
        )  # fmt: skip

    def _post(
        self, system: str, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> Any:
        answer = self.client.post(f"/chat/{system}", body, content_type=kind, headers=headers or {})
        assert answer.status_code == 200, (system, answer.status_code, answer.content)
        return json.loads(answer.content) if answer.content else {}

    def _slack_line(self, text: str, key: str) -> Any:
        form = {"team_id": "T1", "user_id": self.name, "command": "/genba", "text": text}
        return self.slack(urlencode({**form, "trigger_id": key}).encode())

    def _slack_press(self, aim: str, act: str, choice: str, given: dict[str, Any], key: str) -> Any:
        who = {"user": {"id": self.name}, "team": {"id": "T1"}, "trigger_id": key}
        if not given:
            action = {"block_id": f"a{aim}", "action_id": f"do|{act}|{choice}", "action_ts": key}
            said: dict[str, Any] = {"type": "block_actions", **who, "actions": [action]}
        else:
            values = {f"f{name}": {"value": _slack_value(value)} for name, value in given.items()}
            view = {"id": key, "private_metadata": f"{aim}\n{act}", "state": {"values": values}}
            said = {"type": "view_submission", **who, "view": view}
        return self.slack(urlencode({"payload": json.dumps(said)}).encode())

    def _mattermost_line(self, text: str, key: str) -> Any:
        form = {"token": SECRET, "user_id": self.name, "command": "/genba", "text": text}
        return self._post("mattermost", urlencode({**form, "trigger_id": key}).encode(), FORM)

    def _mattermost_press(
        self, aim: str, act: str, choice: str, given: dict[str, Any], key: str
    ) -> Any:
        who = {"user_id": self.name, "trigger_id": key}
        if not given:
            press = f"do|{act}|{choice}"
            context = {"card": aim, "press": press, "signature": sign(SECRET, f"{aim}\n{press}")}
            said: dict[str, Any] = {**who, "context": context}
        else:
            state = f"{aim}\n{act}"
            state = f"{sign(SECRET, state)}\n{state}"
            said = {"type": "dialog_submission", **who, "state": state, "submission": given}
        return self._post("mattermost", json.dumps(said).encode(), "application/json")

    def teams(self, said: dict[str, Any]) -> Any:
        who = {"from": {"aadObjectId": self.name}, "channelData": {"tenant": {"id": "t-1"}}}
        body = json.dumps({**who, **said}).encode()
        digest = hmac.new(base64.b64decode(TEAMS_SECRET), body, hashlib.sha256).digest()
        header = {"Authorization": f"HMAC {base64.b64encode(digest).decode()}"}
        return self._post("teams", body, "application/json", header)

    def _teams_line(self, text: str, key: str) -> Any:
        return self.teams({"type": "message", "id": key, "text": f"<at>Genba</at> {text}"})

    def _teams_press(self, aim: str, act: str, choice: str, given: dict[str, Any], key: str) -> Any:
        way = "form" if given else "do"
        data = {"genba_card": aim, "genba_press": f"{way}|{act}|{choice}", **given}
        return self.teams(
            {
                "type": "invoke", "name": "adaptiveCard/action", "id": key,
                "value": {"action": {"verb": act, "data": data}},
            }
        )  # fmt: skip

    def _zulip_line(self, text: str, key: str) -> Any:
        message = {
            "id": key, "sender_id": sum(map(ord, self.name)), "sender_email": "x@example.org",
            "content": text,
        }  # fmt: skip
        body = {"token": SECRET, "bot_email": "genba-bot@example.org", "message": message}
        return self._post("zulip", json.dumps({**body, "data": text}).encode(), "application/json")


def _slack_value(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"selected_options": [{"value": one} for one in value]}
    return {"value": value}
