"""Whether a case can still finish, found by looking at every way it may go on from where it is.

Rules of this file: the engine itself takes the steps, on copies of the case, so that there is no
second semantics. What nobody can know yet is left open: every condition is answered in every way.
Two states are the same when the same is open in them, whatever the case knows and whatever the ids
are. People's works beside each other are done in one order only: none of them takes away what
another waits for; what may interrupt (events, timers, messages) is looked at in every state.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.decision import decide
from genba.engine.graph import Graph, GraphFlow, GraphNode
from genba.engine.incidents import BY_HAND, RETRY
from genba.engine.state import Case, Element, Work
from genba.engine.values import (
    CaseStatus,
    ElementId,
    NodeId,
    SubscriptionId,
    TimerId,
    WorkId,
    WorkKind,
)

BUDGET = 400  # states looked at; each costs a few hundred microseconds
JOIN_DEAD = "run.join-dead"
_EVENTS = (WorkKind.HAPPENED, WorkKind.TIME_UP)


class Finding(Struct, frozen=True, kw_only=True):
    """What was found: whether some way leads to the end, and where ways get stuck.

    `stuck`: nodes before which something could wait for ever. `caught`: a state was found from
    which no way leads to the end. `complete`: everything was looked at, within the budget.
    """

    finishes: bool
    complete: bool
    states: int
    stuck: frozenset[NodeId] = frozenset()
    caught: bool = False


class _Seen:
    """The states found, and from which of them one comes to which."""

    def __init__(self) -> None:
        self.number: dict[object, int] = {}
        self.before: list[list[int]] = []
        self.ends: list[int] = []
        self.stuck: set[NodeId] = set()

    def add(self, case: Case, came: int | None) -> int | None:
        """The number of a state that is new; None when it was found before."""
        key = shape(case)
        known = self.number.get(key)
        if known is None:
            known = self.number[key] = len(self.before)
            self.before.append([])
            new: int | None = known
            if case.status is CaseStatus.COMPLETED:
                self.ends.append(known)
        else:
            new = None
        if came is not None:
            self.before[known].append(came)
        return new

    def finishing(self) -> set[int]:
        """The states from which a way leads to the end."""
        found, waiting = set(self.ends), list(self.ends)
        while waiting:
            for earlier in self.before[waiting.pop()]:
                if earlier not in found:
                    found.add(earlier)
                    waiting.append(earlier)
        return found


def explore(graph: Graph, case: Case, *, at: datetime, budget: int = BUDGET) -> Finding:
    """Look at what a running case may become. The case given is not touched."""
    free, case = left_open(graph), going_on(case)
    seen = _Seen()
    first = seen.add(case, None)
    assert first is not None
    waiting: deque[tuple[int, bytes]] = deque([(first, msgspec.msgpack.encode(case))])
    while waiting and len(seen.before) < budget:
        number, stored = waiting.pop()
        for command in reversed(tuple(commands(free, _read(stored), at))):  # works before events
            copy = _read(stored)
            told = decide(free, copy, command)
            if isinstance(told, c.Rejected):
                continue
            dead = {x.node for x in told if isinstance(x, e.IncidentRaised) and x.rule == JOIN_DEAD}
            seen.stuck |= dead
            new = seen.add(copy, number)
            if new is not None and copy.status is CaseStatus.RUNNING and not dead:
                waiting.append((new, msgspec.msgpack.encode(copy)))
    finishing = seen.finishing()
    complete = not waiting
    return Finding(
        finishes=first in finishing,
        complete=complete,
        states=len(seen.before),
        stuck=frozenset(seen.stuck | stuck_now(case, graph)),
        caught=complete and len(finishing) < len(seen.before),
    )


def going_on(case: Case) -> Case:
    """A case as it is when it is not on hold: what was kept back may come then, or later."""
    return replace(case, suspended=False, kept_back=[]) if case.suspended else case


def stuck_now(case: Case, graph: Graph) -> set[NodeId]:
    """Joins somebody is asked about already, because what they wait for cannot come."""
    return {
        work.node
        for work in case.works.values()
        if work.kind is WorkKind.INCIDENT
        and work.node in graph.nodes
        and case.elements[work.element].node != work.node
        and _joins(graph.nodes[work.node])
    }


def _joins(node: GraphNode) -> bool:
    return node.parks or len(node.incoming) > 1


def _read(stored: bytes) -> Case:
    return msgspec.msgpack.decode(stored, type=Case)


def left_open(graph: Graph) -> Graph:
    """The graph with every condition a question: whatever the data will be, that way is seen."""
    nodes = {
        id: replace(node, outgoing=tuple(_asked(flow) for flow in node.outgoing))
        if any(flow.condition for flow in node.outgoing)
        else node
        for id, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)


def _asked(flow: GraphFlow) -> GraphFlow:
    return replace(flow, condition=None, words="?") if flow.condition is not None else flow


# --- what may happen next --------------------------------------------------------------------


def commands(graph: Graph, case: Case, at: datetime) -> Iterator[c.Command]:
    """Every answer to one of the works people do, and everything that may come between."""
    asked = _next_work(case)
    if asked is not None:
        yield from _answers(case.works[asked], asked, at)
    told = set(being_dealt_with(graph, case))
    for key, work in case.works.items():
        if work.kind in _EVENTS and work.node not in told:
            told.add(work.node)
            yield from _answers(work, key, at)
    for name, timer in case.timers.items():
        if timer.node not in told:
            yield c.FireTimer(at=at, timer=name)
    for waiting in case.subscriptions.values():
        if waiting.kind == "message" and waiting.node not in told:
            yield c.Deliver(at=at, name=waiting.name, node=waiting.node, key=waiting.key)
        elif waiting.kind == "signal" and waiting.node not in told:
            yield c.Hear(at=at, name=waiting.name)
    for visit, element in case.elements.items():
        calls = visit != case.root and graph.nodes[element.node].behaviour == "call"
        if calls and element.loop is None:
            yield c.Finish(at=at, element=visit)


def being_dealt_with(graph: Graph, case: Case) -> Iterator[NodeId]:
    """Events that interrupt nothing and have happened: again only once that has been dealt with."""
    busy = {element.node for id, element in case.elements.items() if id != case.root}
    waiting = {work.node for work in case.works.values() if work.kind in _EVENTS}
    for id in waiting | {timer.node for timer in case.timers.values()}:
        node = graph.nodes[id]
        if not node.interrupting and busy.intersection(flow.target for flow in node.outgoing):
            yield id


def _next_work(case: Case) -> WorkId | None:
    """What is done first; what may be begun beside it waits until that is done."""
    works = [id for id, work in case.works.items() if work.kind not in _EVENTS]
    return min(works, key=lambda one: case.works[one].kind is WorkKind.PICK, default=None)


def _answers(work: Work, id: WorkId, at: datetime) -> Iterator[c.CompleteWork]:
    if work.kind is WorkKind.COUNT:
        yield c.CompleteWork(at=at, work=id, data={"count": 1})
        return
    offered = [option.id for option in work.options]
    if work.kind is WorkKind.INCIDENT:
        for option in offered:
            if option not in (RETRY, BY_HAND):
                yield c.CompleteWork(at=at, work=id, chosen=(option,))
        return
    if not offered:
        yield c.CompleteWork(at=at, work=id)
        return
    if work.many and len(offered) > 1:
        yield c.CompleteWork(at=at, work=id, chosen=tuple(offered))
    for option in offered:
        yield c.CompleteWork(at=at, work=id, chosen=(option,))


# --- when two states are the same ------------------------------------------------------------


def shape(case: Case) -> object:
    """What is open in a case, without ids, data and times."""
    if case.status is not CaseStatus.RUNNING:
        return case.status.value
    kept = tuple(sorted((kept.name, kept.node or "") for kept in case.kept.values()))
    return (_shape(case, case.root), kept, len(case.halted))


def _shape(case: Case, id: ElementId) -> tuple[object, ...]:
    element = case.elements[id]
    inside = sorted((_shape(case, child) for child in element.children), key=repr)
    return (
        element.node,
        _rounds(element),
        tuple(sorted(element.tokens.items())),
        tuple(sorted(_open(case, element))),
        tuple(sorted((node, *flows) for node, flows in element.resetting.items())),
        element.interrupted,
        element.enough,
        tuple(sorted((node, *places) for node, places in element.seen.items())),
        tuple(sorted({record.node for record in element.records})),
        None if element.plan is None else tuple(record.node for record in element.plan),
        tuple(inside),
    )


def _rounds(element: Element) -> tuple[int, int, int] | None:
    """How far a repetition is; one that may go on for ever is always at the same point."""
    loop = element.loop
    if loop is None:
        return None
    if loop.total is None:
        return (-1, 0, 0)
    return (loop.total, loop.started, loop.done)


def _open(case: Case, element: Element) -> Iterator[tuple[str, str, str]]:
    for item in element.open:
        if item[0] == "w":
            work = case.works[WorkId(item)]
            offered = ",".join(option.id for option in work.options)
            yield ("w", work.node, f"{work.kind.value} {offered}")
        elif item[0] == "t":
            timer = case.timers[TimerId(item)]
            yield ("t", timer.node, f"{timer.definition} {timer.left}")
        else:
            waiting = case.subscriptions[SubscriptionId(item)]
            yield ("s", waiting.node, f"{waiting.kind} {waiting.name}")
