"""Two servers and four workers on one PostgreSQL: 200 claims at once, workers killed at random."""

import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from genba.engine.commands import Rejected
from genba.journal.contract import CaseQuery
from genba.journal.postgres import PostgresJournal
from genba.journal.records import CaseId, Envelope
from genba.runtime.clock import SystemClock
from genba.runtime.folding import unlike_their_logs
from genba.runtime.installation import Installation
from genba.runtime.unit import open_unit
from tests import postgres
from tests.serving import free_port, surroundings

PEOPLE, TASKS = 20, 10  # each claims each
KILLS = int(os.environ.get("GENBA_SOAK_KILLS", "6"))
SEED = int(os.environ.get("GENBA_SOAK_SEED", "7"))
TOKEN = "a" * 32

# `genba`, but whoever is killed is not waited for long.
PROGRAM = """
import sys
from datetime import timedelta
from genba.runtime import jobs, loop

loop.LEASE, loop.BEAT, loop.DEATHS = timedelta(seconds=2), 0.5, 1000
loop.FIRST_DELAY = jobs.FIRST_DELAY = timedelta(seconds=0.2)
from genba.cli.main import run

run()
"""
# People of one team, and the cookies of their browsers.
TEAM = """
import json, sys
from genba.cli.home import open_home

open_home(None, existing=False)
from django.test import Client
from genba.people.accounts import enrol
from genba.people.models import Person

for number in range(int(sys.argv[1])):
    made = enrol(f"p{number}@example.org", "a long enough password", groups=("Desk",))
    client = Client()
    client.force_login(
        Person.objects.get(pk=int(made.id)),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    print(json.dumps({name: one.value for name, one in client.cookies.items()}))
"""
DRAWING = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 xmlns:genba="https://genba.dev/bpmn/1" targetNamespace="urn:t">
<process id="p" name="Desk" isExecutable="true">
 <laneSet id="ls"><lane id="l" name="Desk"><flowNodeRef>task</flowNodeRef></lane></laneSet>
 <startEvent id="s"/><serviceTask id="before" name="Before">{call}</serviceTask>
 <userTask id="task" name="Look"/><serviceTask id="after" name="After">{call}</serviceTask>
 <endEvent id="e"/>
 <sequenceFlow id="f0" sourceRef="s" targetRef="before"/>
 <sequenceFlow id="f1" sourceRef="before" targetRef="task"/>
 <sequenceFlow id="f2" sourceRef="task" targetRef="after"/>
 <sequenceFlow id="f3" sourceRef="after" targetRef="e"/></process></definitions>"""
CALL = """<extensionElements><genba:http method="POST" url="http://127.0.0.1:{port}/" retries="99">
 <genba:body>={{number: number}}</genba:body></genba:http></extensionElements>"""


class World(BaseHTTPRequestHandler):
    """Does what it is asked, a little slowly, and remembers every request."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, int]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.headers["Idempotency-Key"], body["number"]))
        time.sleep(0.1)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def world() -> Iterator[tuple[int, list[tuple[str, int]]]]:
    """A service outside: its port, and what it was asked."""
    asked: list[tuple[str, int]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (World,), {"asked": asked}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked is dead
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


class Site:
    """Processes of `genba` on one database, and browsers of a team."""

    def __init__(self, url: str, home: Path, port: int) -> None:
        self.settings = {
            **surroundings(home),
            "GENBA_DATABASE_URL": url,
            "GENBA_HTTP_HOSTS": f"127.0.0.1:{port}=127.0.0.0/8",
        }
        self.running: list[subprocess.Popen[str]] = []
        said = self._run(TEAM, str(PEOPLE))
        self.people = [json.loads(line) for line in said.splitlines()]

    def _run(self, script: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=self.settings,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def genba(self, *arguments: str) -> None:
        """Run a command to its end."""
        self._run(PROGRAM, *arguments)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a process that goes on."""
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            env={**self.settings, "GENBA_MAIL_PORT": str(free_port())},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.running.append(process)
        return process

    def serve(self) -> int:
        """Start a server; its port."""
        process = self.begin("serve", "--port", "0")
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found is not None
        return int(found[1])

    def ask(self, port: int, person: int, method: str, path: str) -> tuple[int, Any]:
        """What a server answers a person."""
        cookies = {**self.people[person], "genba_csrf": TOKEN}
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
        }
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request(method, f"/api/{path}", "{}" if method == "POST" else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def end(self) -> None:
        """Kill whatever runs."""
        for process in self.running:
            process.kill()
            process.communicate()


@pytest.fixture
def url() -> Iterator[str]:
    """A database of its own."""
    with postgres.new_database() as made:
        yield made


def start(inst: Installation, number: int) -> CaseId:
    envelope = Envelope(at=SystemClock().now(), actor="1", channel="web")
    with open_unit(inst, envelope) as unit:
        case = unit.start_case("p", data={"number": number})
        assert not isinstance(case, Rejected)
        return case.row.case


def until(what: str, holds: Any, seconds: float = 120) -> Any:
    """Wait for something to be true; what it is."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, what
        time.sleep(0.1)
    return found


def open_tasks(inst: Installation, cases: list[CaseId]) -> list[str]:
    """The tasks of all cases, once each has one."""
    found = []
    with inst.journal.reading() as read:
        for case in cases:
            found += [f"{case}:{row.work}" for row in read.works(case) if row.node == "task"]
    return found if len(found) == len(cases) else []


def quiet(inst: Installation) -> bool:
    """Whether everything has ended and nothing waits to be done."""
    with inst.journal.reading() as read:
        return not read.count_cases(CaseQuery(status="running")) and read.next_due() is None


def test_200_claims_and_killed_workers(url: str, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with world() as (port, asked):
        site = Site(url, tmp_path / "var", port)
        (tmp_path / "t.bpmn").write_text(DRAWING.format(call=CALL.format(port=port)))
        try:
            site.genba("deploy", str(tmp_path / "t.bpmn"))
            ports = [site.serve() for _ in range(2)]
            workers = [site.begin("worker") for _ in range(4)]
            inst = Installation(PostgresJournal(url))
            cases = [start(inst, number) for number in range(TASKS)]
            stop = threading.Event()

            def kill() -> None:
                for _ in range(KILLS):
                    if stop.wait(chance.uniform(0.2, 2.5)):
                        return
                    victim = chance.randrange(len(workers))
                    workers[victim].kill()
                    workers[victim] = site.begin("worker")

            killer = threading.Thread(target=kill)
            killer.start()
            tasks = until("every case has its task", lambda: open_tasks(inst, cases))
            claims = [(person, task) for person in range(PEOPLE) for task in tasks]
            chance.shuffle(claims)

            def claim(number: int) -> tuple[str, int, str, str]:
                person, task = claims[number]
                status, told = site.ask(ports[number % 2], person, "POST", f"task/{task}/claim")
                assert status in (200, 403, 409), told
                return task, person, told["verdict"], told.get("message") or told["detail"]

            with ThreadPoolExecutor(20) as pool:
                answers = list(pool.map(claim, range(len(claims))))
            won = [(task, person) for task, person, verdict, _ in answers if verdict == "done"]
            assert Counter(task for task, _ in won) == dict.fromkeys(tasks, 1)
            assert all(message for _, _, verdict, message in answers if verdict != "done")
            for number, (task, person) in enumerate(won):
                status, told = site.ask(ports[number % 2], person, "POST", f"task/{task}/complete")
                assert (status, told["verdict"]) == (200, "done"), told
            killer.join()
            until("every case ends", lambda: quiet(inst))
            stop.set()
        finally:
            site.end()
    effects = dict(asked)
    assert Counter(effects.values()) == dict.fromkeys(range(TASKS), 2)  # once by key, at each step
    with inst.journal.reading() as read:
        assert read.count_cases(CaseQuery(status="completed")) == TASKS
        log = [entry.type for case in cases for entry in read.log(case)]
    assert log.count("work-assigned") == TASKS
    assert inst.journal.verify() == []
    assert list(unlike_their_logs(inst)) == []
    inst.journal.close()
