"""Writing the journal that lives in a SQLite file.

Rules of this file: one method, one change, by named queries. The transaction around it is
`sqlite`'s; what a change means is said in `contract`.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from msgspec.structs import replace

from genba.journal.chain import NOTHING, forge, microseconds
from genba.journal.contract import Conflict, NewEntry
from genba.journal.queries import queries
from genba.journal.records import (
    Answer,
    Attempt,
    CaseId,
    CaseRow,
    Content,
    Deployment,
    Entry,
    Envelope,
    NewOutbox,
    OutboxRow,
    ProcessVersion,
    SubscriptionRow,
    TimerRow,
    TokenRow,
    WorkRow,
)
from genba.journal.rows import Shape, bind, bind_entry, bind_work, bucket, candidates
from genba.journal.sqlite_reading import SqliteReading

_SQL = queries("sqlite")
_VERSION = Shape(ProcessVersion)


class SqliteTransaction(SqliteReading):
    """See `contract.Transaction`."""

    def _do(self, name: str, given: dict[str, Any]) -> int:
        """Run a change; how many rows it touched."""
        return self._connection.execute(_SQL[name], given).rowcount

    def create_case(self, row: CaseRow) -> CaseRow:
        made = replace(row, number=self._number("next_number"), revision=0)
        given = bind(made) | {"bucket": bucket(row.case), "head": NOTHING}
        if not self._do("create_case", given):
            raise Conflict(f"there is a case {row.case} already")
        return made

    def append(
        self, row: CaseRow, *, expected: int, entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        stored = self._rows("head", case=row.case)
        if not stored or stored[0][0] != expected:
            raise Conflict(f"the case {row.case} is no longer at {expected}")
        head = stored[0][1]
        made = forge(
            row.case,
            after=expected,
            head=head,
            positions=count(self._number("next_position")),
            entries=entries,
            envelope=envelope,
        )
        self._connection.executemany(_SQL["append_entry"], [bind_entry(entry) for entry in made])
        kept = bind(replace(row, revision=expected + len(made)))
        kept |= {"head": made[-1].hash if made else head, "expected": expected}
        if not self._do("store_case", kept):
            raise Conflict(f"the case {row.case} is no longer at {expected}")
        return made

    def open_work(self, row: WorkRow) -> None:
        self._must_have(row.case)
        if self.work(row.case, row.work) is not None:
            raise LookupError(f"the work {row.work} of case {row.case} was opened before")
        self._do("open_work", bind_work(row))
        if row.closed_at is None:
            for who in candidates(row):
                self._do("add_candidate", {"case": row.case, "work": row.work, "who": who})

    def assign_work(self, case: CaseId, work: str, to: str) -> None:
        if not self._do("assign_work", {"case": case, "work": work, "assignee": to}):
            raise LookupError(f"the case {case} has no open work {work}")

    def close_work(
        self, case: CaseId, work: str, *, at: datetime, by: str, outcome: str, channel: str
    ) -> None:
        given = {
            "case": case,
            "work": work,
            "at": microseconds(at),
            "by_whom": by,
            "outcome": outcome,
            "channel": channel,
        }
        if not self._do("close_work", given):
            raise LookupError(f"the case {case} has no open work {work}")
        self._do("drop_candidates", {"case": case, "work": work})

    def _must_have(self, case: CaseId) -> None:
        if not self._rows("head", case=case):
            raise LookupError(f"there is no case {case}")

    def set_timer(self, row: TimerRow) -> None:
        self._must_have(row.case)
        self._do("set_timer", bind(row) | {"bucket": bucket(row.case)})

    def drop_timer(self, case: CaseId, timer: str) -> None:
        self._do("drop_timer", {"case": case, "timer": timer})

    def subscribe(self, row: SubscriptionRow) -> None:
        self._must_have(row.case)
        self._do("subscribe", bind(row))

    def unsubscribe(self, case: CaseId, subscription: str) -> None:
        self._do("unsubscribe", {"case": case, "subscription": subscription})

    def post(self, case: CaseId, rows: Sequence[NewOutbox]) -> None:
        for row in rows:
            self._do("post", bind(row) | {"case": case, "bucket": bucket(case)})

    def settle(self, row: OutboxRow) -> None:
        self._do("settle", {"case": row.case, "id": row.id, "key": row.key})

    def postpone(self, row: OutboxRow, *, due: datetime, error: str) -> None:
        given = {"case": row.case, "id": row.id, "key": row.key}
        self._do("postpone", given | {"due": microseconds(due), "error": error})

    def deploy(
        self, deployment: Deployment, processes: Sequence[tuple[str, str]]
    ) -> list[ProcessVersion]:
        if not self._rows("deployment", id=deployment.id):
            self._do("put_deployment", bind(deployment))
            for key, name in processes:
                given = {"key": key, "name": name, "deployment": deployment.id}
                self._do("put_version", given | {"at": microseconds(deployment.at)})
        return self._all(_VERSION, "versions_of_deployment", deployment=deployment.id)

    def put_token(self, row: TokenRow) -> None:
        self._do("put_token", bind(row))

    def revoke_tokens(self, person: str) -> int:
        return self._do("revoke_tokens", {"person": person})

    def put_content(self, row: Content) -> None:
        self._must_have(row.case)
        self._do("put_content", bind(row))

    def erase_content(self, case: CaseId, id: str) -> None:
        self._do("erase_content", {"case": case, "id": id, "nothing": b""})

    def follow(self, case: CaseId, person: str) -> None:
        self._must_have(case)
        self._do("follow", {"case": case, "person": person})

    def unfollow(self, case: CaseId, person: str) -> None:
        self._do("unfollow", {"case": case, "person": person})

    def remember(self, answer: Answer) -> None:
        if not self._do("remember", bind(answer)):
            raise Conflict(f"the command {answer.key} has its answer already")

    def note_attempt(self, attempt: Attempt) -> None:
        self._do("note_attempt", bind(attempt))
