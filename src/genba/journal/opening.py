"""Opening the journal an address names.

Rules of this file: the only place that chooses between stores; a driver is imported when it is
needed.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from genba.journal.addresses import Address, PostgresDatabase
from genba.journal.contract import Journal
from genba.journal.sqlite import SqliteJournal

_PREPARING = 4_710_663  # the key of the lock under which tables are made


def open_journal(where: Address) -> Journal:
    """The journal there, made when missing. Raises JournalBroken in plain words."""
    if isinstance(where, PostgresDatabase):
        from genba.journal.postgres import PostgresJournal

        return PostgresJournal(where.url)
    return SqliteJournal(where.path)


def is_there(where: Address) -> bool:
    """Whether somebody has made an installation there. Raises JournalBroken."""
    if not isinstance(where, PostgresDatabase):
        return where.path.exists()
    from genba.journal.postgres import connect

    with connect(where.url) as connection:
        found = connection.execute("SELECT to_regclass('journal_shape')").fetchone()
        return found is not None and found[0] is not None


@contextmanager
def alone(where: Address) -> Iterator[None]:
    """Nobody else makes or changes tables there meanwhile: several may start at once."""
    if isinstance(where, PostgresDatabase):
        from genba.journal.postgres import connect

        with connect(where.url) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (_PREPARING,))
            yield
        return
    where.path.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":  # no file locks of this kind: two must not start at once there
        yield
        return
    import fcntl

    with where.path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
