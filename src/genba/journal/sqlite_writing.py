"""Writing the journal that lives in a SQLite file.

Rules of this file: how a change is put to SQLite, which answers at once; what is changed is in
`sql_writing`.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from typing_extensions import override

from genba.journal.records import CaseId
from genba.journal.sql_writing import SqlTransaction
from genba.journal.sqlite_reading import SqliteReading


class SqliteTransaction(SqliteReading, SqlTransaction):
    """See `contract.Transaction`."""

    @override
    def change(self, name: str, given: dict[str, Any], otherwise: Exception | None = None) -> None:
        touched = self._count(name, given)
        if not touched and otherwise is not None:
            raise otherwise

    @override
    def change_all(self, name: str, given: Sequence[dict[str, Any]]) -> None:
        self._connection.executemany(self.sql[name], given)

    @override
    def _count(self, name: str, given: dict[str, Any]) -> int:
        return self._connection.execute(self.sql[name], given).rowcount

    @override
    def _positions(self) -> Iterable[int]:
        return count(self._number("next_position"))

    @override
    def _must_have(self, case: CaseId) -> None:
        if self.head(case) is None:
            raise LookupError(f"there is no case {case}")
