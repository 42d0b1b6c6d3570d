"""What went wrong with a SQLite file, in plain words.

Rules of this file: a table from SQLite's result codes (sqlite.org/rescode.html) to sentences for
whoever runs the installation. A code that is not in the table is a bug of ours and stays as it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genba.journal.contract import JournalBroken

# Primary result code -> what to say and what to do about it.
SENTENCES = {
    sqlite3.SQLITE_FULL: (
        "The disk of {folder} is full. Nothing was changed. Make room and try again."
    ),
    sqlite3.SQLITE_READONLY: (
        "{path} cannot be written. Give the user who runs Genba the right to write it"
        " and its folder."
    ),
    sqlite3.SQLITE_PERM: (
        "{path} cannot be opened. Give the user who runs Genba the right to write it."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{path} cannot be opened. Check that the folder is there and can be written."
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a database of Genba, or it is damaged. Put back a backup, or move the file"
        " away to begin anew."
    ),
    sqlite3.SQLITE_CORRUPT: (
        "{path} is damaged. Put back a backup; the damaged file may still help, so keep it."
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk of {folder} reports an error. Check the disk; nothing more is written until then."
    ),
    sqlite3.SQLITE_BUSY: (
        "{path} is being written by another program that does not let go. Nothing was changed."
    ),
    sqlite3.SQLITE_LOCKED: (
        "{path} is being written by another program that does not let go. Nothing was changed."
    ),
}


def sentence(path: Path, error: sqlite3.Error) -> str | None:
    """What to tell whoever runs the installation, or None when it is not theirs to mend."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    text = SENTENCES.get(code & 0xFF)  # the primary code is the low byte of the extended one
    return None if text is None else text.format(path=path, folder=path.parent)


def say_plainly(path: Path, error: BaseException) -> None:
    """Raise JournalBroken for an error of the file; do nothing for all others."""
    if isinstance(error, sqlite3.Error) and (words := sentence(path, error)) is not None:
        raise JournalBroken(words) from error


@contextmanager
def plain_words(path: Path) -> Iterator[None]:
    """Errors of the file become `JournalBroken`; all others pass."""
    try:
        yield
    except sqlite3.Error as error:
        say_plainly(path, error)
        raise
