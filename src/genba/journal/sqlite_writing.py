"""Writing the journal that lives in a SQLite file.

Rules of this file: how a change is put to SQLite, which answers at once; what is changed is in
`sql_writing`. What is found by its words is put into the index here, in the same transaction; on
PostgreSQL triggers do it (`sql/finding_*.sql`).
"""

from collections.abc import Iterable, Sequence
from itertools import count
from sqlite3 import Connection
from typing import Any

from typing_extensions import override

from genba.journal.contract import NewEntry
from genba.journal.group_commit import Group
from genba.journal.records import CaseId, CaseRow, Content, Entry, Envelope
from genba.journal.sql_writing import SqlTransaction
from genba.journal.sqlite_reading import SqliteReading
from genba.journal.wording import is_text

LONGEST = 200_000  # letters of one content that are looked at


class SqliteTransaction(SqliteReading, SqlTransaction):
    """See `contract.Transaction`."""

    def __init__(self, connection: Connection, group: Group) -> None:
        super().__init__(connection)
        self._group = group

    @override
    def change(self, name: str, given: dict[str, Any], otherwise: Exception | None = None) -> None:
        asked = self.placed[name]
        done = self._connection.execute(asked.text, asked.pick(given))
        if otherwise is not None and not done.rowcount:
            raise otherwise

    @override
    def _put(self, text: str, values: tuple[Any, ...]) -> None:
        self._connection.execute(text, values)

    @override
    def _count(self, name: str, given: dict[str, Any]) -> int:
        asked = self.placed[name]
        return self._connection.execute(asked.text, asked.pick(given)).rowcount

    @override
    def _positions(self) -> Iterable[int]:
        """Asked once by those who share a flush: nobody else writes meanwhile."""
        return count(self._group.position or self._number("next_position"))

    @override
    def _write(
        self, case: CaseId, at: tuple[int, bytes], entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        made = super()._write(case, at, entries, envelope)
        if made:
            self._group.position = made[-1].position + 1
        return made

    @override
    def _must_have(self, case: CaseId) -> None:
        if self.head(case) is None:
            raise LookupError(f"there is no case {case}")

    @override
    def create_case(self, row: CaseRow) -> CaseRow:
        made = super().create_case(row)
        self._find(row.case, "case", row.title)
        return made

    @override
    def append(
        self, row: CaseRow, *, expected: int, entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        before = self._known.get(row.case) or self.case(row.case)
        made = super().append(row, expected=expected, entries=entries, envelope=envelope)
        if before is not None and before.title != row.title:
            words = {"case": row.case, "part": "case"}
            self.change("find_no_more_by", words | {"words": before.title})
            self.change("find_by", words | {"words": row.title})
        return made

    @override
    def put_content(self, row: Content) -> None:
        super().put_content(row)
        if not row.erased:
            self._find(row.case, _part(row), _text(row))

    @override
    def erase_content(self, case: CaseId, id: str) -> None:
        row = self.content(case, id)
        super().erase_content(case, id)
        if row is not None and not row.erased:
            place = {"case": case, "part": _part(row)}
            self.change("find_no_more_by", place | {"words": _text(row)})
            self.change("forget_findable", place)

    def _find(self, case: CaseId, part: str, words: str) -> None:
        place = {"case": case, "part": part}
        self.change("make_findable", place)
        self.change("find_by", place | {"words": words})


def _part(row: Content) -> str:
    return f"content/{row.id}"


def _text(row: Content) -> str:
    """What a content is found by: words, or the name of a file and what it says."""
    told = row.kind == "words" or is_text(row.media_type)
    body = row.body.decode("utf-8", "replace")[:LONGEST] if told else ""
    return f"{row.name} {body}".replace("\0", " ")
