"""Reading the journal that lives in PostgreSQL.

Rules of this file: how a query is put to PostgreSQL; what is asked is in `sql_reading`. The
connection is in pipeline mode: what was sent before travels with the query, in one round trip.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection
from typing_extensions import override

from genba.journal.queries import queries
from genba.journal.sql_reading import SqlReading

Database = Connection[tuple[Any, ...]]


class PostgresReading(SqlReading):
    """See `contract.Reading`."""

    dialect = "postgres"
    sql = queries("postgres")

    def __init__(self, connection: Database) -> None:
        super().__init__()
        self._connection = connection

    @override
    def _fetch(self, text: str, given: dict[str, Any]) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = list(self._connection.execute(text.encode(), given))
        return rows

    @override
    def matching(self, asked: Sequence[str]) -> str:
        return " & ".join(f"{word}:*" for word in asked)
