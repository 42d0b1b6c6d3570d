"""How many people can work one queue at once, and how long do they wait?

    python -m benchmarks.people [--people N] [--tasks N] [--seconds S] [--think S] [--processes N]
                                [--database URL]

Fills a new installation with open tasks of one team, then lets people work its queue through REST
and the pages, each signed in, in threads of one or several processes: look at the first page now
and then, look at the queue, take the next, finish it. `--think` is the pause between two of these,
on average; 0 is as fast as they can. Prints p50 and p99 of each in milliseconds and what a request
costs in processor time (which a busy machine changes least), and checks on the
journal that nothing was given to two and nothing acknowledged was lost. Exit code 1 when not.
Without a database a file is used.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from typing_extensions import override

TEAM = "Clerks"
SERVING = 16  # threads of a process that answer
DRAWING = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="f" targetNamespace="urn:bench">
  <process id="work" name="Work" isExecutable="true">
    <laneSet id="l"><lane id="a" name="{TEAM}"><flowNodeRef>s</flowNodeRef>
      <flowNodeRef>check</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="check"/>
    <userTask id="check" name="Check"/>
    <sequenceFlow id="f2" sourceRef="check" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>""".encode()

NEW_ID = {"sqlite": "printf('%032d', i)", "postgres": "lpad(i::text, 32, '0')"}
STATE = {
    "sqlite": "CAST(replace(CAST(state AS TEXT), case_id, {id}) AS BLOB)",
    "postgres": "convert_to(replace(convert_from(state, 'UTF8'), case_id, {id}), 'UTF8')",
}
COUNTED = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {tasks})",
    "postgres": "WITH n (i) AS (SELECT generate_series(1, {tasks}))",
}
# Table -> the columns that are not those of the first case, of which the others are copies.
OTHERWISE = {
    "cases": {
        "case_id": "{id}",
        "collaboration": "{id}",
        "number": "number + i",
        "state": "{state}",
    },
    "works": {"case_id": "{id}", "rank": "rank + i", "opened_at": "opened_at + i"},
    "candidates": {"case_id": "{id}", "rank": "rank + i"},
}


def main() -> int:
    """Fill, let work, check; or be one of the processes that work."""
    asked = arguments()
    if asked.worker:
        return work(asked)
    with tempfile.TemporaryDirectory(prefix="genba-people-") as folder:
        os.environ["GENBA_HOME"] = asked.home = folder
        if asked.database:
            os.environ["GENBA_DATABASE_URL"] = asked.database
        begun = time.monotonic()
        ids = fill(asked, Path(folder))
        print(f"{asked.tasks} open tasks, filled in {time.monotonic() - begun:.0f} s", flush=True)
        told = [json.loads(one) for one in let_work(asked, ids)]
        return report(asked, told)


def arguments() -> Namespace:
    """What was asked for."""
    parser = ArgumentParser(prog="benchmarks.people")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=10)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--database", default="")
    parser.add_argument("--worker", default="", help="ids of people; used by the run itself")
    parser.add_argument("--home", default="")
    return parser.parse_args()


def fill(asked: Namespace, home: Path) -> list[str]:
    """One case by its act, and copies of its rows; the ids of the people."""
    from genba.web.boot import prepare

    prepare(home)
    from genba.acts.card import Assurance
    from genba.acts.inbound import Inbound
    from genba.acts.performance import perform
    from genba.cases.deployment import deploy_drawing
    from genba.people.accounts import enrol
    from genba.runtime.installation import current

    made = deploy_drawing(current(), DRAWING, "work.bpmn", "")
    assert not isinstance(made, tuple), made
    people = [
        enrol(f"p{number}@example.org", None, name=f"Person {number}", groups=[TEAM])
        for number in range(asked.people)
    ]
    inbound = Inbound(
        channel="api", assurance=Assurance.SESSION, act="process.start", given={}, key="first",
        person=people[0].id, object="process", object_id="work",
    )  # fmt: skip
    outcome = perform(inbound)
    assert outcome.ok, outcome
    current().journal.close()
    copy_rows(asked.database, home, asked.tasks - 1)
    return [one.id for one in people]


