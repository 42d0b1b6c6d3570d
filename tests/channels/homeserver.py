"""A real Matrix homeserver on this machine, and people who use it.

matrix-synapse is a program of its own here, never imported and never a dependency: the python of an
environment that has it is named by GENBA_SYNAPSE (`python -m venv DIR; DIR/bin/pip install
matrix-synapse; GENBA_SYNAPSE=DIR/bin/python`), or `synapse_homeserver` is on the path. Without it
the tests are not run.
"""

import hashlib
import hmac
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

NAME = "genba.test"
SHARED = "only for this test"
BEGIN = 90.0  # seconds it may take to begin
FOUND = 20.0  # seconds an event may take to arrive


def command() -> list[str] | None:
    """What starts a homeserver here; None where there is none."""
    python = os.environ.get("GENBA_SYNAPSE", "")
    if python and Path(python).exists():
        return [python, "-m", "synapse.app.homeserver"]
    found = shutil.which("synapse_homeserver")
    return [found] if found else None


def any_port() -> int:
    """A free port below those of outgoing connections, seldom one that others try too."""
    while True:
        port = secrets.choice(range(22_000, 32_000))
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A homeserver with its data in a folder; gives its address."""
    start = command()
    assert start is not None
    port = any_port()
    url = f"http://127.0.0.1:{port}"
    config = folder / "homeserver.yaml"
    config.write_text(json.dumps(settings(folder, port)))
    options = ["--server-name", NAME, "--config-path", str(config)]
    quietly: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*start, *options, "--generate-keys"], cwd=folder, check=True, **quietly)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*start, "--config-path", str(config)], cwd=folder, stdout=log, stderr=log
        )
    try:
        _await(url, process, folder / "log")
        yield url
    finally:
        process.terminate()
        process.wait(30)


def settings(folder: Path, port: int) -> dict[str, Any]:
    """A homeserver that talks to nobody but us; JSON is YAML."""
    fast = {"per_second": 1000, "burst_count": 1000}
    return {
        "server_name": NAME,
        "report_stats": False,
        "pid_file": str(folder / "pid"),
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "macaroon_secret_key": "x",
        "form_secret": "y",
        "registration_shared_secret": SHARED,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "listeners": [
            {
                "port": port, "type": "http", "tls": False, "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "rc_message": fast, "rc_registration": fast, "rc_joins": {"local": fast, "remote": fast},
        "rc_login": {"address": fast, "account": fast, "failed_attempts": fast},
        "rc_invites": {"per_room": fast, "per_user": fast},
    }  # fmt: skip


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + BEGIN
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            with urlopen(f"{url}/_matrix/client/versions", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


def ask(
    url: str, method: str, path: str, body: dict[str, Any] | None = None, token: str = ""
) -> dict[str, Any]:
    """One request; raises AssertionError with what the homeserver said."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{url}{path}", data, headers, method=method)
    try:
        with urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
    except HTTPError as error:
        raise AssertionError((path, error.code, error.read())) from None


class User:
    """Somebody with a Matrix program."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, f"@{name}:{NAME}"
        nonce = ask(url, "GET", "/_synapse/admin/v1/register")["nonce"]
        parts = [nonce, name, "secret", "notadmin"]
        mac = hmac.new(SHARED.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": "secret", "admin": False, "mac": mac}
        self.token = str(ask(url, "POST", "/_synapse/admin/v1/register", body)["access_token"])
        self.sent = 0

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return ask(self.url, method, f"/_matrix/client/v3/{path}", body, self.token)

    def room_with(self, other: "User") -> str:
        """A room of two."""
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [other.name]}
        return str(self.ask("POST", "createRoom", body)["room_id"])

    def accept(self) -> list[str]:
        """Join every room one is asked into."""
        invited = list(self.ask("GET", "sync?timeout=0").get("rooms", {}).get("invite", {}))
        for room in invited:
            self.ask("POST", f"join/{quote(room, safe='')}", {})
        return invited

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        self.sent += 1
        path = f"rooms/{quote(room, safe='')}/send/{kind}/t{self.sent}"
        return str(self.ask("PUT", path, content)["event_id"])

    def say(self, room: str, words: str, thread: str = "") -> str:
        content: dict[str, Any] = {"msgtype": "m.text", "body": words}
        if thread:
            content["m.relates_to"] = {
                "rel_type": "m.thread", "event_id": thread, "is_falling_back": True,
                "m.in_reply_to": {"event_id": thread},
            }  # fmt: skip
        return self.send(room, content)

    def edit(self, room: str, event: str, words: str) -> str:
        new = {"msgtype": "m.text", "body": words}
        return self.send(
            room,
            {
                "msgtype": "m.text", "body": f"* {words}", "m.new_content": new,
                "m.relates_to": {"rel_type": "m.replace", "event_id": event},
            },
        )  # fmt: skip

    def react(self, room: str, event: str, sign: str) -> str:
        about = {"rel_type": "m.annotation", "event_id": event, "key": sign}
        return self.send(room, {"m.relates_to": about}, "m.reaction")

    def read(self, room: str) -> list[dict[str, Any]]:
        """The messages of a room, newest last."""
        path = f"rooms/{quote(room, safe='')}/messages?dir=b&limit=100"
        chunk = self.ask("GET", path)["chunk"]
        return [one for one in reversed(chunk) if one["type"] == "m.room.message"]
