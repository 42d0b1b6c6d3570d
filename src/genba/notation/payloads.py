"""Findings about what events refer to and carry: definitions, codes, data, links.

Rules of this file:

1. What an event may be triggered by at its place is `triggers`; here is what it says beyond that.
2. Where something is missing a person can say it, so all of this is a warning.
"""

from collections.abc import Callable, Iterator

from genba.notation.document import Element
from genba.notation.elements import (
    find_child,
    find_children,
    identify,
    read_reference,
    resolve,
)
from genba.notation.events import EVENT_KINDS
from genba.notation.findings import Drawing, call, find, find_at, name_element
from genba.notation.model import EventKind, Node, NodeKind, Problem
from genba.notation.survey import read_data

_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
_THROWING = ("intermediateThrowEvent", "endEvent")
# definition -> the reference to what it carries (§10.5.1)
_CARRIES = {
    "messageEventDefinition": "messageRef",
    "signalEventDefinition": "signalRef",
    "errorEventDefinition": "errorRef",
    "escalationEventDefinition": "escalationRef",
}
# What is thrown and needs a code to be told apart (§10.5.5), and the rule that says so.
_CODED = {
    EventKind.ESCALATION: "bpmn.escalation-code",
    EventKind.ERROR: "bpmn.error-code",
}


def _missing_triggers(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.events or _refers(node, drawing):
            continue
        holder = drawing.nodes.get(node.scope)
        if node.kind is NodeKind.BOUNDARY_EVENT:
            message = f"{call(node)} does not say what sets it off"
            yield find("bpmn.boundary-trigger", message, node)
        elif node.kind is NodeKind.START_EVENT and holder is not None and holder.triggered_by_event:
            message = f"{call(node)} does not say what sets {call(holder)} off"
            yield find("bpmn.event-sub-process-trigger", message, node)


def _refers(node: Node, drawing: Drawing) -> bool:
    """Whether an event refers to a definition, there or not."""
    element = drawing.survey.by_key.get(node.id)
    return element is not None and find_child(element, "eventDefinitionRef") is not None


def _codes(drawing: Drawing) -> Iterator[Problem]:
    executable = {process.id for process in drawing.definitions.processes if process.is_executable}
    for node in drawing.all_nodes():
        if node.kind not in {NodeKind.END_EVENT, NodeKind.INTERMEDIATE_THROW_EVENT}:
            continue
        for event in node.events:
            rule = _CODED.get(event.kind)
            if rule and event.code is None and drawing.process_of[node.id] in executable:
                message = f"{call(node)} throws an {event.kind} without a code"
                yield find(rule, message, node)


def _shared(drawing: Drawing) -> Iterator[Problem]:
    """References to event definitions: they lead to one that stands in no event (§10.5.1)."""
    for spot in drawing.survey.spots("eventDefinitionRef"):
        ref = resolve(spot.element.text)
        target = drawing.survey.by_id.get(ref or "")
        what = name_element(spot.parent)
        if target is None or target.element.local not in EVENT_KINDS:
            message = f"{what} refers to an event definition that is not here: '{ref or ''}'"
            yield find_at("bpmn.reference", message, spot.parent)
        elif target.parent.local != "definitions":
            message = f"{what} refers to the definition of {name_element(target.parent)}"
            yield find_at("bpmn.definition-shared", message, spot.parent)


def _data(drawing: Drawing) -> Iterator[Problem]:
    """One data input or output for each payload, in the same order, of the same kind (§10.5.1)."""
    for locals, direction in ((_CATCHING, "dataOutput"), (_THROWING, "dataInput")):
        for spot in drawing.survey.spots(*locals):
            event = spot.element
            held = [drawing.survey.item(data) for data in read_data(event, direction)]
            carried = list(_payloads(event, drawing))
            if not held or not carried:
                continue
            pairs = zip(held, carried, strict=False)
            alike = all(drawing.survey.alike(one, other) for one, other in pairs)
            if len(held) != len(carried) or not alike:
                message = f"the data of {name_element(event)} does not fit its triggers"
                yield find_at("bpmn.event-data", message, event)


def _payloads(event: Element, drawing: Drawing) -> Iterator[str]:
    for definition in find_children(event, *_CARRIES):
        declared = drawing.survey.get(read_reference(definition, _CARRIES[definition.local]))
        item = drawing.survey.item(declared)
        if item is not None:
            yield item


def _links(drawing: Drawing) -> Iterator[Problem]:
    """Links that name their other end: that one is a link, and names this one (Table 10.97)."""
    spots = list(drawing.survey.spots("linkEventDefinition"))
    named = {
        (identify(spot.element), end, resolve(ref.text))
        for spot in spots
        for end in ("target", "source")
        for ref in find_children(spot.element, end)
    }
    for spot in spots:
        for end, back in (("target", "source"), ("source", "target")):
            for ref in find_children(spot.element, end):
                if (resolve(ref.text), back, identify(spot.element)) not in named:
                    message = f"the link of {name_element(spot.parent)} is not named by its {end}"
                    yield find_at("bpmn.link-pair", message, spot.parent)


def _called(drawing: Drawing) -> Iterator[Problem]:
    starts: dict[str, set[bool]] = {}
    for node in drawing.all_nodes():
        if node.kind is NodeKind.START_EVENT:
            starts.setdefault(node.scope, set()).add(bool(node.events))
    processes = {process.id for process in drawing.definitions.processes}
    for node in drawing.all_nodes():
        if node.called_element in processes and starts.get(node.called_element) == {True}:
            message = f"{call(node)} calls a process that only begins by a trigger"
            yield find("bpmn.called-start", message, node)


PAYLOAD_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _missing_triggers,
    _codes,
    _shared,
    _data,
    _links,
    _called,
)
