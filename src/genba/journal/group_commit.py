"""Many transactions, one flush: what was written while the last flush ran is committed together.

Rules of this file: who writes when, and who commits for whom; no query, no row. Every transaction
after the first is a savepoint inside a shared one: it fails alone, and it is acknowledged only when
the shared one is on the disk. If the flush fails, all who shared it fail. The one who leaves when
nobody waits commits.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident

MOST = 64  # transactions in one flush: the first of them waits for all others


class Group:
    """Those who share a flush."""

    def __init__(self) -> None:
        self.members = 0
        self.position = 0  # where the next entry of the log stands; 0 while nobody has asked
        self.done = False
        self.error: BaseException | None = None
        self._flushing = Lock()
        self._flushing.acquire()

    def finish(self, error: BaseException | None) -> None:
        """It is on the disk, or it is not: let everybody know."""
        self.error = error
        self.done = True
        self._flushing.release()

    def wait(self) -> None:
        """Until it is on the disk. Raises what went wrong."""
        if not self.done:
            with self._flushing:  # one lets the next through
                pass
        if self.error is not None:
            raise self.error


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

    def enter(self) -> tuple[sqlite3.Connection, Group]:
        """Begin to write; RuntimeError inside another transaction of the thread."""
        if self._thread == get_ident():
            raise RuntimeError("a writing transaction is already open in this thread")
        self._queue()
        self._thread = get_ident()
        try:
            return self._connection, self._join()
        except BaseException:
            self._end_turn()
            raise

    def leave(self, group: Group, error: BaseException | None) -> None:
        """What was written is on the disk, or taken back when there is an `error`."""
        try:
            if error is None:
                self._keep(group)
            else:
                self._take_back(group, error)
        finally:
            self._end_turn()
        if error is None:
            group.wait()

    def _keep(self, group: Group) -> None:
        try:
            if group.members:
                self._connection.execute("RELEASE act")
            group.members += 1
        except BaseException as error:
            self._take_back(group, error)
            raise

    def _end_turn(self) -> None:
        self._thread = None
        try:
            self._leave()
        finally:
            self._turn.release()

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

    def _take_back(self, group: Group, error: BaseException) -> None:
        """Only what this one wrote; unless SQLite has given up the whole (a full disk)."""
        if not self._connection.in_transaction:
            # Kept for the others only: what holds its own traceback is not let go at once.
            self._finish(group, error if group.members else None)
        elif group.members:  # else nobody else wrote: `_leave` takes back the whole
            group.position = 0
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
        self._group = None
        group.finish(error)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody writes meanwhile."""
        with self._turn:
            yield
