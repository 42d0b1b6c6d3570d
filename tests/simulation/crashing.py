"""Journals whose process dies at a statement: before it, or after it and before anything else.

Rules of this file: dying is dying. From the chosen statement on every statement of every connection
fails, nothing is rolled back by hand, and the connections are dropped as a killed process drops
them. What was committed is what another journal, opened on the same store, finds.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg_pool import ConnectionPool
from typing_extensions import override

from genba.journal.contract import Journal
from genba.journal.postgres import PostgresJournal
from genba.journal.sqlite import SqliteJournal
from tests import postgres
from tests.simulation.power import Disk

MEMORY = Path("/dev/shm")  # files that need no disk: whoever dies loses no writes
FULL = 2
Opener = Callable[["Fuse"], Journal]


class Crash(BaseException):
    """The process is gone."""


class Fuse:
    """Counts the statements of a process, and says when it dies."""

    def __init__(self, at: int | None = None, *, after: bool = False) -> None:
        self.at, self.after = at, after
        self.count = 0
        self.dead = False
        self.connections: list[Any] = []
        self.disk: Disk | None = None  # whose power goes as well

    def before(self) -> None:
        """A statement is to be run."""
        if self.dead:
            raise Crash
        self.count += 1
        if self.count == self.at and not self.after:
            self.die()

    def ran(self) -> None:
        """A statement was run."""
        if self.count == self.at and self.after:
            self.die()

    @property
    def burns_after(self) -> bool:
        """Whether the statement that runs now is the last one, and runs."""
        return self.count == self.at and self.after

    def die(self) -> None:
        """Everything this process had is dropped, as it is."""
        self.dead = True
        left = self.disk.left() if self.disk is not None else {}
        for connection in self.connections:
            connection.drop()
        if self.disk is not None:
            self.disk.restore(left)
        raise Crash


class DyingSqlite:
    """A SQLite connection of a process that may die."""

    def __init__(self, connection: sqlite3.Connection, fuse: Fuse) -> None:
        self._connection, self._fuse = connection, fuse
        fuse.connections.append(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, *given: Any) -> sqlite3.Cursor:
        self._fuse.before()
        cursor = self._connection.execute(*given)
        self._fuse.ran()
        if self._fuse.disk is not None and not self._connection.in_transaction:
            self._flush(self._fuse.disk)
        return cursor

    def _flush(self, disk: Disk) -> None:
        """A transaction has ended: with FULL it is on the disk before anybody hears of it."""
        (level,) = self._connection.execute("PRAGMA synchronous").fetchone()
        if level >= FULL:
            disk.flushed()

    def executemany(self, sql: str, rows: Iterable[Any]) -> None:
        """Each row is a statement, as it is for SQLite."""
        for row in rows:
            self.execute(sql, row)

    @property
    def in_transaction(self) -> bool:
        return not self._fuse.dead and self._connection.in_transaction

    def drop(self) -> None:
        self._connection.close()


class DyingSqliteJournal(SqliteJournal):
    """A journal in a file, of a process that may die."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        self._fuse = fuse
        super().__init__(path)

    @override
    def _connect(self) -> sqlite3.Connection:
        if self._fuse.dead:
            raise Crash
        return DyingSqlite(super()._connect(), self._fuse)  # type: ignore[return-value]


class DyingPostgres(psycopg.Connection[tuple[Any, ...]]):
    """A PostgreSQL connection of a process that may die."""

    fuse = Fuse()

    @override
    def execute(self, *given: Any, **more: Any) -> psycopg.Cursor[tuple[Any, ...]]:
        if self not in self.fuse.connections:
            self.fuse.connections.append(self)
        self.fuse.before()
        cursor = super().execute(*given, **more)
        if self.fuse.burns_after:
            with self.pipeline():
                pass  # the server has done it, and nobody here hears its answer
        self.fuse.ran()
        return cursor

    def drop(self) -> None:
        self.pgconn.finish()


def dying_postgres(url: str, fuse: Fuse) -> PostgresJournal:
    """A journal in a database, of a process that may die."""
    kind = type("Dying", (DyingPostgres,), {"fuse": fuse})
    pool = partial(ConnectionPool, connection_class=kind)
    with patch("genba.journal.postgres.ConnectionPool", pool):
        return PostgresJournal(url)


def plugged(fuse: Fuse, disk: Disk) -> Fuse:
    """A process whose death is that of its machine."""
    fuse.disk = disk
    return fuse


@contextmanager
def store(name: str, folder: Path) -> Iterator[Opener]:
    """An empty store, as something that opens it anew for each life of the process.

    "power" is a SQLite file on a disk whose power goes when the process dies.
    """
    path = folder / "g.sqlite3"
    if name == "sqlite":
        yield lambda fuse: DyingSqliteJournal(path, fuse)
        return
    if name == "power":
        disk = Disk(path, Random(int.from_bytes(folder.name.encode(), "big")))
        yield lambda fuse: DyingSqliteJournal(path, plugged(fuse, disk))
        return
    lives: list[PostgresJournal] = []

    def opened(fuse: Fuse) -> Journal:
        close(lives)
        lives.append(dying_postgres(url, fuse))
        return lives[-1]

    with postgres.new_database() as url:
        try:
            yield opened
        finally:
            close(lives)


def close(lives: list[PostgresJournal]) -> None:
    """Bury the pools of those who died: their threads belong to this process, which lives."""
    while lives:
        with suppress(psycopg.Error):
            lives.pop().close()
