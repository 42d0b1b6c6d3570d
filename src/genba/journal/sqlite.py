"""A journal in one SQLite file: the embedded default, nothing to install.

Rules of this file: the doors, the connections and the migrations; no query. One connection
writes, in IMMEDIATE transactions that threads share when they come at once (`group_commit`);
readers take connections of their own from a pool, so that they never wait for the writer (WAL).
`synchronous=FULL`: what was acknowledged survives a power cut.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from genba.journal.chain import gaps, microseconds
from genba.journal.claims import claim, leases
from genba.journal.contract import Claim, Claimed, JournalBroken, Reading, Transaction
from genba.journal.group_commit import GroupCommit
from genba.journal.queries import sql_file
from genba.journal.records import CaseId
from genba.journal.shapes import RULED, compatible_from, refuse_newer
from genba.journal.sqlite_errors import plain_words, say_plainly
from genba.journal.sqlite_reading import SqliteReading
from genba.journal.sqlite_writing import SqliteTransaction
from genba.journal.verification import faults_of, faults_of_all

# How a file comes to the newest shape: the steps in order. A step is never changed once released.
MIGRATIONS: tuple[tuple[int, str], ...] = (
    (1, "schema_sqlite.sql"),
    (2, "decisions_sqlite.sql"),
    (3, "claims_sqlite.sql"),
    (4, "streams_sqlite.sql"),
    (5, "shapes_sqlite.sql"),
    (6, "holders_sqlite.sql"),
    (7, "later_sqlite.sql"),
    (8, "queues_sqlite.sql"),
    (9, "finding_sqlite.sql"),
    (10, "overdue_sqlite.sql"),
)

_BUSY_MILLISECONDS = 30_000
_STATEMENTS = 500  # kept prepared: all named queries, and those with lists in some lengths
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",  # savepoints keep the pages they may have to put back
    "PRAGMA cache_size = -16000",  # kilobytes at most
    # Pages, of 4 kB: what is written again and again is carried over into the file less often.
    "PRAGMA wal_autocheckpoint = 4000",
)


class SqliteJournal:
    """See `contract.Journal`. Raises JournalBroken when the file cannot be opened or is newer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalBroken(
                f"The folder {path.parent} cannot be made: {error.strerror}."
            ) from error
        with plain_words(path):
            self._writer = self._connect()
            try:
                migrate(self._writer)
            except BaseException:
                self._writer.close()
                raise
        self._commits = GroupCommit(self._writer)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A consistent view of what is committed; it waits for nobody."""
        with plain_words(self.path):
            connection = self._borrow()
            try:
                connection.execute("BEGIN")
                yield SqliteReading(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._give_back(connection)

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        """Keep it for the next reader; one who reads past the closing closes it himself."""
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)

    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        return _Writing(self.path, self._commits)

    def claim(self, asked: Claim) -> Claimed:
        """Take what is due and nobody has; it is ours until the lease ends."""
        with self.writing() as tx:
            assert isinstance(tx, SqliteTransaction)
            return claim(tx, asked)

    def lease(self, claimed: Claimed, until: datetime | None) -> None:
        """Keep claimed rows longer, or give them back."""
        with self.writing() as tx:
            assert isinstance(tx, SqliteTransaction)
            for query, given in leases(claimed, microseconds(until) if until else 0):
                tx.change(query, given)

    def announce(self) -> None:
        """Other processes look by themselves, every few seconds."""

    def listen(self, ring: Callable[[], None]) -> Callable[[], None]:
        """Nobody announces anything here."""
        return lambda: None

    def verify(self, case: CaseId | None = None) -> list[str]:
        """What is wrong with the hash chain, in words; reads the log of every case."""
        with self.reading() as reading:
            assert isinstance(reading, SqliteReading)
            if case is not None:
                return faults_of(reading, case)
            found = faults_of_all(reading)
            found += gaps("entries of the log", *reading.size("log_size"))
            return found + gaps("cases", *reading.size("number_size"))

    def close(self) -> None:
        """Close all connections; what was committed is in the file."""
        with self._commits.alone():
            self._closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()


class _Writing(AbstractContextManager[Transaction]):
    """See `SqliteJournal.writing`; a class, as every act passes through."""

    def __init__(self, path: Path, commits: GroupCommit) -> None:
        self._path = path
        self._commits = commits

    @override
    def __enter__(self) -> Transaction:
        try:
            connection, self._group = self._commits.enter()
        except sqlite3.Error as error:
            say_plainly(self._path, error)
            raise
        return SqliteTransaction(connection, self._group)

    @override
    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            self._commits.leave(self._group, error)
        except sqlite3.Error as failed:
            say_plainly(self._path, failed)
            raise
        if error is not None:
            say_plainly(self._path, error)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest shape, each step in a transaction of its own.

    A change of a table reads the whole schema again, Django's tables too, and their checks of
    JSON are nothing an untrusted schema may ask for: it is trusted for that long.

    Raises JournalBroken when the file was written by a newer release and this one cannot work on
    it (see `shapes`).
    """
    connection.execute("PRAGMA trusted_schema = ON")
    try:
        _bring_up(connection)
    finally:
        connection.execute("PRAGMA trusted_schema = OFF")


def _bring_up(connection: sqlite3.Connection) -> None:
    newest = MIGRATIONS[-1][0]
    while (version := _shape_of(connection)) < newest:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have taken the step while this one waited.
            if _shape_of(connection) == version:
                step, file = next(step for step in MIGRATIONS if step[0] > version)
                _run(connection, sql_file(file))
                connection.execute("DELETE FROM journal_shape")
                connection.execute("INSERT INTO journal_shape (version) VALUES (?)", (step,))
                if step >= RULED:
                    since = (compatible_from(step),)
                    connection.execute("UPDATE journal_shape SET compatible_from = ?", since)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    if version > newest:
        row = connection.execute("SELECT compatible_from FROM journal_shape").fetchone()
        refuse_newer(version, int(row[0]), newest)


def _shape_of(connection: sqlite3.Connection) -> int:
    connection.execute("CREATE TABLE IF NOT EXISTS journal_shape (version INTEGER NOT NULL) STRICT")
    row = connection.execute("SELECT version FROM journal_shape").fetchone()
    return 0 if row is None else int(row[0])


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Run a script statement by statement: `executescript` would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
