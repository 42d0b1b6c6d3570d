"""Where an installation keeps its data: a SQLite file, or a PostgreSQL database.

Rules of this file: reads an address, opens nothing and imports no driver (Django's settings read
it too). `sqlite:///var/genba.sqlite3` is a file below the working folder, `sqlite:////srv/g.sqlite3`
one at a path from the root; `postgresql://user:password@host:port/name?option=value` a database.
"""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from genba.journal.contract import JournalBroken

FILE = "genba.sqlite3"
_SERVERS = ("postgresql", "postgres")


class SqliteFile(Struct, frozen=True):
    """A file of one's own."""

    path: Path


class PostgresDatabase(Struct, frozen=True):
    """A database on a server. `options` are those of libpq (sslmode, options …)."""

    url: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: dict[str, str] = {}


Address = SqliteFile | PostgresDatabase


def read_address(url: str, home: Path) -> Address:
    """Where `url` points; without one, the file in the folder of the installation.

    Raises JournalBroken (a plain sentence) for anything else.
    """
    if not url:
        return SqliteFile(home / FILE)
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SqliteFile(Path(unquote(rest[1:])).expanduser().absolute())
    if scheme in _SERVERS:
        try:
            return _database(url)
        except ValueError as problem:
            raise _unreadable(str(problem)) from problem
    raise _unreadable("it begins neither with sqlite:/// nor with postgresql://")


def _database(url: str) -> PostgresDatabase:
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("it names no database")
    options = dict(parse_qsl(parts.query))
    return PostgresDatabase(
        url=url,
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=options.pop("host", "") or unquote(parts.hostname or ""),
        port=options.pop("port", "") or str(parts.port or ""),
        options=options,
    )


def _unreadable(why: str) -> JournalBroken:
    return JournalBroken(
        f"GENBA_DATABASE_URL cannot be read: {why}. Write sqlite:///path/to/file or"
        " postgresql://user:password@host/name."
    )
