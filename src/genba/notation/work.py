"""What a step runs on: implementations, data in and out, repetition, of BPMN and of vendors.

Rules of this file:

1. It says what the file names; whether that can be run is the engine's decision.
2. An implementation that names nothing (`##WebService`, an empty script) is no implementation.
"""

from collections.abc import Callable, Iterator

from genba.notation.catalogue import Catalogue, read_data_name
from genba.notation.document import Element
from genba.notation.elements import (
    Extras,
    find_child,
    find_children,
    read_expression,
    read_flag,
    read_number,
    read_reference,
)
from genba.notation.events import read_event, read_events
from genba.notation.model import (
    ComplexBehavior,
    DecisionBinding,
    Expression,
    HttpCall,
    Implementation,
    ImplementationKind,
    Mapping,
    MultiInstance,
    StandardLoop,
)
from genba.notation.vocabulary import CAMUNDA, DATA, ZEEBE

# zeebe element -> (attribute that names it, what it is)
_ZEEBE: dict[str, tuple[str, ImplementationKind]] = {
    "taskDefinition": ("type", ImplementationKind.JOB),
    "script": ("expression", ImplementationKind.EXPRESSION),
    "calledDecision": ("decisionId", ImplementationKind.DECISION),
}
# camunda attribute -> what it is; `type` and `topic` are below, because they go together.
_CAMUNDA: dict[str, ImplementationKind] = {
    "class": ImplementationKind.CODE,
    "delegateExpression": ImplementationKind.CODE,
    "expression": ImplementationKind.EXPRESSION,
    "decisionRef": ImplementationKind.DECISION,
}


def read_implementation(
    element: Element, extras: Extras, catalogue: Catalogue
) -> Implementation | None:
    """What the file names as the implementation of a task or message event, None for nothing."""
    for read in _IMPLEMENTATIONS:
        found = read(element, extras, catalogue)
        if found is not None and found.name:
            return found
    return None


def _read_genba(element: Element, extras: Extras, _: Catalogue) -> Implementation | None:
    """A function by its name, or a call of a web service."""
    name = (extras.get("genba", "function") or "").strip()
    result = extras.get("genba", "result")
    if name:
        return Implementation(ImplementationKind.FUNCTION, name, element.position, "genba", result)
    for node in extras.find_all("genba", "http"):
        call = _read_call(node)
        name = f"{call.method} {call.url}"
        return Implementation(
            ImplementationKind.HTTP,
            name,
            node.position,
            "genba",
            node.get("result") or result,
            http=call,
        )
    return None


def _read_call(node: Element) -> HttpCall:
    body = next((inner.text for inner in node.elements() if inner.local == "body"), None)
    retries = (node.get("retries") or "").strip()
    return HttpCall(
        method=(node.get("method") or "GET").strip().upper(),
        url=(node.get("url") or "").strip(),
        headers=tuple(
            (inner.get("name") or "", inner.get("value") or inner.text.strip())
            for inner in node.elements()
            if inner.local == "header" and inner.get("name")
        ),
        body=body.strip() if body is not None else None,
        timeout=(node.get("timeout") or "").strip(),
        retries=int(retries) if retries.isdecimal() else None,
    )


def _read_zeebe(element: Element, extras: Extras, _: Catalogue) -> Implementation | None:
    for (dialect, local), node in extras.elements:
        if dialect == "zeebe" and local in _ZEEBE:
            attribute, kind = _ZEEBE[local]
            return Implementation(
                kind=kind,
                name=(node.get(attribute) or "").strip(),
                position=node.position,
                language=ZEEBE,
                result=node.get("resultVariable"),
                decision=_read_binding(kind, node.get("bindingType"), None),
            )
    return None


def _read_camunda(element: Element, extras: Extras, _: Catalogue) -> Implementation | None:
    result = extras.get("camunda", "resultVariable")
    if element.local == "multiInstanceLoopCharacteristics":
        return None
    type = extras.get("camunda", "type")
    if type is not None:
        kind = ImplementationKind.JOB if type == "external" else ImplementationKind.CODE
        name = extras.get("camunda", "topic") or type
        return Implementation(kind, name, element.position, CAMUNDA, result)
    for attribute, kind in _CAMUNDA.items():
        name = extras.get("camunda", attribute) or ""
        if name:
            binding = _read_binding(
                kind,
                extras.get("camunda", "decisionRefBinding"),
                extras.get("camunda", "decisionRefVersion"),
                extras.get("camunda", "mapDecisionResult"),
            )
            return Implementation(kind, name.strip(), element.position, CAMUNDA, result, binding)
    for connector in extras.find_all("camunda", "connector"):
        for node in connector.elements():
            if node.local == "connectorId":
                code = ImplementationKind.CODE
                return Implementation(code, node.text.strip(), node.position, CAMUNDA, result)
    return None


