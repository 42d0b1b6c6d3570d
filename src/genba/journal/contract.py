"""What a journal promises, whatever stores it.

Rules of this file:

1. Signatures and promises only. `memory`, `sqlite` and `postgres` keep them; one suite in
   `tests/contract` runs over every store.
2. One act is one transaction: log, state, work items, timers, subscriptions, outbox, answer and
   contents become visible together or not at all.
3. The log is append-only: there is no call that changes or deletes an entry.
4. A case is written by optimistic version: `append` with a stale revision raises `Conflict`, and
   the caller loads again and decides again. So is a stream, a log that is no case.
5. What is wrong with a change may be found out late: the errors said here are raised at the
   latest when the block of the transaction is left, and then nothing of it is kept.
6. Positions in the log of the installation rise, with or without gaps; whoever follows it with
   `log_since` misses nothing, whatever was written at the same time.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from msgspec import Struct

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
    Envelope,
    Finding,
    InboxRow,
    NewOutbox,
    OutboxRow,
    ProcessVersion,
    StreamRow,
    SubscriptionRow,
    TimerRow,
    TokenRow,
    WorkRow,
)

LAST = 2**63 - 1  # a position after everything
MOST_COUNTED = 1_000  # of a long list it is said that there are so many, or more


class Conflict(Exception):
    """Somebody else changed the case in between; load again and decide again."""


class Stale(Exception):
    """Somebody else has claimed the row meanwhile: what was done for it does not count."""


class JournalBroken(Exception):
    """The store cannot be read or written: the installation's fault, in plain words."""


class NewEntry(Struct, frozen=True):
    """An entry to append: the tag of the event and its JSON body."""

    type: str
    body: bytes


class InboxQuery(Struct, frozen=True, kw_only=True):
    """Which works: those of a person, of groups, overdue at an instant, or done.

    `view`: "mine" (assigned to the person), "groups" (open to the person's groups or names the
    person, and nobody's yet), "overdue", "later" (put off), "done", "all" (mine and groups; what
    is put off is in "later" only). In the order of `WorkRow.rank`;
    "overdue" soonest due first, "later" what comes back first, both then by priority (higher number
    first), then oldest; "done" latest first. Counts of what waits for groups end at `MOST_COUNTED`.
    `limit` with `after` (offset) pages. `names`
    are what a drawing may call the person besides the id (address, handle). `bare` leaves out the
    last words of each case.
    """

    person: str
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    view: str = "all"
    now: datetime
    limit: int = 50
    after: int = 0
    bare: bool = False


class CaseQuery(Struct, frozen=True, kw_only=True):
    """Which cases: of a process key, by status, by collaboration; newest first, without state."""

    process: str | None = None
    status: str | None = None
    collaboration: str | None = None
    parent: str | None = None  # called by this case
    person: str | None = None  # started by, assigned to, or followed by
    limit: int = 50
    after: int = 0


class Claim(Struct, frozen=True, kw_only=True):
    """What a worker asks for: due at `now`, to have until `until`; kinds as in `due_outbox`.

    Claims are made bucket by bucket, beginning at `first`: workers that begin at different ones
    do not meet. Kinds that begin with "topic/" are given only to those who name them in `only`.
    """

    now: datetime
    until: datetime
    limit: int = 50
    timers: bool = False
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    first: int = 0
    holder: str = ""  # a name for whoever asks, kept with the rows


class Claimed(Struct, frozen=True, kw_only=True):
    """What a worker got."""

    timers: tuple[TimerRow, ...] = ()
    rows: tuple[OutboxRow, ...] = ()

    def __len__(self) -> int:
        return len(self.timers) + len(self.rows)


