"""Programs that people have, unmodified, against a server of its own over HTTP: vdirsyncer with
todoman, and the caldav library."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Served, add_person, genba, served

DRAWING = Path(__file__).parents[2] / "drawings" / "errands.bpmn"
BUYER, LEAD = "buyer@example.org", "lead@example.org"
SETTINGS = """
[general]
status_path = "{home}/status/"
[pair todos]
a = "here"
b = "there"
collections = ["from b"]
[storage here]
type = "filesystem"
path = "{home}/todos/"
fileext = ".ics"
[storage there]
type = "caldav"
url = "{address}/"
username = "{user}"
password = "{password}"
"""
TODOMAN = """
path = "{home}/todos/*"
date_format = "%Y-%m-%d"
time_format = "%H:%M"
default_list = "tasks"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the drawing of an errand."""
    home = tmp_path_factory.mktemp("todos") / "var"
    add_person(home, BUYER, "Buyer", "Buying")
    add_person(home, LEAD, "Lead", "Team lead")
    add_person(home, "staff@example.org", "Staff", "Staff")
    genba(home, "deploy", str(DRAWING))
    with served(home) as running:
        yield running


@pytest.fixture
def password(server: Served) -> Callable[[str], str]:
    """A password for the to-do list of somebody."""

    def make(address: str) -> str:
        said = genba(server.home, "token", "make", address, "--name", "d", "--scope", "todo")
        return said.partition("Token: ")[2].split()[0]

    return make


@pytest.fixture
def errand(server: Served) -> str:
    """A new case; its id."""
    act = ("act", "process", "errands", "start", "--as", "staff@example.org", "--json")
    return str(json.loads(genba(server.home, *act))["object_id"])


class Desk:
    """vdirsyncer and todoman of one person, with files of their own."""

    def __init__(self, home: Path, server: Served, user: str, password: str) -> None:
        self.home = home
        words = {"home": home, "address": server.address, "user": user, "password": password}
        (home / "vdirsyncer.ini").write_text(SETTINGS.format(**words))
        (home / "todoman.py").write_text(TODOMAN.format(**words))

    def run(self, program: str, *arguments: str) -> str:
        """Run one of the two; it must succeed."""
        file, before = (
            ("vdirsyncer.ini", "yes\n") if program == "vdirsyncer" else ("todoman.py", "")
        )
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), "-c", str(self.home / file), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            input=before * 3,
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            check=False,
        )
        assert done.returncode == 0, (program, arguments, done.stdout, done.stderr)
        return done.stdout

    def sync(self) -> None:
        self.run("vdirsyncer", "sync")

    def listed(self, *options: str) -> list[dict[str, Any]]:
        """What todoman shows."""
        found: list[dict[str, Any]] = json.loads(self.run("todo", "--porcelain", "list", *options))
        return found


@pytest.fixture
def desk(tmp_path: Path, server: Served, password: Any) -> Callable[[str], Desk]:
    """Where somebody has vdirsyncer and todoman."""
    pytest.importorskip("vdirsyncer", reason="not run: vdirsyncer is not installed")
    pytest.importorskip("todoman", reason="not run: todoman is not installed")

    def at(address: str) -> Desk:
        home = tmp_path / address.partition("@")[0]
        home.mkdir()
        made = Desk(home, server, address, password(address))
        made.run("vdirsyncer", "discover")
        made.sync()
        return made

    return at


def mine(rows: list[dict[str, Any]], case: str, server: Served) -> list[dict[str, Any]]:
    """The rows of a case; other tests leave theirs."""
    number = genba(server.home, "act", "case", case, "comment", "text=x", "--as", LEAD, "--json")
    return [
        row for row in rows if f"Errands {json.loads(number)['card']['number']}" in row["summary"]
    ]


def test_todoman_ticks_off_what_needs_no_answer(
    server: Served, errand: str, desk: Callable[[str], Desk]
) -> None:
    buyer, lead = desk(BUYER), desk(LEAD)
    (packing,) = mine(buyer.listed(), errand, server)
    assert packing["summary"].startswith("Pack it")
    buyer.run("todo", "done", str(packing["id"]))
    buyer.sync()
    lead.sync()
    (signing,) = mine(lead.listed(), errand, server)
    assert signing["summary"].startswith("Sign it")
    assert mine(buyer.listed(), errand, server) == []

    lead.run("todo", "done", str(signing["id"]))  # a tick is no signature: it is open again
    lead.sync()
    lead.sync()
    (again,) = mine(lead.listed(), errand, server)
    assert "You ticked this off. It is open again" in again["description"]

    work = again["description"].strip().rpartition("/")[2]  # of the link
    genba(server.home, "act", "task", f"{errand}:{work}", "approve", "--as", LEAD)
    lead.sync()
    assert mine(lead.listed(), errand, server) == []


def test_the_caldav_library_finds_and_ticks(server: Served, errand: str, password: Any) -> None:
    caldav = pytest.importorskip("caldav", reason="not run: caldav is not installed")
    client = caldav.DAVClient(
        url=f"{server.address}/dav/", username=BUYER, password=password(BUYER)
    )
    (tasks,) = client.principal().calendars()
    assert tasks.get_supported_components() == ["VTODO"]
    (one,) = [todo for todo in tasks.todos() if errand in str(todo.url)]
    assert str(one.icalendar_component["summary"]).startswith("Pack it")
    state = tasks.objects_by_sync_token(load_objects=True)
    one.complete()
    assert [todo for todo in tasks.todos() if errand in str(todo.url)] == []
    changed, _gone = state.sync()
    assert [str(todo.icalendar_component["status"]) for todo in changed] == ["COMPLETED"]
