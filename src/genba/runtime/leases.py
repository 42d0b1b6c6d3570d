"""Jobs of topics: given to whoever asks for them by name, for a time.

Rules of this file:

1. A lock is the lease of an outbox row: it survives a restart, and ends by itself. Who had it last
   and lost it cannot settle the row any more (its fence, its holder).
2. A lock that ran out is a death. What three workers died of is asked of a person, never handed out
   a fourth time.
3. What does not fit what is asked for is given back at once, as if it had not been touched.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from genba.engine.graph import TOPIC
from genba.journal.contract import Claim, Claimed, Reading
from genba.journal.records import NOBODYS, CaseId, OutboxRow
from genba.runtime.definitions import UnknownVersion, graph
from genba.runtime.giving_up import DEATHS, DIED, give_up
from genba.runtime.installation import Installation
from genba.runtime.jobs import Asked, again, asked_of
from genba.runtime.machines import serve
from genba.runtime.projections import job_key, kind_of

END = datetime(9999, 12, 31, tzinfo=UTC)
MOST = 100  # jobs given at once
ROUND = 100  # rows looked at in one claim


class Wanted(Struct, frozen=True, kw_only=True):
    """What a worker asks for: jobs of a topic, to have for `seconds`; those that fit only."""

    topic: str
    seconds: float
    fits: Callable[[Asked], bool] = lambda _asked: True


class Locked(Struct, frozen=True, kw_only=True):
    """A job somebody has, until `row.lease`."""

    row: OutboxRow
    asked: Asked
    wanted: Wanted

    @property
    def lock(self) -> str:
        """What tells this lock from every other of the same job."""
        return lock_of(self.row)


def lock_of(row: OutboxRow) -> str:
    """The name of the lock a row is under."""
    return f"{row.id}.{row.fence}"


def topic_of(row: OutboxRow) -> str:
    """The topic a row is of; "" for none."""
    return row.kind.partition("/")[2] if row.kind.startswith("topic/") else ""


def fetch(
    inst: Installation, wanted: tuple[Wanted, ...], holder: str, limit: int, by: str
) -> list[Locked]:
    """Lock up to `limit` jobs for `holder`; `by` is who asks, noted the first time."""
    serve(inst, tuple(one.topic for one in wanted), by)
    found: list[Locked] = []
    for one in wanted:
        left = min(limit, MOST) - len(found)
        if left > 0:
            found += _fetch(inst, one, holder, left)
    return found


def _fetch(inst: Installation, wanted: Wanted, holder: str, limit: int) -> list[Locked]:
    found: list[Locked] = []
    unfit: list[OutboxRow] = []
    try:
        while len(found) < limit:
            rows = _claim(inst, wanted, holder, limit - len(found))
            if not rows:
                break
            for row in rows:
                asked = _alive(inst, row)
                if asked is not None and wanted.fits(asked):
                    found.append(Locked(row=row, asked=asked, wanted=wanted))
                elif asked is not None:
                    unfit.append(row)
    finally:
        if unfit:
            give_back(inst, unfit)
    return found


def _claim(inst: Installation, wanted: Wanted, holder: str, limit: int) -> tuple[OutboxRow, ...]:
    now, kinds = inst.clock.now(), (kind_of(wanted.topic),)
    with inst.journal.reading() as reading:
        due = reading.due_outbox(now, ROUND, only=kinds)
    if not any(row.lease <= now for row in due) and len(due) < ROUND:
        return ()  # without a write, when there is nothing
    until = now + timedelta(seconds=wanted.seconds)
    asked = Claim(now=now, until=until, limit=limit, only=kinds, holder=holder)
    return inst.journal.claim(asked).rows


def _alive(inst: Installation, row: OutboxRow) -> Asked | None:
    """The job of a row, unless nobody waits for it or it killed three workers."""
    if row.deaths >= DEATHS:
        again(lambda: give_up(inst, row, DIED, inst.clock.now()))
        return None
    asked = asked_of(inst, row)
    if asked is None:
        with inst.journal.writing() as tx:
            tx.settle(row)
    return asked


def give_back(inst: Installation, rows: list[OutboxRow]) -> None:
    """Whoever has these does not want them: others may have them at once."""
    inst.journal.lease(Claimed(rows=tuple(rows)), None)
    inst.wake()


def keep(inst: Installation, row: OutboxRow, seconds: float) -> datetime:
    """Keep a lock for so long from now on; until when."""
    until = inst.clock.now() + timedelta(seconds=seconds)
    inst.journal.lease(Claimed(rows=(row,)), until)
    return until


def row_of(reading: Reading, case: str, work: str) -> OutboxRow | None:
    """The row of a job that waits for a worker."""
    rows = reading.outbox(CaseId(case))
    return next((row for row in rows if row.key == job_key(work) and topic_of(row)), None)


def is_locked(row: OutboxRow) -> bool:
    """Whether somebody has taken it and neither given it back nor lost it to another."""
    return row.lease > NOBODYS


def waiting(reading: Reading, topics: tuple[str, ...], limit: int) -> Iterator[OutboxRow]:
    """The jobs of topics, locked or not, parked or not, earliest first."""
    kinds = tuple(kind_of(topic) for topic in topics)
    if kinds:
        yield from reading.due_outbox(END, limit, only=kinds)


def topics_drawn(inst: Installation, reading: Reading) -> set[str]:
    """The topics of all drawings that cases start or run in."""
    found: set[str] = set()
    for process in reading.processes():
        running = [version for version, _cases in reading.running_versions(process.key)]
        for version in {process.version, *running}:
            with suppress(UnknownVersion):  # a drawing that cannot be run any more asks nobody
                nodes = graph(inst, process.key, version).nodes.values()
                found |= {node.job.name for node in nodes if node.job and node.job.way == TOPIC}
    return found
