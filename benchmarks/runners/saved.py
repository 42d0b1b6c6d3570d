"""Genba's user tasks, saved in SQLite at each wait.

Rules of this file: `prepare_state` does what the other engines' runners do, the state and nothing
else; `prepare_journal` does what an act of the product does, log with hash chain, state, works
and outbox in one transaction. Flushing is switched off only here: the product has no such switch.
"""

import sqlite3
import tempfile
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from benchmarks.runners.own import AT, obey, parse
from benchmarks.runners.protocol import THREADS, TOGETHER, Prepare
from genba.engine.commands import CompleteWork, Rejected, Start
from genba.engine.state import Case, new_case


def prepare_state(synchronous: str) -> Prepare:
    """The state as JSON in one table, loaded and saved at each wait."""

    def prepare(model: str, expected: int) -> Callable[[], object]:
        graph = parse(model)
        database = sqlite3.connect(Path(tempfile.mkdtemp()) / "own.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(f"PRAGMA synchronous={synchronous}")
        database.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")
        encode, decoder = msgspec.json.encode, msgspec.json.Decoder(Case)

        def run() -> None:
            case, counted = new_case("c"), 0
            obey(graph, case, Start(at=AT, data={"n": 0}))
            insert = "INSERT INTO cases (state) VALUES (?)"
            id = database.execute(insert, (encode(case),)).lastrowid
            while case.works:
                select = "SELECT state FROM cases WHERE id = ?"
                case = decoder.decode(database.execute(select, (id,)).fetchone()[0])
                counted += 1
                work = next(iter(case.works))
                obey(graph, case, CompleteWork(at=AT, work=work, data={"n": counted}))
                update = "UPDATE cases SET state = ? WHERE id = ?"
                database.execute(update, (encode(case), id))
            check(case, counted, expected)

        return run

    return prepare


def prepare_journal(synchronous: str) -> Prepare:
    """One unit of work for the start and one for each task, through the journal."""

    def prepare(model: str, expected: int) -> Callable[[], object]:
        from genba.journal.records import Envelope
        from genba.runtime.definitions import deploy
        from genba.runtime.installation import open_installation
        from genba.runtime.unit import open_unit

        installation = open_installation(Path(tempfile.mkdtemp()))
        installation.journal._writer.execute(f"PRAGMA synchronous={synchronous}")  # type: ignore[attr-defined]
        deploy(installation, model.encode(), "benchmark.bpmn", by="")

        def envelope() -> Envelope:
            return Envelope(at=AT, channel="benchmark", key=str(uuid.uuid4()))

        def run() -> None:
            with open_unit(installation, envelope()) as unit:
                started = unit.start_case("p", data={"n": 0})
                if isinstance(started, Rejected):
                    raise RuntimeError(started.message)
                id, state, counted = started.row.case, started.state, 0
            while state.works:
                with open_unit(installation, envelope()) as unit:
                    case = unit.open(id)
                    state, counted = case.state, counted + 1
                    work = next(iter(state.works))
                    case.command(CompleteWork(at=AT, work=work, data={"n": counted}))
            check(state, counted, expected)

        return run

    return prepare


def prepare_together(model: str, expected: int) -> Callable[[], object]:
    """Many threads, each with one case after the other, whose flushes are shared."""
    run = prepare_journal("FULL")(model, expected)
    pool = ThreadPoolExecutor(THREADS)
    return lambda: list(pool.map(lambda _: run(), range(TOGETHER)))


def check(case: Case, counted: int, expected: int) -> None:
    """Raise when the case has not ended, or a step was not taken."""
    if case.status != "completed" or counted != expected:
        raise RuntimeError(f"{counted} steps were counted, the case is {case.status}")
