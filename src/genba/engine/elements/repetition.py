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
from genba.engine.incidents import (
    ENOUGH as ENOUGH_ROUNDS,
)
from genba.engine.incidents import (
    ITEMS,
    LOOP,
    ROUND,
    TEST,
    TIMES,
    Place,
    Stuck,
    asked_about,
    raise_incident,
    stop,
)
from genba.engine.lifecycle import clear, complete, enter, run
from genba.engine.state import Element
from genba.engine.step import Answer, Step
from genba.engine.values import Data, ElementId, Option, WorkKind
from genba.engine.variables import context, evaluate, holds, write, write_local
from genba.engine.work import open_work
from genba.notation.model import MultiInstance, StandardLoop

AGAIN, ENOUGH = "again", "enough"
_COUNTER = "loopCounter"
NOTHING: Data = {}


def start_repeated(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Plan the rounds, or ask how many; a loop tests first if it is drawn so."""
    repetition = _of(node)
    if isinstance(repetition.drawn, StandardLoop):
        if not repetition.drawn.test_before:
            _round(step, id, node)
        else:
            _decide(step, id, TEST)
        return
    items, number = _number(step, id, repetition)
    if number is not None and number < 0:
        message = f"“{node.label}” is to be done {number} times."
        raise_incident(step, id, node, TIMES, message)
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
    if isinstance(_of(node).drawn, MultiInstance):
        take_round(step, id, child.index, child.data)
    else:
        go_on_looping(step, id)


def go_on_looping(step: Step, id: ElementId) -> None:
    """Standard loop: a round has ended. Once more?"""
    try:
        _decide(step, id, LOOP)
    except Stuck as stuck:
        stop(step, id, step.graph.nodes[step.case.elements[id].node], stuck)


def take_round(
    step: Step,
    id: ElementId,
    index: int,
    data: Data | None,
    by_hand: Data = NOTHING,
    known: Data = NOTHING,
) -> None:
    """Take what a round gave, then go on; `data` None: what it gave cannot be taken, `by_hand`
    is what a person says instead, `known` what the round knew."""
    node = step.graph.nodes[step.case.elements[id].node]
    drawn = _of(node).drawn
    assert isinstance(drawn, MultiInstance)
    try:
        _collect(step, id, node, index, data, drawn)
    except Stuck as stuck:
        message = f"“{node.label}” cannot go on: {stuck.place.words}: {stuck.why}"
        given = {"index": index, "data": data}
        raise_incident(step, id, node, ROUND, message, given=given)
        return
    if data is None:
        write(step, id, by_hand)
    if id not in step.case.elements:
        return
    decided = count_instance(step, id, node, index, known if data is None else data)
    if decided:
        clear(step, id)
        end_rounds(step, id, decided)
    else:
        go_on_after_round(step, id)


def go_on_after_round(step: Step, id: ElementId, *, asks: bool = True) -> None:
    """Multi-instance: is it complete? `asks` False: as if its condition were not true."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    repetition, loop = _of(node), element.loop
    assert loop is not None
    try:
        ends = asks and _is_enough(step, id, node, repetition)
    except Stuck as stuck:
        stop(step, id, node, stuck)
        return
    if id not in step.case.elements or asked_about(step, id, node, ROUND) is not None:
        return
    if ends:
        end_rounds(step, id, {})
    elif loop.done >= (loop.total or 0):
        _finish(step, id, element, node)
    elif repetition.sequential:
        _round(step, id, node)


def _is_enough(step: Step, id: ElementId, node: GraphNode, repetition: Repetition) -> bool:
    counters = _counters(step, id, step.case.elements[id])
    ends = bool(repetition.throws) and throw_completed(step, id, node, repetition, counters)
    if id not in step.case.elements:
        return True
    return ends or holds(step, repetition.condition, counters, ENOUGH_ROUNDS)


def end_rounds(step: Step, id: ElementId, data: Data) -> None:
    """It is complete: the rounds that are left end, and what all gave is put together."""
    clear(step, id)
    write(step, id, data)
    if id in step.case.elements:
        element = step.case.elements[id]
        _finish(step, id, element, step.graph.nodes[element.node])


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


def _decide(step: Step, id: ElementId, place: Place) -> None:
    """Standard loop: once more? Maximum first, then the condition, else a person."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    drawn, condition = _of(node).drawn, _of(node).condition
    loop = element.loop
    assert isinstance(drawn, StandardLoop)
    assert loop is not None
    if drawn.maximum is not None and loop.done >= drawn.maximum:
        complete(step, id)
    elif condition is not None:
        data = {**context(step.case, id), _COUNTER: loop.done}
        if holds(step, condition, data, place):
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
    step: Step,
    id: ElementId,
    node: GraphNode,
    index: int,
    data: Data | None,
    drawn: MultiInstance,
) -> None:
    """What an instance gives: its output item by its place, else its data to the outside."""
    if data is None:
        return
    repetition = _of(node)
    if drawn.output_collection is not None:
        known = {**context(step.case, id), **data}
        given = evaluate(step, repetition.output, known, ROUND)
        if repetition.output is None:
            given = _given(node, data, drawn)
        step.emit(InstanceOutput(element=id, index=index, value=given))
    else:
        write(step, id, _given(node, data, drawn))


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
    items = evaluate(step, repetition.collection, data, ITEMS)
    if isinstance(items, list):
        return list(items), len(items)
    if items is not None:
        raise Stuck(ITEMS, f"“{items}” is no list")
    given = evaluate(step, repetition.cardinality, data, TIMES)
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


def _given(node: GraphNode, data: Data, drawn: MultiInstance) -> Data:
    """What an instance has beyond what it was given."""
    own = {_COUNTER, drawn.item, *(target for target, _ in node.inputs)}
    return {name: value for name, value in data.items() if name not in own}
