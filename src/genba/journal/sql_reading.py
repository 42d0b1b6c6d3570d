"""Reading a journal that lives in a database.

Rules of this file: one method, one named query; no SQL is written here and nothing is decided
beyond which query answers. What an answer means is said in `contract`; how a query is put to a
database is said by the two subclasses, in `sqlite_reading` and `postgres_reading`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from msgspec import Struct

from genba.journal.chain import microseconds
from genba.journal.contract import LAST, MOST_COUNTED, CaseQuery, InboxQuery
from genba.journal.queries import listed, spell_out
from genba.journal.records import (
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
    stream_kind,
)
from genba.journal.rows import NEVER, PARKED, Shape, asking, instant, ranked, read_entry, words_of

R = TypeVar("R", bound=Struct)
Lists = dict[str, list[str]]

_CASE = Shape(CaseRow)
_WORK = Shape(WorkRow)
_DEPLOYMENT = Shape(Deployment)
_STREAM = Shape(StreamRow)
_VERSION = Shape(ProcessVersion)
_DECISION = Shape(DecisionVersion)
_FINDING = Shape(Finding)
_DEED = Shape(Deed)
_TIMER = Shape(TimerRow)
_SUBSCRIPTION = Shape(SubscriptionRow)
_OUTBOX = Shape(OutboxRow)
_TOKEN = Shape(TokenRow)
_CONTENT = Shape(Content)
_ANSWER = Shape(Answer)
_ATTEMPT = Shape(Attempt)
_WORK_COLUMNS = len(_WORK.fields)


class SqlReading:
    """See `contract.Reading`."""

    dialect: ClassVar[str]
    sql: ClassVar[dict[str, str]]

    def _fetch(self, text: str, given: dict[str, Any]) -> list[Sequence[Any]]:
        """The rows of a query, put to the database."""
        raise NotImplementedError

    def _rows(self, query: str, /, **given: Any) -> list[Sequence[Any]]:
        return self._fetch(self.sql[query], given)

    def _one(self, shape: Shape[R], query: str, /, **given: Any) -> R | None:
        rows = self._rows(query, **given)
        return shape.read(rows[0]) if rows else None

    def _all(self, shape: Shape[R], query: str, /, **given: Any) -> list[R]:
        return [shape.read(row) for row in self._rows(query, **given)]

    def _number(self, query: str, /, **given: Any) -> int:
        return int(self._rows(query, **given)[0][0])

    def listing(self, query: str, lists: Lists, /, **given: Any) -> list[Sequence[Any]]:
        """The rows of a query that has list parameters."""
        counts = {word: len(values) for word, values in lists.items()}
        for word, values in lists.items():
            given |= listed(word, values)
        return self._fetch(spell_out(self.sql[query], counts, self.dialect), given)

    def case(self, case: CaseId) -> CaseRow | None:
        return self._one(_CASE, "case", case=case)

    def case_by_number(self, number: int) -> CaseRow | None:
        return self._one(_CASE, "case_by_number", number=number)

    def cases(self, query: CaseQuery) -> list[CaseRow]:
        given = _case_filter(query) | {"limit": query.limit, "after": query.after}
        if query.person:
            return self._all(_CASE, "cases_of_person", person=query.person, **given)
        if query.collaboration:
            return self._all(_CASE, "cases_of_collaboration", **given)
        if query.parent:
            return self._all(_CASE, "cases_of_parent", **given)
        return self._all(_CASE, "cases", **given)

    def count_cases(self, query: CaseQuery) -> int:
        given = _case_filter(query)
        if query.person:
            return self._number("count_cases_of_person", person=query.person, **given)
        return self._number("count_cases", **given)

    def running_in(
        self, process: str, version: int, after: str = "", limit: int = 500
    ) -> list[CaseRow]:
        given = {"process": process, "version": version, "after": after, "limit": limit}
        return self._all(_CASE, "running_in", **given)

    def running_versions(self, process: str) -> list[tuple[int, int]]:
        return [(int(v), int(n)) for v, n in self._rows("running_versions", process=process)]

    def log(self, case: CaseId, after: int = 0, limit: int = 10_000) -> list[Entry]:
        return [read_entry(row) for row in self._rows("log", case=case, after=after, limit=limit)]

    def log_since(self, position: int, limit: int = 500) -> list[Entry]:
        return [read_entry(row) for row in self._rows("log_since", after=position, limit=limit)]

    def position(self) -> int:
        return self._number("position")

    def length(self) -> int:
        return self.size("log_size")[0]

    def stream(self, id: str) -> StreamRow | None:
        return self._one(_STREAM, "stream", id=id)

    def streams(
        self, kind: str, *, mark: str | None = None, limit: int = 50, after: str = ""
    ) -> list[StreamRow]:
        page = {"kind": kind, "limit": limit, "after": after}
        if mark is None:
            return self._all(_STREAM, "streams", **page)
        return self._all(_STREAM, "marked_streams", mark=mark, **page)

    def work(self, case: CaseId, work: str) -> WorkRow | None:
        return self._one(_WORK, "work", case=case, work=work)

    def works(self, case: CaseId, *, open_only: bool = True) -> list[WorkRow]:
        return self._all(_WORK, "open_works" if open_only else "works", case=case)

    def inbox(self, query: InboxQuery) -> list[InboxRow]:
        page = {"limit": query.limit, "after": query.after}
        asked = _asked(query)
        if query.view == "done":
            rows = self._rows("inbox_done", person=query.person, **page)
        elif query.view == "overdue":
            before = microseconds(query.now) - 1
            rows = self.listing("inbox_overdue", asked, before=before, **page)
        elif query.view == "later":
            rows = self.listing("inbox_later", asked, never=NEVER, **page)
        else:
            rows = self._in_order(query, asked)
        return self._shown(rows, bare=query.bare)

    def _in_order(self, query: InboxQuery, asked: Lists) -> list[Sequence[Any]]:
        """What somebody has and what they may take, by rank: of each list only its front is read,
        however long it is."""
        upto = query.after + query.limit
        found: list[Sequence[Any]] = []
        if query.view != "groups":
            found += self.listing("inbox_mine", asked, limit=upto, after=0)
        if query.view != "mine":
            for who in asked["who"]:
                found += self._rows("queue", who=who, limit=upto, after=0)
        once = {(row[0], row[1]): row for row in found}
        return sorted(once.values(), key=_by_rank)[query.after : upto]

    def _shown(self, rows: list[Sequence[Any]], *, bare: bool = False) -> list[InboxRow]:
        works = [_WORK.read(row[:_WORK_COLUMNS]) for row in rows]
        said = {} if bare else self.last_words([work.case for work in works])
        return [
            InboxRow(
                work=work,
                title=row[_WORK_COLUMNS],
                number=row[_WORK_COLUMNS + 1],
                process=row[_WORK_COLUMNS + 2],
                version=row[_WORK_COLUMNS + 3],
                last_words=said.get(work.case, ""),
            )
            for work, row in zip(works, rows, strict=True)
        ]

    def last_words(self, cases: Sequence[CaseId]) -> dict[CaseId, str]:
        asked = list(dict.fromkeys(cases))
        if not asked:
            return {}
        rows = self.listing("last_words", {"case": [str(one) for one in asked]})
        return {CaseId(case): words_of(body) for case, body in rows if body is not None}

    def queue(self, who: str, limit: int = 50, after: int = 0) -> list[InboxRow]:
        return self._shown(self._rows("queue", who=who, limit=limit, after=after))

    def queue_length(self, who: str, most: int = MOST_COUNTED) -> int:
        return self._number("queue_length", who=who, most=most, never=NEVER)

    def in_hand(self, who: str) -> dict[str, int]:
        return {person: int(n) for person, n in self._rows("in_hand", who=who, never=NEVER)}

    def matching(self, asked: Sequence[str]) -> str:
        """The words asked for, as the index of this database is asked."""
        raise NotImplementedError

    def found(self, asked: Sequence[str], limit: int = 50, before: int = LAST) -> list[Finding]:
        if not asked:
            return []
        given = {"asked": self.matching(asked), "before": before, "limit": limit}
        return self._all(_FINDING, "found", **given)

    def open_titles(self, limit: int = 2_000) -> list[str]:
        return [str(row[0]) for row in self._rows("open_titles", limit=limit)]

    def titled(self, title: str, limit: int = 50) -> list[WorkRow]:
        return self._all(_WORK, "titled", title=title, limit=limit)

    def deeds(self, person: str, limit: int = 500) -> list[Deed]:
        return self._all(_DEED, "deeds", person=person, limit=limit)

    def inbox_counts(self, query: InboxQuery) -> dict[str, int]:
        now = microseconds(query.now)
        asked = _asked(query)
        mine, mine_late, mine_off = self.listing("count_mine", asked, now=now)[0]
        given = {"now": now, "most": MOST_COUNTED, "never": NEVER}
        theirs_late, theirs_off = self.listing("count_groups", asked, **given)[0]
        theirs = self._waiting(asked["who"])
        return {
            "mine": mine,
            "groups": theirs,
            "all": mine + theirs,
            "overdue": mine_late + theirs_late,
            "later": mine_off + theirs_off,
            "done": self._number("count_done", person=query.person),
        }

    def _waiting(self, asked: list[str]) -> int:
        """How much waits in several queues, each work once, counted as far as `MOST_COUNTED`."""
        page = {"limit": MOST_COUNTED, "never": NEVER}
        found = {tuple(row) for who in asked for row in self._rows("waiting_ids", who=who, **page)}
        return min(len(found), MOST_COUNTED)

    def deployment(self, id: str) -> Deployment | None:
        return self._one(_DEPLOYMENT, "deployment", id=id)

    def processes(self) -> list[ProcessVersion]:
        return self._all(_VERSION, "processes")

    def versions(self, key: str) -> list[ProcessVersion]:
        return self._all(_VERSION, "versions", key=key)

    def process_version(self, key: str, version: int) -> ProcessVersion | None:
        return self._one(_VERSION, "process_version", key=key, version=version)

    def decisions(self) -> list[DecisionVersion]:
        return self._all(_DECISION, "decisions")

    def decision_versions(self, key: str) -> list[DecisionVersion]:
        return self._all(_DECISION, "decision_versions", key=key)

    def decisions_made(self, limit: int = 1_000) -> list[Entry]:
        return [read_entry(row) for row in self._rows("decisions_made", limit=limit)]

    def timers(self, case: CaseId) -> list[TimerRow]:
        return self._all(_TIMER, "timers", case=case)

    def due_timers(self, now: datetime, limit: int = 100) -> list[TimerRow]:
        return self._all(_TIMER, "due_timers", now=microseconds(now), limit=limit)

    def next_due(self) -> datetime | None:
        due = self._rows("next_due")[0][0]
        return None if due is None else instant(due)

    def subscribers(self, kind: str, name: str, key: str | None = None) -> list[SubscriptionRow]:
        if key is None:
            return self._all(_SUBSCRIPTION, "subscribers", kind=kind, name=name)
        return self._all(_SUBSCRIPTION, "subscribers_by_key", kind=kind, name=name, key=key)

    def due_outbox(
        self, now: datetime, limit: int = 100, *, only: Sequence[str] = (), but: Sequence[str] = ()
    ) -> list[OutboxRow]:
        # An empty list is spelled as the one kind there never is.
        query = "due_outbox_of" if only else "due_outbox_but"
        kinds = list(only) or [*but, ""]
        rows = self.listing(query, {"kind": kinds}, now=microseconds(now), limit=limit)
        return [_OUTBOX.read(row) for row in rows]

    def unserved(self, before: datetime, now: datetime, limit: int = 100) -> list[OutboxRow]:
        given = {"before": microseconds(before), "now": microseconds(now)}
        return self._all(_OUTBOX, "unserved", **given, limit=limit)

    def parked(self, limit: int = 100) -> list[OutboxRow]:
        return self._all(_OUTBOX, "parked", due=microseconds(PARKED), limit=limit)

    def outbox(self, case: CaseId) -> list[OutboxRow]:
        return self._all(_OUTBOX, "outbox", case=case)

    def token(self, hash: str) -> TokenRow | None:
        return self._one(_TOKEN, "token", hash=hash)

    def content(self, case: CaseId, id: str) -> Content | None:
        return self._one(_CONTENT, "content", case=case, id=id)

    def contents(self, case: CaseId) -> list[Content]:
        return self._all(_CONTENT, "contents", case=case, nothing=b"")

    def followers(self, case: CaseId) -> list[str]:
        return [row[0] for row in self._rows("followers", case=case)]

    def followed(self, person: str) -> list[CaseId]:
        return [CaseId(row[0]) for row in self._rows("followed", person=person)]

    def answer(self, key: str) -> Answer | None:
        return self._one(_ANSWER, "answer", key=key)

    def attempts(self, limit: int = 100) -> list[Attempt]:
        return self._all(_ATTEMPT, "attempts", limit=limit)

    # What `verification` looks at.

    def head(self, case: CaseId) -> tuple[int, bytes] | None:
        """Revision and last hash of a case or a stream, or None when there is none."""
        rows = self._rows("stream_head" if stream_kind(case) else "head", case=case)
        return (rows[0][0], rows[0][1]) if rows else None

    def heads(self, query: str, after: str, limit: int) -> list[tuple[CaseId, int, bytes]]:
        """Cases or streams by id with their revisions and last hashes, a page at a time."""
        rows = self._rows(query, after=after, limit=limit)
        return [(CaseId(case), revision, head) for case, revision, head in rows]

    def orphans(self) -> list[str]:
        """Cases and streams that have entries and are not there."""
        return [row[0] for row in self._rows("orphans")]

    def size(self, query: str) -> tuple[int, int]:
        """How many there are, and which is the last."""
        count, last = self._rows(query)[0]
        return int(count), int(last)

    def whole_log(self, case: CaseId) -> Iterator[Entry]:
        """The entries of a case, also those with an impossible seq."""
        rows = self._rows("log", case=case, after=-(2**63), limit=2**63 - 1)
        return (read_entry(row) for row in rows)


def _by_rank(row: Sequence[Any]) -> tuple[datetime, str, str]:
    work = _WORK.read(row[:_WORK_COLUMNS])
    return ranked(work), work.case, work.work


def _asked(query: InboxQuery) -> Lists:
    """As whom somebody asks for works, for the list parameters of the inbox."""
    names = [query.person, *query.names]
    return {"person": names, "who": asking(names, query.groups)}


def _case_filter(query: CaseQuery) -> dict[str, str]:
    """The words a case is filtered by; "" does not filter."""
    return {
        "process": query.process or "",
        "status": query.status or "",
        "collaboration": query.collaboration or "",
        "parent": query.parent or "",
    }