def _read_binding(
    kind: ImplementationKind, binding: str | None, version: str | None, mapping: str | None = None
) -> DecisionBinding | None:
    if kind is not ImplementationKind.DECISION:
        return None
    number = int(version) if version is not None and version.strip().isdecimal() else None
    return DecisionBinding((binding or "latest").strip(), number, (mapping or "").strip())


def _read_rule(element: Element, extras: Extras, catalogue: Catalogue) -> Implementation | None:
    """A decision named by the `implementation` of a business rule task, `file#id` or its id.

    The values of the standard that begin with ## name a technology, no decision (§10.3.3).
    """
    written = (element.get("implementation") or "").strip()
    name = written.rpartition("#")[2]
    if element.local != "businessRuleTask" or written.startswith("##") or "/" in name:
        return None
    kind = ImplementationKind.DECISION
    return Implementation(kind, name, element.position, decision=DecisionBinding())


def _read_script(element: Element, extras: Extras, catalogue: Catalogue) -> Implementation | None:
    script = find_child(element, "script")
    if script is None:
        return None
    return Implementation(
        kind=ImplementationKind.SCRIPT,
        name=script.text.strip(),
        position=script.position,
        language=(element.get("scriptFormat") or catalogue.language).strip(),
        result=extras.get("camunda", "resultVariable"),
    )


def _read_operation(element: Element, _: Extras, catalogue: Catalogue) -> Implementation | None:
    ref = read_reference(element, "operationRef")
    if ref is None:
        return None
    operation = catalogue.operations.get(ref)
    name = operation.name if operation is not None else ref
    return Implementation(ImplementationKind.CODE, name, element.position)


_IMPLEMENTATIONS: tuple[Callable[[Element, Extras, Catalogue], Implementation | None], ...] = (
    _read_genba,
    _read_zeebe,
    _read_camunda,
    _read_script,
    _read_operation,
    _read_rule,
)


def read_inputs(element: Element, extras: Extras, catalogue: Catalogue) -> tuple[Mapping, ...]:
    """What goes into a step: vendor mappings, else dataInputAssociations (§10.4.1)."""
    vendor = tuple(_read_mappings(extras, zeebe="input", parameter="inputParameter", call="in"))
    return vendor or tuple(_read_associations(element, "dataInputAssociation", catalogue))


def read_outputs(element: Element, extras: Extras, catalogue: Catalogue) -> tuple[Mapping, ...]:
    """What comes out of a step: vendor mappings, else dataOutputAssociations (§10.4.1)."""
    vendor = tuple(_read_mappings(extras, zeebe="output", parameter="outputParameter", call="out"))
    return vendor or tuple(_read_associations(element, "dataOutputAssociation", catalogue))


def _read_mappings(extras: Extras, *, zeebe: str, parameter: str, call: str) -> Iterator[Mapping]:
    for mapping in extras.find_all("zeebe", "ioMapping"):
        for node in mapping.elements():
            target, source = node.get("target"), node.get("source")
            if node.local == zeebe and target and source is not None:
                yield Mapping(target, Expression(source, ZEEBE, node.position))
    for block in extras.find_all("camunda", "inputOutput"):
        for node in block.elements():
            name = node.get("name")
            # A list, map or script is not plain: it has child elements, and stays in the file.
            if node.local == parameter and name and not any(node.elements()):
                yield Mapping(name, Expression(node.text.strip(), CAMUNDA, node.position))
    for node in extras.find_all("camunda", call):
        target, source = node.get("target"), node.get("source")
        formula = node.get("sourceExpression")
        if target and source:
            yield Mapping(target, Expression(source, DATA, node.position))
        elif target and formula:
            yield Mapping(target, Expression(formula, CAMUNDA, node.position))


