"""How many cases a second, when several processes work one journal?

    python -m benchmarks.crowd [--processes N] [--threads N] [--cases N] [--database URL]

Each process does so many cases of five user tasks, in threads that each do one case after the
other: an act for the start and one for each task, through the whole journal, kept on the disk
before the next one begins. Prints cases a second on the wall and the time of the processor a case
takes, of the processes and, where it runs on the same machine, of the database. Then every case
must have ended and the hashes must hold; exit code 1 when not. Without a database a file is used.
"""

import os
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.models import persons
from benchmarks.runners.saved import through
from genba.journal.addresses import read_address
from genba.journal.contract import CaseQuery
from genba.runtime.definitions import deploy
from genba.runtime.installation import Installation, open_installation

STEPS = 5
PATIENCE = 3_600  # seconds that a process may take


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when a case has not ended."""
    parser = ArgumentParser(prog="python -m benchmarks.crowd")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--cases", type=int, default=500, help="of each process")
    parser.add_argument("--database", default="")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        return measure(given, Path(home))


def measure(given: Namespace, home: Path) -> int:
    """Let the processes begin at once, and look at what they left."""
    installation = open_installation(read_address(given.database, home))
    deploy(installation, persons("genba").encode(), "benchmark.bpmn", by="")
    with installation.journal.reading() as reading:
        there = reading.count_cases(CaseQuery(status="completed"))
    context = get_context("spawn")
    ready, results = context.Barrier(given.processes), context.Queue()
    numbers = range(given.processes)
    workers = [
        context.Process(target=work, args=(given, home, number, ready, results))
        for number in numbers
    ]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=PATIENCE) for _ in numbers]
    for worker in workers:
        worker.join()
    show(given, told)
    with installation.journal.reading() as reading:
        ended = reading.count_cases(CaseQuery(status="completed")) - there
    wrong = installation.journal.verify()
    installation.journal.close()
    wanted = given.processes * (given.cases + given.threads)
    print(f"{ended} of {wanted} cases ended, {len(wrong)} faults in their logs")
    return int(ended != wanted or bool(wrong))


def show(given: Namespace, told: list[tuple[float, float, float, float]]) -> None:
    """The figures: of all processes, from the first beginning to the last end."""
    begun, ended, own, servers = (list(column) for column in zip(*told, strict=True))
    cases = given.processes * given.cases
    print(
        f"{given.processes} processes of {given.threads} threads:"
        f" {cases / (max(ended) - min(begun)):.0f} cases a second on the wall;"
        f" of the processor {sum(own) / cases * 1e3:.2f} ms a case here"
        + (f", {sum(servers) / cases * 1e3:.2f} ms in the database" if any(servers) else "")
    )


def work(given: Namespace, home: Path, number: int, ready: Any, results: Any) -> None:
    """One process: a case in each thread first, so that what is prepared once is prepared."""
    installation = open_installation(read_address(given.database, home))
    run = through(installation, STEPS, f"process-{number}")
    with ThreadPoolExecutor(given.threads) as pool:
        list(pool.map(lambda _: run(), range(given.threads)))
        ready.wait()
        begun, own, server = time.time(), time.process_time(), served(installation)
        list(pool.map(lambda _: run(), range(given.cases)))
        ended, own = time.time(), time.process_time() - own
        results.put((begun, ended, own, served(installation) - server))
    installation.journal.close()


def served(installation: Installation) -> float:
    """Seconds of the processor the connections of this process have cost the database so far."""
    pool = getattr(installation.journal, "_writers", None)
    if pool is None:
        return 0.0
    ticks = 0
    waiting = [pool.getconn() for _ in range(len(pool._pool))]
    for connection in waiting:
        place = Path(f"/proc/{connection.info.backend_pid}/stat")
        pool.putconn(connection)
        if place.exists():
            fields = place.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # user and system, see proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
