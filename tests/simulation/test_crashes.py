"""The process dies at any statement: nothing is lost, nothing doubled, nothing told otherwise."""

import logging
import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from genba.journal import sqlite
from genba.journal.contract import JournalBroken
from genba.journal.sql_writing import SqlTransaction
from genba.runtime import jobs
from genba.runtime.loop import Loop
from tests.simulation.crashing import MEMORY, store
from tests.simulation.durable import (
    Comparison,
    Life,
    at_random,
    calm,
    compare,
    innocent,
    live,
    once,
)

STORES = ("sqlite", "power", "postgres")
FIRST = int(os.environ.get("GENBA_FIRST_SEED", "1"))
SMALL = 42  # a seed of a small process that calls, tells, asks and has a machine work
BOUND = {"sqlite": 30, "power": 20, "postgres": 4}  # random processes
# Every so many statements of one process; `make soak` sweeps more, and any are as good as others.
STRIDE = {"sqlite": 13, "power": 13, "postgres": 97}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Files in memory where there is such a thing: a process that dies loses no writes."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as made:
        yield Path(made)


@pytest.fixture(autouse=True)
def killed_not_guilty() -> Iterator[None]:
    """Every death here is made by the test; what drivers say of dead connections is not news."""
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    with innocent():
        yield


def assert_nothing_happened(found: Comparison, where: str) -> None:
    assert not found.differences, (where, found.differences)
    assert (found.lost, found.doubled) == (0, 0), where


@pytest.mark.parametrize("name", STORES)
def test_random_processes_survive_crashes_at_random_statements(name: str, folder: Path) -> None:
    crashes = 0
    for seed in range(FIRST, FIRST + BOUND[name]):
        (folder / str(seed)).mkdir()
        with store(name, folder / str(seed)) as opener:
            found = compare(opener, seed, at_random(seed), depth=2)
        crashes += found.crashes
        assert_nothing_happened(found, f"seed {seed}")
    assert crashes > BOUND[name]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", STORES)
def test_a_process_survives_a_crash_at_every_statement(
    name: str, after: bool, folder: Path
) -> None:
    with store(name, folder) as opener:
        statements = live(opener, SMALL, 1).fuse.count
    assert statements > 40
    wanted = calm(SMALL, 1)
    assert len(wanted.effects) > 1
    for at in range(1, statements + 1, STRIDE[name]):
        (folder / f"{at}").mkdir()
        with store(name, folder / f"{at}") as opener:
            torn = live(opener, SMALL, 1, once(at, after=after))
            assert torn.crashes == 1, at
            assert torn.told() == wanted, at


def test_an_act_that_is_not_remembered_would_be_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: without the memory of keys, effects are doubled."""
    monkeypatch.setattr(SqlTransaction, "remember", lambda self, answer: None)
    assert is_noticed(folder)


def test_a_row_that_is_settled_before_its_effect_would_be_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: settled first, an effect is lost in a crash."""
    honest = Loop._hand_over

    def settled_first(self: Loop, row: Any, at: Any) -> bool:
        with self.inst.journal.writing() as tx:
            tx.settle(row)
        honest(self, row, at)
        return False

    monkeypatch.setattr(Loop, "_hand_over", settled_first)
    assert is_noticed(folder)


def test_a_disk_that_is_not_flushed_would_be_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: `synchronous=NORMAL` loses what was acknowledged when power goes."""
    hasty = tuple(pragma.replace("FULL", "NORMAL") for pragma in sqlite._PRAGMAS)
    monkeypatch.setattr(sqlite, "_PRAGMAS", hasty)
    assert is_noticed(folder, "power")


def test_a_machine_whose_work_has_a_new_key_each_time_would_be_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: without a key that stays, what a machine does is doubled."""
    times = count()
    monkeypatch.setattr(jobs, "effect_key", lambda case, work: f"{case}:{work}:{next(times)}")
    assert is_noticed(folder)


def is_noticed(folder: Path, name: str = "sqlite") -> bool:
    """Whether some of a few random processes ends otherwise than uninterrupted."""
    for seed in range(1, 60):
        (folder / str(seed)).mkdir()
        with store(name, folder / str(seed)) as opener:
            try:
                found = compare(opener, seed, at_random(seed), depth=2)
            except (AssertionError, LookupError, JournalBroken):
                return True
            if found.differences or found.lost or found.doubled:
                return True
    return False


def test_a_life_is_a_real_one(folder: Path) -> None:
    """What is compared is not empty: cases, works and effects were there."""
    with store("sqlite", folder) as opener:
        life: Life = live(opener, SMALL, 2, at_random(SMALL))
        told = life.told()
    assert life.crashes
    assert any(type == "work-completed" for type, _ in told.logs["p"])
    assert any("card:" in key for key in told.effects)
    assert any("job:" in key for key in told.effects)
