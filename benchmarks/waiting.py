"""Does a step cost more when a million other cases wait? `python -m benchmarks.waiting [CASES]`.

Rules of this file: one case is started by the engine; the others are its rows again, each with an
id, number, position and hash chain of its own, so that `genba verify` finds nothing wrong. The
steps are acts of one case each, flushed to the disk, on cases chosen by chance, in turns on a small
and on the large installation, so that what else the machine does falls on both.
"""

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.models import persons
from benchmarks.runners.own import AT
from genba.engine.commands import CompleteWork, Rejected
from genba.journal.addresses import FILE
from genba.journal.chain import NOTHING, canonical, link
from genba.journal.records import CaseId, Envelope
from genba.journal.rows import bucket
from genba.runtime.definitions import deploy
from genba.runtime.identity import fresh_id
from genba.runtime.installation import Installation, open_installation
from genba.runtime.unit import open_unit

FEW, MANY = 10_000, 1_000_000
TOGETHER = 10_000  # cases in one transaction while loading
ROUNDS, STEPS = 21, 100
COPIED = ("cases", "works", "candidates", "log", "findable")  # what a case that waits has rows in
Row = dict[str, Any]


def envelope() -> Envelope:
    """Of a new command."""
    return Envelope(at=AT, channel="benchmark", key=str(uuid.uuid4()))


def load(folder: Path, count: int) -> tuple[Installation, list[str]]:
    """An installation with so many cases that wait for their first person, and their ids.

    What is to be sent about them is taken to have been sent.
    """
    installation = open_installation(folder)
    deploy(installation, persons("genba").encode(), "benchmark.bpmn", by="")
    asked = envelope()
    with open_unit(installation, asked) as unit:
        first = unit.start_case("p", data={"n": 0})
        if isinstance(first, Rejected):
            raise RuntimeError(first.message)
    ids = [fresh_id(AT) for _ in range(count - 1)]
    ids.sort()  # as they are when they are made one after the other
    with sqlite3.connect(folder / FILE) as database:
        database.execute("DELETE FROM outbox")
        rows = {table: _rows(database, table) for table in COPIED}
        for begun in range(0, len(ids), TOGETHER):
            some = range(begun, min(begun + TOGETHER, len(ids)))
            for table, originals in rows.items():
                if table != "log":
                    copies = (_copy(row, first.id, ids[i], i) for i in some for row in originals)
                    _insert(database, table, originals[0], copies)
            logs = [list(_log(rows["log"], first.id, ids[i], i, asked)) for i in some]
            _insert(database, "log", rows["log"][0], (entry for log in logs for entry in log))
            heads = [(log[-1]["hash"], log[-1]["case_id"]) for log in logs]
            database.executemany("UPDATE cases SET head = ? WHERE case_id = ?", heads)
            words = "INSERT INTO found_words (rowid, words) VALUES (?, ?)"
            title = rows["cases"][0]["title"]
            database.executemany(words, ((row_id(i), title) for i in some))
            database.commit()
    database.close()
    return installation, [first.id, *ids]


def row_id(place: int) -> int:
    """The number of a copy: the first case has number 1."""
    return place + 2


def _rows(database: sqlite3.Connection, table: str) -> list[Row]:
    """Those of the only case there is."""
    found = database.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _copy(row: Row, before: str, id: str, place: int) -> Row:
    """A row of another case: its id wherever it stands, its own number."""
    made = {name: _renamed(value, before, id) for name, value in row.items()}
    if "bucket" in made:
        made["bucket"] = bucket(id)
    if "number" in made:
        made["number"] = row_id(place)
    if "id" in made:
        made["id"] = row_id(place)
    return made


def _renamed(value: object, before: str, id: str) -> object:
    if isinstance(value, bytes):
        return value.replace(before.encode(), id.encode())
    return value.replace(before, id) if isinstance(value, str) else value


def _log(rows: list[Row], before: str, id: str, place: int, asked: Envelope) -> Iterator[Row]:
    """The log of another case, its entries chained to each other."""
    head = NOTHING
    for row in rows:
        position = row["position"] + len(rows) * (place + 1)
        body = row["body"].replace(before.encode(), id.encode())
        form = canonical(CaseId(id), row["seq"], position, row["type"], body, asked)
        head = link(head, form)
        yield row | {"case_id": id, "position": position, "body": body, "hash": head}


def _insert(database: sqlite3.Connection, table: str, like: Row, rows: Iterator[Row]) -> None:
    names, places = ", ".join(like), ", ".join(f":{name}" for name in like)
    database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def stored(folder: Path) -> tuple[int, int]:
    """Bytes beside the log, and of the log, in whole pages with what is free in them."""
    with sqlite3.connect(folder / FILE) as database:
        pages = "SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = TRUE GROUP BY name"
        sizes = dict(database.execute(pages).fetchall())
        of_log = database.execute("SELECT name FROM sqlite_schema WHERE tbl_name = 'log'")
        log = sum(sizes.get(name, 0) for (name,) in of_log.fetchall())
    database.close()
    return sum(sizes.values()) - log, log


def step(installation: Installation, id: str) -> float:
    """Do the first task of a case; seconds until it is on the disk."""
    before = time.perf_counter()
    with open_unit(installation, envelope()) as unit:
        case = unit.open(id)
        done = case.command(CompleteWork(at=AT, work=next(iter(case.state.works)), data={"n": 1}))
    if isinstance(done, Rejected):
        raise RuntimeError(done.message)
    return time.perf_counter() - before


def main(arguments: Sequence[str]) -> int:
    """Load both, step in turns, print the figures."""
    many = int(arguments[0]) if arguments else MANY
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for count in (FEW, many):
            home = Path(folder) / str(count)
            installation, ids = load(home, count)
            beside, log = (size / count for size in stored(home))
            words = f"{count:,} cases wait: {beside:,.0f} B each, beside {log:,.0f} B of log"
            print(words, flush=True)
            sides.append((installation, iter(random.sample(ids, ROUNDS * STEPS))))
        os.sync()
        took: list[list[float]] = [[], []]
        for _ in range(ROUNDS):
            for side, (installation, some) in enumerate(sides):
                took[side] += [step(installation, next(some)) for _ in range(STEPS)]
        # The first round warms up the caches.
        few, more = (statistics.median(times[STEPS:]) * 1e3 for times in took)
        print(f"a step, flushed to the disk: {few:.3f} ms with {FEW:,} cases,", end=" ")
        print(f"{more:.3f} ms with {many:,} ({more / few - 1:+.0%})")
        for installation, _ in sides:
            installation.journal.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
