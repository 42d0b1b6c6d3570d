"""Claims in a database: what is due is taken bucket by bucket, for a time.

Rules of this file: named queries only, the same for every SQL store. A claim is never made over all
buckets at once: a sharded database could not run it.
"""

from typing import Any

from genba.journal.chain import microseconds
from genba.journal.contract import Claim, Claimed
from genba.journal.records import OutboxRow, TimerRow
from genba.journal.rows import BUCKETS, Shape
from genba.journal.sql_reading import SqlReading

_TIMER = Shape(TimerRow)
_OUTBOX = Shape(OutboxRow)

# Where something is due, and how it is taken.
_TIMERS = ("due_buckets_timers", "claim_timers")
_ROWS_OF = ("due_buckets_outbox_of", "claim_outbox_of")
_ROWS_BUT = ("due_buckets_outbox_but", "claim_outbox_but")


def claim(store: SqlReading, asked: Claim) -> Claimed:
    """Take what is due, up to the limit; see `contract.Journal.claim`."""
    timers: list[TimerRow] = []
    if asked.timers:
        timers = [_TIMER.read(row) for row in _taken(store, asked, _TIMERS, None, asked.limit)]
    queries, kinds = (_ROWS_OF, asked.only) if asked.only else (_ROWS_BUT, (*asked.but, ""))
    left = asked.limit - len(timers)
    found = _taken(store, asked, queries, list(kinds), left)
    rows = [_OUTBOX.read(row) for row in found]
    return Claimed(
        timers=tuple(sorted(timers, key=lambda row: (row.due, row.case, row.timer))),
        rows=tuple(sorted(rows, key=lambda row: (row.due, row.id))),
    )


def _taken(
    store: SqlReading, asked: Claim, queries: tuple[str, str], kinds: list[str] | None, limit: int
) -> list[Any]:
    lists = {"kind": kinds} if kinds is not None else {}
    now, until = microseconds(asked.now), microseconds(asked.until)
    found = [row[0] for row in store.listing(queries[0], lists, now=now)]
    taken: list[Any] = []
    for bucket in sorted(found, key=lambda bucket: (bucket - asked.first) % BUCKETS):
        if len(taken) >= limit:
            break
        given: dict[str, Any] = {"now": now, "until": until, "bucket": bucket}
        given["limit"] = limit - len(taken)
        if kinds is not None:
            given["holder"] = asked.holder
        taken += store.listing(queries[1], lists, **given)
    return taken


def leases(claimed: Claimed, until: int) -> list[tuple[str, dict[str, Any]]]:
    """The queries, with what they are given, that keep claimed rows or give them back."""
    return [
        ("lease_timers", {"case": t.case, "timer": t.timer, "fence": t.fence, "until": until})
        for t in claimed.timers
    ] + [
        ("lease_outbox", {"case": r.case, "id": r.id, "fence": r.fence, "until": until})
        for r in claimed.rows
    ]
