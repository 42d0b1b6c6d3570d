"""One flow node: an XML element to a `Node`.

Rules of this file:

1. One node at a time. What needs its neighbours (flows, lanes, scopes) arrives as arguments.
2. Fields are read for every kind; those that do not fit a kind are absent in its XML.
"""

from collections.abc import Mapping as ReadOnly

from msgspec import Struct

from genba.notation.catalogue import Catalogue, read_correlation_key
from genba.notation.deciding import read_deciding
from genba.notation.document import Element
from genba.notation.elements import (
    Extras,
    extend_prefixes,
    find_child,
    identify,
    read_count,
    read_expression,
    read_extras,
    read_flag,
    read_name,
    read_text,
    resolve,
)
from genba.notation.events import find_message, read_events
from genba.notation.model import (
    ACTIVITY_KINDS,
    GATEWAY_KINDS,
    Assignment,
    Deciding,
    Implementation,
    MultiInstance,
    Node,
    NodeKind,
    StandardLoop,
)
from genba.notation.people import read_assignment, read_form
from genba.notation.vocabulary import GLOBAL_TASKS
from genba.notation.work import (
    read_implementation,
    read_inputs,
    read_loop,
    read_multi_instance,
    read_outputs,
)

NODE_KINDS: dict[str, NodeKind] = {
    **{kind.value: kind for kind in NodeKind},
    **{name: NodeKind(kind) for name, kind in GLOBAL_TASKS.items()},
}

NOBODY = Assignment()
UNDECIDED = Deciding()


class Found(Struct, frozen=True):
    """A flow node's element as found in a file, with the prefixes in force and its surroundings."""

    element: Element
    prefixes: ReadOnly[str, str]
    id: str
    kind: NodeKind
    scope: str
    process: str


class Links(Struct, frozen=True):
    """What a node has from its neighbours."""

    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    lane: str | None = None


def read_node(found: Found, links: Links, catalogue: Catalogue) -> Node:
    """Build the node of an element."""
    element, kind, language = found.element, found.kind, catalogue.language
    extras = read_extras(element, found.prefixes)
    message_ref, message = (None, None)
    if kind in {NodeKind.SEND_TASK, NodeKind.RECEIVE_TASK}:
        message_ref, message = find_message(element, catalogue)
    is_activity = kind in ACTIVITY_KINDS
    works = kind not in GATEWAY_KINDS
    key = read_correlation_key(extras.find("zeebe", "subscription"))
    if key is None and message is not None:
        key = message.correlation_key
    return Node(
        id=found.id,
        kind=kind,
        scope=found.scope,
        position=element.position,
        name=read_name(element),
        lane=links.lane,
        documentation=read_text(element, "documentation"),
        incoming=links.incoming,
        outgoing=links.outgoing,
        default=resolve(element.get("default")),
        loop=_read_loop(found, catalogue),
        is_for_compensation=read_flag(element, "isForCompensation", False),
        start_quantity=_quantity(element, "startQuantity"),
        completion_quantity=_quantity(element, "completionQuantity"),
        assignment=(read_assignment(element, extras, catalogue) if is_activity else NOBODY),
        form=read_form(extras, catalogue) if works else None,
        implementation=_read_implementation(found, extras, catalogue) if works else None,
        called_element=_read_called(element, extras),
        inputs=read_inputs(element, extras, catalogue) if works else (),
        outputs=read_outputs(element, extras, catalogue) if works else (),
        acts=tuple((extras.get("genba", "acts") or "").split()),
        mandatory=_mandatory(extras.get("genba", "mandatory")),
        zone=extras.get("genba", "zone") or "",
        calendar=extras.get("genba", "calendar") or "",
        deciding=read_deciding(extras) if is_activity else UNDECIDED,
        message_ref=message_ref,
        message_name=message.name if message is not None else None,
        correlation_key=key,
        instantiate=read_flag(element, "instantiate", False),
        triggered_by_event=read_flag(element, "triggeredByEvent", False),
        ordering=(element.get("ordering") or "Parallel").strip(),
        cancel_remaining=read_flag(element, "cancelRemainingInstances", True),
        completion_condition=read_expression(find_child(element, "completionCondition"), language),
        events=read_events(element, catalogue) if works and not is_activity else (),
        attached_to=resolve(element.get("attachedToRef")),
        cancel_activity=read_flag(element, "cancelActivity", True),
        is_interrupting=read_flag(element, "isInterrupting", True),
        parallel_multiple=read_flag(element, "parallelMultiple", False),
        gateway_direction=(element.get("gatewayDirection") or "Unspecified").strip(),
        event_gateway_type=(element.get("eventGatewayType") or "Exclusive").strip(),
        activation_condition=read_expression(find_child(element, "activationCondition"), language),
    )


def _mandatory(said: str | None) -> str | None:
    """Who may waive the step: a group, "" where only "true" is said, None where it may be left."""
    if said is None or said.strip().lower() in ("", "false"):
        return None
    return "" if said.strip().lower() == "true" else said.strip()


def read_global_task(element: Element, prefixes: ReadOnly[str, str], catalogue: Catalogue) -> Node:
    """A global task, as the task a call activity runs in its place (§10.3.4)."""
    id = identify(element)
    kind = NODE_KINDS[element.local]
    return read_node(Found(element, prefixes, id, kind, id, id), Links(), catalogue)


def _quantity(element: Element, name: str) -> int:
    quantity = read_count(element, name)
    return 1 if quantity is None else quantity


def _read_loop(found: Found, catalogue: Catalogue) -> StandardLoop | MultiInstance | None:
    if found.kind not in ACTIVITY_KINDS:
        return None
    marker = find_child(found.element, "multiInstanceLoopCharacteristics")
    if marker is None:
        return read_loop(found.element, catalogue)
    extras = read_extras(marker, extend_prefixes(found.prefixes, marker))
    return read_multi_instance(found.element, marker, extras=extras, catalogue=catalogue)


def _read_called(element: Element, extras: Extras) -> str | None:
    zeebe = extras.find("zeebe", "calledElement")
    called = (zeebe.get("processId") or "").strip() if zeebe is not None else ""
    return called or resolve(element.get("calledElement")) or extras.get("camunda", "calledElement")


def _read_implementation(
    found: Found, extras: Extras, catalogue: Catalogue
) -> Implementation | None:
    implementation = read_implementation(found.element, extras, catalogue)
    if implementation is not None:
        return implementation
    # Camunda 7 puts the implementation of a message throw event on its event definition.
    definition = find_child(found.element, "messageEventDefinition")
    if definition is None:
        return None
    within = read_extras(definition, extend_prefixes(found.prefixes, definition))
    return read_implementation(definition, within, catalogue)
