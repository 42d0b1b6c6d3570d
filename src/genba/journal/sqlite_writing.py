"""Writing the journal that lives in a SQLite file.

Rules of this file: how a change is put to SQLite, which answers at once; what is changed is in
`sql_writing`. What is found by its words is put into the index here, in the same transaction; on
PostgreSQL triggers do it (`sql/finding_*.sql`).
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from typing_extensions import override

from genba.journal.contract import NewEntry
from genba.journal.records import CaseId, CaseRow, Content, Entry, Envelope
from genba.journal.sql_writing import SqlTransaction
from genba.journal.sqlite_reading import SqliteReading
from genba.journal.wording import is_text

LONGEST = 200_000  # letters of one content that are looked at


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
