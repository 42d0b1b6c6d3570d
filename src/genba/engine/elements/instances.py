"""What the instances of a multi-instance activity throw as they complete (§10.3.8, Table 10.29).

Rules of this file: None throws for each instance, One for the first, All never; Complex throws
what its rules say, and a rule that holds ends the instances that are left. What is thrown is caught
at the boundary of the activity, which it does not cancel whatever the border looks like: "for each
instance" and "produces a token" could not be otherwise.
"""

from collections.abc import Iterator

from genba.engine.events import MessageSent, SignalThrown
from genba.engine.graph import GraphNode, Repetition, Throw, Trigger
from genba.engine.incidents import ENOUGH
from genba.engine.occurrences import fire_boundary, hear
from genba.engine.state import Loop
from genba.engine.step import Step
from genba.engine.throwing import escalate, fail
from genba.engine.values import Data, ElementId
from genba.engine.variables import holds
from genba.notation.model import EventKind


def throw_completed(
    step: Step, id: ElementId, node: GraphNode, repetition: Repetition, counters: Data
) -> bool:
    """An instance has completed: throw what that means. True if the rest is to end.

    Raises Stuck for a rule that fails, before anything is thrown.
    """
    loop = step.case.elements[id].loop
    assert loop is not None
    ends = False
    for thrown in tuple(_due(step, repetition, loop, counters)):
        ends = ends or repetition.behavior == "Complex"
        if not thrown.triggers and repetition.behavior != "Complex":
            _default_signal(step, id, node)
        for trigger in thrown.triggers:
            if step.alive(id):
                _throw(step, id, node, trigger, counters)
    return ends


def _due(step: Step, repetition: Repetition, loop: Loop, counters: Data) -> Iterator[Throw]:
    for thrown in repetition.throws:
        match repetition.behavior:
            case "None":
                due = True
            case "One":
                due = loop.done == 1
            case _:
                due = holds(step, thrown.when, counters, ENOUGH)
        if due:
            yield thrown


def _default_signal(step: Step, id: ElementId, node: GraphNode) -> None:
    """Nothing is named: whatever signal event at the boundary names nothing either catches it."""
    for boundary in node.boundary:
        event = step.graph.nodes[boundary]
        if any(d.kind is EventKind.SIGNAL and d.ref is None for d in event.drawn.events):
            fire_boundary(step, id, event, {}, keep=True)


def _throw(step: Step, id: ElementId, node: GraphNode, trigger: Trigger, data: Data) -> None:
    match trigger.kind:
        case EventKind.SIGNAL:
            step.emit(SignalThrown(name=trigger.name))
            hear(step, trigger.name, {}, keep=id)
        case EventKind.ESCALATION:
            escalate(step, id, trigger.code, trigger.name, {}, keep=id)
        case EventKind.ERROR:
            fail(step, id, trigger.code, trigger.name or node.label, {})
        case _:
            step.emit(MessageSent(name=trigger.name, node=node.id, fill=True, data=data))
