"""Findings about events: what may trigger or be thrown where, and what it leads to.

Rules of this file:

1. Where a kind of event may stand is `ALLOWED`, from BPMN 2.0.2 Table 10.93; code only compares.
2. An event with no definition at all is fine here: a person says that it happened.
"""

from collections.abc import Callable, Iterator

from genba.notation.findings import Drawing, Scope, call, find
from genba.notation.model import (
    ACTIVITY_KINDS,
    EventDefinition,
    EventKind,
    Node,
    NodeKind,
    Problem,
)

_K = EventKind
ALLOWED: dict[str, frozenset[EventKind]] = {
    "start": frozenset({_K.MESSAGE, _K.TIMER, _K.CONDITIONAL, _K.SIGNAL}),
    "event sub-process start": frozenset(
        {_K.MESSAGE, _K.TIMER, _K.CONDITIONAL, _K.SIGNAL, _K.ERROR, _K.ESCALATION, _K.COMPENSATE}
    ),
    NodeKind.INTERMEDIATE_CATCH_EVENT: frozenset(
        {_K.MESSAGE, _K.TIMER, _K.CONDITIONAL, _K.LINK, _K.SIGNAL}
    ),
    NodeKind.INTERMEDIATE_THROW_EVENT: frozenset(
        {_K.MESSAGE, _K.ESCALATION, _K.LINK, _K.COMPENSATE, _K.SIGNAL}
    ),
    NodeKind.BOUNDARY_EVENT: frozenset(
        {
            _K.MESSAGE, _K.TIMER, _K.ESCALATION, _K.ERROR, _K.CANCEL, _K.COMPENSATE,
            _K.CONDITIONAL, _K.SIGNAL,
        }
    ),
    NodeKind.END_EVENT: frozenset(
        {
            _K.MESSAGE, _K.ERROR, _K.ESCALATION, _K.CANCEL, _K.COMPENSATE, _K.SIGNAL,
            _K.TERMINATE,
        }
    ),
}  # fmt: skip
# What ends the step it is attached to, whatever the border looks like (Table 10.93).
_INTERRUPTING = frozenset({_K.ERROR, _K.CANCEL, _K.COMPENSATE})
# Definitions that point at something declared elsewhere, in words.
_DECLARED: dict[EventKind, str] = {
    _K.MESSAGE: "message",
    _K.SIGNAL: "signal",
    _K.ERROR: "error",
    _K.ESCALATION: "escalation",
}


