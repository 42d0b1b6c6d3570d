"""Findings about where ways part and meet: gateways, event-based gateways, conditions.

Rules of this file:

1. Directions and configurations are compared with the arrows that are there (§10.6).
2. All are warnings: the arrows say what happens, whatever the gateway says of itself.
"""

from collections.abc import Callable, Iterator, Mapping

from genba.notation.findings import Drawing, call, find
from genba.notation.model import ACTIVITY_KINDS, GATEWAY_KINDS, EventKind, Node, NodeKind, Problem

# Table 10.112: gatewayDirection -> whether the arrows are as it says, by how many come and leave.
DIRECTIONS: Mapping[str, Callable[[int, int], bool]] = {
    "Converging": lambda come, leave: leave <= 1,
    "Diverging": lambda come, leave: come <= 1,
    "Mixed": lambda come, leave: come > 1 and leave > 1,
}
# What an event-based gateway may await by a catching event (§10.6.6).
_AWAITED = frozenset(
    {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER, EventKind.CONDITIONAL}
)  # fmt: skip


def _directions(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.kind not in GATEWAY_KINDS:
            continue
        come, leave = len(node.incoming), len(node.outgoing)
        holds = DIRECTIONS.get(node.gateway_direction)
        if holds is not None and not holds(come, leave):
            message = (
                f"{call(node)} is {node.gateway_direction.lower()}, "
                f"but {come} come and {leave} leave"
            )
            yield find("bpmn.gateway-direction", message, node)
        if node.kind is NodeKind.EVENT_BASED_GATEWAY:
            if leave < 2:
                message = f"{call(node)} has {leave} ways, and nothing to choose from"
                yield find("bpmn.event-gateway-ways", message, node)
        elif come < 2 and leave < 2:
            message = f"{call(node)} neither joins nor splits: {come} come and {leave} leave"
            yield find("bpmn.gateway-ways", message, node)


def _event_gateways(drawing: Drawing) -> Iterator[Problem]:
    guarded = {
        node.attached_to
        for node in drawing.all_nodes()
        if node.kind is NodeKind.BOUNDARY_EVENT and node.attached_to
    }
    kinds = {node.id: {event.kind for event in node.events} for node in drawing.all_nodes()}
    for node in drawing.all_nodes():
        if node.kind is not NodeKind.EVENT_BASED_GATEWAY:
            continue
        targets = [drawing.nodes[flow.target] for flow in drawing.leaving(node)]
        receives = [step for step in targets if step.kind is NodeKind.RECEIVE_TASK]
        messages = any(EventKind.MESSAGE in kinds[step.id] for step in targets)
        if receives and messages:
            message = f"{call(node)} awaits messages by events and by receive tasks"
            yield find("bpmn.event-gateway-mix", message, node)
        for step in targets:
            wrong = sorted(kinds[step.id] - _AWAITED)
            if step.kind is NodeKind.INTERMEDIATE_CATCH_EVENT and wrong:
                message = f"{call(node)} cannot await {call(step)}: {', '.join(wrong)}"
                yield find("bpmn.event-gateway-target", message, step)
            yield from _awaited(node, step, guarded=step.id in guarded)


def _awaited(gateway: Node, step: Node, *, guarded: bool) -> Iterator[Problem]:
    if guarded and step.kind is NodeKind.RECEIVE_TASK:
        message = f"{call(step)} is awaited by a gateway and has events on its border"
        yield find("bpmn.event-gateway-boundary", message, step)
    if len(step.incoming) > 1:
        message = f"{call(gateway)} awaits {call(step)}, but another arrow leads there too"
        yield find("bpmn.event-gateway-incoming", message, step)


def _lone_conditions(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.kind in ACTIVITY_KINDS and len(node.outgoing) == 1:
            for flow in drawing.leaving(node):
                if flow.condition is not None:
                    message = f"the only arrow from {call(node)} has a condition"
                    yield find("bpmn.condition-alone", message, flow)


CHOOSING_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _directions,
    _event_gateways,
    _lone_conditions,
)
