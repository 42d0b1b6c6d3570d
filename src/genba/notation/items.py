"""Findings about data: inputs and outputs and their sets, collections, associations, loops.

Rules of this file:

1. Data is compared by its item definition, which most drawings leave out; then nothing is said.
2. All are warnings but one: what of several sources is copied would be a guess (§10.4.2).
"""

from collections.abc import Callable, Iterator

from genba.notation.document import Element
from genba.notation.elements import (
    find_child,
    find_children,
    identify,
    read_flag,
    read_name,
    read_reference,
    resolve,
)
from genba.notation.findings import Drawing, call, find, find_at, name_element
from genba.notation.model import ACTIVITY_KINDS, MultiInstance, Problem
from genba.notation.survey import Survey

_SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")
_HELD = ("dataObject", "dataInput", "dataOutput")
_AWARE = (
    *_HELD, "dataObjectReference", "dataStore", "dataStoreReference", "property",
    "inputDataItem", "outputDataItem",
)  # fmt: skip
# What may have properties (§10.4.1): processes, activities and events.
_HAS_PROPERTIES = frozenset({"process", *(kind.value for kind in ACTIVITY_KINDS)})
# direction -> what is in a set: the set, the members, and those that must be members as well
_SETS = {
    "dataInput": ("inputSet", "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs"),
    "dataOutput": ("outputSet", "dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs"),
}


def _collections(drawing: Drawing) -> Iterator[Problem]:
    survey = drawing.survey
    for spot in survey.spots(*_HELD):
        definition = survey.get(survey.item(spot.element), "itemDefinition")
        if definition is not None and read_flag(spot.element, "isCollection", False) != read_flag(
            definition, "isCollection", False
        ):
            message = f"{name_element(spot.element)} and its item definition disagree"
            yield find_at("bpmn.collection", f"{message} on isCollection", spot.element)


def _sets(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots("ioSpecification"):
        if spot.parent.local in _SUB_PROCESSES and find_child(spot.element, *_SETS) is not None:
            message = f"{name_element(spot.parent)} has inputs or outputs of its own"
            yield find_at("bpmn.sub-process-data", message, spot.parent)
        for direction in _SETS:
            yield from _set_members(spot.element, direction, drawing.survey)


def _set_members(specification: Element, direction: str, survey: Survey) -> Iterator[Problem]:
    kind, members, *others = _SETS[direction]
    listed: set[str | None] = set()
    for group in find_children(specification, kind):
        own = {resolve(child.text) for child in find_children(group, members)}
        listed |= own
        for child in find_children(group, *others):
            if resolve(child.text) not in own:
                message = f"<{child.local}> names what is not in the same set"
                yield find_at("bpmn.io-set", message, group)
    strays = {id for id in listed if survey.get(id, direction) is None}
    if strays:  # whatever was meant, it is said once
        message = f"<{members}> refers to no {direction}: {', '.join(sorted(map(str, strays)))}"
        yield find_at("bpmn.reference", message, specification)
        return
    for data in find_children(specification, direction):
        if identify(data) not in listed:
            yield find_at("bpmn.io-set", f"{name_element(data)} is in no set", data)


def _properties(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots("property"):
        if spot.parent.local not in _HAS_PROPERTIES and not spot.parent.local.endswith("Event"):
            message = f"{name_element(spot.element)} is in <{spot.parent.local}>"
            yield find_at("bpmn.property-place", message, spot.element)


def _states(drawing: Drawing) -> Iterator[Problem]:
    """A reference to data in a state is called "name [state]" (§10.4.1, Table 10.54)."""
    for spot in drawing.survey.spots("dataObjectReference"):
        state = find_child(spot.element, "dataState")
        held = drawing.survey.get(read_reference(spot.element, "dataObjectRef"), "dataObject")
        name = read_name(spot.element)
        if state is None or held is None or not name or not read_name(held):
            continue
        expected = f"{read_name(held)} [{read_name(state)}]"
        if name != expected:
            message = f"{name_element(spot.element)} should be called “{expected}”"
            yield find_at("bpmn.data-state", message, spot.element)


def _associations(drawing: Drawing) -> Iterator[Problem]:
    survey = drawing.survey
    for spot in survey.spots("dataInputAssociation", "dataOutputAssociation"):
        if find_child(spot.element, "transformation") is not None:
            continue
        sources = list(find_children(spot.element, "sourceRef"))
        if len(sources) > 1:
            message = f"{name_element(spot.element)} of {name_element(spot.parent)} has two sources"
            yield find_at("bpmn.association-sources", message, spot.element)
            continue
        if not sources or find_child(spot.element, "assignment") is not None:
            continue
        source = survey.item(survey.get(resolve(sources[0].text), *_AWARE))
        target = survey.item(survey.get(read_reference(spot.element, "targetRef"), *_AWARE))
        if source is not None and target is not None and not survey.alike(source, target):
            message = f"{name_element(spot.element)} copies data of one kind into another"
            yield find_at("bpmn.association-kind", message, spot.element)


def _loops(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots("multiInstanceLoopCharacteristics"):
        if find_child(spot.parent, "standardLoopCharacteristics") is not None:
            message = f"{name_element(spot.parent)} has two loop markers"
            yield find_at("bpmn.loop-markers", message, spot.parent)
        for end in ("loopDataInputRef", "loopDataOutputRef"):
            ref = read_reference(spot.element, end)
            target = drawing.survey.get(ref)
            if target is not None and target.local not in _AWARE:
                message = (
                    f"the loop of {name_element(spot.parent)} goes over {name_element(target)}"
                )
                yield find_at("bpmn.loop-data", message, spot.parent)


def _counts(drawing: Drawing) -> Iterator[Problem]:
    """Multi-instance activities of executable processes: how often is said (§10.3.8)."""
    for process in drawing.definitions.processes:
        for node in process.nodes if process.is_executable else ():
            loop = node.loop
            if isinstance(loop, MultiInstance) and not (loop.cardinality or loop.collection):
                message = f"{call(node)} is repeated, but does not say how often"
                yield find("bpmn.loop-count", message, node)


ITEM_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _collections,
    _sets,
    _properties,
    _states,
    _associations,
    _loops,
    _counts,
)