def _kinds(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        place = _place(node, drawing)
        if place is None or not node.events:
            continue
        wrong = sorted({event.kind for event in node.events} - ALLOWED[place])
        if wrong:
            rule = "bpmn.event-kind"
            if any(event.kind in ALLOWED[place] for event in node.events):
                rule = "bpmn.event-kind-extra"
            what = "an event sub-process" if place == "event sub-process start" else "BPMN"
            message = f"{call(node)} has a trigger {what} does not allow there: {', '.join(wrong)}"
            yield find(rule, message, node)


def _place(node: Node, drawing: Drawing) -> str | None:
    """The row of `ALLOWED` for an event, None for other steps."""
    if node.kind is not NodeKind.START_EVENT:
        return node.kind if node.kind in ALLOWED else None
    holder = drawing.nodes.get(node.scope)
    within = holder is not None and holder.triggered_by_event
    return "event sub-process start" if within else "start"


def _inner_starts(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        holder = drawing.nodes.get(node.scope)
        begins = node.kind is NodeKind.START_EVENT and holder is not None
        if begins and holder is not None and node.events and not holder.triggered_by_event:
            message = f"{call(node)} has a trigger, but {call(holder)} begins by its arrow"
            yield find("bpmn.inner-start", message, node)


def _boundaries(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.kind is NodeKind.BOUNDARY_EVENT and not node.cancel_activity:
            kinds = sorted(event.kind for event in node.events if event.kind in _INTERRUPTING)
            if kinds:
                message = f"{call(node)} is drawn as not interrupting, which {kinds[0]} cannot be"
                yield find("bpmn.always-interrupts", message, node)


def _timers(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        for event in node.events:
            timer = event.timer
            times = (timer.date, timer.duration, timer.cycle) if timer is not None else ()
            if sum(time is not None for time in times) > 1:
                yield find("bpmn.timer-twice", f"{call(node)} has more than one time", node)


def _hosts(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.kind is not NodeKind.BOUNDARY_EVENT:
            continue
        host = drawing.nodes.get(node.attached_to or "")
        if host is None:
            missing = f"'{node.attached_to}', which is no step" if node.attached_to else "nothing"
            yield find("bpmn.boundary-host", f"{call(node)} is attached to {missing}", node)
        elif host.kind not in ACTIVITY_KINDS:
            message = f"{call(node)} is attached to {call(host)}, which is no task or sub-process"
            yield find("bpmn.boundary-host", message, node)
        elif host.scope != node.scope:
            message = f"{call(node)} is not drawn where {call(host)} is, which it is attached to"
            yield find("bpmn.boundary-host", message, node)


def _event_sub_processes(drawing: Drawing) -> Iterator[Problem]:
    inside = {
        scope.holder.id: scope.nodes for scope in drawing.scopes if isinstance(scope.holder, Node)
    }
    for node in drawing.all_nodes():
        if not node.triggered_by_event:
            continue
        starts = [step for step in inside.get(node.id, ()) if step.kind is NodeKind.START_EVENT]
        if len(starts) > 1:
            message = f"{call(node)} has {len(starts)} start events, where BPMN has one"
            yield find("bpmn.event-sub-process-starts", message, node)
        if not starts:
            message = f"{call(node)} begins by an event, but has no start event"
            yield find("bpmn.event-sub-process-start", message, node)


def _cancels(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if not _has(node, EventKind.CANCEL):
            continue
        if node.kind is NodeKind.END_EVENT and not _within_transaction(node, drawing):
            message = f"{call(node)} cancels a transaction, but is in none"
            yield find("bpmn.cancel", message, node)
        host = drawing.nodes.get(node.attached_to or "")
        if host is not None and host.kind is not NodeKind.TRANSACTION:
            message = f"{call(node)} awaits a cancelled transaction, but {call(host)} is none"
            yield find("bpmn.cancel", message, node)


def _within_transaction(node: Node, drawing: Drawing) -> bool:
    holder = drawing.nodes.get(node.scope)
    while holder is not None:
        if holder.kind is NodeKind.TRANSACTION:
            return True
        holder = drawing.nodes.get(holder.scope)
    return False


def _links(drawing: Drawing) -> Iterator[Problem]:
    for scope in drawing.scopes:
        throws = dict(_link_events(scope, NodeKind.INTERMEDIATE_THROW_EVENT))
        catches: dict[str, Node] = {}
        for name, node in _link_events(scope, NodeKind.INTERMEDIATE_CATCH_EVENT):
            if name in catches:
                message = f"two catching link events have the name “{name}”"
                yield find("bpmn.link-ambiguous", message, node)
            catches.setdefault(name, node)
        for name, node in _link_events(scope, NodeKind.INTERMEDIATE_THROW_EVENT):
            if name not in catches:
                message = f"the link “{name}” leads nowhere: no catching link event has that name"
                yield find("bpmn.link-target", message, node)
        for name, node in catches.items():
            if name not in throws:
                message = (
                    f"nothing leads to the link “{name}”: no throwing link event has that name"
                )
                yield find("bpmn.link-source", message, node)


def _link_events(scope: Scope, kind: NodeKind) -> Iterator[tuple[str, Node]]:
    for node in scope.nodes:
        for event in node.events if node.kind is kind else ():
            if event.kind is EventKind.LINK:
                yield event.name or "", node


def _handlers(drawing: Drawing) -> Iterator[Problem]:
    for process in drawing.definitions.processes:
        linked = {link.source for link in process.associations}
        linked |= {link.target for link in process.associations}
        for node in process.nodes:
            is_boundary = node.kind is NodeKind.BOUNDARY_EVENT
            if is_boundary and _has(node, EventKind.COMPENSATE) and node.id not in linked:
                message = f"{call(node)} says the step can be undone, but not by which step"
                yield find("bpmn.compensation-handler", message, node)


def _references(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        for event in node.events:
            yield from _reference(node, event, drawing)
        if node.message_ref is not None and node.message_name is None:
            message = f"{call(node)} refers to a message that is not here: '{node.message_ref}'"
            yield find("bpmn.reference", message, node)


def _reference(node: Node, event: EventDefinition, drawing: Drawing) -> Iterator[Problem]:
    if event.ref is not None and event.name is None and event.code is None:
        what = _DECLARED.get(event.kind, "definition")
        message = f"{call(node)} refers to a {what} that is not here, or has no name: '{event.ref}'"
        yield find("bpmn.reference", message, node)
    if event.activity_ref is not None and event.activity_ref not in drawing.nodes:
        message = f"{call(node)} undoes a step that is not here: '{event.activity_ref}'"
        yield find("bpmn.reference", message, node)


def _has(node: Node, kind: EventKind) -> bool:
    return any(event.kind is kind for event in node.events)


TRIGGER_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _kinds,
    _inner_starts,
    _timers,
    _hosts,
    _boundaries,
    _event_sub_processes,
    _cancels,
    _links,
    _handlers,
    _references,
)
