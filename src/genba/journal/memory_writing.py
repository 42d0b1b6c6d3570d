"""Writing the journal that lives in memory.

Rules of this file: changes only, over `memory_tables`, which can take them back; what a change
means is said in `contract`, and the same suite checks it here and on the databases.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from msgspec.structs import replace

from genba.journal.chain import NOTHING, forge
from genba.journal.contract import Claim, Claimed, Conflict, NewEntry, Stale
from genba.journal.memory_reading import MemoryReading
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
    Finding,
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
from genba.journal.rows import PARKED, must_be_case, must_be_stream


class MemoryTransaction(MemoryReading):
    """See `contract.Transaction`."""

    def create_case(self, row: CaseRow) -> CaseRow:
        must_be_case(row.case)
        if self.case(row.case) is not None:
            raise Conflict(f"there is a case {row.case} already")
        made = replace(row, number=self._tables.numbers.count("") + 1, revision=0)
        self._tables.cases.put(row.case, "", made)
        self._tables.heads.put(row.case, "", NOTHING)
        self._tables.numbers.put("", made.number, row.case)
        self._make_findable(row.case, "case")
        return made

    def _make_findable(self, case: CaseId, part: str) -> None:
        id = self._tables.findable.count("") + 1
        self._tables.findable.put("", id, Finding(id=id, case=case, part=part))

    def append(
        self, row: CaseRow, *, expected: int, entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        stored = self.case(row.case)
        if stored is None or stored.revision != expected:
            raise Conflict(f"the case {row.case} is no longer at {expected}")
        made = self._write(row.case, expected, entries, envelope)
        kept = replace(
            row,
            number=stored.number,
            started_at=stored.started_at,
            started_by=stored.started_by,
            revision=expected + len(made),
        )
        self._tables.cases.put(row.case, "", kept)
        return made

    def _write(
        self, case: CaseId, after: int, entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        head = self._tables.heads.get(case, "") or NOTHING
        positions = count(self.position() + 1)
        made = forge(
            case, after=after, head=head, positions=positions, entries=entries, envelope=envelope
        )
        for entry in made:
            self._tables.log.put(case, entry.seq, entry)
            self._tables.positions.put("", entry.position, entry)
        self._tables.heads.put(case, "", made[-1].hash if made else head)
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
        stored = self.stream(row.id)
        if (stored.revision if stored else 0) != expected:
            raise Conflict(f"the stream {row.id} is no longer at {expected}")
        made = self._write(row.id, expected, entries, envelope)
        kept = replace(row, revision=expected + len(made), updated=envelope.at)
        self._tables.streams.put(row.id, "", kept)
        if marks is not None:
            for mark in self._tables.marks.of(row.id):
                self._tables.marks.drop(row.id, mark)
            for mark in marks:
                self._tables.marks.put(row.id, mark, mark)
        return made

    def open_work(self, row: WorkRow) -> None:
        self._must_have(row.case)
        if self.work(row.case, row.work) is not None:
            raise LookupError(f"the work {row.work} of case {row.case} was opened before")
        self._tables.works.put(row.case, row.work, row)

    def revise_work(self, row: WorkRow) -> None:
        stored = self.work(row.case, row.work)
        if stored is None:
            raise LookupError(f"the case {row.case} never had a work {row.work}")
        self._tables.works.put(row.case, row.work, replace(row, opened_at=stored.opened_at))

    def assign_work(self, case: CaseId, work: str, to: str) -> None:
        self._tables.works.put(case, work, replace(self._open(case, work), assignee=to))

    def hold_work(self, case: CaseId, work: str) -> bool:
        row = self._tables.works.get(case, work)
        return row is not None and row.closed_at is None and not row.assignee

    def close_work(
        self, case: CaseId, work: str, *, at: datetime, by: str, outcome: str, channel: str
    ) -> None:
        closed = replace(
            self._open(case, work), closed_at=at, closed_by=by, outcome=outcome, channel=channel
        )
        self._tables.works.put(case, work, closed)

    def _open(self, case: CaseId, work: str) -> WorkRow:
        row = self.work(case, work)
        if row is None or row.closed_at is not None:
            raise LookupError(f"the case {case} has no open work {work}")
        return row

    def _must_have(self, case: CaseId) -> None:
        if self.case(case) is None:
            raise LookupError(f"there is no case {case}")

    def set_timer(self, row: TimerRow) -> None:
        self._must_have(row.case)
        self._tables.timers.put(row.case, row.timer, row)

    def drop_timer(self, case: CaseId, timer: str) -> None:
        self._tables.timers.drop(case, timer)
        self._tables.leases.drop(case, f"timer {timer}")

    def subscribe(self, row: SubscriptionRow) -> None:
        self._must_have(row.case)
        self._tables.subscriptions.put(row.case, row.subscription, row)

    def unsubscribe(self, case: CaseId, subscription: str) -> None:
        self._tables.subscriptions.drop(case, subscription)

    def post(self, case: CaseId, rows: Sequence[NewOutbox]) -> None:
        for new in rows:
            if self._tables.outbox.get(case, new.key) is None:
                id = (self._tables.outbox_ids.get("", "last") or 0) + 1
                self._tables.outbox_ids.put("", "last", id)
                row = OutboxRow(
                    id=id, case=case, kind=new.kind, body=new.body, key=new.key, due=new.due
                )
                self._tables.outbox.put(case, new.key, row)

    def settle(self, row: OutboxRow, *, held: bool = False) -> None:
        if self._waiting(row) is not None:
            self._tables.outbox.drop(row.case, row.key)
            self._tables.leases.drop(row.case, row.key)
        elif held:
            raise Stale(f"somebody else does {row.key} of case {row.case}")

    def park(self, row: OutboxRow, *, incident: str, error: str) -> None:
        stored = self._waiting(row)
        if stored is not None:
            self._tables.outbox.put(row.case, row.key, replace(stored, due=PARKED, error=error))
            self._tables.leases.drop(row.case, row.key)
            self._tables.incidents.put(row.case, incident, row.key)

    def take_up(self, case: CaseId, incident: str, *, due: datetime) -> None:
        key = self._tables.incidents.get(case, incident)
        stored = self._tables.outbox.get(case, key) if key and incident else None
        if stored is not None:
            again = replace(stored, due=due, attempts=0, deaths=0)
            self._tables.outbox.put(case, stored.key, again)
            self._tables.incidents.drop(case, incident)

    def let_go(self, case: CaseId, incident: str) -> None:
        key = self._tables.incidents.get(case, incident)
        stored = self._tables.outbox.get(case, key) if key and incident else None
        if stored is not None and stored.kind != "timer":
            self._tables.outbox.drop(case, stored.key)
            self._tables.incidents.drop(case, incident)

    def claim(self, asked: Claim) -> Claimed:
        """Take what is due; see `contract.Journal.claim`."""
        leases = self._tables.leases
        timers: list[TimerRow] = []
        rows: list[OutboxRow] = []
        for timer in self.due_timers(asked.now, asked.limit) if asked.timers else ():
            until = leases.get(timer.case, f"timer {timer.timer}")
            if until is None or until <= asked.now:
                dead = timer.deaths + (until is not None)
                timers.append(replace(timer, fence=timer.fence + 1, deaths=dead))
        for row in self.due_outbox(asked.now, 10**9, only=asked.only, but=asked.but):
            until = leases.get(row.case, row.key)
            if (until is None or until <= asked.now) and len(timers) + len(rows) < asked.limit:
                dead = row.deaths + (until is not None)
                mine = replace(row, fence=row.fence + 1, deaths=dead, holder=asked.holder)
                rows.append(replace(mine, lease=asked.until))
        for timer in timers:
            self._tables.timers.put(timer.case, timer.timer, timer)
        for row in rows:
            self._tables.outbox.put(row.case, row.key, row)
        claimed = Claimed(timers=tuple(timers), rows=tuple(rows))
        self.lease(claimed, asked.until, new=True)
        return claimed

    def lease(self, claimed: Claimed, until: datetime | None, *, new: bool = False) -> None:
        """Keep claimed rows, or give them back; see `contract.Journal.lease`."""
        held = [(t.case, f"timer {t.timer}", t.fence) for t in claimed.timers]
        held += [(row.case, row.key, row.fence) for row in claimed.rows]
        for case, key, fence in held:
            if not new and (
                self._fence(case, key) != fence or not self._tables.leases.get(case, key)
            ):
                continue
            if until is None:
                self._tables.leases.drop(case, key)
            else:
                self._tables.leases.put(case, key, until)

    def _fence(self, case: CaseId, key: str) -> int:
        stored = self._tables.outbox.get(case, key) or self._tables.timers.get(
            case, key.removeprefix("timer ")
        )
        return stored.fence if stored else -1

    def postpone(self, row: OutboxRow, *, due: datetime, error: str) -> None:
        stored = self._waiting(row)
        if stored is not None:
            later = replace(stored, due=due, error=error, attempts=stored.attempts + 1)
            self._tables.outbox.put(row.case, row.key, later)
            self._tables.leases.drop(row.case, row.key)

    def _waiting(self, row: OutboxRow) -> OutboxRow | None:
        stored = self._tables.outbox.get(row.case, row.key)
        same = stored is not None and (stored.id, stored.fence) == (row.id, row.fence)
        return stored if same else None

    def deploy(
        self, deployment: Deployment, processes: Sequence[tuple[str, str]]
    ) -> list[ProcessVersion]:
        if self.deployment(deployment.id) is None:
            self._tables.deployments.put(deployment.id, "", deployment)
            for key, name in processes:
                version = self._tables.versions.count(key) + 1
                row = ProcessVersion(
                    key=key,
                    version=version,
                    name=name,
                    deployment=deployment.id,
                    at=deployment.at,
                )
                self._tables.versions.put(key, version, row)
        brought = [row for row in self._tables.versions if row.deployment == deployment.id]
        return sorted(brought, key=lambda row: (row.key, row.version))

    def deploy_decisions(
        self, deployment: Deployment, decisions: Sequence[tuple[str, str]]
    ) -> list[DecisionVersion]:
        if self.deployment(deployment.id) is None:
            self._tables.deployments.put(deployment.id, "", deployment)
            for key, name in decisions:
                version = self._tables.decisions.count(key) + 1
                row = DecisionVersion(
                    key=key,
                    version=version,
                    name=name,
                    deployment=deployment.id,
                    at=deployment.at,
                )
                self._tables.decisions.put(key, version, row)
        brought = [row for row in self._tables.decisions if row.deployment == deployment.id]
        return sorted(brought, key=lambda row: (row.key, row.version))

    def put_token(self, row: TokenRow) -> None:
        self._tables.tokens.put("", row.hash, row)

    def revoke_tokens(self, person: str) -> int:
        held = [row for row in self._tables.tokens.of("") if row.person == person]
        open_ones = [row for row in held if not row.revoked]
        for row in open_ones:
            self._tables.tokens.put("", row.hash, replace(row, revoked=True))
        return len(open_ones)

    def put_content(self, row: Content) -> None:
        if not stream_kind(row.case):
            self._must_have(row.case)
        self._tables.contents.put(row.case, row.id, row)
        self._make_findable(row.case, f"content/{row.id}")

    def erase_content(self, case: CaseId, id: str) -> None:
        row = self.content(case, id)
        if row is not None:
            erased = replace(row, body=b"", name="", size=0, erased=True)
            self._tables.contents.put(case, id, erased)

    def follow(self, case: CaseId, person: str) -> None:
        if not stream_kind(case):
            self._must_have(case)
        self._tables.followers.put(case, person, person)

    def unfollow(self, case: CaseId, person: str) -> None:
        self._tables.followers.drop(case, person)

    def remember(self, answer: Answer) -> None:
        if self.answer(answer.key) is not None:
            raise Conflict(f"the command {answer.key} has its answer already")
        self._tables.answers.put("", answer.key, answer)

    def note_attempt(self, attempt: Attempt) -> None:
        self._tables.attempts.put("", self._tables.attempts.count("") + 1, attempt)
