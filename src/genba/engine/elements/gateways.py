"""The event-based gateway (§10.6.6); the other gateways are flows and joins.

Rules of this file: it waits for everything behind it at once; the first to happen wins.
"""

from genba.engine.events import WorkOpened
from genba.engine.graph import GraphNode
from genba.engine.occurrences import fire_gateway
from genba.engine.state import Element
from genba.engine.step import Answer, Step
from genba.engine.values import ElementId, NodeId, Option, WorkKind
from genba.engine.waiting import listen_for
from genba.notation.model import EventKind


def start_event_gateway(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Listen for all, and offer by name whatever cannot be computed."""
    offered: list[GraphNode] = []
    for flow in node.outgoing:
        target = step.graph.nodes[flow.target]
        if listen_for(step, id, target) or not target.triggers:
            offered.append(target)
    if not offered:
        return
    timed = all(
        target.triggers and all(t.kind is EventKind.TIMER for t in target.triggers)
        for target in offered
    )
    senders = (t.sender for target in offered for t in target.triggers if t.sender)
    step.emit(
        WorkOpened(
            work=step.work_id(),
            kind=WorkKind.TIME_UP if timed else WorkKind.HAPPENED,
            node=node.id,
            element=id,
            role=node.people.role,
            options=tuple(Option(target.id, target.label) for target in offered),
            silent=True,
            sender=", ".join(dict.fromkeys(senders)),
        )
    )


def resume_event_gateway(
    step: Step, id: ElementId, element: Element, node: GraphNode, answer: Answer
) -> None:
    """Somebody says which of them has happened."""
    fire_gateway(step, id, NodeId(answer.chosen[0]), answer.data)
