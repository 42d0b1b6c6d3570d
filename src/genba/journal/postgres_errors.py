"""What went wrong with PostgreSQL, in plain words.

Rules of this file: tables from SQLSTATEs (PostgreSQL, appendix A) to what the contract promises or
to sentences for whoever runs the installation. A state that is in no table is a bug of ours and
stays as it is. No sentence shows a password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from genba.journal.contract import Conflict, JournalBroken, Stale

# The states of `journal_must`.
STATES: dict[str, type[Exception]] = {"GN001": Conflict, "GN002": LookupError, "GN003": Stale}

# Two who wrote at once: load again and decide again.
_COLLISIONS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,
    errors.LockNotAvailable,
)

# SQLSTATE or class of it -> what to say and what to do about it.
SENTENCES = {
    "08": "The database {address} cannot be reached. Check that it runs and that the way is open.",
    "28": "The database {address} does not let Genba in. Check user and password of the address.",
    "3D": "There is no database {address}. Make it (`createdb`), then start again.",
    "42501": "The user of {address} may not do this. Let it own the database.",
    "25006": "The database {address} is read-only. Name the primary server, not a standby.",
    "53100": "The disk of {address} is full. Nothing was changed. Make room and try again.",
    "53300": "The database {address} has no connection left. Allow more, or run fewer processes.",
    "53": "The database {address} has run out of memory or room. Nothing was changed.",
    "57P": "The database {address} is stopping or starting. Try again in a moment.",
    "58": "The database {address} reports an error of its disk. Check it before going on.",
    "XX": "The database {address} is damaged. Put back a backup; keep the damaged one.",
}
_LOST = (
    "The connection to the database {address} was lost. Whether the last change was kept is not"
    " known; ask again: the same command is done once."
)
_BUSY = "All connections to {address} are busy. Try again in a moment."


def address(url: str) -> str:
    """The address of a database, without the password."""
    parts = urlsplit(url)
    where = parts.hostname or "the local socket"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.path.lstrip('/') or 'postgres'} at {where}{port}"


def sentence(where: str, error: psycopg.Error) -> str | None:
    """What to tell whoever runs the installation, or None when it is not theirs to mend."""
    if isinstance(error, PoolTimeout | TooManyRequests):
        return _BUSY.format(address=where)
    state = error.sqlstate or ""
    for key in (state, state[:3], state[:2]):
        if key in SENTENCES:
            return SENTENCES[key].format(address=where)
    if isinstance(error, psycopg.OperationalError) and not state:
        return _LOST.format(address=where)
    return None


def unreachable(url: str, error: psycopg.Error) -> JournalBroken:
    """Why no connection was made: libpq tells it in words only, none of them the password."""
    lines = str(error).strip().splitlines() or ["no answer"]
    why = lines[0].rpartition("FATAL:")[2].rpartition("failed:")[2].strip()
    return JournalBroken(
        f"The database {address(url)} cannot be opened: {why}. Check that it runs, and the host,"
        " the name, the user and the password in GENBA_DATABASE_URL."
    )


def translated(where: str, error: psycopg.Error) -> Exception | None:
    """What the contract says instead of the error, or None."""
    kind = STATES.get(error.sqlstate or "")
    if kind is not None:
        return kind(error.diag.message_primary or "")
    if isinstance(error, errors.ForeignKeyViolation):
        return LookupError(error.diag.message_detail or "there is no such case")
    if isinstance(error, errors.UniqueViolation) and error.diag.constraint_name == "works_pkey":
        return LookupError(error.diag.message_detail or "the work was opened before")
    if isinstance(error, _COLLISIONS):
        return Conflict(error.diag.message_primary or "somebody else wrote at the same time")
    words = sentence(where, error)
    return None if words is None else JournalBroken(words)


@contextmanager
def plain_words(where: str) -> Iterator[None]:
    """Errors of the database become those of the contract; bugs pass."""
    try:
        yield
    except PoolClosed:
        raise
    except psycopg.Error as error:
        other = translated(where, error)
        if other is None:
            raise
        raise other from error
