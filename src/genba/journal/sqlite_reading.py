"""Reading the journal that lives in a SQLite file.

Rules of this file: how a query is put to SQLite; what is asked is in `sql_reading`.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from typing_extensions import override

from genba.journal.queries import placed, queries
from genba.journal.sql_reading import SqlReading


class SqliteReading(SqlReading):
    """See `contract.Reading`."""

    dialect = "sqlite"
    sql = queries("sqlite")
    placed = placed()

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    @override
    def _rows(self, query: str, /, **given: Any) -> list[Sequence[Any]]:
        asked = self.placed[query]
        return self._connection.execute(asked.text, asked.pick(given)).fetchall()

    @override
    def _fetch(self, text: str, given: dict[str, Any]) -> list[Sequence[Any]]:
        return self._connection.execute(text, given).fetchall()

    @override
    def matching(self, asked: Sequence[str]) -> str:
        return " ".join(f'"{word}"*' for word in asked)
