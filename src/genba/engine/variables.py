"""What a case knows, seen from one of its elements.

Rules of this file: one store per scope (the case, a sub-process or instance with local data); an
inner name hides an outer one. Where something is written follows one rule, `home`. An expression
that fails raises `Stuck` where a `Place` is named, and is null where none is. Values given to
events are plain JSON values: FEEL values are converted on the way out of an expression.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from genba.engine.events import DataChanged
from genba.engine.graph import Datum, GraphNode, Value
from genba.engine.incidents import INPUT, OUTPUT, Place, Stuck
from genba.engine.state import Case
from genba.engine.step import Step
from genba.engine.values import Data, ElementId
from genba.expressions import Compiled, to_json


def context(case: Case, id: ElementId) -> Mapping[str, Any]:
    """All data an element sees, inner over outer."""
    local: list[Data] = []
    at, root, elements = id, case.root, case.elements
    while at and at != root:
        element = elements[at]
        if element.data:
            local.append(element.data)
        at = element.scope
    if not local:
        return case.data
    merged = dict(case.data)
    for data in reversed(local):
        merged.update(data)
    return merged


def evaluate(
    step: Step, value: Value | None, data: Mapping[str, Any], place: Place | None = None
) -> Any:
    """The plain value of a literal or an expression; None when there is none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Datum):
        return value.value(data)
    return to_json(_value(step, value, data, place))


def explain(step: Step, value: Compiled, data: Mapping[str, Any]) -> tuple[Any, str | None]:
    """The plain value of an expression, and why it failed, if it did."""
    now = step.at if value.timely else None
    found = value.evaluate(data, now=now, zones=step.almanac.offsets)
    return to_json(found.value), value.trouble(found, data) or None


def judge(
    step: Step, condition: Compiled | None, data: Mapping[str, Any], place: Place | None = None
) -> bool | None:
    """True, False, or None where the condition cannot be told from what is known.

    FEEL calls `nothing = "yes"` false; for a person, data nobody has given is not known.
    """
    if condition is None:
        return None
    value = _value(step, condition, data, place)
    if value is True:
        return True
    known = all(name in data for name in condition.names)
    return False if value is False and known else None


def holds(
    step: Step, condition: Compiled | None, data: Mapping[str, Any], place: Place | None = None
) -> bool:
    """Whether a condition is true; null is not (FEEL, DMN 1.5 §10.3.2)."""
    return judge(step, condition, data, place) is True


def _value(step: Step, value: Compiled, data: Mapping[str, Any], place: Place | None) -> Any:
    found = value.evaluate(data, now=_now(step, value), zones=step.almanac.offsets)
    if found.value is None and place is not None:
        why = value.trouble(found, data)
        if why:
            raise Stuck(place, f"“{value.text.strip()}”: {why}")
    return found.value


def _now(step: Step, value: Compiled) -> datetime | None:
    """The instant, for the expressions that ask for it (converting it costs more than most)."""
    return step.at if value.timely else None


def home(case: Case, id: ElementId, name: str) -> ElementId:
    """Where `name` is written from inside `id`: the scope that has it, else the nearest instance
    of a repeated activity, else the case."""
    at = id
    while at and at != case.root:
        element = case.elements[at]
        loop = case.elements[element.scope].loop
        if loop is not None and loop.total is not None:
            return at
        if name in element.data and at != id:
            return at
        at = element.scope
    return case.root


def write(step: Step, id: ElementId, values: Data) -> None:
    """Write what an element gives to those it belongs to."""
    if not values:
        return
    case = step.case
    if case.elements[id].scope == case.root:  # most are; nothing has data of its own there
        step.emit(DataChanged(scope=case.root, values=values))
        if step.graph.conditional:
            step.watch(step)
        return
    by_scope: dict[ElementId, Data] = {}
    for name, value in values.items():
        target = home(case, id, name)
        by_scope.setdefault(target, {})[name] = value
    for scope, given in by_scope.items():
        _change(step, scope, given)


def write_local(step: Step, id: ElementId, values: Data) -> None:
    """Write data only `id` and what is inside it see."""
    if values:
        _change(step, id, values)


def _change(step: Step, scope: ElementId, values: Data) -> None:
    step.emit(DataChanged(scope=scope, values=values))
    if step.graph.conditional:
        step.watch(step)


def map_in(step: Step, id: ElementId, node: GraphNode) -> None:
    """Give an element its local data: input mappings in order, each sees those before it."""
    if not node.inputs:
        return
    seen = dict(context(step.case, id))
    given: Data = {}
    for target, source in node.inputs:
        value = evaluate(step, source, seen, INPUT)
        if value is None and isinstance(source, Datum):
            continue
        given[target] = seen[target] = value
    write_local(step, id, given)


def map_out(step: Step, id: ElementId, node: GraphNode, data: Data) -> None:
    """Hand on what an element gives: what its output mappings say, and the rest if they allow."""
    if not node.outputs:
        write(step, id, data)
        return
    seen = {**context(step.case, id), **data}
    given: Data = {} if node.closed else dict(data)
    for target, source in node.outputs:
        value = evaluate(step, source, seen, OUTPUT)
        if value is None and isinstance(source, Datum):
            continue
        given[target] = value
    write(step, id, given)