def _read_associations(element: Element, name: str, catalogue: Catalogue) -> Iterator[Mapping]:
    """Data associations that copy one thing, or compute it: §10.4.2, Table 10.64."""
    for node in find_children(element, name):
        assigned = tuple(find_children(node, "assignment"))
        for assignment in assigned:
            source = read_expression(find_child(assignment, "from"), catalogue.language)
            target = read_expression(find_child(assignment, "to"), catalogue.language)
            if source is not None and target is not None:
                yield Mapping(read_data_name(catalogue, target.text) or target.text, source)
        target_name = read_data_name(catalogue, read_reference(node, "targetRef"))
        if assigned or target_name is None:
            continue
        transformed = read_expression(find_child(node, "transformation"), catalogue.language)
        source_name = read_data_name(catalogue, read_reference(node, "sourceRef"))
        if transformed is not None and not is_plain(transformed.text):
            continue
        if transformed is not None:
            yield Mapping(target_name, transformed)
        elif source_name is not None:
            yield Mapping(target_name, Expression(source_name, DATA, node.position))


def is_plain(text: str) -> bool:
    """Whether a transformation is an expression, and not another language's XML as text."""
    return not text.lstrip().startswith("<")


def read_loop(element: Element, catalogue: Catalogue) -> StandardLoop | None:
    """The standard loop marker of an activity (§10.3.8)."""
    node = find_child(element, "standardLoopCharacteristics")
    if node is None:
        return None
    return StandardLoop(
        position=node.position,
        test_before=read_flag(node, "testBefore", False),
        condition=read_expression(find_child(node, "loopCondition"), catalogue.language),
        maximum=read_number(node, "loopMaximum"),
    )


def read_multi_instance(
    element: Element, node: Element, *, extras: Extras, catalogue: Catalogue
) -> MultiInstance:
    """The multi-instance marker `node` of an activity; `extras` are those of the marker (§10.3.8).

    A collection is named by the vendor, or else by loopDataInputRef: the data that flows into that
    input, or the input itself when nothing does.
    """
    language = catalogue.language
    zeebe = extras.find("zeebe", "loopCharacteristics")
    output = zeebe.get("outputElement") if zeebe is not None else None
    none = read_reference(node, "noneBehaviorEventRef")
    one = read_reference(node, "oneBehaviorEventRef")
    return MultiInstance(
        position=node.position,
        sequential=read_flag(node, "isSequential", False),
        cardinality=read_expression(find_child(node, "loopCardinality"), language),
        collection=_read_collection(element, node, extras=extras, catalogue=catalogue),
        item=(
            (zeebe.get("inputElement") if zeebe is not None else None)
            or extras.get("camunda", "elementVariable")
            or _read_item(node, "inputDataItem")
        ),
        output_collection=(
            (zeebe.get("outputCollection") if zeebe is not None else None)
            or _flow_of(element, node, association="dataOutputAssociation", catalogue=catalogue)
        ),
        output_item=Expression(output, ZEEBE, node.position) if output else None,
        completion_condition=read_expression(find_child(node, "completionCondition"), language),
        behavior=(node.get("behavior") or "All").strip(),
        none_event_ref=none,
        one_event_ref=one,
        none_event=read_event(none, catalogue),
        one_event=read_event(one, catalogue),
        complex=tuple(
            ComplexBehavior(
                condition=read_expression(find_child(drawn, "condition"), language),
                events=tuple(
                    definition
                    for event in find_children(drawn, "event")
                    for definition in read_events(event, catalogue)
                ),
            )
            for drawn in find_children(node, "complexBehaviorDefinition")
        ),
    )


def _read_collection(
    element: Element, node: Element, *, extras: Extras, catalogue: Catalogue
) -> Expression | None:
    zeebe = extras.find("zeebe", "loopCharacteristics")
    if zeebe is not None and zeebe.get("inputCollection"):
        return Expression(zeebe.get("inputCollection") or "", ZEEBE, zeebe.position)
    text = extras.get("camunda", "collection")
    if text is not None:
        language = CAMUNDA if "{" in text else DATA
        return Expression(text, language, node.position)
    name = _flow_of(element, node, association="dataInputAssociation", catalogue=catalogue)
    return Expression(name, DATA, node.position) if name is not None else None


def _flow_of(
    element: Element, node: Element, *, association: str, catalogue: Catalogue
) -> str | None:
    """The data at the far end of the association of loopDataInputRef or loopDataOutputRef."""
    inward = association == "dataInputAssociation"
    ref = read_reference(node, "loopDataInputRef" if inward else "loopDataOutputRef")
    near, far = ("targetRef", "sourceRef") if inward else ("sourceRef", "targetRef")
    for flow in find_children(element, association):
        if ref is not None and read_reference(flow, near) == ref:
            return read_data_name(catalogue, read_reference(flow, far) or ref)
    return read_data_name(catalogue, ref)


def _read_item(node: Element, name: str) -> str | None:
    item = find_child(node, name)
    return None if item is None else item.get("name") or item.get("id")