def copy_rows(database: str, home: Path, tasks: int) -> None:
    """Copies of the first case and its task, with an id, a number and a place of their own.

    They have no log: what is done to them is the first entry after their beginning.
    """
    dialect = "postgres" if database else "sqlite"
    connection = opened(database, home)
    if dialect == "postgres":
        connection.execute("SET session_replication_role = replica")  # not into the index of words
    id = NEW_ID[dialect]
    words = {"id": id, "state": STATE[dialect].format(id=id)}
    for table, changes in OTHERWISE.items():
        cursor = connection.execute(f"SELECT * FROM {table} LIMIT 0")
        columns = [str(one[0]) for one in cursor.description]
        values = ", ".join(changes.get(one, one).format(**words) for one in columns)
        counted = COUNTED[dialect].format(tasks=tasks)
        source = f"(SELECT * FROM {table} LIMIT 1) t, n"
        connection.execute(
            f"{counted} INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source}"
        )
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def opened(database: str, home: Path) -> Any:
    """A connection of our own to the journal."""
    if database:
        import psycopg

        return psycopg.connect(database)
    import sqlite3

    from genba.journal.addresses import FILE

    return sqlite3.connect(home / FILE)


def let_work(asked: Namespace, ids: list[str]) -> list[str]:
    """What each process tells at the end."""
    shares = [ids[start :: asked.processes] for start in range(asked.processes)]
    command = [sys.executable, "-m", "benchmarks.people", "--home", asked.home]
    command += ["--seconds", str(asked.seconds), "--think", str(asked.think)]
    running = [
        subprocess.Popen([*command, "--worker", ",".join(share)], stdout=subprocess.PIPE, text=True)
        for share in shares
    ]
    return [one.communicate()[0] for one in running]


def work(asked: Namespace) -> int:
    """Let these people work in threads, and print what they met."""
    from genba.web.boot import prepare

    prepare(Path(asked.home))
    told = Told()
    people = [Worker(id, asked, told) for id in asked.worker.split(",")]
    signed_in(people[0].id).get("/")  # a server that has just started is another question
    begun = time.process_time()
    for one in people:
        one.start()
    for one in people:
        one.join()
    told.cpu = time.process_time() - begun
    print(json.dumps({"times": told.times, "taken": told.taken, "done": told.done,
                      "wrong": told.wrong, "cpu": told.cpu}))  # fmt: skip
    return 0


