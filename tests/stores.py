"""The stores that suites run over: memory, a SQLite file, a new PostgreSQL database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genba.journal.contract import Journal
from genba.journal.memory import MemoryJournal
from genba.journal.sqlite import SqliteJournal
from tests.postgres import new_database

STORES = ("memory", "sqlite", "postgres")


@contextmanager
def open_store(name: str, folder: Path) -> Iterator[Journal]:
    """An empty journal of a kind, closed afterwards."""
    if name == "postgres":
        from genba.journal.postgres import PostgresJournal

        with new_database() as url:
            made: Journal = PostgresJournal(url)
            try:
                yield made
            finally:
                made.close()
        return
    made = MemoryJournal() if name == "memory" else SqliteJournal(folder / "g.sqlite3")
    yield made
    made.close()
