"""The rows of a case that is again what it was before a migration.

Rules of this file: the difference of two states, as rows; what did not change is not touched.
"""

from msgspec.structs import replace

from genba.engine.graph import Graph
from genba.engine.state import Case, Work
from genba.engine.values import WorkId
from genba.journal.records import SubscriptionRow, TimerRow, WorkRow
from genba.runtime.projections import HEARD
from genba.runtime.unit import OpenCase


def put_back_rows(case: OpenCase, after: Case, before: Case, graph: Graph) -> None:
    """Timers, subscriptions and works as the state `before` says; `after` is what they are."""
    tx, id = case.unit.tx, case.row.case
    for timer in after.timers:
        if timer not in before.timers:
            tx.drop_timer(id, timer)
    for timer, known in before.timers.items():
        if timer not in after.timers:
            tx.set_timer(TimerRow(case=id, timer=timer, due=known.due))
    for key, waiting in after.subscriptions.items():
        if waiting.kind in HEARD and before.subscriptions.get(key) != waiting:
            tx.unsubscribe(id, key)
    for key, waiting in before.subscriptions.items():
        if waiting.kind in HEARD and after.subscriptions.get(key) != waiting:
            tx.subscribe(
                SubscriptionRow(
                    case=id,
                    subscription=key,
                    kind=waiting.kind,
                    name=waiting.name,
                    node=waiting.node,
                    key=waiting.key or "",
                )
            )
    for work in after.works:
        if work not in before.works:
            envelope = case.unit.envelope
            tx.close_work(
                id,
                work,
                at=envelope.at,
                by=envelope.actor,
                outcome="cancelled",
                channel=envelope.channel,
            )
    for work, asked in before.works.items():
        row = tx.work(id, work)
        if row is not None:
            tx.revise_work(_as_it_was(case, row, work, asked, graph))


def _as_it_was(case: OpenCase, row: WorkRow, work: WorkId, asked: Work, graph: Graph) -> WorkRow:
    naming = case.unit.inst.naming
    return replace(
        row,
        node=asked.node,
        title=graph.label(asked.node),
        role=asked.role,
        users=tuple(filter(None, map(naming, asked.users))),
        groups=asked.groups,
        closed_at=None,
        closed_by="",
        outcome="",
        channel="",
    )
