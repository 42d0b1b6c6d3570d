"""Many writers at once: no update is lost, from threads and from processes."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import Conflict, Journal
from genba.journal.postgres import PostgresJournal
from genba.journal.records import CaseId
from genba.journal.sqlite import SqliteJournal

C1 = CaseId("c1")
THREADS, TIMES = 4, 15

COUNT_UP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import pytest
from msgspec.structs import replace
from genba.journal.contract import Conflict, NewEntry
from genba.journal.records import Envelope
from genba.journal.sqlite import SqliteJournal

journal = SqliteJournal(Path(sys.argv[1]))
done = 0
while done < int(sys.argv[2]):
    with journal.reading() as read:
        row = read.case("c1")
    changed = replace(row, state=b"%d" % (int(row.state) + 1))
    try:
        with journal.writing() as tx:
            tx.append(changed, expected=row.revision, entries=[NewEntry("up", b"{}")],
                      envelope=Envelope(at=datetime.now(UTC)))
        done += 1
    except Conflict:
        pass
journal.close()
"""


WRITE_ON = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from genba.journal.contract import NewEntry
from genba.journal.records import Envelope
from genba.journal.sqlite import SqliteJournal

journal = SqliteJournal(Path(sys.argv[1]))
while True:
    with journal.writing() as tx:
        row = tx.case("c1")
        made = tx.append(row, expected=row.revision, entries=[NewEntry("up", b"{}")] * 3,
                         envelope=Envelope(at=datetime.now(UTC)))
    print(made[-1].seq, flush=True)
"""


def count_up(journal: Journal, make: Any) -> int:
    """Add one to the state of the case, again and again; how many tries were in vain."""
    done = vain = 0
    while done < TIMES:
        with journal.reading() as read:
            row = read.case(C1)
        assert row is not None
        changed = replace(row, state=b"%d" % (int(row.state) + 1))
        try:
            with journal.writing() as tx:
                tx.append(
                    changed,
                    expected=row.revision,
                    entries=make.entries(1),
                    envelope=make.envelope(),
                )
            done += 1
        except Conflict:
            vain += 1
    return vain


def counted(journal: Journal) -> tuple[int, int, list[str]]:
    with journal.reading() as read:
        row = read.case(C1)
        assert row is not None
        assert [entry.seq for entry in read.log(C1)] == list(range(1, row.revision + 1))
        return int(row.state), row.revision, journal.verify()


@pytest.mark.security("S3")
def test_no_update_of_a_thread_is_lost(journal: Journal, make: Any) -> None:
    make.put(journal, entries=0, state=b"0")
    with ThreadPoolExecutor(THREADS) as pool:
        tasks = [pool.submit(count_up, journal, make) for _ in range(THREADS)]
        for task in tasks:
            task.result()
    assert counted(journal) == (THREADS * TIMES, THREADS * TIMES, [])


def test_no_update_of_a_process_is_lost(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "g.sqlite3"
    journal = SqliteJournal(path)
    make.put(journal, entries=0, state=b"0")
    command = [sys.executable, "-c", COUNT_UP, str(path), "20"]
    running = [subprocess.Popen(command, env={"PYTHONPATH": ":".join(sys.path)}) for _ in range(2)]
    mine = count_up(journal, make)
    assert mine >= 0
    assert [process.wait(60) for process in running] == [0, 0]
    assert counted(journal) == (40 + TIMES, 40 + TIMES, [])
    journal.close()


@pytest.mark.security("S3")
def test_one_of_many_wins_a_claim(journal: Journal, make: Any) -> None:
    make.put(journal, entries=1)
    with journal.writing() as tx:
        tx.open_work(make.work())

    def claim(person: str) -> bool:
        try:
            with journal.writing() as tx:
                row = tx.case(C1)
                assert row is not None
                tx.append(row, expected=1, entries=make.entries(1), envelope=make.envelope())
                tx.assign_work(C1, "w1", person)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        won = list(pool.map(claim, [str(number) for number in range(20)]))
    assert won.count(True) == 1
    with journal.reading() as read:
        work = read.work(C1, "w1")
        assert work is not None
        assert work.assignee == str(won.index(True))


def test_numbers_and_keys_are_given_once(journal: Journal, make: Any) -> None:
    def create(number: int) -> None:
        while True:
            with suppress(Conflict), journal.writing() as tx:
                tx.create_case(make.case(f"c{number}"))
                tx.post(CaseId("all"), [make.outbox("same")])
                return

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(create, range(30)))
    with journal.reading() as read:
        rows = [read.case(CaseId(f"c{number}")) for number in range(30)]
        numbers = sorted(row.number for row in rows if row)
        assert len(set(numbers)) == 30
        assert numbers == list(range(1, 31)) or isinstance(journal, PostgresJournal)
        assert len(read.due_outbox(make.at())) == 1


def test_readers_do_not_wait_for_a_writer(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    make.put(journal)

    def look() -> int:
        with journal.reading() as read:
            return read.position()

    with ThreadPoolExecutor(1) as pool, journal.writing() as tx:
        row = tx.case(C1)
        assert row is not None
        tx.append(row, expected=1, entries=make.entries(5), envelope=make.envelope())
        assert pool.submit(look).result(10) == 1
        assert tx.position() == 6
    assert look() == 6
    journal.close()


def test_a_reader_keeps_its_view(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    make.put(journal)
    write: Callable[[], Any] = lambda: make.put(journal, "c2")  # noqa: E731
    with journal.reading() as read, ThreadPoolExecutor(1) as pool:
        assert read.position() == 1
        pool.submit(write).result(10)
        assert read.position() == 1
    journal.close()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "g.sqlite3"
    journal = SqliteJournal(path)
    make.put(journal, entries=0)
    journal.close()
    environment = {"PYTHONPATH": ":".join(sys.path)}
    acknowledged = 0
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE_ON, str(path)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _ in range(10):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        rest = writer.stdout.read().splitlines()
        writer.stdout.close()
        writer.wait(30)
        complete = [int(line) for line in rest if line.isdigit()]
        acknowledged = max([acknowledged, *complete[:-1]])
        journal = SqliteJournal(path)
        with journal.reading() as read:
            row = read.case(C1)
            assert row is not None
            assert row.revision >= acknowledged
            assert row.revision % 3 == 0
        assert journal.verify() == []
        journal.close()
