"""From a SQLite file into an empty PostgreSQL database, row by row, byte by byte.

Rules of this file: rows are copied as they are, without being understood; what was written is read
again and compared. The source is held still meanwhile and never changed. All rows arrive in one
transaction, or none.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from genba.journal.contract import JournalBroken
from genba.journal.postgres import connect
from genba.journal.postgres_reading import Database
from genba.journal.queries import queries
from genba.journal.sqlite import SqliteJournal
from genba.journal.sqlite_errors import plain_words

BATCH = 1_000

# In the order in which rows may refer to one another.
TABLES = (
    "deployments",
    "process_versions",
    "decision_versions",
    "cases",
    "streams",
    "stream_marks",
    "log",
    "works",
    "candidates",
    "timers",
    "subscriptions",
    "outbox",
    "tokens",
    "contents",
    "followers",
    "answers",
    "attempts",
)
# What goes on counting behind what was copied.
_COUNTERS = (
    "SELECT setval('case_numbers', greatest((SELECT max(number) FROM cases), 1))",
    "SELECT setval(pg_get_serial_sequence('outbox', 'id'),"
    " greatest((SELECT max(id) FROM outbox), 1))",
    "SELECT setval(pg_get_serial_sequence('attempts', 'id'),"
    " greatest((SELECT max(id) FROM attempts), 1))",
    queries("postgres")["advance_epoch"],
)


@contextmanager
def held_still(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in its newest shape, which nobody can write meanwhile."""
    SqliteJournal(path).close()
    with plain_words(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
        finally:
            connection.close()


def is_empty(url: str) -> bool:
    """Whether a database has no table at all where tables would be made."""
    with connect(url) as connection:
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        row = connection.execute(query).fetchone()
        return row is not None and row[0] == 0


def copy_journal(source: sqlite3.Connection, url: str) -> dict[str, int]:
    """Copy every table of the journal; how many rows each has.

    The tables are there and empty. Raises JournalBroken when what arrived is not what was sent.
    """
    counts: dict[str, int] = {}
    with connect(url) as target, target.transaction():
        for table in TABLES:
            sent = _copy(source, target, table)
            if sent != (arrived := _digest(_rows_there(source, target, table))):
                raise JournalBroken(
                    f"The table {table} did not arrive as it was sent ({arrived[0]} of {sent[0]}"
                    " rows are there). Nothing was copied; the file is as it was."
                )
            counts[table] = sent[0]
        for statement in _COUNTERS:
            target.execute(statement.encode())
    return counts


def _copy(source: sqlite3.Connection, target: Database, table: str) -> tuple[int, int]:
    """Send the rows of a table; how many, and their digest."""
    names = _columns(source, table)
    rows = source.execute(f"SELECT {names} FROM {table}")  # noqa: S608 - names of ours
    with (
        target.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as to,
    ):

        def passed() -> Iterator[Sequence[Any]]:
            for row in rows:
                to.write_row(row)
                yield row

        return _digest(passed())


def _columns(source: sqlite3.Connection, table: str) -> str:
    """The columns of a table, as they stand in a query."""
    found = source.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return ", ".join(name for (name,) in found)


def _rows_there(
    source: sqlite3.Connection, target: Database, table: str
) -> Iterator[Sequence[Any]]:
    """The rows that arrived, a batch at a time."""
    names = _columns(source, table)
    with target.cursor(name=f"moved_{table}") as cursor:
        cursor.itersize = BATCH
        cursor.execute(f"SELECT {names} FROM {table}".encode())  # noqa: S608 - names of ours
        yield from cursor


def _digest(rows: Iterator[Sequence[Any]]) -> tuple[int, int]:
    """How many rows, and a digest that does not depend on their order."""
    count = total = 0
    for row in rows:
        count += 1
        total ^= int.from_bytes(sha256(repr(tuple(row)).encode()).digest()[:16], "big")
    return count, total
