"""A journal in PostgreSQL: for more than one process, or more than one machine.

Rules of this file: the doors, the connections and the migrations; no query. A transaction sees one
state of the database (REPEATABLE READ) and never locks what it only reads: who was slower gets a
Conflict. Connections are in pipeline mode, so that what does not ask anything is sent along with
what does. Writers and readers have pools of their own: a writer may read beside its transaction.
"""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from select import select
from threading import get_ident
from typing import Any

import psycopg
from psycopg import Connection, Pipeline
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from genba.journal.chain import microseconds
from genba.journal.claims import claim, leases
from genba.journal.contract import Claim, Claimed, Reading, Transaction
from genba.journal.postgres_bell import Bell
from genba.journal.postgres_errors import address, plain_words, unreachable
from genba.journal.postgres_pipeline import gather, quietly
from genba.journal.postgres_reading import Database, PostgresReading
from genba.journal.postgres_writing import PostgresTransaction
from genba.journal.queries import queries, sql_file
from genba.journal.records import CaseId
from genba.journal.shapes import RULED, compatible_from, refuse_newer
from genba.journal.verification import faults_of, faults_of_all

# How a database comes to the newest shape: the steps in order. A step is never changed once
# released, and leaves the previous release working: servers are upgraded one by one.
MIGRATIONS: tuple[tuple[int, str], ...] = (
    (1, "schema_postgres.sql"),
    (2, "decisions_postgres.sql"),
    (3, "claims_postgres.sql"),
    (4, "streams_postgres.sql"),
    (5, "shapes_postgres.sql"),
    (6, "holders_postgres.sql"),
    (7, "later_postgres.sql"),
    (8, "queues_postgres.sql"),
    (9, "finding_postgres.sql"),
    (10, "overdue_postgres.sql"),
)

CONNECTIONS = 20  # at most, for each of the two pools
PATIENCE = 30.0  # seconds to wait for a connection, while the server restarts for instance

_MIGRATING = 4_710_662  # the key of the lock; any number that nobody else uses
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN ISOLATION LEVEL REPEATABLE READ"


class PostgresJournal:
    """See `contract.Journal`. Raises JournalBroken when it cannot be opened or is newer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.address = address(url)
        self._writing: set[int] = set()
        self._bell: Bell | None = None
        with connect(url) as connection, plain_words(self.address):
            migrate(connection)
        self._readers = _pool(url, "genba-readers")
        self._writers = _pool(url, "genba-writers")
        atexit.register(self.close)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A consistent view of what is committed; it waits for nobody."""
        with plain_words(self.address), _session(self._readers, _READ, "ROLLBACK") as session:
            yield PostgresReading(session[0])

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        me = get_ident()
        if me in self._writing:
            raise RuntimeError("a writing transaction is already open in this thread")
        self._writing.add(me)
        try:
            with plain_words(self.address), _session(self._writers, _WRITE, "COMMIT") as session:
                yield PostgresTransaction(*session)
        finally:
            self._writing.discard(me)

    def claim(self, asked: Claim) -> Claimed:
        """Take what is due and nobody has; it is ours until the lease ends.

        Each bucket is a statement, and so a transaction, of its own: two workers that meet pass by
        each other's rows.
        """
        with plain_words(self.address), _session(self._writers, "", "") as session:
            return claim(PostgresReading(session[0]), asked)

    def lease(self, claimed: Claimed, until: datetime | None) -> None:
        """Keep claimed rows longer, or give them back."""
        with plain_words(self.address), _session(self._writers, "", "") as (connection, _pipeline):
            for query, given in leases(claimed, microseconds(until) if until else 0):
                connection.execute(PostgresReading.sql[query].encode(), given)

    def announce(self) -> None:
        """Tell other processes that something was committed; costs the caller nothing."""
        if self._bell is not None:
            self._bell.announce()

    def listen(self, ring: Callable[[], None]) -> Callable[[], None]:
        """Ring when another process has announced something, until the answer is called."""
        self._bell = Bell(self.url, ring)
        return self._bell.stop

    def verify(self, case: CaseId | None = None) -> list[str]:
        """What is wrong with the hash chain, in words; reads the log of every case.

        Numbers and positions have gaps here, so a case that is gone with all its entries is not
        missed.
        """
        with self.reading() as reading:
            assert isinstance(reading, PostgresReading)
            return faults_of_all(reading) if case is None else faults_of(reading, case)

    def close(self) -> None:
        """Close all connections; what was committed is in the database."""
        atexit.unregister(self.close)
        if self._bell is not None:
            self._bell.stop()
        self._readers.close()
        self._writers.close()


