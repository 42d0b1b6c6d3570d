"""One flush for all who wrote while the last one ran; each still all or nothing, and alone."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from genba.journal.contract import Conflict, JournalBroken
from genba.journal.records import CaseId
from genba.journal.sqlite import SqliteJournal


def crowd(journal: SqliteJournal, make: Any, count: int = 12, fails: bool = False) -> list[Any]:
    """Hold the writer until many wait; every third of them fails, the first too if it `fails`."""
    ready, begun = threading.Barrier(count + 1), threading.Event()

    def write(number: int) -> Any:
        ready.wait(10)
        begun.wait(10)
        try:
            with journal.writing() as tx:
                row = tx.create_case(make.case(f"c{number}"))
                tx.append(row, expected=0, entries=make.entries(1), envelope=make.envelope())
                if number % 3 == 0:
                    raise Conflict("not this one")
        except (Conflict, JournalBroken) as error:
            return type(error)
        return number

    with ThreadPoolExecutor(count) as pool:
        got = [pool.submit(write, number) for number in range(count)]
        ready.wait(10)
        with suppress(Conflict), journal.writing() as tx:
            tx.create_case(make.case("first"))
            begun.set()
            until = threading.Event()
            while journal._commits._waiting < count and not until.wait(0.01):
                pass
            if fails:
                raise Conflict("not the first")
        return [one.result(20) for one in got]


def test_all_who_wait_share_a_flush_and_fail_alone(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    before = journal._commits.flushes
    got = crowd(journal, make)
    assert got == [Conflict if n % 3 == 0 else n for n in range(12)]
    assert journal._commits.flushes == before + 1
    with journal.reading() as read:
        there = [read.case(CaseId(f"c{n}")) is not None for n in range(12)]
    assert there == [n % 3 != 0 for n in range(12)]
    assert journal.verify() == []
    journal.close()


def test_positions_have_no_gap_where_one_of_a_group_failed(tmp_path: Path, make: Any) -> None:
    """The position is asked once by those who share a flush, and again after one has failed."""
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    crowd(journal, make)
    with journal.reading() as read:
        assert [entry.position for entry in read.log_since(0)] == list(range(1, 9))
    journal.close()


def test_the_first_fails_alone_too(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    got = crowd(journal, make, fails=True)
    assert got == [Conflict if n % 3 == 0 else n for n in range(12)]
    with journal.reading() as read:
        there = [read.case(CaseId(f"c{n}")) is not None for n in range(12)]
        assert there == [n % 3 != 0 for n in range(12)]
        assert read.case(CaseId("first")) is None
    assert journal.verify() == []
    journal.close()


def test_when_the_flush_fails_nobody_is_told_that_it_is_kept(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    make.put(journal, "there")

    class Full:
        """The connection of a disk that is full at the end."""

        def __init__(self, inner: sqlite3.Connection) -> None:
            self.inner = inner

        def execute(self, text: str, *given: Any) -> Any:
            if text == "COMMIT":
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return self.inner.execute(text, *given)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    real = journal._commits._connection
    journal._commits._connection = Full(real)  # type: ignore[assignment]
    with pytest.raises(JournalBroken, match="is full"):
        crowd(journal, make)
    journal._commits._connection = real
    with journal.reading() as read:
        assert read.case(CaseId("first")) is None
        assert read.case(CaseId("c1")) is None
    make.put(journal, "c1")
    assert journal.verify() == []
    journal.close()


def test_what_is_acknowledged_is_on_the_disk_at_any_cut(tmp_path: Path, make: Any) -> None:
    """Copies of file and WAL at any moment, the end of the WAL torn: nothing acknowledged is lost.

    The copy is cut no further back than what was flushed when the last answer was given.
    """
    path = tmp_path / "g.sqlite3"
    journal = SqliteJournal(path)
    acknowledged: list[tuple[int, int]] = []  # size of the WAL, cases there must be
    wal = path.with_name(path.name + "-wal")
    for number in range(40):
        make.put(journal, f"c{number}", entries=2)
        acknowledged.append((wal.stat().st_size, number + 1))
    whole = wal.read_bytes()
    sizes = [size for size, _ in acknowledged]
    assert sizes == sorted(sizes)
    for step, (size, cases) in enumerate(acknowledged[::4]):
        cut = tmp_path / f"cut{step}.sqlite3"
        cut.write_bytes(path.read_bytes())
        torn = whole[size : size + 700 * step]  # some of what came later reached the disk …
        damaged = bytes(byte ^ 0x55 for byte in torn[-512:])  # … its end as rubbish
        cut.with_name(cut.name + "-wal").write_bytes(whole[:size] + torn[:-512] + damaged)
        again = SqliteJournal(cut)
        with again.reading() as read:
            assert all(read.case(CaseId(f"c{n}")) is not None for n in range(cases))
        assert again.verify() == []
        again.close()
    journal.close()
