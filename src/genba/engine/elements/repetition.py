"""Repeated activities: standard loop and multi-instance (§10.3.8, §13.3.6, §13.3.7).

Rules of this file: the repetition is an element of its own (the body), its rounds are elements
inside it. The collection is read once, when the body begins. What each instance gives is kept by
its place and put together at the end. Boundary events belong to the body.
"""

from decimal import Decimal
from typing import Any

from genba.engine.balloting import count_instance, plan_ballot
from genba.engine.conditions import count
from genba.engine.elements.instances import throw_completed
from genba.engine.events import InstanceOutput, InstancesPlanned
from genba.engine.graph import GraphNode, Repetition
from genba.engine.incidents import raise_incident
from genba.engine.lifecycle import clear, complete, enter, run
from genba.engine.state import Element
from genba.engine.step import Answer, Step
from genba.engine.values import Data, ElementId, Option, WorkKind
from genba.engine.variables import context, evaluate, holds, write, write_local
from genba.engine.work import open_work
from genba.notation.model import MultiInstance, StandardLoop

AGAIN, ENOUGH = "again", "enough"
_COUNTER = "loopCounter"


def start_repeated(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Plan the rounds, or ask how many; a loop tests first if it is drawn so."""
    repetition = _of(node)
    if isinstance(repetition.drawn, StandardLoop):
        if not repetition.drawn.test_before:
            _round(step, id, node)
        else:
            _decide(step, id, element, node)
        return
    items, number = _number(step, id, repetition)
    if number is not None and number < 0:
        message = f"“{node.label}” is to be done {number} times."
        raise_incident(step, id, node, "run.times", message)
    elif number is None:
        open_work(step, id, node, WorkKind.COUNT, silent=True)
    else:
        _plan(step, id, element, node, number, items)


def resume_repeated(
    step: Step, id: ElementId, element: Element, node: GraphNode, answer: Answer
) -> None:
    """Somebody says how many, or whether once more."""
    if answer.work is not None and answer.work.kind is WorkKind.COUNT:
        rest = {name: value for name, value in answer.data.items() if name != "count"}
        write(step, id, rest)
        number = count(answer.data.get("count"))
        _plan(step, id, element, node, number or 0, None)
        return
    write(step, id, answer.data)
    if AGAIN in answer.chosen:
        _round(step, id, node)
    else:
        complete(step, id)


def after_child_of_repeated(
    step: Step, id: ElementId, element: Element, node: GraphNode, child: Element
) -> None:
    """A round has ended: collect what it gave, then go on or end."""
    repetition = _of(node)
    if not isinstance(repetition.drawn, MultiInstance):
        _decide(step, id, element, node)
        return
    _collect(step, id, node, child, repetition.drawn)
    if id not in step.case.elements:
        return
    decided = count_instance(step, id, node, child.index, child.data)
    if decided:
        clear(step, id)
        write(step, id, decided)
        _finish(step, id, element, node)
        return
    loop = element.loop
    assert loop is not None
    counters = _counters(step, id, element)
    ends = bool(repetition.throws) and throw_completed(step, id, node, repetition, counters)
    if id not in step.case.elements:
        return
    if ends or holds(step, repetition.condition, counters):
        clear(step, id)
        _finish(step, id, element, node)
    elif loop.done >= (loop.total or 0):
        _finish(step, id, element, node)
    elif repetition.sequential:
        _round(step, id, node)


def _plan(
    step: Step,
    id: ElementId,
    element: Element,
    node: GraphNode,
    number: int,
    items: list[Any] | None,
) -> None:
    step.emit(InstancesPlanned(element=id, count=number, items=items))
    plan_ballot(step, id, node, number)
    if number == 0:
        _finish(step, id, element, node)
    elif _of(node).sequential:
        _round(step, id, node)
    else:
        for _ in range(number):
            _round(step, id, node)


def _round(step: Step, id: ElementId, node: GraphNode) -> None:
    """Begin one round, with its own data where it is an instance."""
    started = enter(step, node.id, id)
    repetition, loop = _of(node), step.case.elements[id].loop
    if isinstance(repetition.drawn, MultiInstance) and loop is not None:
        place = step.case.elements[started].index
        local: Data = {_COUNTER: place + 1}
        if repetition.drawn.item is not None and loop.items is not None:
            local[repetition.drawn.item] = loop.items[place]
        write_local(step, started, local)
    step.later(run, step, started)


def _decide(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Standard loop: once more? Maximum first, then the condition, else a person."""
    drawn, condition = _of(node).drawn, _of(node).condition
    loop = element.loop
    assert isinstance(drawn, StandardLoop)
    assert loop is not None
    if drawn.maximum is not None and loop.done >= drawn.maximum:
        complete(step, id)
    elif condition is not None:
        data = {**context(step.case, id), _COUNTER: loop.done}
        if holds(step, condition, data):
            _round(step, id, node)
        else:
            complete(step, id)
    elif drawn.maximum is not None and drawn.condition is None:
        _round(step, id, node)
    else:
        words = drawn.condition.text if drawn.condition is not None else ""
        options = (Option(AGAIN, "Once more"), Option(ENOUGH, "Enough"))
        open_work(step, id, node, WorkKind.REPEAT, options=options, silent=True, note=words.strip())


def _collect(
    step: Step, id: ElementId, node: GraphNode, child: Element, drawn: MultiInstance
) -> None:
    """What an instance gives: its output item by its place, else its data to the outside."""
    repetition = _of(node)
    if drawn.output_collection is not None:
        known = {**context(step.case, id), **child.data}
        given = evaluate(step, repetition.output, known)
        if repetition.output is None:
            given = _given(node, child, drawn)
        step.emit(InstanceOutput(element=id, index=child.index, value=given))
    else:
        write(step, id, _given(node, child, drawn))


def _finish(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    drawn, loop = _of(node).drawn, element.loop
    assert loop is not None
    if isinstance(drawn, MultiInstance) and drawn.output_collection is not None:
        outputs = [loop.outputs.get(place) for place in range(loop.total or 0)]
        write(step, id, {drawn.output_collection: outputs})
    if id in step.case.elements:
        complete(step, id)


def _of(node: GraphNode) -> Repetition:
    assert node.repetition is not None
    return node.repetition


def _number(
    step: Step, id: ElementId, repetition: Repetition
) -> tuple[list[Any] | None, int | None]:
    """The items and how many instances; None where nothing says so."""
    data = context(step.case, id)
    items = evaluate(step, repetition.collection, data)
    if isinstance(items, list):
        return list(items), len(items)
    given = evaluate(step, repetition.cardinality, data)
    if isinstance(given, (int, Decimal)) and not isinstance(given, bool) and given < 0:
        return None, int(given)
    return None, count(given)


def _counters(step: Step, id: ElementId, element: Element) -> Data:
    """What a completion condition may speak of (§10.3.8, and the names older tools use)."""
    loop = element.loop
    assert loop is not None
    total, done, active = loop.total or 0, loop.done, len(element.children)
    return {
        **context(step.case, id),
        "numberOfInstances": total,
        "numberOfActiveInstances": active,
        "numberOfCompletedInstances": done,
        "numberOfTerminatedInstances": 0,
        "nrOfInstances": total,
        "nrOfActiveInstances": active,
        "nrOfCompletedInstances": done,
    }


def _given(node: GraphNode, child: Element, drawn: MultiInstance) -> Data:
    """What an instance has beyond what it was given."""
    own = {_COUNTER, drawn.item, *(target for target, _ in node.inputs)}
    return {name: value for name, value in child.data.items() if name not in own}
