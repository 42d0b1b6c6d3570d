"""Real worker processes on a real PostgreSQL: killed at random, the server restarted underneath."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from genba.engine.commands import AssignWork, Rejected
from genba.engine.values import WorkId
from genba.journal.contract import CaseQuery, Conflict
from genba.journal.postgres import PostgresJournal, connect
from genba.journal.records import CaseId, Envelope
from genba.runtime.clock import SystemClock
from genba.runtime.definitions import Deployed, deploy
from genba.runtime.folding import unlike_their_logs
from genba.runtime.installation import Installation
from genba.runtime.unit import open_unit
from tests import postgres

CASES = int(os.environ.get("GENBA_SOAK_CASES", "24"))
KILLS = CASES // 4
SEED = int(os.environ.get("GENBA_SOAK_SEED", "7"))

WORKER = """
import sys, time
from datetime import timedelta
from genba.journal.postgres import PostgresJournal, connect
from genba.runtime import loop
from genba.runtime.installation import Installation

loop.LEASE, loop.BEAT, loop.BATCH = timedelta(seconds=1), 0.3, 4
loop.FIRST_DELAY = timedelta(seconds=0.2)
loop.DEATHS = 1000  # every kill here is of an innocent
inst = Installation(PostgresJournal(sys.argv[1]))

def told(inst, row):
    with connect(sys.argv[1]) as raw:
        raw.execute("INSERT INTO effects VALUES (%s)", (f"{row.case}:{row.key}",))

inst.on("words", told)
inst.on("card", lambda inst, row: None)
loop.Loop(inst).start()
while True:
    time.sleep(1)
"""

DRAWING = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 targetNamespace="urn:t">
<process id="p" name="P"><startEvent id="s"/>
 <intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT0.2S</timeDuration>
 </timerEventDefinition></intermediateCatchEvent>
 <callActivity id="call" calledElement="q"/><endEvent id="e"/>
 <sequenceFlow id="f0" sourceRef="s" targetRef="wait"/>
 <sequenceFlow id="f1" sourceRef="wait" targetRef="call"/>
 <sequenceFlow id="f2" sourceRef="call" targetRef="e"/></process>
<process id="q" name="Q"><startEvent id="s2"/><endEvent id="e2"/>
 <sequenceFlow id="g" sourceRef="s2" targetRef="e2"/></process>
<process id="t" name="T"><startEvent id="s3"/><userTask id="task" name="Task"/>
 <sequenceFlow id="h" sourceRef="s3" targetRef="task"/></process>
</definitions>"""


@pytest.fixture
def url() -> Iterator[str]:
    """A database in which effects are noted."""
    with postgres.new_database() as made:
        with connect(made) as raw:
            raw.execute("CREATE TABLE effects (key TEXT)")
        yield made


@pytest.fixture
def inst(url: str) -> Iterator[Installation]:
    """An installation in it, with the drawing."""
    opened = Installation(PostgresJournal(url))
    assert isinstance(deploy(opened, DRAWING, "t.bpmn", "7"), Deployed)
    yield opened
    opened.journal.close()


def start(inst: Installation, process: str) -> CaseId:
    envelope = Envelope(at=SystemClock().now(), actor="7", channel="web")
    with open_unit(inst, envelope) as unit:
        case = unit.start_case(process)
        assert not isinstance(case, Rejected)
        case.post("words", {}, key="effect")
        return case.row.case


def work(url: str) -> subprocess.Popen[bytes]:
    """A worker process."""
    environment = {"PYTHONPATH": ":".join(sys.path), "PATH": os.environ["PATH"]}
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, url], env=environment, stderr=subprocess.DEVNULL
    )


def quiet(inst: Installation) -> bool:
    """Whether everything has ended and nothing waits to be done."""
    with inst.journal.reading() as read:
        return not read.count_cases(CaseQuery(status="running")) and read.next_due() is None


def restart_server() -> None:
    """Stop the tests' own server, with everybody connected, and start it again."""
    started = postgres.server()
    if "GENBA_TEST_DATABASE_URL" in os.environ or isinstance(started, str):
        return
    started.stop()
    started.ensure_postgres_running()


def test_killed_workers_and_a_restarted_server_lose_and_double_nothing(
    inst: Installation, url: str
) -> None:
    chance = random.Random(SEED)
    workers = [work(url) for _ in range(3)]
    try:
        cases = [start(inst, "p") for _ in range(CASES)]
        for kill in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.6))
            victim = chance.randrange(len(workers))
            workers[victim].kill()
            workers[victim].wait()
            if kill == KILLS // 2:
                restart_server()
            workers[victim] = work(url)
        until = time.monotonic() + 40 + CASES
        while not quiet(inst) and time.monotonic() < until:
            time.sleep(0.1)
        assert quiet(inst)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with inst.journal.reading() as read:
        called = Counter(row.parent for row in read.cases(CaseQuery(process="q", limit=10**6)))
    assert called == dict.fromkeys(cases, 1)
    with connect(url) as raw:
        effects = [key for (key,) in raw.execute("SELECT key FROM effects")]
    assert set(effects) == {f"{case}:effect" for case in cases}  # once by key
    assert inst.journal.verify() == []
    assert list(unlike_their_logs(inst)) == []


def test_of_200_claims_each_task_is_somebodys_once(inst: Installation, url: str) -> None:
    tasks = [start(inst, "t") for _ in range(10)]
    other = Installation(PostgresJournal(url))

    def claim(number: int) -> tuple[str, bool]:
        mine, case, person = (inst, other)[number % 2], tasks[number % 10], f"p{number}"
        for _ in range(50):
            try:
                with open_unit(mine, Envelope(at=SystemClock().now(), actor=person)) as unit:
                    opened = unit.open(case)
                    (key, task), *_rest = opened.state.works.items()
                    if task.assignee is not None:
                        return case, False
                    opened.command(AssignWork(at=unit.now, work=WorkId(key), to=person, by=person))
                return case, True
            except Conflict:
                continue
        raise AssertionError("somebody else was faster fifty times")

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(claim, range(200)))
    other.journal.close()
    assert Counter(case for case, won in answers if won) == dict.fromkeys(tasks, 1)
    with inst.journal.reading() as read:
        log = [entry.type for case in tasks for entry in read.log(case)]
    assert log.count("work-assigned") == 10