def connect(url: str) -> Database:
    """A connection of one's own, each statement committed by itself.

    Raises JournalBroken when there is none, with what the server or the network said.
    """
    try:
        return psycopg.connect(url, autocommit=True, application_name="genba")
    except psycopg.Error as error:
        raise unreachable(url, error) from error


def _pool(url: str, name: str) -> ConnectionPool[Database]:
    return ConnectionPool(
        url,
        kwargs={"autocommit": True, "application_name": "genba"},
        min_size=0,
        max_size=CONNECTIONS,
        timeout=PATIENCE,
        num_workers=2,
        check=_check,
        name=name,
        open=True,
    )


def _check(connection: Connection[Any]) -> None:
    """Whether a connection that waited in the pool is still one.

    A server that stopped has said so, or closed the socket: only then is it asked, because asking
    costs a round trip.
    """
    if select([connection.fileno()], [], [], 0)[0]:
        ConnectionPool.check_connection(connection)


@contextmanager
def _session(
    pool: ConnectionPool[Database], begin: str, end: str
) -> Iterator[tuple[Database, Pipeline]]:
    """A connection in pipeline mode inside a transaction; given back outside of one."""
    connection = pool.getconn()
    try:
        with connection.pipeline() as pipeline:
            gather(pipeline)
            if begin:
                with quietly(pipeline):
                    connection.execute(begin.encode())
            try:
                yield connection, pipeline
            except BaseException:
                with suppress(psycopg.Error):  # what was queued does not count any more
                    pipeline.sync()
                raise
            if end:
                with quietly(pipeline):  # leaving it sends everything
                    connection.execute(end.encode())
    finally:
        try:
            if connection.info.transaction_status not in (
                TransactionStatus.IDLE,
                TransactionStatus.UNKNOWN,
            ):
                connection.rollback()
        finally:
            pool.putconn(connection)


def migrate(connection: Database) -> None:
    """Bring the database to the newest shape, each step in a transaction of its own.

    Raises JournalBroken when the database was written by a newer release and this one cannot work
    on it (see `shapes`).
    """
    newest = MIGRATIONS[-1][0]
    while (version := _shape_of(connection)) < newest:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
            # Another process may have taken the step while this one waited.
            if _shape_of(connection) == version:
                step, file = next(step for step in MIGRATIONS if step[0] > version)
                connection.execute(_SHAPE)
                connection.execute(sql_file(file).encode())
                connection.execute("DELETE FROM journal_shape")
                connection.execute("INSERT INTO journal_shape (version) VALUES (%s)", (step,))
                if step >= RULED:
                    since = (compatible_from(step),)
                    connection.execute("UPDATE journal_shape SET compatible_from = %s", since)
    if version > newest:
        row = connection.execute("SELECT compatible_from FROM journal_shape").fetchone()
        refuse_newer(version, int(row[0]) if row else version, newest)
    connection.execute(queries("postgres")["advance_epoch"].encode())


_SHAPE = "CREATE TABLE IF NOT EXISTS journal_shape (version INTEGER NOT NULL)"


def _shape_of(connection: Database) -> int:
    there = connection.execute("SELECT to_regclass('journal_shape')").fetchone()
    if there is None or there[0] is None:
        return 0
    row = connection.execute("SELECT version FROM journal_shape").fetchone()
    return 0 if row is None else int(row[0])
