"""Reading the journal that lives in memory.

Rules of this file: answers only, over `memory_tables`; what an answer means is said in
`contract`, and the same suite checks it here and on the databases.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from genba.journal.chain import microseconds
from genba.journal.contract import LAST, MOST_COUNTED, CaseQuery, InboxQuery
from genba.journal.memory_tables import Tables
from genba.journal.records import (
    NOBODYS,
    Answer,
    Attempt,
    CaseId,
    CaseRow,
    Content,
    DecisionVersion,
    Deed,
    Deployment,
    Entry,
    Finding,
    InboxRow,
    OutboxRow,
    ProcessVersion,
    StreamRow,
    SubscriptionRow,
    TimerRow,
    TokenRow,
    WorkRow,
)
from genba.journal.rows import (
    ASKED,
    NEVER,
    PARKED,
    asking,
    candidates,
    is_waiting,
    ranked,
    words_of,
)
from genba.journal.wording import has_all, is_text


class MemoryReading:
    """See `contract.Reading`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def case(self, case: CaseId) -> CaseRow | None:
        return self._tables.cases.get(case, "")

    def case_by_number(self, number: int) -> CaseRow | None:
        case = self._tables.numbers.get("", number)
        return None if case is None else self._tables.cases.get(case, "")

    def cases(self, query: CaseQuery) -> list[CaseRow]:
        found = sorted(self._matching(query), key=lambda row: -row.number)
        page = found[query.after : query.after + query.limit]
        return [msgspec.structs.replace(row, state=b"") for row in page]

    def count_cases(self, query: CaseQuery) -> int:
        return sum(1 for _ in self._matching(query))

    def running_in(
        self, process: str, version: int, after: str = "", limit: int = 500
    ) -> list[CaseRow]:
        found = (row for row in self._running(process) if row.version == version)
        return sorted((row for row in found if row.case > after), key=lambda row: row.case)[:limit]

    def running_versions(self, process: str) -> list[tuple[int, int]]:
        return sorted(Counter(row.version for row in self._running(process)).items())

    def _running(self, process: str) -> list[CaseRow]:
        cases = self._tables.cases
        return [row for row in cases if row.process == process and row.status == "running"]

    def _matching(self, query: CaseQuery) -> Iterable[CaseRow]:
        for row in self._tables.cases:
            if (
                query.process in (None, "", row.process)
                and query.status in (None, "", row.status)
                and query.collaboration in (None, "", row.collaboration)
                and query.parent in (None, "", row.parent)
                and (not query.person or self._concerns(row, query.person))
            ):
                yield row

    def _concerns(self, row: CaseRow, person: str) -> bool:
        return (
            row.started_by == person
            or self._tables.followers.get(row.case, person) is not None
            or any(work.assignee == person for work in self._tables.works.of(row.case))
        )

    def log(self, case: CaseId, after: int = 0, limit: int = 10_000) -> list[Entry]:
        found = (entry for entry in self._tables.log.of(case) if entry.seq > after)
        return list(islice(found, limit))

    def log_since(self, position: int, limit: int = 500) -> list[Entry]:
        last = min(self.position(), position + limit)
        found = (self._tables.positions.get("", at) for at in range(position + 1, last + 1))
        return [entry for entry in found if entry is not None]

    def position(self) -> int:
        return self._tables.positions.count("")

    def length(self) -> int:
        return sum(1 for _ in self._tables.log)

    def stream(self, id: str) -> StreamRow | None:
        return self._tables.streams.get(id, "")

    def streams(
        self, kind: str, *, mark: str | None = None, limit: int = 50, after: str = ""
    ) -> list[StreamRow]:
        found = [
            row
            for row in self._tables.streams
            if row.kind == kind
            and row.id > after
            and (mark is None or self._tables.marks.get(row.id, mark) is not None)
        ]
        return sorted(found, key=lambda row: row.id)[:limit]

    def work(self, case: CaseId, work: str) -> WorkRow | None:
        return self._tables.works.get(case, work)

    def works(self, case: CaseId, *, open_only: bool = True) -> list[WorkRow]:
        rows = self._tables.works.of(case)
        kept = [row for row in rows if not open_only or row.closed_at is None]
        return sorted(kept, key=lambda row: (row.opened_at, len(row.work), row.work))

    def inbox(self, query: InboxQuery) -> list[InboxRow]:
        found = [row for row in self._tables.works if self._asks(row, query, query.view)]
        found.sort(key=_ORDERS.get(query.view, _by_rank))
        page = found[query.after : query.after + query.limit]
        return [self._shown(row, bare=query.bare) for row in page]

    def queue(self, who: str, limit: int = 50, after: int = 0) -> list[InboxRow]:
        found = [row for row in self._tables.works if is_waiting(row) and who in candidates(row)]
        found.sort(key=lambda row: (ranked(row), row.case, row.work))
        return [self._shown(row) for row in found[after : after + limit]]

    def queue_length(self, who: str, most: int = MOST_COUNTED) -> int:
        return len(self.queue(who, most))

    def in_hand(self, who: str) -> dict[str, int]:
        had = Counter(
            row.assignee
            for row in self._tables.works
            if row.assignee
            and row.closed_at is None
            and row.later is None
            and who in candidates(row)
        )
        return dict(sorted(had.items()))

    def found(self, asked: Sequence[str], limit: int = 50, before: int = LAST) -> list[Finding]:
        hits = (
            one
            for one in reversed(self._tables.findable.of(""))
            if one.id < before and has_all(self._findable(one), list(asked))
        )
        return list(islice(hits, limit)) if asked else []

    def _findable(self, one: Finding) -> str:
        """What a title or a content says; of a file its name, and what is in it if it is text."""
        if one.part == "case":
            case = self._tables.cases.get(one.case, "")
            return case.title if case else ""
        content = self._tables.contents.get(one.case, one.part.partition("/")[2])
        if content is None or content.erased:
            return ""
        told = content.kind == "words" or is_text(content.media_type)
        body = content.body.decode("utf-8", "replace") if told else ""
        return f"{content.name} {body}"

    def open_titles(self, limit: int = 2_000) -> list[str]:
        open_now = (row for row in self._tables.works if row.closed_at is None)
        return sorted({row.title for row in open_now})[:limit]

    def titled(self, title: str, limit: int = 50) -> list[WorkRow]:
        found = [w for w in self._tables.works if w.closed_at is None and w.title == title]
        return sorted(found, key=lambda row: row.opened_at, reverse=True)[:limit]

    def deeds(self, person: str, limit: int = 500) -> list[Deed]:
        found: dict[tuple[str, int, str, str], list[datetime]] = {}
        did = [row for row in self._tables.works if row.closed_by == person and row.closed_at]
        did = [row for row in did if row.outcome == "completed"]
        for row in sorted(did, key=_closed, reverse=True)[:limit]:
            case = self._tables.cases.get(row.case, "")
            assert case is not None
            step = (case.process, case.version, row.node, row.title)
            found.setdefault(step, []).append(_closed(row))
        return [
            Deed(process=a, version=b, node=c, title=d, count=len(times), last=max(times))
            for (a, b, c, d), times in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
        ]

    def inbox_counts(self, query: InboxQuery) -> dict[str, int]:
        rows = list(self._tables.works)
        return {
            view: sum(1 for row in rows if self._asks(row, query, view))
            for view in ("mine", "groups", "all", "overdue", "later", "done")
        }

    def _asks(self, row: WorkRow, query: InboxQuery, view: str) -> bool:
        if view == "done":
            return (
                row.closed_at is not None
                and row.closed_by == query.person
                and row.outcome == "completed"
            )
        if row.closed_at is not None or (row.later is not None) != (view == "later"):
            return False
        names = (query.person, *query.names)
        mine = row.assignee != "" and row.assignee in names
        open_to = set(candidates(row)) & set(asking(names, query.groups))
        theirs = row.assignee == "" and bool(open_to)
        if view == "overdue":
            return (mine or theirs) and row.due is not None and row.due < query.now
        return (mine and view != "groups") or (theirs and view != "mine")

    def _shown(self, work: WorkRow, *, bare: bool = False) -> InboxRow:
        case = self._tables.cases.get(work.case, "")
        if case is None:
            raise LookupError(f"the work {work.work} has no case {work.case}")
        return InboxRow(
            work=work,
            title=case.title,
            number=case.number,
            process=case.process,
            version=case.version,
            last_words="" if bare else self.last_words([work.case]).get(work.case, ""),
        )

    def last_words(self, cases: Sequence[CaseId]) -> dict[CaseId, str]:
        found = {}
        for case in cases:
            said = [c for c in self._tables.contents.of(case) if c.kind == "words" and not c.erased]
            if said:
                found[case] = words_of(said[-1].body)
        return found

    def deployment(self, id: str) -> Deployment | None:
        return self._tables.deployments.get(id, "")

    def processes(self) -> list[ProcessVersion]:
        latest: dict[str, ProcessVersion] = {}
        for row in self._tables.versions:
            if row.key not in latest or latest[row.key].version < row.version:
                latest[row.key] = row
        return sorted(latest.values(), key=lambda row: (row.name, row.key))

    def versions(self, key: str) -> list[ProcessVersion]:
        return sorted(self._tables.versions.of(key), key=lambda row: -row.version)

    def process_version(self, key: str, version: int) -> ProcessVersion | None:
        return self._tables.versions.get(key, version)

    def decisions(self) -> list[DecisionVersion]:
        latest: dict[str, DecisionVersion] = {}
        for row in self._tables.decisions:
            if row.key not in latest or latest[row.key].version < row.version:
                latest[row.key] = row
        return sorted(latest.values(), key=lambda row: (row.name, row.key))

    def decision_versions(self, key: str) -> list[DecisionVersion]:
        return sorted(self._tables.decisions.of(key), key=lambda row: -row.version)

    def decisions_made(self, limit: int = 1_000) -> list[Entry]:
        made = [entry for entry in self._tables.positions.of("") if entry.type == "decision-made"]
        return sorted(made, key=lambda entry: -entry.position)[:limit]

    def timers(self, case: CaseId) -> list[TimerRow]:
        return sorted(self._tables.timers.of(case), key=lambda row: (row.due, row.timer))

    def due_timers(self, now: datetime, limit: int = 100) -> list[TimerRow]:
        due = [row for row in self._tables.timers if row.due <= now]
        return sorted(due, key=lambda row: (row.due, row.case, row.timer))[:limit]

    def next_due(self) -> datetime | None:
        timers = (row.due for row in self._tables.timers)
        outbox = (row.due for row in self._tables.outbox)
        return min((*timers, *outbox), default=None)

    def subscribers(self, kind: str, name: str, key: str | None = None) -> list[SubscriptionRow]:
        found = [
            row
            for row in self._tables.subscriptions
            if row.kind == kind and row.name == name and (key is None or row.key in (key, ""))
        ]
        return sorted(found, key=lambda row: (row.case, row.subscription))

    def due_outbox(
        self, now: datetime, limit: int = 100, *, only: Sequence[str] = (), but: Sequence[str] = ()
    ) -> list[OutboxRow]:
        due = [
            row
            for row in self._tables.outbox
            if row.due <= now
            and (row.kind in only if only else not row.kind.startswith(ASKED))
            and row.kind not in but
        ]
        return [self._leased(row) for row in sorted(due, key=lambda row: (row.due, row.id))[:limit]]

    def unserved(self, before: datetime, now: datetime, limit: int = 100) -> list[OutboxRow]:
        rows = (self._leased(row) for row in self._tables.outbox if row.kind.startswith(ASKED))
        waiting = [row for row in rows if row.due <= before and row.lease <= now]
        return sorted(waiting, key=lambda row: (row.due, row.id))[:limit]

    def parked(self, limit: int = 100) -> list[OutboxRow]:
        rows = (row for row in self._tables.outbox if row.due == PARKED)
        alone = [row for row in rows if not self._is_asked(row)]
        return sorted(alone, key=lambda row: row.id)[:limit]

    def _is_asked(self, row: OutboxRow) -> bool:
        """Whether an open work asks what to do with a row."""
        incidents = self._tables.incidents
        return any(
            incidents.get(row.case, work.work) == row.key and work.closed_at is None
            for work in self._tables.works.of(row.case)
        )

    def outbox(self, case: CaseId) -> list[OutboxRow]:
        rows = sorted(self._tables.outbox.of(case), key=lambda row: (row.due, row.id))
        return [self._leased(row) for row in rows]

    def _leased(self, row: OutboxRow) -> OutboxRow:
        until = self._tables.leases.get(row.case, row.key)
        return msgspec.structs.replace(row, lease=until or NOBODYS)

    def token(self, hash: str) -> TokenRow | None:
        return self._tables.tokens.get("", hash)

    def content(self, case: CaseId, id: str) -> Content | None:
        return self._tables.contents.get(case, id)

    def contents(self, case: CaseId) -> list[Content]:
        return [
            msgspec.structs.replace(row, body=b"") if row.kind == "file" else row
            for row in self._tables.contents.of(case)
        ]

    def followers(self, case: CaseId) -> list[str]:
        return sorted(self._tables.followers.of(case))

    def followed(self, person: str) -> list[CaseId]:
        return [CaseId(id) for id in sorted(self._tables.followers.having(person))]

    def answer(self, key: str) -> Answer | None:
        return self._tables.answers.get("", key)

    def attempts(self, limit: int = 100) -> list[Attempt]:
        return self._tables.attempts.of("")[::-1][:limit]


def _soonest_first(row: WorkRow) -> tuple[int, int, int, int, str, str]:
    due = NEVER if row.due is None else microseconds(row.due)
    later = 0 if row.later is None else microseconds(row.later)
    return (later, due, -row.priority, microseconds(row.opened_at), row.case, row.work)


def _by_rank(row: WorkRow) -> tuple[datetime, str, str]:
    return ranked(row), row.case, row.work


def _closed(row: WorkRow) -> datetime:
    return row.closed_at or row.opened_at


def _latest_first(row: WorkRow) -> tuple[int, str, str]:
    closed = 0 if row.closed_at is None else microseconds(row.closed_at)
    return (-closed, row.case, row.work)


# How a view is ordered where it is not by rank.
_ORDERS: dict[str, Callable[[WorkRow], tuple[Any, ...]]] = {
    "done": _latest_first,
    "overdue": _soonest_first,
    "later": _soonest_first,
}
