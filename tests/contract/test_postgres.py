"""What only a server can do: many writers at once, transactions that end late, connections lost."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from msgspec.structs import replace

from genba.journal import postgres
from genba.journal.contract import Conflict, JournalBroken
from genba.journal.postgres import PostgresJournal, connect, migrate
from genba.journal.postgres_errors import SENTENCES, address
from genba.journal.postgres_pipeline import Together
from genba.journal.postgres_writing import TOGETHER
from genba.journal.queries import sql_file
from genba.journal.records import CaseId
from tests.postgres import new_database

C1, C2 = CaseId("c1"), CaseId("c2")


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database."""
    with new_database() as made:
        yield made


@pytest.fixture
def journal(url: str) -> Iterator[PostgresJournal]:
    """A journal in it."""
    made = PostgresJournal(url)
    yield made
    made.close()


def test_the_changes_of_an_act_leave_together(
    journal: PostgresJournal, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not asked waits for what is: one packet with the question, one with the commit."""
    make.put(journal, "c1")
    sent: list[int] = []
    give = Together.popleft

    def counted(self: Together) -> Callable[[], None]:
        sent.append(len(self))
        return give(self)

    monkeypatch.setattr(Together, "popleft", counted)
    with journal.writing() as tx:
        row = tx.case(C1)
        assert row is not None
        asked = sum(sent), len(sent)
        tx.append(row, expected=1, entries=make.entries(5), envelope=make.envelope())
        assert (sum(sent), len(sent)) == asked  # nothing of it has left
    assert asked == (3, 1)  # begin, the position, and the case that was asked for
    assert len(sent) == 2
    assert sent[1] == 5  # five entries in two statements, the case, the commit, and the end
    assert journal.verify() == []


def test_many_changes_do_not_wait_for_the_end(journal: PostgresJournal, make: Any) -> None:
    with journal.writing() as tx:
        tx.create_case(make.case("c1"))
        for number in range(2 * TOGETHER):
            tx.follow(C1, f"p{number}")
        assert len(tx._pipeline.command_queue) < TOGETHER  # type: ignore[attr-defined]
    with journal.reading() as read:
        assert len(read.followers(C1)) == 2 * TOGETHER


def test_whoever_follows_misses_no_late_commit(journal: PostgresJournal, make: Any) -> None:
    """A transaction that began earlier commits later: its entry has the lower position."""
    make.put(journal, "c1")
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with journal.writing() as tx:
            tx.append(tx.case(C1), expected=1, entries=make.entries(1), envelope=make.envelope())  # type: ignore[arg-type]
            begun.set()
            assert go_on.wait(10)

    def news(after: int) -> tuple[int, list[tuple[str, int]]]:
        with journal.reading() as read:
            found = read.log_since(after)
            assert read.position() == (found[-1].position if found else after)
            return read.position(), [(entry.case, entry.seq) for entry in found]

    at, seen = news(0)
    assert seen == [("c1", 1)]
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(slow)
        assert begun.wait(10)
        make.put(journal, "c2")
        with journal.reading() as read:
            assert read.log(C2) != []
        assert news(at) == (at, [])
        go_on.set()
        late.result()
    after, seen = news(at)
    assert after > at
    assert seen == [("c1", 2), ("c2", 1)]


def test_a_random_crowd_is_followed_without_a_gap(journal: PostgresJournal, make: Any) -> None:
    stop = threading.Event()
    followed: list[tuple[str, int]] = []

    def follow() -> None:
        at = 0
        while True:
            last = stop.is_set()
            with journal.reading() as read:
                page = read.log_since(at, limit=3)
            followed.extend((entry.case, entry.seq) for entry in page)
            at = page[-1].position if page else at
            if last and not page:
                return

    def write(number: int) -> None:
        for _ in range(10):
            make.put(journal, f"c{number}-{_}", entries=2)

    with ThreadPoolExecutor(5) as pool:
        follower = pool.submit(follow)
        list(pool.map(write, range(4)))
        stop.set()
        follower.result(20)
    assert len(followed) == len(set(followed)) == 80


def test_entries_of_a_case_rise_whoever_began_first(journal: PostgresJournal, make: Any) -> None:
    """A transaction that writes something else first cannot append behind a younger one."""
    make.put(journal, "c1")

    def overtaken() -> None:
        with journal.writing() as tx:
            tx.create_case(make.case("c2"))
            make_more()
            row = tx.case(C1)
            assert row is not None
            tx.append(row, expected=1, entries=make.entries(1), envelope=make.envelope())

    def make_more() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(append).result(10)

    def append() -> None:
        with journal.writing() as tx:
            row = tx.case(C1)
            assert row is not None
            tx.append(row, expected=1, entries=make.entries(1), envelope=make.envelope())

    with pytest.raises(Conflict):
        overtaken()
    with journal.reading() as read:
        assert read.case(C2) is None
    assert journal.verify() == []


def test_the_changes_of_an_act_and_its_commit_are_one_round_trip(
    journal: PostgresJournal, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from psycopg import Cursor

    from genba.journal.postgres_writing import PostgresTransaction

    make.put(journal)
    waits: list[str] = []
    fetch = Cursor.fetchone
    original = PostgresTransaction._fetch

    def counted(self: Any, text: str, given: Any) -> Any:
        waits.append(text.split(maxsplit=1)[0])
        return original(self, text, given)

    monkeypatch.setattr(PostgresTransaction, "_fetch", counted)
    with journal.writing() as tx:
        row = tx.case(C1)
        assert row is not None
        tx.append(row, expected=1, entries=make.entries(3), envelope=make.envelope())
        tx.open_work(make.work())
        tx.assign_work(C1, "w1", "7")
        tx.post(C1, [make.outbox("a"), make.outbox("b")])
        tx.remember(make.answer("k"))
    assert waits == ["SELECT"]  # the case; everything else travels with the commit
    assert fetch is Cursor.fetchone
    with journal.reading() as read:
        assert len(read.log(C1)) == 4


def test_a_lost_connection_is_said_plainly_and_passes(
    journal: PostgresJournal, url: str, make: Any
) -> None:
    make.put(journal)

    def cut() -> None:
        with connect(url) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(JournalBroken, match=r"stopping or starting|was lost"), journal.writing():
        cut()
    make.put(journal, "c2")  # a connection that was cut while it waited is not used
    cut()
    make.put(journal, "c3")
    with journal.reading() as read:
        assert read.case(CaseId("c3")) is not None


def test_nobody_there_is_said_plainly(url: str) -> None:
    nowhere = urlunsplit(urlsplit(url)._replace(path="/nowhere"))
    with pytest.raises(JournalBroken, match=r'cannot be opened: database "nowhere" does not exist'):
        PostgresJournal(nowhere)
    with pytest.raises(JournalBroken, match=r"genba at 127\.0\.0\.1:1 cannot be opened") as said:
        PostgresJournal("postgresql://me:secret@127.0.0.1:1/genba")
    assert "secret" not in str(said.value)


def test_no_sentence_shows_a_password() -> None:
    assert address("postgresql://me:secret@db.example.org:5433/genba") == (
        "genba at db.example.org:5433"
    )
    for text in SENTENCES.values():
        assert "{address}" in text
        assert text.count(". ") >= 1


def test_a_newer_release_is_refused(url: str) -> None:
    PostgresJournal(url).close()
    with connect(url) as raw:
        raw.execute("UPDATE journal_shape SET version = 99, compatible_from = 99")
    with pytest.raises(JournalBroken, match="newer release"):
        PostgresJournal(url)


def test_an_older_database_takes_the_missing_steps_once(
    url: str, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = PostgresJournal(url)
    make.put(journal)
    last = postgres.MIGRATIONS[-1][0]
    files = {"extra.sql": "CREATE TABLE extra (id INTEGER); INSERT INTO extra VALUES (1);"}
    monkeypatch.setattr(postgres, "sql_file", lambda name: files.get(name) or sql_file(name))
    monkeypatch.setattr(postgres, "MIGRATIONS", (*postgres.MIGRATIONS, (last + 1, "extra.sql")))

    def open_one(_: int) -> None:
        with connect(url) as connection:
            migrate(connection)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_one, range(4)))
    with connect(url) as raw:
        assert raw.execute("SELECT version FROM journal_shape").fetchall() == [(last + 1,)]
        assert raw.execute("SELECT * FROM extra").fetchall() == [(1,)]
    make.put(journal, "c2")  # the release that was running goes on
    journal.close()


def test_a_log_restored_into_another_server_goes_on_behind_its_end(
    journal: PostgresJournal, url: str, make: Any
) -> None:
    """There, transactions are counted anew: positions must not fall back."""
    make.put(journal, "c1")
    with connect(url) as raw:
        raw.execute("UPDATE log_epoch SET base = 1 << 40")
    make.put(journal, "c2")
    with connect(url) as raw:
        raw.execute("UPDATE log_epoch SET base = 0")
    again = PostgresJournal(url)
    make.put(again, "c3")
    with again.reading() as read:
        entries = read.log_since(0)
        assert [entry.case for entry in entries] == ["c1", "c2", "c3"]
        assert read.position() == entries[-1].position
    again.close()


def test_the_database_itself_refuses_to_change_the_log(
    journal: PostgresJournal, url: str, make: Any
) -> None:
    make.put(journal)
    with connect(url) as raw:
        for statement in ("UPDATE log SET actor = 'x'", "DELETE FROM log"):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                raw.execute(statement.encode())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE log SET body = 'x' WHERE seq = 2", "entry 2 is not what was written"),
        ("DELETE FROM log WHERE seq = 2", "after entry 1 comes 3"),
        ("DELETE FROM log WHERE seq = 3", "the log ends at 2"),
        ("UPDATE log SET position = position + 9 WHERE seq = 1", "is not what was written"),
    ],
)
def test_tampering_is_found(
    journal: PostgresJournal, url: str, make: Any, statement: str, said: str
) -> None:
    make.put(journal, entries=3)
    with connect(url) as raw:
        raw.execute("ALTER TABLE log DISABLE TRIGGER log_never_changes")
        raw.execute(statement.encode())
    assert any(said in line for line in journal.verify())


def test_two_who_deploy_at_once_do_not_share_a_version(journal: PostgresJournal, make: Any) -> None:
    def deploy(number: int) -> bool:
        try:
            with journal.writing() as tx:
                tx.deploy(make.deployment(f"d{number}"), [("a", "A")])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(deploy, range(8)))
    with journal.reading() as read:
        versions = [row.version for row in read.versions("a")]
        assert versions == list(range(kept.count(True), 0, -1))
        assert replace(read.deployment("d0") or make.deployment("d0"), by="7").by == "7"
