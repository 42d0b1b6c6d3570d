"""Event definitions: what an event waits for or throws (§10.5.5).

Rules of this file:

1. References are followed here (`eventDefinitionRef`, `messageRef`, …), so that who reads the
   model sees the name people gave the trigger.
2. Times and conditions are kept as written.
"""

from collections.abc import Iterator

from genba.notation.catalogue import Catalogue, Message
from genba.notation.document import Element
from genba.notation.elements import (
    find_child,
    find_children,
    read_expression,
    read_name,
    read_reference,
    resolve,
)
from genba.notation.model import EventDefinition, EventKind, TimerDefinition

EVENT_KINDS: dict[str, EventKind] = {f"{kind.value}EventDefinition": kind for kind in EventKind}
# kind -> the child that names what it refers to; the catalogue gives name and code.
_REFERENCES: dict[EventKind, str] = {
    EventKind.ERROR: "errorRef",
    EventKind.ESCALATION: "escalationRef",
    EventKind.SIGNAL: "signalRef",
}


def read_events(event: Element, catalogue: Catalogue) -> tuple[EventDefinition, ...]:
    """The definitions of an event, in file order, references followed."""
    own_name = read_name(event) or None
    return tuple(
        _read_link(node, own_name)
        if node.local == "linkEventDefinition"
        else _read_definition(node, catalogue)
        for node in _definitions(event, catalogue)
    )


def read_event(ref: str | None, catalogue: Catalogue) -> EventDefinition | None:
    """The event definition of the file that a reference names."""
    element = catalogue.event_definitions.get(ref or "")
    known = element is not None and element.local in EVENT_KINDS
    return _read_definition(element, catalogue) if element is not None and known else None


def find_message(element: Element, catalogue: Catalogue) -> tuple[str | None, Message | None]:
    """The message an element names, directly or through its operation: id and declaration."""
    ref = read_reference(element, "messageRef")
    if ref is None:
        operation = catalogue.operations.get(read_reference(element, "operationRef") or "")
        ref = operation.in_message if operation is not None else None
    return ref, catalogue.messages.get(ref or "")


def _definitions(event: Element, catalogue: Catalogue) -> Iterator[Element]:
    for node in find_children(event):
        if node.local in EVENT_KINDS:
            yield node
        elif node.local == "eventDefinitionRef":
            element = catalogue.event_definitions.get(resolve(node.text) or "")
            if element is not None and element.local in EVENT_KINDS:
                yield element


def _read_definition(element: Element, catalogue: Catalogue) -> EventDefinition:
    kind = EVENT_KINDS[element.local]
    language = catalogue.language
    if kind is EventKind.MESSAGE:
        return _read_message(element, catalogue)
    if kind in _REFERENCES:
        return _read_trigger(element, kind, catalogue)
    timer = None
    if kind is EventKind.TIMER:
        timer = TimerDefinition(
            date=read_expression(find_child(element, "timeDate"), language),
            duration=read_expression(find_child(element, "timeDuration"), language),
            cycle=read_expression(find_child(element, "timeCycle"), language),
        )
    return EventDefinition(
        kind=kind,
        position=element.position,
        id=element.get("id"),
        timer=timer,
        condition=read_expression(find_child(element, "condition"), language),
        activity_ref=read_reference(element, "activityRef"),
    )


def _read_link(element: Element, event_name: str | None) -> EventDefinition:
    """A link; tools that leave out its name, which is required, mean the name of the event."""
    name = read_name(element) or event_name
    return EventDefinition(
        kind=EventKind.LINK, position=element.position, id=element.get("id"), name=name
    )


def _read_message(element: Element, catalogue: Catalogue) -> EventDefinition:
    ref, message = find_message(element, catalogue)
    return EventDefinition(
        kind=EventKind.MESSAGE,
        position=element.position,
        id=element.get("id"),
        ref=ref,
        name=message.name if message is not None else None,
        correlation_key=message.correlation_key if message is not None else None,
    )


def _read_trigger(element: Element, kind: EventKind, catalogue: Catalogue) -> EventDefinition:
    ref = read_reference(element, _REFERENCES[kind])
    trigger = catalogue.triggers.get(ref or "")
    return EventDefinition(
        kind=kind,
        position=element.position,
        id=element.get("id"),
        ref=ref,
        name=trigger.name if trigger is not None else None,
        code=(trigger.code or "").strip() or None if trigger is not None else None,
    )
