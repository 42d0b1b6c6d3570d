"""Writing the journal that lives in PostgreSQL.

Rules of this file: how a change is put to PostgreSQL; what is changed is in `sql_writing`. Changes
are queued and travel together with the next question, or with the commit: the statements of an act
cost one round trip. So that nothing wrong is committed, a change that must touch a row says so to
the database itself (`journal_must`).
"""

from collections.abc import Iterable
from itertools import count
from typing import Any

from psycopg import Cursor, Pipeline
from typing_extensions import override

from genba.journal.contract import Conflict
from genba.journal.postgres_errors import STATES
from genba.journal.postgres_pipeline import quietly
from genba.journal.postgres_reading import Database, PostgresReading
from genba.journal.sql_writing import SqlTransaction

TOGETHER = 100  # changes that wait in the queue at most
ROOM = 1 << 16  # entries a transaction can write: see `next_position`

_STATE_OF = {kind: state for state, kind in STATES.items()}
_POSITION = PostgresReading.sql["next_position"].encode()
_MUST = (
    "WITH touched AS ({} RETURNING 1)"
    " SELECT journal_must((SELECT count(*) FROM touched), %(must_state)s, %(must_words)s)"
)


class PostgresTransaction(PostgresReading, SqlTransaction):
    """See `contract.Transaction`."""

    most_rows = 3  # psycopg reads a statement of more than 50 parameters anew each time

    def __init__(self, connection: Database, pipeline: Pipeline) -> None:
        super().__init__(connection)
        self._pipeline = pipeline
        # Asked first, so that the number of the transaction is younger than what it sees: of two
        # entries of one case the later has the higher position.
        with quietly(pipeline):
            self._start: Cursor[tuple[Any, ...]] = connection.execute(_POSITION)
        self._next: Iterable[int] | None = None
        self._queued = 0

    @override
    def change(self, name: str, given: dict[str, Any], otherwise: Exception | None = None) -> None:
        text = self.sql[name]
        if otherwise is not None:
            text = _MUST.format(text)
            state = _STATE_OF[type(otherwise)]
            given = given | {"must_state": state, "must_words": str(otherwise)}
        self._queue(text, given)

    @override
    def _put(self, text: str, values: tuple[Any, ...]) -> None:
        self._queue(text, values)

    def _queue(self, text: str, given: dict[str, Any] | tuple[Any, ...]) -> None:
        """Sent along with the next question or the commit, or when much has come together."""
        self._queued += 1
        if self._queued % TOGETHER:
            with quietly(self._pipeline):
                self._connection.execute(text.encode(), given)
        else:
            self._connection.execute(text.encode(), given)

    @override
    def _count(self, name: str, given: dict[str, Any]) -> int:
        cursor = self._connection.execute(f"{self.sql[name]} RETURNING 1".encode(), given)
        return len(cursor.fetchall())

    @override
    def _positions(self) -> Iterable[int]:
        if self._next is None:
            if self._pipeline.command_queue:  # nothing was asked yet
                self._pipeline.sync()
            row = self._start.fetchone()
            assert row is not None
            first = int(row[0])
            self._next = _within(first)
        return self._next


def _within(first: int) -> Iterable[int]:
    """The positions of one transaction, in order."""
    for position in count(first):
        if position >= first + ROOM:
            raise Conflict(f"an act cannot write more than {ROOM} entries")
        yield position
