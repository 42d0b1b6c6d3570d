"""Events that throw, catch, or only mark a point (§10.5).

Rules of this file: what is thrown is delivered at once, and the thrower looks whether it is still
alive before it goes on.
"""

from genba.engine import compensation
from genba.engine.events import SignalThrown
from genba.engine.graph import GraphNode, Trigger
from genba.engine.lifecycle import complete, run, terminate
from genba.engine.occurrences import cancel_transaction, hear
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.throwing import escalate, fail
from genba.engine.values import Data, ElementId
from genba.engine.variables import context, map_in
from genba.engine.waiting import arm
from genba.notation.model import EventKind, NodeKind


def start_catch(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Listen, and ask."""
    if any(trigger.kind is EventKind.LINK for trigger in node.triggers):
        complete(step, id)
    else:
        arm(step, id, node)


def start_throw_event(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Throw; go on if nothing has ended this meanwhile.

    A signal is thrown after what moves beside it has come to rest, so that branches drawn in
    parallel listen before one of them calls, whatever their order in the file.
    """
    if node.broadcasts and step.queue and id not in step.waited:
        step.waited.add(id)
        step.later(run, step, id)
        return
    map_in(step, id, node)
    for trigger in node.triggers:
        _throw(step, id, node, trigger)
        if id not in step.case.elements:
            return
    if element.plan is None or not compensation.undo_next(step, id):
        complete(step, id)


def after_child_of_throw_event(
    step: Step, id: ElementId, element: Element, node: GraphNode, child: Element
) -> None:
    """A compensation handler has ended: the next one, or go on."""
    if element.children:
        return
    if not compensation.undo_next(step, id):
        complete(step, id)


def _throw(step: Step, id: ElementId, node: GraphNode, trigger: Trigger) -> None:
    scope, data = step.case.elements[id].scope, _carried(step, id, node)
    match trigger.kind:
        case EventKind.TERMINATE:
            terminate(step, scope)
        case EventKind.ERROR:
            fail(step, id, trigger.code, trigger.name or node.label, data)
        case EventKind.ESCALATION:
            escalate(step, id, trigger.code, trigger.name, data)
        case EventKind.SIGNAL:
            step.emit(SignalThrown(name=trigger.name, data=data))
            hear(step, trigger.name, data)
        case EventKind.COMPENSATE:
            compensation.trigger(step, id, trigger.activity)
        case EventKind.CANCEL:
            _cancel(step, id)
        case _:
            pass  # messages leave with `sends`, links with `link`, when the event completes


def _carried(step: Step, id: ElementId, node: GraphNode) -> Data:
    """What is thrown along: only what is mapped, for a throw reaches who must not know the rest."""
    known = context(step.case, id)
    return {target: known.get(target) for target, _ in node.inputs}


def _cancel(step: Step, id: ElementId) -> None:
    """A cancel end event: the transaction around it is cancelled (§10.5.3)."""
    at = step.case.elements[id].scope
    while at != step.case.root:
        element = step.case.elements[at]
        if step.graph.nodes[element.node].kind is NodeKind.TRANSACTION:
            cancel_transaction(step, at)
            return
        at = element.scope
