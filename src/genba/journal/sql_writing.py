"""Writing a journal that lives in a database.

Rules of this file: one method, one change, by named queries. A change says what is wrong when it
touches no row; a database may find that out when the change is made, or only when the transaction
ends. The transaction around it is that of `sqlite` or `postgres`; what a change means is said in
`contract`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, ClassVar

from msgspec.structs import replace
from typing_extensions import override

from genba.journal.chain import NOTHING, forge, microseconds
from genba.journal.contract import Conflict, NewEntry, Stale
from genba.journal.queries import several
from genba.journal.records import (
    Answer,
    Attempt,
    CaseId,
    CaseRow,
    Content,
    DecisionVersion,
    Deployment,
    Entry,
    Envelope,
    NewOutbox,
    OutboxRow,
    ProcessVersion,
    StreamRow,
    SubscriptionRow,
    TimerRow,
    TokenRow,
    WorkRow,
    stream_kind,
)
from genba.journal.rows import (
    NEVER,
    PARKED,
    Shape,
    bind,
    bind_work,
    bucket,
    candidates,
    entry_rows,
    is_waiting,
    must_be_case,
    must_be_stream,
    outbox_rows,
    portions,
    ranked,
)
from genba.journal.sql_reading import SqlReading

_CASE = Shape(CaseRow)
_WIDTH = len(_CASE.fields)
_STREAM = Shape(StreamRow)
_VERSION = Shape(ProcessVersion)
_DECISION = Shape(DecisionVersion)


class SqlTransaction(SqlReading):
    """See `contract.Transaction`."""

    most_rows: ClassVar[int] = 8  # in one statement

    def __init__(self) -> None:
        super().__init__()
        # Where cases and streams stand in this transaction: read once, as nobody else moves them.
        self._heads: dict[CaseId, tuple[int, bytes]] = {}
        self._known: dict[CaseId, CaseRow] = {}

    @override
    def case(self, case: CaseId) -> CaseRow | None:
        rows = self._rows("case_to_write", case=case)
        if not rows:
            return None
        row = _CASE.read(rows[0][:_WIDTH])
        self._heads[case] = (row.revision, rows[0][_WIDTH])
        self._known[case] = row
        return row

    @override
    def stream(self, id: str) -> StreamRow | None:
        rows = self._rows("stream", id=id)
        if not rows:
            return None
        row = _STREAM.read(rows[0])
        self._heads[row.id] = (row.revision, rows[0][-1])
        return row

    @override
    def head(self, case: CaseId) -> tuple[int, bytes] | None:
        return self._heads.get(case) or super().head(case)

    def change(self, name: str, given: dict[str, Any], otherwise: Exception | None = None) -> None:
        """Run a change; `otherwise` is raised, at the latest at the end, if it touches no row."""
        raise NotImplementedError

    def insert(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run an insert for rows, several in a statement; parameters in the order of the query."""
        for few in portions(rows, self.most_rows):
            self._put(several(name, self.dialect, len(few)), tuple(chain.from_iterable(few)))

    def _put(self, text: str, values: tuple[Any, ...]) -> None:
        """Run a statement whose parameters are given by place."""
        raise NotImplementedError

    def _count(self, name: str, given: dict[str, Any]) -> int:
        """Run a change; how many rows it touched."""
        raise NotImplementedError

    def _positions(self) -> Iterable[int]:
        """Where in the log of the installation the next entries stand."""
        raise NotImplementedError

    def _must_have(self, case: CaseId) -> None:
        """Raise LookupError when there is no such case, unless the database does it by itself."""

    def _must_have_case(self, case: CaseId) -> None:
        """Raise LookupError when there is no such case; of streams nothing is asked."""
        if not stream_kind(case) and self.head(case) is None:
            raise LookupError(f"there is no case {case}")

    def create_case(self, row: CaseRow) -> CaseRow:
        must_be_case(row.case)
        made = replace(row, number=self._number("next_number"), revision=0)
        given = bind(made) | {"bucket": bucket(row.case), "head": NOTHING}
        self.change("create_case", given, Conflict(f"there is a case {row.case} already"))
        self._heads[row.case] = (0, NOTHING)
        self._known[row.case] = made
        return made

    def append(
        self, row: CaseRow, *, expected: int, entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        stale = Conflict(f"the case {row.case} is no longer at {expected}")
        stored = self.head(row.case)
        if stored is None or stored[0] != expected:
            raise stale
        made = self._write(row.case, stored, entries, envelope)
        revision, head = expected + len(made), made[-1].hash if made else stored[1]
        kept = bind(row)
        kept["revision"], kept["head"], kept["expected"] = revision, head, expected
        before = self._known.get(row.case)
        listed = before is not None and _place(before) == _place(row)
        self.change("store_step" if listed else "store_case", kept, stale)
        self._heads[row.case] = (revision, head)
        self._known[row.case] = row
        return made

    def _write(
        self, case: CaseId, at: tuple[int, bytes], entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        """Put entries behind revision and hash `at`."""
        made = forge(
            case,
            after=at[0],
            head=at[1],
            positions=self._positions() if entries else (),
            entries=entries,
            envelope=envelope,
        )
        self.insert("append_entry", entry_rows(made, envelope))
        return made

    def write_stream(
        self,
        row: StreamRow,
        *,
        expected: int,
        entries: Sequence[NewEntry],
        envelope: Envelope,
        marks: Sequence[str] | None = None,
    ) -> list[Entry]:
        must_be_stream(row, entries)
        stale = Conflict(f"the stream {row.id} is no longer at {expected}")
        stored = self.head(row.id) or (0, NOTHING)
        if stored[0] != expected:
            raise stale
        made = self._write(row.id, stored, entries, envelope)
        revision, head = made[-1].seq, made[-1].hash
        kept = bind(replace(row, revision=revision, updated=envelope.at)) | {"head": head}
        if expected:
            self.change("store_stream", kept | {"expected": expected}, stale)
        else:
            self.change("create_stream", kept, stale)
        self._heads[row.id] = (revision, head)
        if marks is not None:
            self.change("drop_marks", {"id": row.id})
            for mark in dict.fromkeys(marks):
                self.change("put_mark", {"id": row.id, "kind": row.kind, "mark": mark})
        return made

    def open_work(self, row: WorkRow) -> None:
        self._must_have(row.case)
        twice = LookupError(f"the work {row.work} of case {row.case} was opened before")
        self.change("open_work", bind_work(row), twice)
        self._add_candidates(row)

    def _add_candidates(self, row: WorkRow) -> None:
        if row.closed_at is None:
            rank = microseconds(ranked(row)) if is_waiting(row) else NEVER
            for who in candidates(row):
                given = {"case": row.case, "work": row.work, "who": who, "rank": rank}
                self.change("add_candidate", given)

    def revise_work(self, row: WorkRow) -> None:
        never = LookupError(f"the case {row.case} never had a work {row.work}")
        given = bind_work(row)
        del given["opened_at"]
        self.change("revise_work", given, never)
        self.change("drop_candidates", {"case": row.case, "work": row.work})
        self._add_candidates(row)

    def assign_work(self, case: CaseId, work: str, to: str) -> None:
        given = {"case": case, "work": work, "assignee": to}
        self.change("assign_work", given, _not_open(case, work))
        self.change("rank_candidates", given | {"never": NEVER})

    def hold_work(self, case: CaseId, work: str) -> bool:
        return bool(self._rows("hold_work", case=case, work=work))

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
        self.change("close_work", given, _not_open(case, work))
        self.change("drop_candidates", {"case": case, "work": work})

    def set_timer(self, row: TimerRow) -> None:
        self._must_have(row.case)
        self.change("set_timer", bind(row) | {"bucket": bucket(row.case)})

    def drop_timer(self, case: CaseId, timer: str) -> None:
        self.change("drop_timer", {"case": case, "timer": timer})

    def subscribe(self, row: SubscriptionRow) -> None:
        self._must_have(row.case)
        self.change("subscribe", bind(row))

    def unsubscribe(self, case: CaseId, subscription: str) -> None:
        self.change("unsubscribe", {"case": case, "subscription": subscription})

    def post(self, case: CaseId, rows: Sequence[NewOutbox]) -> None:
        self.insert("post", outbox_rows(case, rows))

    def settle(self, row: OutboxRow, *, held: bool = False) -> None:
        stale = Stale(f"somebody else does {row.key} of case {row.case}") if held else None
        self.change("settle", _of(row), stale)

    def park(self, row: OutboxRow, *, incident: str, error: str) -> None:
        given = {"incident": incident, "error": error, "due": microseconds(PARKED)}
        self.change("park", _of(row) | given)

    def take_up(self, case: CaseId, incident: str, *, due: datetime) -> None:
        given = {"case": case, "incident": incident, "due": microseconds(due)}
        self.change("take_up", given)

    def let_go(self, case: CaseId, incident: str) -> None:
        self.change("let_go", {"case": case, "incident": incident})

    def postpone(self, row: OutboxRow, *, due: datetime, error: str) -> None:
        self.change("postpone", _of(row) | {"due": microseconds(due), "error": error})

    def deploy(
        self, deployment: Deployment, processes: Sequence[tuple[str, str]]
    ) -> list[ProcessVersion]:
        if not self._rows("deployment", id=deployment.id):
            self.change("put_deployment", bind(deployment))
            for key, name in processes:
                given = {"key": key, "name": name, "deployment": deployment.id}
                self.change("put_version", given | {"at": microseconds(deployment.at)})
        return self._all(_VERSION, "versions_of_deployment", deployment=deployment.id)

    def deploy_decisions(
        self, deployment: Deployment, decisions: Sequence[tuple[str, str]]
    ) -> list[DecisionVersion]:
        if not self._rows("deployment", id=deployment.id):
            self.change("put_deployment", bind(deployment))
            for key, name in decisions:
                given = {"key": key, "name": name, "deployment": deployment.id}
                self.change("put_decision", given | {"at": microseconds(deployment.at)})
        return self._all(_DECISION, "decisions_of_deployment", deployment=deployment.id)

    def put_token(self, row: TokenRow) -> None:
        self.change("put_token", bind(row))

    def revoke_tokens(self, person: str) -> int:
        return self._count("revoke_tokens", {"person": person})

    def put_content(self, row: Content) -> None:
        self._must_have_case(row.case)
        self.change("put_content", bind(row))

    def erase_content(self, case: CaseId, id: str) -> None:
        self.change("erase_content", {"case": case, "id": id, "nothing": b""})

    def follow(self, case: CaseId, person: str) -> None:
        self._must_have_case(case)
        self.change("follow", {"case": case, "person": person})

    def unfollow(self, case: CaseId, person: str) -> None:
        self.change("unfollow", {"case": case, "person": person})

    def remember(self, answer: Answer) -> None:
        known = Conflict(f"the command {answer.key} has its answer already")
        self.change("remember", bind(answer), known)

    def note_attempt(self, attempt: Attempt) -> None:
        self.change("note_attempt", bind(attempt))


def _place(row: CaseRow) -> tuple[str, ...]:
    """What decides in which lists a case is; the columns of its indexes."""
    return (row.process, row.status, row.collaboration, row.parent)


def _of(row: OutboxRow) -> dict[str, Any]:
    """What says which row, and whose claim of it."""
    return {"case": row.case, "id": row.id, "key": row.key, "fence": row.fence}


def _not_open(case: str, work: str) -> LookupError:
    return LookupError(f"the case {case} has no open work {work}")
