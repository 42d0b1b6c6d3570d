"""Findings about data at the border: operations, messages, and processes that are called.

Rules of this file:

1. What goes in and out fits the message, operation or process at the other side (§10.3.3, §10.3.4).
2. Only what a drawing declares is compared; all are warnings.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from genba.notation.document import Element
from genba.notation.elements import find_child, find_children, read_reference, resolve
from genba.notation.findings import Drawing, find_at, name_element
from genba.notation.model import Problem
from genba.notation.survey import Survey, read_data

_CALLABLE = (
    "process", "globalTask", "globalUserTask", "globalManualTask", "globalScriptTask",
    "globalBusinessRuleTask",
)  # fmt: skip
_SETS = {"dataInput": "inputSet", "dataOutput": "outputSet"}


def _operations(drawing: Drawing) -> Iterator[Problem]:
    survey = drawing.survey
    for spot in survey.spots("serviceTask", "sendTask", "receiveTask"):
        task = spot.element
        for direction, message in _messages(task, survey):
            if message is None or find_child(task, "ioSpecification") is None:
                continue
            if not _fits(task, direction, survey.item(message), survey):
                words = f"the {direction} of {name_element(task)} does not fit"
                yield find_at("bpmn.operation-data", f"{words} {name_element(message)}", task)


def _messages(task: Element, survey: Survey) -> Iterator[tuple[str, Element | None]]:
    """The message a task takes its inputs to, and the one it has its outputs from (§10.3.3)."""
    operation = survey.get(read_reference(task, "operationRef"), "operation")
    if task.local == "serviceTask" and operation is not None:
        yield "dataInput", survey.get(read_reference(operation, "inMessageRef"), "message")
        yield "dataOutput", survey.get(read_reference(operation, "outMessageRef"), "message")
    elif task.local != "serviceTask":
        own = survey.get(read_reference(task, "messageRef"), "message")
        yield "dataInput" if task.local == "sendTask" else "dataOutput", own


def _fits(task: Element, direction: str, item: str | None, survey: Survey) -> bool:
    specification = find_child(task, "ioSpecification") or task
    data = read_data(task, direction)
    sets = list(find_children(specification, _SETS[direction]))
    if len(sets) > 1 or len(data) > 1:
        return False
    return item is None or all(survey.alike(survey.item(one), item) for one in data)


def _calls(drawing: Drawing) -> Iterator[Problem]:
    survey = drawing.survey
    wanted: dict[str, dict[str, Counter[str | None]]] = {}
    for spot in survey.spots("callActivity"):
        ref = read_reference(spot.element, "calledElement") or ""
        called = survey.get(ref, *_CALLABLE)
        if called is None or find_child(spot.element, "ioSpecification") is None:
            continue
        if ref not in wanted:
            wanted[ref] = {direction: _kinds(called, direction, survey) for direction in _SETS}
        for direction, theirs in wanted[ref].items():
            if _kinds(spot.element, direction, survey) != theirs:
                message = f"the {direction}s of {name_element(spot.element)} do not fit"
                yield find_at("bpmn.call-data", f"{message} {name_element(called)}", spot.element)


def _kinds(holder: Element, direction: str, survey: Survey) -> Counter[str | None]:
    """How many pieces of data there are of each kind: its structure, or else its definition."""
    items = (survey.item(data) for data in read_data(holder, direction))
    return Counter(survey.structure(item) or item for item in items)


def _bindings(drawing: Drawing) -> Iterator[Problem]:
    survey = drawing.survey
    for spot in survey.spots(*_CALLABLE):
        bound = list(find_children(spot.element, "ioBinding"))
        operations = {read_reference(binding, "operationRef") for binding in bound}
        for ref in find_children(spot.element, "supportedInterfaceRef"):
            interface = survey.get(resolve(ref.text), "interface")
            offered = find_children(interface, "operation") if interface is not None else ()
            for operation in offered:
                if operation.get("id") not in operations:
                    message = f"{name_element(spot.element)} binds nothing to"
                    message = f"{message} {name_element(operation)}"
                    yield find_at("bpmn.io-binding", message, spot.element)
        for binding in bound:
            yield from _binding(binding, spot.element, survey)


def _binding(binding: Element, holder: Element, survey: Survey) -> Iterator[Problem]:
    operation = survey.get(read_reference(binding, "operationRef"), "operation")
    if operation is None:
        return
    for data, message in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
        held = survey.item(survey.get(read_reference(binding, data)))
        sent = survey.item(survey.get(read_reference(operation, message), "message"))
        if held is not None and sent is not None and not survey.alike(held, sent):
            words = f"what {name_element(holder)} binds does not fit {name_element(operation)}"
            yield find_at("bpmn.io-binding", words, holder)


INTERFACE_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _operations,
    _calls,
    _bindings,
)
