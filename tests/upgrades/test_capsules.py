"""What the previous release left waiting goes on to its end; both work beside each other."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from genba.journal.records import CaseId
from genba.runtime.recording import read_event
from tests.postgres import new_database
from tests.upgrades.capsule import fill
from tests.upgrades.player import ROUNDS, Player
from tests.upgrades.releases import PREVIOUS, Release, code_of, running

EARLIER = ("fd681bb", "5667e72", "e725466")  # on tables of shape 1, 2 and 4
New = Callable[[], str]
WAITED = {  # in which ways cases wait in the capsule
    "task", "choice", "happened", "time-up", "repeat", "count", "pick", "incident",
    "timer", "message", "signal", "condition", "join", "undo",
    "outbox message", "outbox signal", "outbox call", "outbox timetable", "outbox card",
}  # fmt: skip


@pytest.fixture(scope="session")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the previous release."""
    return code_of(PREVIOUS, tmp_path_factory.mktemp("previous"))


@pytest.fixture(params=["sqlite", "postgres"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[New]:
    """Makes an empty database; gives its address."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            numbers = iter(range(9))
            yield lambda: str(tmp_path / f"g{next(numbers)}.sqlite3")
        else:
            yield lambda: stack.enter_context(new_database())


def to_the_end(previous: Path, database: str) -> dict[str, list[str]]:
    """What happens when the previous release does everything by itself."""
    with running(previous, database) as release:
        fill(release)
        release.finish()
        told: dict[str, list[str]] = release.told()
    return told


def test_every_case_goes_on_to_its_end_in_the_present_release(previous: Path, new: New) -> None:
    expected = to_the_end(previous, new())
    assert {steps[-1] for steps in expected.values()} == {"completed", "cancelled"}
    capsule = new()
    with running(previous, capsule) as release:
        fill(release)
        left = release.waiting()
    assert set(left) >= WAITED
    present = Player(capsule)
    try:
        assert present.faults() == [], "as it was left"
        assert present.waiting() == left
        present.finish()
        assert present.told() == expected
        assert present.faults() == []
        with present.inst.journal.reading() as reading:
            for case in present.cases():
                assert all(
                    read_event(entry) or "." in entry.type for entry in reading.log(CaseId(case))
                )
    finally:
        present.close()


@pytest.mark.parametrize("commit", EARLIER)
def test_every_case_of_an_earlier_release_goes_on_to_its_end(commit: str, tmp_path: Path) -> None:
    code = code_of(commit, tmp_path / "release")
    expected = to_the_end(code, str(tmp_path / "whole.sqlite3"))
    capsule = str(tmp_path / "capsule.sqlite3")
    with running(code, capsule) as release:
        fill(release)
        left = release.waiting()
    present = Player(capsule)
    try:
        assert present.inst.journal.verify() == []
        assert present.waiting() == left
        present.finish()
        assert present.told() == expected
        assert present.faults() == []
    finally:
        present.close()


def test_the_previous_release_goes_on_beside_the_present_one(previous: Path, new: New) -> None:
    """It was running when the present one brought the tables to their new shape."""
    expected = to_the_end(previous, new())
    database = new()
    with running(previous, database) as older:
        fill(older)
        newer = Player(database)
        try:
            turns = cycle((older, newer))
            for _ in range(ROUNDS):
                for case in newer.cases():
                    next(turns).drain()
                    next(turns).step(case)
                    next(turns)
                next(turns).drain()
                older.wait(1)
                newer.wait(1)
            assert newer.told() == older.told() == expected
            assert newer.faults() == older.faults() == []
        finally:
            newer.close()


def test_the_previous_release_does_not_start_on_what_it_cannot_know(
    previous: Path, new: New
) -> None:
    database = new()
    Player(database).close()
    refused = Release(previous, database)
    with pytest.raises(AssertionError, match="written by a newer release of Genba"):
        refused.cases()
