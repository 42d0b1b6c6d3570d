"""Genba's user tasks, saved in SQLite at each wait.

Rules of this file: `prepare_state` does what the other engines' runners do, the state and nothing
else; `prepare_journal` does what an act of the product does, log with hash chain, state, works
and outbox in one transaction. Flushing is switched off only here: the product has no such switch.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from benchmarks.runners.own import AT, obey, parse
from benchmarks.runners.protocol import THREADS, TOGETHER, Prepare
from genba.engine.commands import CompleteWork, Rejected, Start
from genba.engine.state import Case, new_case
from genba.journal.group_commit import GroupCommit
from genba.journal.records import Envelope
from genba.runtime.definitions import deploy
from genba.runtime.installation import Installation, open_installation
from genba.runtime.unit import open_unit

T = TypeVar("T")


Write = Callable[[Callable[[sqlite3.Connection], T]], T]  # runs something in a transaction


def prepare_state(synchronous: str) -> Prepare:
    """The state as JSON in one table, loaded and saved at each wait."""

    def prepare(model: str, expected: int) -> Callable[[], object]:
        database = states(synchronous)
        return saving(model, expected, lambda act: act(database))

    return prepare


def prepare_states_together(model: str, expected: int) -> Callable[[], object]:
    """The same in many threads, whose flushes are shared as those of the journal are."""
    commits = GroupCommit(states("FULL"))

    def write(act: Callable[[sqlite3.Connection], T]) -> T:
        connection, group = commits.enter()
        try:
            answer = act(connection)
        except BaseException as error:
            commits.leave(group, error)
            raise
        commits.leave(group, None)
        return answer

    return crowd(saving(model, expected, write))


def states(synchronous: str) -> sqlite3.Connection:
    """A new file with one table."""
    file = Path(tempfile.mkdtemp()) / "own.sqlite3"
    database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(f"PRAGMA synchronous={synchronous}")
    database.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")
    return database


def saving(model: str, expected: int, write: Write[Any]) -> Callable[[], object]:
    """A case from start to end, one `write` at each wait."""
    graph = parse(model)
    encode, decoder = msgspec.json.encode, msgspec.json.Decoder(Case)

    def start(database: sqlite3.Connection) -> tuple[int | None, Case]:
        case = new_case("c")
        obey(graph, case, Start(at=AT, data={"n": 0}))
        insert = "INSERT INTO cases (state) VALUES (?)"
        return database.execute(insert, (encode(case),)).lastrowid, case

    def step(database: sqlite3.Connection, id: int, counted: int) -> Case:
        select = "SELECT state FROM cases WHERE id = ?"
        case = decoder.decode(database.execute(select, (id,)).fetchone()[0])
        work = next(iter(case.works))
        obey(graph, case, CompleteWork(at=AT, work=work, data={"n": counted}))
        update = "UPDATE cases SET state = ? WHERE id = ?"
        database.execute(update, (encode(case), id))
        return case

    def run() -> None:
        (id, case), counted = write(start), 0
        while case.works:
            counted += 1
            case = write(partial(step, id=id, counted=counted))
        check(case, counted, expected)

    return run


def prepare_journal(synchronous: str) -> Prepare:
    """One unit of work for the start and one for each task, through the journal."""

    def prepare(model: str, expected: int) -> Callable[[], object]:
        installation = open_installation(Path(tempfile.mkdtemp()))
        installation.journal._writer.execute(f"PRAGMA synchronous={synchronous}")  # type: ignore[attr-defined]
        deploy(installation, model.encode(), "benchmark.bpmn", by="")
        return through(installation, expected)

    return prepare


def through(installation: Installation, expected: int, name: str = "act") -> Callable[[], object]:
    """A case from start to end through the journal of an installation, act by act."""
    numbers = count()

    def envelope() -> Envelope:
        return Envelope(at=AT, channel="benchmark", key=f"{name}-{next(numbers):032d}")

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


def prepare_together(model: str, expected: int) -> Callable[[], object]:
    """Many threads, each with one case after the other, whose flushes are shared."""
    return crowd(prepare_journal("FULL")(model, expected))


def crowd(run: Callable[[], object]) -> Callable[[], object]:
    """Many runs, many at once."""
    pool = ThreadPoolExecutor(THREADS)
    return lambda: list(pool.map(lambda _: run(), range(TOGETHER)))


def check(case: Case, counted: int, expected: int) -> None:
    """Raise when the case has not ended, or a step was not taken."""
    if case.status != "completed" or counted != expected:
        raise RuntimeError(f"{counted} steps were counted, the case is {case.status}")
