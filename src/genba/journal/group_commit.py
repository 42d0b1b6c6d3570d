"""Many transactions, one flush: what was written while the last flush ran is committed together.

Rules of this file: who writes when, and who commits for whom; no query, no row. Every transaction
after the first is a savepoint inside a shared one: it fails alone, and it is acknowledged only when
the shared one is on the disk. If the flush fails, all who shared it fail. The one who leaves when
nobody waits commits.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident

MOST = 64  # transactions in one flush: the first of them waits for all others


class Group:
    """Those who share a flush."""

    def __init__(self) -> None:
        self.members = 0
        self.done = Event()
        self.error: BaseException | None = None


class GroupCommit:
    """The one writing connection of a file, shared by threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._turn = Lock()
        self._counting = Lock()
        self._waiting = 0
        self._group: Group | None = None
        self._thread: int | None = None
        self.flushes = 0  # for measuring

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write; on leaving, it is on the disk. RuntimeError inside another one."""
        if self._thread == get_ident():
            raise RuntimeError("a writing transaction is already open in this thread")
        group: Group | None = None
        self._queue()
        try:
            self._thread = get_ident()
            try:
                group = self._join()
                yield self._connection
                if group.members:
                    self._connection.execute("RELEASE act")
                group.members += 1
            except BaseException as error:
                self._take_back(group, error)
                raise
            finally:
                self._thread = None
                self._leave()
        finally:
            self._turn.release()
        group.done.wait()
        if group.error is not None:
            raise group.error

    def _queue(self) -> None:
        """Wait for one's turn. Who is interrupted meanwhile leaves no group uncommitted."""
        with self._counting:
            self._waiting += 1
        try:
            self._turn.acquire()
        except BaseException:
            self._count_out()
            with self._turn:
                self._leave()
            raise
        self._count_out()

    def _count_out(self) -> None:
        with self._counting:
            self._waiting -= 1

    def _join(self) -> Group:
        """Go on in the shared transaction, or begin one. The first one needs no savepoint."""
        if self._group is None:
            self._connection.execute("BEGIN IMMEDIATE")
            self._group = Group()
        else:
            self._connection.execute("SAVEPOINT act")
        return self._group

    def _take_back(self, group: Group | None, error: BaseException) -> None:
        """Only what this one wrote; unless SQLite has given up the whole (a full disk)."""
        if group is None:
            return
        if not self._connection.in_transaction:
            self._finish(group, error)
        elif group.members:  # else nobody else wrote: `_leave` takes back the whole
            self._connection.execute("ROLLBACK TO act")
            self._connection.execute("RELEASE act")

    def _leave(self) -> None:
        """Commit, unless somebody who waits will do it."""
        group = self._group
        if group is None or (self._waiting and 0 < group.members < MOST):
            return
        try:
            self._connection.execute("COMMIT" if group.members else "ROLLBACK")
            self.flushes += bool(group.members)
            self._finish(group, None)
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._finish(group, error)

    def _finish(self, group: Group, error: BaseException | None) -> None:
        group.error = error
        group.done.set()
        self._group = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody writes meanwhile."""
        with self._turn:
            yield
