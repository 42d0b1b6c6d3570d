"""Which release may work on which shape of the tables, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from genba.journal import postgres, shapes, sqlite
from genba.journal.contract import Journal, JournalBroken
from genba.journal.postgres import PostgresJournal
from genba.journal.queries import sql_file
from genba.journal.sqlite import SqliteJournal
from tests.postgres import new_database

Open = Callable[[], Journal]
NEWEST = sqlite.MIGRATIONS[-1][0]
STEP = NEWEST + 1


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same database each time, with the release as it is patched then."""
    if request.param == "sqlite":
        yield lambda: SqliteJournal(tmp_path / "g.sqlite3")
    else:
        with new_database() as url:
            yield lambda: PostgresJournal(url)


def next_release(patch: pytest.MonkeyPatch, *, breaking: bool) -> None:
    """The release after this one: a step more."""
    for store in (sqlite, postgres):
        steps = (*store.MIGRATIONS, (STEP, "extra.sql"))
        patch.setattr(store, "MIGRATIONS", steps)
        patch.setattr(store, "sql_file", extra)
    if breaking:
        patch.setattr(shapes, "BREAKING", frozenset({STEP}))


def extra(file: str) -> str:
    """The files of the release after this one."""
    return "CREATE TABLE extra (id INTEGER);\n" if file == "extra.sql" else sql_file(file)


def test_both_databases_take_the_same_steps() -> None:
    numbers = [step for step, _file in sqlite.MIGRATIONS]
    assert numbers == [step for step, _file in postgres.MIGRATIONS]
    assert numbers == list(range(1, NEWEST + 1))
    assert shapes.RULED in numbers


def test_a_release_works_on_tables_that_the_next_one_added_to(opened: Open, make: Any) -> None:
    running = opened()
    make.put(running, "c1")
    with pytest.MonkeyPatch.context() as patch:
        next_release(patch, breaking=False)
        newer = opened()
    make.put(running, "c2")  # it was running
    started = opened()  # it is started again
    make.put(started, "c3")
    make.put(newer, "c4")
    for one in (running, started, newer):
        with one.reading() as reading:
            assert reading.length() == 4
        assert one.verify() == []
        one.close()


def test_a_release_refuses_tables_it_cannot_work_on(opened: Open, make: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        next_release(patch, breaking=True)
        newer = opened()
        make.put(newer, "c1")
        newer.close()
    with pytest.raises(JournalBroken) as refused:
        opened()
    assert str(refused.value) == (
        f"The database was written by a newer release of Genba (shape {STEP}, this one knows"
        f" {NEWEST}, {STEP} is needed). Nothing was changed. Start that release, or a later one."
    )
