"""Errors and escalations: the nearest one around that catches (§10.5.6, §10.5.7).

Rules of this file: the walk outwards from who throws, first the event sub-processes of a scope,
then the boundary of its activity. Delivering is immediate, so that a thrower interrupted by its
own throw does not go on.
"""

from genba.engine.events import EscalationThrown
from genba.engine.graph import GraphNode
from genba.engine.incidents import ERROR, raise_incident
from genba.engine.lifecycle import clear, complete_case
from genba.engine.occurrences import fire_boundary, fire_event_sub_process
from genba.engine.step import Step
from genba.engine.values import Data, ElementId
from genba.notation.model import EventKind


def throw(
    step: Step,
    id: ElementId,
    kind: EventKind,
    code: str | None,
    name: str,
    data: Data,
    *,
    keep: ElementId | None = None,
) -> bool:
    """Throw from element `id`; False if nobody around catches it. `keep` is not cancelled by it."""
    at, inner = id, step.case.elements[id].node
    while True:
        element = step.case.elements[at]
        scope = step.graph.scopes.get(element.node)
        if scope is not None and not element.interrupted:
            starts = [
                step.graph.nodes[start]
                for start in scope.event_starts
                if step.graph.nodes[start].scope != inner
            ]
            caught = _catching(starts, kind, code, name)
            if caught is not None:
                fire_event_sub_process(step, at, caught, data)
                return True
        if at == step.case.root:
            return False
        if step.case.elements[element.scope].loop is None:
            edge = [step.graph.nodes[b] for b in step.graph.nodes[element.node].boundary]
            caught = _catching(edge, kind, code, name)
            if caught is not None:
                fire_boundary(step, at, caught, data, keep=at == keep)
                return True
        at, inner = element.scope, element.node


def _catching(
    nodes: list[GraphNode], kind: EventKind, code: str | None, name: str
) -> GraphNode | None:
    """The event among `nodes` that catches: the same code first, then one that catches all."""
    anything: GraphNode | None = None
    for node in nodes:
        for trigger in node.triggers:
            if trigger.kind is not kind:
                continue
            wanted = trigger.code or trigger.name
            if not wanted:
                anything = anything or node
            elif (trigger.code and trigger.code == code) or (
                trigger.name and trigger.name == name and not (trigger.code and code)
            ):
                return node
    return anything


def escalate(
    step: Step,
    id: ElementId,
    code: str | None,
    name: str,
    data: Data,
    *,
    keep: ElementId | None = None,
) -> None:
    """Escalate; what nothing in the case catches is for whoever called the case."""
    if not throw(step, id, EventKind.ESCALATION, code, name, data, keep=keep):
        step.emit(EscalationThrown(code=code, name=name, data=data))


def fail_here(step: Step, id: ElementId, code: str, data: Data) -> None:
    """An activity has failed with an error: whoever catches it, else somebody to mend it."""
    if not throw(step, id, EventKind.ERROR, code, code, data):
        node = step.graph.nodes[step.case.elements[id].node]
        message = f"“{node.label}” ended with {code}, and nothing catches that."
        raise_incident(step, id, node, ERROR, message)


def fail(step: Step, id: ElementId, code: str | None, name: str, data: Data) -> bool:
    """Throw an error; if nobody catches it, the whole case ends with it. True if it was caught."""
    if throw(step, id, EventKind.ERROR, code, name, data):
        return True
    clear(step, step.case.root)
    complete_case(step, error=code or name or "error")
    return False
