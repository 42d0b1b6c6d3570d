"""A running case goes on in another version of its process.

Rules of this file: what is open keeps its id and its owner; what is no longer drawn is closed,
what is newly drawn is opened, in one decision. A timer, message or question whose words are the
same in both versions stays as it is (its time too); one whose words differ is opened anew, from
now on. A case that has a hindrance is not touched. Nothing moves by itself: this is asked for.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from genba.engine import events as e
from genba.engine.commands import Rejected
from genba.engine.decision import settle
from genba.engine.elements import BEHAVIOURS
from genba.engine.graph import Graph, GraphNode
from genba.engine.hindrances import Plan, hindrances, says
from genba.engine.occurrences import watch
from genba.engine.state import Case, Element, Work
from genba.engine.step import Step
from genba.engine.values import (
    ElementId,
    FlowId,
    NodeId,
    Option,
    SubscriptionId,
    TimerId,
    WorkId,
    WorkKind,
)
from genba.engine.waiting import arm
from genba.engine.work import candidates
from genba.notation.model import EventKind

_EVENTS = (WorkKind.HAPPENED, WorkKind.TIME_UP)


class Migrate(Struct, frozen=True, tag="migrate", kw_only=True):
    """Go on in `version`, where the mapped nodes and flows are what they were here."""

    at: datetime
    version: int
    nodes: Mapping[NodeId, NodeId]
    flows: Mapping[FlowId, FlowId]
    by: str | None = None


def migrate(old: Graph, new: Graph, case: Case, command: Migrate) -> Rejected | tuple[e.Event, ...]:
    """Go on in another version: what happens, already applied to `case`; or why not.

    Rejected with the rule of the first hindrance; the case is untouched then.
    """
    plan = Plan(old=old, new=new, nodes=command.nodes, flows=command.flows)
    for found in hindrances(plan, case):
        label = old.label(found.node) if found.node in old.nodes else new.label(found.node)
        return Rejected(rule=found.rule, message=f"The case cannot go on there: “{label}”.")
    step = Step(old, case, command.at, BEHAVIOURS, watch, command.by)
    fresh, ending = _differences(plan, case)
    step.graph = new
    step.emit(_migrated(plan, case, command))
    for event in ending:
        step.emit(event)
    _revise(step, plan)
    for id, nodes in fresh.items():
        if id in case.elements:
            _open_what_begins(step, id, nodes)
    settle(step)
    return tuple(step.events)


def revert(case: Case, before: Case) -> e.Event:
    """The case is again what it was before its last migration. Nothing may have happened since."""
    state = replace(deepcopy(before), data={})
    return e.MigrationReverted(
        process=case.process, version=before.version, before=case.version, state=state
    )


def _migrated(plan: Plan, case: Case, command: Migrate) -> e.CaseMigrated:
    return e.CaseMigrated(
        process=case.process,
        version=command.version,
        before=case.version,
        nodes={was: now for was, now in plan.nodes.items() if was != now},
        flows={was: now for was, now in plan.flows.items() if was != now},
    )


def _listening(graph: Graph, case: Case, id: ElementId) -> tuple[NodeId, ...]:
    """The nodes whose events an element waits for: its own, its boundary's, its scope's."""
    element = case.elements[id]
    if id == case.root:
        starts = graph.scopes[graph.process.id].event_starts
        return () if element.interrupted else starts
    node = graph.nodes[element.node]
    if id in case.halted or element.plan is not None or _chooses(case, element):
        return ()
    found: list[NodeId] = []
    if not _is_instance(case, element):
        found.extend(node.boundary)
    if element.loop is not None:
        return tuple(found)
    if node.behaviour in ("receive", "catch", "event-gateway") and not _is_link(node):
        found.append(node.id)
    elif node.id in graph.scopes and not element.interrupted:
        found.extend(graph.scopes[node.id].event_starts)
    return tuple(found)


def _is_instance(case: Case, element: Element) -> bool:
    """Whether an element is one of the visits of a repeated activity."""
    return case.elements[element.scope].loop is not None


def _is_link(node: GraphNode) -> bool:
    return any(trigger.kind is EventKind.LINK for trigger in node.triggers)


def _chooses(case: Case, element: Element) -> bool:
    """Whether somebody is choosing the way out: then it waits for nothing else."""
    works = (case.works[WorkId(item)] for item in element.open if item[0] == "w")
    return any(work.kind is WorkKind.CHOICE for work in works)


def _same(plan: Plan, was: NodeId, now: NodeId) -> bool:
    """Whether a node waits for the same in both versions; a gateway, for all that is behind it."""
    old, new = plan.old.nodes[was], plan.new.nodes[now]
    if old.behaviour != "event-gateway":
        return says(old) == says(new)
    before = {plan.nodes.get(f.target): says(plan.old.nodes[f.target]) for f in old.outgoing}
    after: dict[NodeId | None, object] = {
        flow.target: says(plan.new.nodes[flow.target]) for flow in new.outgoing
    }
    return before == after


Ending = e.TimerCancelled | e.SubscriptionClosed | e.WorkCancelled


def _differences(
    plan: Plan, case: Case
) -> tuple[dict[ElementId, tuple[NodeId, ...]], list[Ending]]:
    """What each element will wait for anew, and what it waits for no longer."""
    moved = deepcopy(case)
    fresh: dict[ElementId, tuple[NodeId, ...]] = {}
    ending: list[Ending] = []
    for id, element in moved.elements.items():
        was = _listening(plan.old, case, id)
        if id != case.root:
            element.node = plan.nodes[element.node]
        now = _listening(plan.new, moved, id)
        kept = {
            plan.nodes[node]: node
            for node in was
            if plan.nodes.get(node) in now and _same(plan, node, plan.nodes[node])
        }
        over = {node for node in was if node not in kept.values()}
        for node in tuple(over):
            if plan.old.nodes[node].behaviour == "event-gateway":
                over.update(flow.target for flow in plan.old.nodes[node].outgoing)
        ending.extend(_of_these(case, id, over))
        fresh[id] = tuple(node for node in now if node not in kept)
    return fresh, ending


def _of_these(case: Case, id: ElementId, nodes: set[NodeId]) -> Iterator[Ending]:
    """The end of an element's timers, messages and questions of these nodes; no task, no incident.

    The names are those of the old version.
    """
    for item in case.elements[id].open:
        if item[0] == "t" and case.timers[TimerId(item)].node in nodes:
            yield e.TimerCancelled(timer=TimerId(item))
        elif item[0] == "s" and case.subscriptions[SubscriptionId(item)].node in nodes:
            yield e.SubscriptionClosed(subscription=SubscriptionId(item))
        elif item[0] == "w":
            work = case.works[WorkId(item)]
            if work.node in nodes and work.kind in _EVENTS:
                yield e.WorkCancelled(work=WorkId(item), node=work.node)


def _open_what_begins(step: Step, id: ElementId, nodes: tuple[NodeId, ...]) -> None:
    for node_id in nodes:
        node = step.graph.nodes[node_id]
        if node.behaviour == "event-gateway":
            behaviour = step.behaviours[node.behaviour]
            behaviour.start(step, id, step.case.elements[id], node)
        else:
            arm(step, id, node)


def _revise(step: Step, plan: Plan) -> None:
    """Ask what is open in the words of the other version; subscriptions go by its names."""
    case = step.case
    for key, waiting in tuple(case.subscriptions.items()):
        if waiting.kind != "condition" and waiting.node in plan.nodes.values():
            if _name_before(plan, waiting.node) == waiting.node:
                continue
            step.emit(e.SubscriptionClosed(subscription=key))
            step.emit(
                e.SubscriptionOpened(
                    subscription=step.subscription_id(),
                    kind=waiting.kind,
                    name=waiting.name,
                    node=waiting.node,
                    element=waiting.element,
                    key=waiting.key,
                    definition=waiting.definition,
                )
            )
    for id, work in tuple(case.works.items()):
        revised = _revised(step, plan, id, work)
        if revised is not None:
            step.emit(revised)


def _name_before(plan: Plan, node: NodeId) -> NodeId | None:
    return next((was for was, now in plan.nodes.items() if now == node), None)


def _revised(step: Step, plan: Plan, id: WorkId, work: Work) -> e.WorkRevised | None:
    """A work as the other version asks it; None where that is the same."""
    node = plan.new.nodes.get(work.node)
    if node is None:
        return None
    before = _name_before(plan, work.node)
    was = plan.old.nodes.get(before) if before is not None else None
    users, groups = work.users, work.groups
    if not node.people.plain or users or groups:
        users, groups = candidates(step, work.element, node)
    revised = e.WorkRevised(
        work=id,
        node=node.id,
        role=node.people.role,
        users=users,
        groups=groups,
        options=_options(plan, node, was, work),
    )
    now = (revised.role, revised.users, revised.groups, revised.options)
    same = now == (work.role, work.users, work.groups, work.options)
    if same and was is not None and was.id == node.id and was.label == node.label:
        return None
    return revised


def _options(plan: Plan, node: GraphNode, was: GraphNode | None, work: Work) -> tuple[Option, ...]:
    """What a work offers: what is still drawn, and what is newly drawn."""
    if work.kind is WorkKind.CHOICE and was is not None:
        offered = {plan.flows.get(FlowId(option.id)) for option in work.options}
        known = {plan.flows.get(flow.id) for flow in was.outgoing}
        return tuple(
            Option(flow.id, flow.label)
            for flow in node.outgoing
            if flow.id in offered or flow.id not in known
        )
    if work.kind is WorkKind.PICK:
        own = {option.id for option in work.options} - {*plan.old.nodes}
        starts = plan.new.scopes[node.id].starts
        return tuple(Option(start, plan.new.label(start)) for start in starts) + tuple(
            option for option in work.options if option.id in own
        )
    if work.kind in _EVENTS and node.behaviour == "event-gateway":
        return tuple(
            Option(target, plan.new.label(target))
            for option in work.options
            if (target := plan.nodes.get(NodeId(option.id), NodeId(""))) in plan.new.nodes
        )
    return work.options
