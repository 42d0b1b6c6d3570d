"""Random processes in numbers, against the oracle and against crashes.

    python -m tests.simulation.soak [--seed N] [--cases M] [--depth D] [--sweeps S] [--stores LIST]

Each process is played twice. In memory, where every command is decided on a case that was stored
and read again, replaying its events must give the same state, and every task must run exactly as
often as the drawing says. Then in a store, by processes that die at random statements; there logs,
states and effects must be those of an uninterrupted run. Every hundredth is kept in PostgreSQL,
every fifth in SQLite on a disk whose power goes, the others in SQLite. `--sweeps` small ones die at
each of their statements, before and after it. Prints each difference with its seed, the coverage,
and a summary.
"""

import logging
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
from msgspec import Struct

from tests.simulation.coverage import Coverage
from tests.simulation.crashing import MEMORY, store
from tests.simulation.durable import (
    Comparison,
    Correspondent,
    at_random,
    compare,
    innocent,
    live,
    once,
)
from tests.simulation.workers import play_rare

# One of so many processes is kept in the store; the first that fits.
EVERY = {"postgres": 100, "power": 5, "sqlite": 1}
SWEPT = ("sqlite", "power")
CHUNK = 100  # processes played at once


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

    def join(self, other: "Summary") -> None:
        """Count what another one counted."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def add(self, found: Comparison) -> None:
        """Count what one comparison found."""
        self.crashes += found.crashes
        self.statements += found.statements
        self.lost += found.lost
        self.doubled += found.doubled
        self.repeated += found.repeated
        self.differences += bool(found.differences)

    def lines(self, given: Namespace, seconds: float) -> list[str]:
        """The summary, as it is printed."""
        return [
            f"from seed {given.seed}: {self.commands} commands, {self.statements} statements,"
            f" {seconds:.0f} s; {self.repeated} effects repeated on the wire, taken once by key",
            f"{self.processes:,} processes × {self.crashes:,} crash points:"
            f" {self.differences} differences, {self.lost + self.doubled} lost or doubled effects",
        ]


def run(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.simulation.soak")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--cases", type=int, default=10_000, help="how many processes")
    parser.add_argument("--depth", type=int, default=3, help="how deep blocks are nested")
    parser.add_argument("--sweeps", type=int, default=4, help="how many die at each statement")
    parser.add_argument("--stores", default=",".join(EVERY), help="where they crash; or none")
    parser.add_argument("--jobs", type=int, default=2, help="processes that play side by side")
    given = parser.parse_args(arguments)
    summary, coverage = Summary(), Coverage()
    begun = time.monotonic()
    some = [range(at, min(at + CHUNK, given.seed + given.cases))
            for at in range(given.seed, given.seed + given.cases, CHUNK)]  # fmt: skip
    swept = list(small(given.seed, given.sweeps if given.stores != "none" else 0))
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        doing = [pool.submit(play, seeds, given) for seeds in some]
        doing += [pool.submit(swept_in, name, seed) for seed in swept for name in SWEPT]
        for done in as_completed(doing):
            found, seen, told = done.result()
            summary.join(found)
            coverage.join(seen)
            if told:
                print("\n".join(told), flush=True)
    print(coverage.table())
    print("\n".join(summary.lines(given, time.monotonic() - begun)))
    missing = coverage.missing()
    if missing:
        print("never drawn:", ", ".join(missing))
    return 1 if summary.differences or summary.lost or summary.doubled or missing else 0


Found = tuple[Summary, Coverage, list[str]]


def play(seeds: range, given: Namespace) -> Found:
    """Some processes, and what is to be said of them."""
    hush()
    summary, coverage, told = Summary(), Coverage(), list[str]()
    for seed in seeds:
        summary.processes += 1
        try:
            summary.commands += play_rare(seed, given.depth, coverage)
            told += crash(seed, given, summary)
        except Exception as wrong:  # a bug is a difference as well
            summary.differences += 1
            told.append(f"seed {seed}: {type(wrong).__name__}: {wrong}")
    return summary, coverage, told


def swept_in(name: str, seed: int) -> Found:
    """A sweep, and what is to be said of it."""
    hush()
    summary = Summary()
    return summary, Coverage(), list(sweep(name, seed, summary))


def hush() -> None:
    """What is said of connections that die on purpose is not news."""
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    logging.getLogger("genba").setLevel(logging.CRITICAL)


def crash(seed: int, given: Namespace, summary: Summary) -> list[str]:
    """The same seed in a store, with crashes; what is to be said of it."""
    name = next(
        (name for name in given.stores.split(",") if name in EVERY and seed % EVERY[name] == 0),
        None,
    )
    if name is None:
        return []
    with folder_of(seed) as folder:
        try:
            with store(name, folder) as opener:
                found = compare(opener, seed, at_random(seed), given.depth)
        except pytest.skip.Exception as absent:
            given.stores = "power,sqlite"
            return [str(absent)]
    summary.add(found)
    return [f"seed {seed}: {name}: {what}" for what in found.differences]


def small(seed: int, number: int) -> Iterator[int]:
    """The first so many seeds of small processes that call another case and tell a partner."""
    while number:
        draughtsman = Correspondent(seed, web=True)
        data, _ = draughtsman.file(1)
        if draughtsman.told and b'calledElement="q"' in data:
            yield seed
            number -= 1
        seed += 1


def sweep(name: str, seed: int, summary: Summary) -> Iterator[str]:
    """A small process that dies at each of its statements, before it and after it."""
    with folder_of(seed) as folder, store(name, folder) as opener:
        statements = live(opener, seed, 1).fuse.count
    for at in range(1, statements + 1):
        for after in (False, True):
            with folder_of(seed) as folder, store(name, folder) as opener:
                found = compare(opener, seed, once(at, after=after), 1)
            summary.add(found)
            for what in found.differences:
                yield f"seed {seed}: {name}, statement {at}: {what}"


@contextmanager
def folder_of(seed: int) -> Iterator[Path]:
    """A folder named after a seed, in memory where there is such a thing."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as made, innocent():
        folder = Path(made, str(seed))
        folder.mkdir()
        yield folder


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
