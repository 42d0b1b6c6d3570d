"""`genba move`: from a SQLite file into PostgreSQL.

Rules of this file: the order of the steps, and what is checked before anybody is told that it is
done. Nothing is ever changed where the data comes from.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from genba.cli.answers import Impossible, count
from genba.cli.home import open_home

if TYPE_CHECKING:
    from genba.journal.addresses import PostgresDatabase, SqliteFile


def move(*, to: str, home: Path | None = None) -> int:
    """Copy an installation from its SQLite file into an empty PostgreSQL database.

    The file stays as it was. Stop `genba serve` first.

    Parameters
    ----------
    to
        Address of the database: postgresql://user:password@host/name. It must be empty.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    from genba.journal.contract import JournalBroken
    from genba.people.moving import Unlike
    from genba.web.home import database
    from genba.web.home import home as named_home

    open_home(home)
    folder = (home or named_home()).absolute()
    try:
        source, target = ends(database(folder), to)
        counts = copy(source, target)
        problems = check(target)
    except (JournalBroken, Unlike) as problem:
        raise Impossible(str(problem)) from problem
    for line in problems:
        print(line)
    if problems:
        print("The copy is not right: drop that database, and keep the file.")
        return 1
    print(
        f"Moved {count(counts['cases'], 'case')}, {count(counts['log'], 'entry', 'entries')},"
        f" {count(counts['people_person'], 'account')}. Every table, every chain of hashes and the"
        " state of every case was compared."
    )
    print("Set GENBA_DATABASE_URL to the new address. The file stays where it is, as it was.")
    return 0


def ends(source: object, to: str) -> "tuple[SqliteFile, PostgresDatabase]":
    """Where from and where to. Raises Impossible when they are not of the two kinds."""
    from genba.journal.addresses import PostgresDatabase, SqliteFile, read_address
    from genba.journal.moving import is_empty

    target = read_address(to, Path())
    if not isinstance(source, SqliteFile):
        raise Impossible("This installation is not in a SQLite file: unset GENBA_DATABASE_URL.")
    if not isinstance(target, PostgresDatabase):
        raise Impossible("--to names a PostgreSQL database: postgresql://user:password@host/name.")
    if not is_empty(target.url):
        raise Impossible(f"The database {target.name} is not empty. Make a new one for Genba.")
    return source, target


def copy(source: "SqliteFile", target: "PostgresDatabase") -> dict[str, int]:
    """Copy journal and accounts while nobody can write; rows by table."""
    from genba.journal.moving import copy_journal, held_still
    from genba.journal.opening import open_journal
    from genba.people.moving import copy_people
    from genba.web.databases import django_database

    open_journal(target).close()
    with held_still(source.path) as connection:
        counts = copy_journal(connection, target.url)
        return counts | copy_people(django_database(target))


def check(target: "PostgresDatabase") -> list[str]:
    """What is wrong with the copy: chains of hashes, and states that are not what the logs tell."""
    from genba.runtime.folding import unlike_their_logs
    from genba.runtime.installation import open_installation

    moved = open_installation(target)
    try:
        found = moved.journal.verify()
        found += [
            f"Case {case}: its state is not what its log tells."
            for case in unlike_their_logs(moved)
        ]
    finally:
        moved.journal.close()
    return found
