"""Random processes in numbers, against the oracle and against crashes.

    python -m tests.simulation.soak [--seed N] [--cases M] [--depth D] [--stores sqlite,postgres]

Each process is played twice. In memory, where every command is decided on a case that was stored
and read again, replaying its events must give the same state, and every task must run exactly as
often as the drawing says. Then in a store, by processes that die at random statements; there logs,
states and effects must be those of an uninterrupted run. Every hundredth is kept in PostgreSQL, the
others in SQLite. Prints each difference with its seed, the coverage, and a summary.
"""

import logging
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest
from msgspec import Struct

from tests.simulation.coverage import Coverage
from tests.simulation.crashing import MEMORY, store
from tests.simulation.durable import at_random, compare, innocent
from tests.simulation.workers import play_rare

EVERY = 100  # of the processes, one is kept in the slower store


class Summary(Struct):
    """What there was, and what was wrong with it."""

    processes: int = 0
    commands: int = 0
    crashes: int = 0
    statements: int = 0
    differences: int = 0
    lost: int = 0
    doubled: int = 0
    repeated: int = 0

    def lines(self, given: Namespace, seconds: float) -> list[str]:
        """The summary, as it is printed."""
        return [
            f"{self.processes} processes from seed {given.seed}, {self.commands} commands,"
            f" {seconds:.0f} s: {self.differences} differences",
            f"{self.crashes} crashes in {self.statements} statements: {self.lost} effects lost,"
            f" {self.doubled} doubled ({self.repeated} repeated on the wire, taken once by key)",
        ]


def run(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.simulation.soak")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--cases", type=int, default=10_000, help="how many processes")
    parser.add_argument("--depth", type=int, default=3, help="how deep blocks are nested")
    parser.add_argument("--stores", default="sqlite,postgres", help="where they crash; or none")
    given = parser.parse_args(arguments)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    logging.getLogger("genba").setLevel(logging.CRITICAL)
    summary, coverage = Summary(), Coverage()
    begun = time.monotonic()
    for seed in range(given.seed, given.seed + given.cases):
        summary.processes += 1
        try:
            summary.commands += play_rare(seed, given.depth, coverage)
            crash(seed, given, summary)
        except Exception as wrong:  # a bug is a difference as well
            summary.differences += 1
            print(f"seed {seed}: {type(wrong).__name__}: {wrong}", flush=True)
    print(coverage.table())
    print("\n".join(summary.lines(given, time.monotonic() - begun)))
    missing = coverage.missing()
    return 1 if summary.differences or summary.lost or summary.doubled or missing else 0


def crash(seed: int, given: Namespace, summary: Summary) -> None:
    """The same seed in a store, with crashes."""
    stores = [name for name in given.stores.split(",") if name not in ("", "none")]
    if not stores:
        return
    name = stores[-1] if seed % EVERY == 0 else stores[0]
    folder = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as made, innocent():
        try:
            with store(name, Path(made)) as opener:
                found = compare(opener, seed, at_random(seed), given.depth)
        except pytest.skip.Exception as absent:
            print(absent, flush=True)
            given.stores = "sqlite"
            return
    summary.crashes += found.crashes
    summary.statements += found.statements
    summary.lost += found.lost
    summary.doubled += found.doubled
    summary.repeated += found.repeated
    if found.differences:
        raise AssertionError(f"{name}: {', '.join(found.differences)}")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
