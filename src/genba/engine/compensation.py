"""Undoing what was done: completed activities, the last one first (§10.6, §13.5.5).

Rules of this file: `records` of a scope say what can be undone; a throw takes them over, so that
each is undone once, and runs their handlers one after the other, however long each takes. A
sub-process without a handler of its own is undone by undoing what was done inside it.
"""

from genba.engine import events as e
from genba.engine.lifecycle import begin
from genba.engine.state import Record
from genba.engine.step import Step
from genba.engine.values import ElementId, NodeId
from genba.notation.model import NodeKind


def trigger(step: Step, id: ElementId, activity: NodeId | None) -> None:
    """Element `id` takes over what is to be undone: all of its scope, or one activity of it."""
    scope = _scope(step, id)
    step.emit(e.CompensationTriggered(element=id, scope=scope, node=activity))


def _scope(step: Step, id: ElementId) -> ElementId:
    """The scope a throw undoes: its own; from an event sub-process, the one around it."""
    at = step.case.elements[id].scope
    while True:
        element = step.case.elements[at]
        if at == step.case.root or element.records:
            return at
        if step.graph.nodes[element.node].behaviour != "event-sub-process":
            return at
        at = element.scope


def undo_next(step: Step, id: ElementId) -> bool:
    """Begin the next handler; False when nothing is left to undo."""
    plan = step.case.elements[id].plan
    while plan:
        record = plan[-1]
        handler = step.graph.nodes[record.node].handler
        if handler is None or _is_body(record):
            step.emit(e.CompensationStep(element=id))
            continue
        begin(step, handler, id)
        return True
    return False


def _is_body(record: Record) -> bool:
    """Whether a record stands for all instances of a repeated activity."""
    return any(inner.node == record.node for inner in record.inner)


def is_throw(kind: NodeKind) -> bool:
    """Whether an event of this kind throws."""
    return kind in (NodeKind.INTERMEDIATE_THROW_EVENT, NodeKind.END_EVENT)
