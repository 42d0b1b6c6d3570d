"""Tables in memory that can take back what was written to them.

Rules of this file: a table is keyed like those of the databases, case id first. Every change
goes through `put` and `drop`, which note how to undo it; nothing here knows what a row means.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

from genba.journal.records import (
    Answer,
    Attempt,
    CaseRow,
    Content,
    DecisionVersion,
    Deployment,
    Entry,
    Finding,
    OutboxRow,
    ProcessVersion,
    StreamRow,
    SubscriptionRow,
    TimerRow,
    TokenRow,
    WorkRow,
)

K = TypeVar("K", str, int)
R = TypeVar("R")

Undo = list[Callable[[], None]]


class Table(Generic[K, R]):
    """Rows by case (or another first key) and second key, in the order they came."""

    def __init__(self, undo: Undo) -> None:
        self._rows: dict[str, dict[K, R]] = {}
        self._undo = undo

    def get(self, first: str, second: K) -> R | None:
        """One row."""
        return self._rows.get(first, {}).get(second)

    def of(self, first: str) -> list[R]:
        """The rows of a case."""
        return list(self._rows.get(first, {}).values())

    def having(self, second: K) -> list[str]:
        """The first keys under which there is a row with this second key."""
        return [first for first, rows in self._rows.items() if second in rows]

    def count(self, first: str) -> int:
        """How many rows a case has."""
        return len(self._rows.get(first, {}))

    def __iter__(self) -> Iterator[R]:
        for rows in list(self._rows.values()):
            yield from list(rows.values())

    def put(self, first: str, second: K, row: R) -> None:
        """Insert or replace a row."""
        rows = self._rows.setdefault(first, {})
        before = rows.get(second)
        rows[second] = row
        if before is None:
            self._undo.append(lambda: self._remove(first, second))
        else:
            old = before
            self._undo.append(lambda: self._rows[first].__setitem__(second, old))

    def drop(self, first: str, second: K) -> None:
        """Remove a row, if it is there; undoing brings back the order, too."""
        rows = self._rows.get(first, {})
        if second in rows:
            kept = dict(rows)
            self._undo.append(lambda: self._rows.__setitem__(first, kept))
            self._remove(first, second)

    def _remove(self, first: str, second: K) -> None:
        rows = self._rows[first]
        del rows[second]
        if not rows:
            del self._rows[first]


class Tables:
    """All tables of a journal, and how to undo what an unfinished transaction did."""

    def __init__(self) -> None:
        self.undo: Undo = []
        self.deployments: Table[str, Deployment] = Table(self.undo)
        self.versions: Table[int, ProcessVersion] = Table(self.undo)
        self.decisions: Table[int, DecisionVersion] = Table(self.undo)
        self.cases: Table[str, CaseRow] = Table(self.undo)  # by case, ""
        self.heads: Table[str, bytes] = Table(self.undo)  # by case or stream, ""
        self.streams: Table[str, StreamRow] = Table(self.undo)  # by stream, ""
        self.marks: Table[str, str] = Table(self.undo)  # by stream, mark
        self.numbers: Table[int, str] = Table(self.undo)  # "", number -> case
        self.log: Table[int, Entry] = Table(self.undo)
        self.positions: Table[int, Entry] = Table(self.undo)  # "", position
        self.works: Table[str, WorkRow] = Table(self.undo)
        self.timers: Table[str, TimerRow] = Table(self.undo)
        self.subscriptions: Table[str, SubscriptionRow] = Table(self.undo)
        self.outbox: Table[str, OutboxRow] = Table(self.undo)  # by case, key
        self.leases: Table[str, datetime] = Table(self.undo)  # by case, key or "timer " + timer
        self.incidents: Table[str, str] = Table(self.undo)  # by case, work -> key
        self.outbox_ids: Table[str, int] = Table(self.undo)  # "", "last"
        self.tokens: Table[str, TokenRow] = Table(self.undo)  # "", hash
        self.contents: Table[str, Content] = Table(self.undo)
        self.findable: Table[int, Finding] = Table(self.undo)  # "", counter
        self.followers: Table[str, str] = Table(self.undo)
        self.answers: Table[str, Answer] = Table(self.undo)  # "", key
        self.attempts: Table[int, Attempt] = Table(self.undo)  # "", counter

    def keep(self) -> None:
        """The transaction is committed."""
        self.undo.clear()

    def take_back(self) -> None:
        """The transaction failed: undo what it did, last thing first."""
        while self.undo:
            self.undo.pop()()