class Reading(Protocol):
    """What can be read, inside or outside a transaction."""

    def case(self, case: CaseId) -> CaseRow | None: ...
    def case_by_number(self, number: int) -> CaseRow | None: ...
    def cases(self, query: CaseQuery) -> list[CaseRow]: ...
    def count_cases(self, query: CaseQuery) -> int: ...
    def running_in(
        self, process: str, version: int, after: str = "", limit: int = 500
    ) -> list[CaseRow]: ...  # by case id, with their states
    def running_versions(self, process: str) -> list[tuple[int, int]]: ...  # version, cases
    def log(self, case: CaseId, after: int = 0, limit: int = 10_000) -> list[Entry]: ...
    def log_since(self, position: int, limit: int = 500) -> list[Entry]: ...
    def position(self) -> int: ...
    def length(self) -> int: ...  # of the whole log
    def stream(self, id: str) -> StreamRow | None: ...
    def streams(
        self, kind: str, *, mark: str | None = None, limit: int = 50, after: str = ""
    ) -> list[StreamRow]:
        """Streams of a kind, or those with a mark, by id; `after` is the id the page follows.

        What a stream is no question about cases ever answers: not `cases`, not an inbox.
        """
        ...

    def work(self, case: CaseId, work: str) -> WorkRow | None: ...
    def works(self, case: CaseId, *, open_only: bool = True) -> list[WorkRow]: ...
    def inbox(self, query: InboxQuery) -> list[InboxRow]: ...
    def inbox_counts(self, query: InboxQuery) -> dict[str, int]: ...
    def last_words(self, cases: Sequence[CaseId]) -> dict[CaseId, str]: ...  # where any were said
    def queue(self, who: str, limit: int = 50, after: int = 0) -> list[InboxRow]:
        """The front of what waits for "group/NAME" or "person/ID": open, nobody's, not put off.

        In the order of `WorkRow.rank`; what it costs does not grow with the queue.
        """
        ...

    def queue_length(self, who: str, most: int = MOST_COUNTED) -> int: ...  # `most`: or more
    def in_hand(self, who: str) -> dict[str, int]:
        """Who has how many open works of a queue; what is put off does not count."""
        ...

    def found(self, asked: Sequence[str], limit: int = 50, before: int = LAST) -> list[Finding]:
        """What has words that begin with all those asked for (`wording.asked_words`).

        Titles of cases, and contents that are not erased: words, names of files and what text
        files say. Newest first; `before` is the id the page goes on from. Rights are not looked at.
        """
        ...

    def open_titles(self, limit: int = 2_000) -> list[str]: ...  # of open works, each once
    def titled(self, title: str, limit: int = 50) -> list[WorkRow]: ...  # open, newest first
    def deeds(self, person: str, limit: int = 500) -> list[Deed]:
        """The steps somebody did, of the latest `limit` works, most often done first."""
        ...

    def deployment(self, id: str) -> Deployment | None: ...
    def processes(self) -> list[ProcessVersion]: ...  # latest version of each key
    def versions(self, key: str) -> list[ProcessVersion]: ...
    def process_version(self, key: str, version: int) -> ProcessVersion | None: ...
    def decisions(self) -> list[DecisionVersion]: ...  # latest version of each key
    def decision_versions(self, key: str) -> list[DecisionVersion]: ...
    def decisions_made(self, limit: int = 1_000) -> list[Entry]: ...  # newest first
    def timers(self, case: CaseId) -> list[TimerRow]: ...
    def due_timers(self, now: datetime, limit: int = 100) -> list[TimerRow]: ...
    def next_due(self) -> datetime | None: ...  # earliest timer or outbox row
    def subscribers(self, kind: str, name: str, key: str | None = None) -> list[SubscriptionRow]:
        """Who waits for this name; with a key, those of that key and those without one."""
        ...

    def due_outbox(
        self, now: datetime, limit: int = 100, *, only: Sequence[str] = (), but: Sequence[str] = ()
    ) -> list[OutboxRow]: ...  # earliest first; of these kinds only, or of all but these
    def unserved(self, before: datetime, now: datetime, limit: int = 100) -> list[OutboxRow]: ...
    def parked(self, limit: int = 100) -> list[OutboxRow]: ...  # given up, and no work asks
    def outbox(self, case: CaseId) -> list[OutboxRow]: ...  # all that waits, earliest first
    def token(self, hash: str) -> TokenRow | None: ...
    def content(self, case: CaseId, id: str) -> Content | None: ...
    def contents(self, case: CaseId) -> list[Content]: ...  # without bodies of files
    def followers(self, case: CaseId) -> list[str]: ...
    def followed(self, person: str) -> list[CaseId]: ...  # cases and streams, by id
    def answer(self, key: str) -> Answer | None: ...
    def attempts(self, limit: int = 100) -> list[Attempt]: ...


