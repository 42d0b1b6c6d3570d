"""Findings about pools and what passes between them: message flows, choreographies.

Rules of this file:

1. A message flow is between parties, from what sends to what receives (§9.4, §7.6.2).
2. Choreographies and conversations are not run; what they say of collaborations is compared.
"""

from collections.abc import Callable, Iterator

from genba.notation.document import Element
from genba.notation.elements import (
    find_child,
    find_children,
    identify,
    read_flag,
    read_reference,
)
from genba.notation.findings import Drawing, call, find, find_at, name_element
from genba.notation.model import (
    GATEWAY_KINDS,
    EventKind,
    MessageFlow,
    Node,
    NodeKind,
    Problem,
)

_ARTIFACTS = ("textAnnotation", "group", "association")
# Steps that never send, and steps that never receive (§7.6.2, Table 7.4).
_NEVER_SEND = GATEWAY_KINDS | {
    NodeKind.START_EVENT,
    NodeKind.INTERMEDIATE_CATCH_EVENT,
    NodeKind.BOUNDARY_EVENT,
}
_NEVER_RECEIVE = GATEWAY_KINDS | {NodeKind.INTERMEDIATE_THROW_EVENT, NodeKind.END_EVENT}
_NEEDS_MESSAGE = frozenset(
    {
        NodeKind.START_EVENT,
        NodeKind.END_EVENT,
        NodeKind.BOUNDARY_EVENT,
        NodeKind.INTERMEDIATE_CATCH_EVENT,
        NodeKind.INTERMEDIATE_THROW_EVENT,
    }
)


def _message_flows(drawing: Drawing) -> Iterator[Problem]:
    pools = {pool.id: pool.process or pool.id for pool in drawing.definitions.participants}
    speechless = {node.id for node in drawing.all_nodes() if _speechless(node)}
    for flow in drawing.definitions.message_flows:
        sides = [
            drawing.process_of.get(end) or pools.get(end) for end in (flow.source, flow.target)
        ]
        if sides[0] is not None and sides[0] == sides[1]:
            message = "the message flow stays within one pool and is never delivered"
            yield find("bpmn.message-flow-pool", message, flow)
        for end, ref in (("source", flow.source), ("target", flow.target)):
            artifact = drawing.survey.get(ref, *_ARTIFACTS)
            if artifact is not None:
                message = f"the message flow has the {end} {name_element(artifact)}"
                yield find("bpmn.message-flow-artifact", message, flow)
        yield from _ends(flow, drawing, speechless)


def _ends(flow: MessageFlow, drawing: Drawing, speechless: set[str]) -> Iterator[Problem]:
    source, target = drawing.nodes.get(flow.source), drawing.nodes.get(flow.target)
    if source is not None and (source.kind in _NEVER_SEND or source.id in speechless):
        message = f"the message flow leaves {call(source)}, which sends nothing"
        yield find("bpmn.message-flow-event", message, flow)
    if target is not None and (target.kind in _NEVER_RECEIVE or target.id in speechless):
        message = f"the message flow leads to {call(target)}, which receives nothing"
        yield find("bpmn.message-flow-event", message, flow)


def _speechless(node: Node) -> bool:
    """An event that has nothing to do with messages."""
    is_event = node.kind in _NEEDS_MESSAGE
    return is_event and not any(event.kind is EventKind.MESSAGE for event in node.events)


def _multiplicities(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots("participantMultiplicity"):
        least, most = _number(spot.element, "minimum", 0), _number(spot.element, "maximum", 1)
        given = spot.element.get("maximum") is not None
        if least < 0 or most < 1 or (given and most < least):
            message = f"the pool {name_element(spot.parent)} stands for {least} to {most} parties"
            yield find_at("bpmn.multiplicity", message, spot.parent)


def _number(element: Element, name: str, default: int) -> int:
    written = (element.get(name) or "").strip()
    digits = written.removeprefix("-")
    whole = digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(written) if whole else default


def _choreographies(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots("choreography", "globalConversation"):
        if find_child(spot.element, "choreographyRef") is not None:
            message = f"{name_element(spot.element)} refers to a choreography"
            yield find_at("bpmn.choreography-reference", message, spot.element)
    for spot in drawing.survey.spots("globalConversation"):
        extra = find_child(spot.element, "conversation", "subConversation", "callConversation")
        extra = extra or find_child(spot.element, *_ARTIFACTS)
        if extra is not None:
            message = f"{name_element(spot.element)} has {name_element(extra)} in it"
            yield find_at("bpmn.global-conversation", message, extra)
    for spot in drawing.survey.spots("collaboration"):
        yield from _closed(spot.element, drawing)


def _closed(collaboration: Element, drawing: Drawing) -> Iterator[Problem]:
    """Message flows beside those of a choreography that is closed (§9.2)."""
    ref = read_reference(collaboration, "choreographyRef")
    choreography = drawing.survey.get(ref, "choreography")
    if choreography is None or not read_flag(choreography, "isClosed", False):
        return
    agreed = {identify(flow) for flow in find_children(choreography, "messageFlow")}
    for flow in find_children(collaboration, "messageFlow"):
        if identify(flow) not in agreed:
            message = f"{name_element(flow)} is not part of the closed choreography"
            yield find_at("bpmn.choreography-closed", message, flow)


MESSAGING_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _message_flows,
    _multiplicities,
    _choreographies,
)
