"""What a change of one case would do, before it is done: in steps, in people, in rules.

Rules of this file: it is done on a copy, by the engine, so that what is foreseen is what happens.
A change is refused by one of these rules, in this order:

| rule | when | who may waive it |
| --- | --- | --- |
| `change.…` | it has no meaning: no such step, nothing can be put there … | nobody |
| `case.mandatory` | a step marked `genba:mandatory` would not come any more | whom the mark names |
| `case.stuck` | something would wait for what cannot come, and did not before | nobody |
| `case.no-end` | some way would not lead to the end, or that could not be shown | nobody |
"""

from datetime import datetime

import msgspec
from msgspec import Struct

from genba.changes import vocabulary as v
from genba.changes.exploration import BUDGET, Finding, explore
from genba.changes.horizon import ahead, asked
from genba.changes.planning import Making, Planned, plan
from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.state import Case
from genba.engine.values import CaseStatus, NodeId


class Notice(Struct, frozen=True):
    """Somebody who will notice: a step, the role or person asked, and what becomes of it."""

    what: str  # "asked" or "withdrawn"
    node: NodeId
    role: str = ""
    person: str = ""


class Foreseen(Struct, frozen=True, kw_only=True):
    """A change that can be made, and what it does."""

    planned: Planned
    still: tuple[NodeId, ...]  # steps that may still come
    gone: tuple[NodeId, ...]  # those that would have come
    come: tuple[NodeId, ...]  # those that would not
    notices: tuple[Notice, ...]
    waived: tuple[NodeId, ...]  # mandatory steps that are left out by a waiver
    explored: Finding


def foresee(
    graph: Graph,
    case: Case,
    change: v.Change,
    *,
    at: datetime,
    by: str | None = None,
    make: Making,
    waivers: frozenset[NodeId] = frozenset(),
    budget: int = BUDGET,
) -> Foreseen | v.Refusal:
    """What a change would do; or by which rule it is refused. The case is not touched."""
    planned = plan(graph, case, change, at=at, by=by, make=make)
    if isinstance(planned, v.Refusal):
        return planned
    after = msgspec.msgpack.decode(msgspec.msgpack.encode(case), type=Case)
    told = decide(planned.graph, after, planned.command)
    if isinstance(told, c.Rejected):
        return v.Refusal(rule=told.rule, words="%(why)s", values={"why": told.message})
    return judge(graph, case, planned, after, told, at=at, waivers=waivers, budget=budget)


def judge(
    graph: Graph,
    case: Case,
    planned: Planned,
    after: Case,
    told: tuple[e.Event, ...],
    *,
    at: datetime,
    waivers: frozenset[NodeId],
    budget: int = BUDGET,
) -> Foreseen | v.Refusal:
    """The rules, on what would be."""
    was, now = asked(graph, ahead(graph, case)), asked(planned.graph, ahead(planned.graph, after))
    left_out = [node for node in was if node not in now and _mandatory(graph, node) is not None]
    for node in left_out:
        if node not in waivers:
            return _must(graph, node)
    found = explore(planned.graph, after, at=at, budget=budget)
    refusal = _stuck(graph, case, planned.graph, after, found, at, budget)
    if refusal is not None:
        return refusal
    return Foreseen(
        planned=planned,
        still=now,
        gone=tuple(node for node in was if node not in now),
        come=tuple(node for node in now if node not in was),
        notices=_notices(case, told),
        waived=tuple(left_out),
        explored=found,
    )


def _mandatory(graph: Graph, node: NodeId) -> str | None:
    return graph.nodes[node].drawn.mandatory


def _must(graph: Graph, node: NodeId) -> v.Refusal:
    return v.Refusal(
        rule="case.mandatory",
        words="“%(step)s” must be done in every case.",
        values={"step": graph.label(node)},
        node=node,
        may_waive=True,
        waiver=_mandatory(graph, node) or "",
    )


def _stuck(
    graph: Graph, case: Case, own: Graph, after: Case, found: Finding, at: datetime, budget: int
) -> v.Refusal | None:
    """What the case could not get out of, unless the drawing had led there anyway."""
    if after.status is CaseStatus.COMPLETED:
        return None
    if found.finishes and not found.stuck and not found.caught:
        return None
    before = explore(graph, case, at=at, budget=budget)
    fresh = sorted(found.stuck - before.stuck)
    if fresh:
        return v.Refusal(
            rule="case.stuck",
            words="“%(step)s” would wait for something that cannot come.",
            values={"step": own.label(fresh[0])},
            node=fresh[0],
        )
    if not found.finishes and found.complete:
        return v.Refusal(rule="case.no-end", words="No way would lead to the end any more.")
    if not found.finishes:
        return v.Refusal(
            rule="case.no-end",
            words="It could not be shown that the case still comes to its end.",
        )
    if found.caught and not before.caught:
        return v.Refusal(
            rule="case.no-end", words="There would be a way that does not lead to the end."
        )
    return None


def _notices(case: Case, told: tuple[e.Event, ...]) -> tuple[Notice, ...]:
    """Who is asked now, and who no longer: what is left and begun anew for the same is nothing."""
    found: list[Notice] = []
    for event in told:
        if isinstance(event, e.WorkCancelled) and event.work in case.works:
            work = case.works[event.work]
            found.append(Notice("withdrawn", work.node, work.role, work.assignee or ""))
        elif isinstance(event, e.WorkOpened):
            found.append(Notice("asked", event.node, event.role, event.assignee or ""))
    pairs = {(one.node, one.role, one.person) for one in found if one.what == "asked"}
    pairs &= {(one.node, one.role, one.person) for one in found if one.what == "withdrawn"}
    return tuple(one for one in found if (one.node, one.role, one.person) not in pairs)
