"""Servers and workers of the previous release and of the present one on one database."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.postgres import new_database
from tests.serving import PROGRAM, free_port, surroundings
from tests.upgrades.releases import PREVIOUS, ROOT, code_of

WHO = "clerk@example.org"
TEAMS = ("Staff", "Buying", "Team lead")
RUN = "from genba.cli.main import run; run()"


class Browser:
    """Somebody who is signed in at a server."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))
        self._opener.open(f"{address}/account/login/", timeout=60).read()
        form = {"login": WHO, "password": password, "csrfmiddlewaretoken": self._token()}
        data = urlencode(form).encode()
        self._opener.open(f"{address}/account/login/", data, timeout=60).read()

    def _token(self) -> str:
        return next(str(one.value) for one in self._jar if "csrf" in one.name)

    def get(self, path: str) -> Any:
        """What a program is told."""
        return json.load(self._opener.open(self.address + path, timeout=60))

    def do(self, path: str, **given: Any) -> Any:
        """An act."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token()}
        asked = Request(self.address + path, json.dumps(given).encode(), headers)
        return json.load(self._opener.open(asked, timeout=60))

    def titles(self) -> list[str]:
        """What somebody is asked."""
        return sorted(card["title"] for card in self.get("/api/cards"))


def older(code: Path) -> tuple[list[str], dict[str, str]]:
    """The command line of the previous release, and what makes it that."""
    return [sys.executable, "-c", RUN], {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"}


def run(command: list[str], settings: dict[str, str]) -> str:
    """What a command prints."""
    done = subprocess.run(
        command, env=settings, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def serving(command: list[str], settings: dict[str, str]) -> Iterator[str]:
    """A server while the block runs; its address."""
    process = subprocess.Popen(
        [*command, "serve", "--port", "0"],
        env={**settings, "GENBA_MAIL_PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address, process.communicate(timeout=60)[1]
        yield address[0]
        process.terminate()
        _out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_people_work_on_both_servers_while_one_is_upgraded(
    tmp_path: Path, tmp_path_factory: Any
) -> None:
    code = code_of(PREVIOUS, tmp_path_factory.mktemp("previous"))
    built = ROOT / "src" / "genba" / "web" / "static" / "built"
    static = code / "genba" / "web" / "static"
    static.mkdir(exist_ok=True)
    (static / "built").symlink_to(built)  # bundles are built, not kept in the history
    command, more = older(code)
    with new_database() as url:
        settings = {**surroundings(tmp_path / "var"), "GENBA_DATABASE_URL": url}
        before = {**settings, **more}
        groups = [part for name in TEAMS for part in ("--group", name)]
        said = run(
            [*command, "person", "add", WHO, "--name", "Clerk", *groups, "--administrator"], before
        )
        password = said.partition("Password: ")[2].strip()
        run([*command, "deploy", str(ROOT / "tests" / "drawings" / "purchase.bpmn")], before)
        with serving(command, before) as there:
            old = Browser(there, password)
            old.do("/api/process/purchase/start", title="3 laptops", amount=5940.5)
            with serving([str(PROGRAM)], settings) as here:
                new = Browser(here, password)
                assert new.titles() == old.titles() == ["Check the request"]
                (card,) = new.get("/api/cards")
                assert new.do(f"/api/task/{card['id']}/complete")["verdict"] == "done"
                assert new.titles() == old.titles() == ["Decide the path: “Supplier known?”"]
                (card,) = old.get("/api/cards")
                chosen = card["offers"][0]["choices"][0]["value"]
                asked = {card["offers"][0]["choice_field"]: chosen}
                done = old.do(f"/api/task/{card['id']}/choose", **asked)
                assert done["verdict"] == "done"
                assert new.titles() == old.titles() == ["Approve the purchase"]
                new.do("/api/process/purchase/start", title="a desk", amount=400)
                assert new.titles() == old.titles()
        run([str(PROGRAM), "verify"], settings)