class Told:
    """What the people of a process met: milliseconds by what they did, and what they were told."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self.taken: list[tuple[str, str]] = []  # task, person
        self.done: list[tuple[str, str]] = []
        self.wrong: Counter[str] = Counter()
        self.cpu = 0.0  # seconds of processor time, of those who ask too
        self.server = ThreadPoolExecutor(SERVING)  # as many threads as a server answers with


class Worker(threading.Thread):
    """One person."""

    def __init__(self, id: str, asked: Namespace, told: Told) -> None:
        super().__init__()
        self.id = id
        self.asked = asked
        self.told = told
        self.chance = Random(int(id))

    @override
    def run(self) -> None:
        """Sign in, then work until the time is up."""
        self.client = self.told.server.submit(signed_in, self.id).result()
        until = time.monotonic() + self.asked.seconds
        self.pause()
        while time.monotonic() < until:
            if self.chance.random() < 0.25:
                self.timed("first page", "get", "/")
                self.pause()
            self.timed("page of the queue", "get", f"/queues/{TEAM}")
            self.pause()
            self.take_one()

    def pause(self) -> None:
        """Think."""
        if self.asked.think:
            time.sleep(self.chance.expovariate(1 / self.asked.think))

    def take_one(self) -> None:
        """Take the next, and finish it."""
        taken = self.timed("take the next", "post", f"/api/queue/{TEAM}/next")
        if taken.status_code != 200:
            return
        task = taken.json()["object_id"]
        self.told.taken.append((task, self.id))
        self.pause()
        if self.timed("finish", "post", f"/api/task/{task}/complete").status_code == 200:
            self.told.done.append((task, self.id))

    def timed(self, what: str, method: str, path: str) -> Any:
        """Ask, and note how long it took and whether it went wrong."""
        begun = time.perf_counter()
        try:
            more = {"content_type": "application/json"} if method == "post" else {}
            ask = getattr(self.client, method)
            answer = self.told.server.submit(ask, path, **more).result()
        except Exception as error:
            self.told.wrong[f"{what}: {type(error).__name__}"] += 1
            return Failed
        self.told.times.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            self.told.wrong[f"{what}: {answer.status_code}"] += 1
        return answer


def signed_in(id: str) -> Any:
    """A browser of this person."""
    from django.test import Client

    from genba.people.models import Person

    client = Client(HTTP_HOST="localhost")
    person = Person.objects.get(pk=int(id))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


class Failed:
    """The answer to what raised."""

    status_code = 500


def report(asked: Namespace, told: list[dict[str, Any]]) -> int:
    """Print the figures, check the journal; 1 when something is wrong with it."""
    where = "PostgreSQL" if asked.database else "SQLite"
    print(f"{asked.people} people, {asked.processes} processes, {where}, "
          f"{asked.seconds:.0f} s, thinking {asked.think:g} s")  # fmt: skip
    for what in ("first page", "page of the queue", "take the next", "finish"):
        times = sorted(time for one in told for time in one["times"].get(what, ()))
        if times:
            p50, p99 = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
            print(f"  {what:<18} {len(times):>7} times   p50 {p50:7.0f} ms   p99 {p99:7.0f} ms")
    count = sum(len(times) for one in told for times in one["times"].values())
    if count:
        spent = sum(one["cpu"] for one in told) * 1000 / count
        print(f"  {count} requests, {spent:.0f} ms of processor time each")
    wrong = sum((Counter(one["wrong"]) for one in told), Counter[str]())
    for what, times_wrong in wrong.items():
        print(f"  not answered with 200: {what} ({times_wrong} times)")
    taken = [tuple(one) for part in told for one in part["taken"]]
    done = [tuple(one) for part in told for one in part["done"]]
    faults = [*doubles(taken), *lost(asked, taken, done)]
    print(f"  {len(taken)} taken, {len(done)} finished; given to two or lost: {len(faults)}")
    for fault in faults[:10]:
        print(f"  {fault}")
    return 1 if faults else 0


def doubles(taken: list[tuple[str, ...]]) -> list[str]:
    """Tasks that more than one person was told are theirs."""
    return [f"{task} was given to {n}" for task, n in Counter(t for t, _ in taken).items() if n > 1]


def lost(asked: Namespace, taken: list[tuple[str, ...]], done: list[tuple[str, ...]]) -> list[str]:
    """What was acknowledged and is not so in the journal."""
    connection = opened(asked.database, Path(asked.home))
    works = connection.execute(
        "SELECT case_id, work, assignee, closed_by, outcome FROM works WHERE assignee <> ''"
    ).fetchall()
    rows = {f"{case}:{work}": (who, by, how) for case, work, who, by, how in works}
    entries = Counter(
        (case, type)
        for case, type in connection.execute("SELECT case_id, type FROM log").fetchall()
    )
    connection.close()
    found = [f"{t} is not {p}'s" for t, p in taken if rows.get(t, ("",))[0] != p]
    found += [f"{t} is not done by {p}" for t, p in done if rows.get(t, ())[1:] != (p, "completed")]
    for task, _person in taken:
        times = entries[task.partition(":")[0], "work-assigned"]
        if times != 1:
            found.append(f"{task} was assigned {times} times on the log")
    if len(rows) != len(taken):
        found.append(f"{len(rows)} tasks are somebody's, {len(taken)} were acknowledged")
    return found


if __name__ == "__main__":
    sys.exit(main())
