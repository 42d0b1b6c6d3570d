"""Django's database: the one the journal is in, on a connection of its own.

Rules of this file: no Django (the settings import it); an address becomes Django's words.
"""

from typing import Any

from genba.journal.addresses import Address, PostgresDatabase

CONNECTIONS = 20  # at most, in one process


def django_database(where: Address) -> dict[str, Any]:
    """The entry of DATABASES for an address."""
    if isinstance(where, PostgresDatabase):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": where.name,
            "USER": where.user,
            "PASSWORD": where.password,
            "HOST": where.host,
            "PORT": where.port,
            "CONN_MAX_AGE": 0,  # back to the pool after each request
            "CONN_HEALTH_CHECKS": True,  # a server that was restarted costs nobody a page
            "OPTIONS": {
                **where.options,
                "application_name": "genba-people",
                "pool": {"min_size": 0, "max_size": CONNECTIONS, "timeout": 30},
            },
        }
    # Django's default is a deferred transaction, which fails with "locked" on upgrade instead of
    # waiting.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": where.path,
        "CONN_MAX_AGE": None,  # one for each thread of the server's pool
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        },
    }