class Transaction(Reading, Protocol):
    """A writing transaction; reads in it see its own writes."""

    def create_case(self, row: CaseRow) -> CaseRow:
        """Give the case its number and store it with an empty log (revision 0).

        Raises Conflict when there is a case of this id already, ValueError when the id is that of
        a stream (it has a colon).
        """
        ...

    def append(
        self, row: CaseRow, *, expected: int, entries: Sequence[NewEntry], envelope: Envelope
    ) -> list[Entry]:
        """Append entries to the case and store `row` (its revision becomes the last seq).

        Who started it, when, and its number stay as they were created. Raises Conflict when the
        stored revision is not `expected`, or there is no such case.
        """
        ...

    def write_stream(
        self,
        row: StreamRow,
        *,
        expected: int,
        entries: Sequence[NewEntry],
        envelope: Envelope,
        marks: Sequence[str] | None = None,
    ) -> list[Entry]:
        """Append entries to the stream and store `row`; `expected` 0 makes the stream.

        Its revision becomes the last seq, its instant that of the act. `marks` replace those it
        had; None keeps them. Raises Conflict when the stored revision is not `expected`, and
        ValueError without an entry (what a stream comes to is explained by its log) or when id and
        kind do not fit.
        """
        ...

    def open_work(self, row: WorkRow) -> None: ...
    def revise_work(self, row: WorkRow) -> None:
        """The same work, asked otherwise or open again. LookupError when there never was one."""
        ...

    # A work that is not open can be neither assigned nor closed: LookupError, a bug.
    def assign_work(self, case: CaseId, work: str, to: str) -> None: ...
    def hold_work(self, case: CaseId, work: str) -> bool:
        """Whether a work is nobody's and stays so for us until the end of the transaction.

        False also where somebody is just taking it: nobody waits for anybody. Raises Conflict
        where somebody has taken it since the transaction began.
        """
        ...

    def close_work(
        self, case: CaseId, work: str, *, at: datetime, by: str, outcome: str, channel: str
    ) -> None: ...
    def set_timer(self, row: TimerRow) -> None: ...
    def drop_timer(self, case: CaseId, timer: str) -> None: ...
    def subscribe(self, row: SubscriptionRow) -> None: ...
    def unsubscribe(self, case: CaseId, subscription: str) -> None: ...
    def post(self, case: CaseId, rows: Sequence[NewOutbox]) -> None: ...  # same key: kept once
    def settle(self, row: OutboxRow, *, held: bool = False) -> None:
        """It is done: remove it. With `held`, raises Stale when the claim is no longer ours."""
        ...

    def park(self, row: OutboxRow, *, incident: str, error: str) -> None:
        """Nobody tries it any more: a work asks what to do."""
        ...

    def take_up(self, case: CaseId, incident: str, *, due: datetime) -> None: ...  # try again
    def let_go(self, case: CaseId, incident: str) -> None: ...  # but not without a timer
    def postpone(self, row: OutboxRow, *, due: datetime, error: str) -> None: ...
    def deploy(
        self, deployment: Deployment, processes: Sequence[tuple[str, str]]
    ) -> list[ProcessVersion]: ...  # the same id again: what it brought the first time
    def deploy_decisions(
        self, deployment: Deployment, decisions: Sequence[tuple[str, str]]
    ) -> list[DecisionVersion]: ...  # as deploy
    def put_token(self, row: TokenRow) -> None: ...
    def revoke_tokens(self, person: str) -> int: ...

    # To a case that is there, else LookupError; to a stream also before its first entry.
    def put_content(self, row: Content) -> None: ...
    def erase_content(self, case: CaseId, id: str) -> None: ...
    def follow(self, case: CaseId, person: str) -> None: ...
    def unfollow(self, case: CaseId, person: str) -> None: ...
    def remember(self, answer: Answer) -> None: ...  # Conflict when the key has one already
    def note_attempt(self, attempt: Attempt) -> None: ...


class Journal(Protocol):
    """A store. Reading and writing are separate doors; both are thread-safe.

    A thread has one writing transaction at a time: a second inside it is a bug, RuntimeError.
    """

    def reading(self) -> AbstractContextManager[Reading]: ...
    def writing(self) -> AbstractContextManager[Transaction]: ...  # commits, or rolls back on error
    def claim(self, asked: Claim) -> Claimed:
        """Take what is due and nobody has; it is ours until the lease ends. In due order."""
        ...

    def lease(self, claimed: Claimed, until: datetime | None) -> None:
        """Keep claimed rows longer, or give them back (None); what others have now stays theirs."""
        ...

    def announce(self) -> None: ...  # tell other processes that something was committed
    def listen(
        self, ring: Callable[[], None]
    ) -> Callable[[], None]: ...  # until the answer is called
    def verify(self, case: CaseId | None = None) -> list[str]:
        """What is wrong with the chain of hashes: of a case or a stream, or of all of both."""
        ...

    def close(self) -> None: ...
