"""Findings about what is written in an element: expressions, times, formats, flags that disagree.

Rules of this file:

1. Texts are looked at, never evaluated: a text that may be an expression is one.
2. All are warnings: what cannot be computed, a person says (`silent` in the engine).
"""

import re
from collections.abc import Callable, Iterator

from genba.notation.document import Element
from genba.notation.elements import find_child, read_flag
from genba.notation.findings import Drawing, find_at, name_element
from genba.notation.model import Problem

# Formal expressions, which say nothing without a text (§8.4.7): local name -> where it stands. They
# may be left open where nothing is to be executed (§8.4.6).
_FORMAL: dict[str, frozenset[str]] = {
    "condition": frozenset({"complexBehaviorDefinition"}),
    "completionCondition": frozenset({"multiInstanceLoopCharacteristics", "adHocSubProcess"}),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
    "loopCardinality": frozenset({"multiInstanceLoopCharacteristics"}),
    "timeDate": frozenset({"timerEventDefinition"}),
    "timeDuration": frozenset({"timerEventDefinition"}),
    "timeCycle": frozenset({"timerEventDefinition"}),
    "transformation": frozenset({"dataInputAssociation", "dataOutputAssociation"}),
    "conditionExpression": frozenset({"sequenceFlow"}),
    "activationCondition": frozenset({"complexGateway"}),
    "dataPath": frozenset({"correlationPropertyBinding"}),
    "formalExpression": frozenset({"resourceAssignmentExpression", "resourceParameterBinding"}),
    "from": frozenset({"assignment"}),
    "to": frozenset({"assignment"}),
}
_BOOLEAN: dict[str, frozenset[str]] = {
    name: _FORMAL[name]
    for name in (
        "condition", "completionCondition", "loopCondition", "conditionExpression",
        "activationCondition",
    )
}  # fmt: skip
_NOT_BOOLEAN = re.compile(r"""[-+]?\d+(\.\d+)?|"[^"]*"|'[^']*'""")
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"T([01]\d|2[0-4])(:[0-5]\d(:[0-5]\d([.,]\d+)?)?)?(Z|[-+]\d\d(:?\d\d)?)?(\[[\w/+-]+\])?"
_MOMENT = rf"{_DATE}({_TIME})?"
_PERIOD = (
    r"-?P(?=[\dT])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?"
    r"(T(?=\d)(\d+([.,]\d+)?H)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?S)?)?"
)
_WORKING = "( working)?"  # ours: of the working hours of a calendar
_CRON = r"(@\w+|[\d*?/,LW#A-Z-]+( +[\d*?/,LW#A-Z-]+){4,6})"
# §10.5.5, Table 10.101: each of the three as ISO 8601 has it; cycles may also be periods or cron.
_TIMES = {
    "timeDate": re.compile(_MOMENT),
    "timeDuration": re.compile(_PERIOD + _WORKING),
    "timeCycle": re.compile(
        rf"R\d*/({_PERIOD}{_WORKING}|{_MOMENT}/{_PERIOD}|{_PERIOD}/{_MOMENT}|{_MOMENT}/{_MOMENT})"
        rf"|{_PERIOD}|{_CRON}"
    ),
}
_PLAIN = re.compile(r"[\w\s:,;/-]*")  # neither an operator, a bracket, a quote nor a path
_URI = re.compile(r"([\w\-.~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_MIME = re.compile(r"[\w.+-]+/[\w.+*-]+(\s*;.*)?")
# element -> the attribute that is a MIME type (§8.4.1, §10.3.3)
_FORMATS = {
    "documentation": "textFormat",
    "textAnnotation": "textFormat",
    "scriptTask": "scriptFormat",
}


def _expressions(drawing: Drawing) -> Iterator[Problem]:
    for name, holders in _FORMAL.items():
        for spot in drawing.survey.spots(name):
            if spot.parent.local not in holders or not spot.executable:
                continue
            text = spot.element.text.strip()
            what = f"<{name}> of {name_element(spot.parent)}"
            if not text and not any(spot.element.elements()):
                yield find_at("bpmn.expression-empty", f"{what} is empty", spot.element)
            elif name in _BOOLEAN and _NOT_BOOLEAN.fullmatch(text):
                message = f"{what} is {text}, neither true nor false"
                yield find_at("bpmn.expression-boolean", message, spot.element)


def _times(drawing: Drawing) -> Iterator[Problem]:
    for name, pattern in _TIMES.items():
        for spot in drawing.survey.spots(name):
            text = spot.element.text.strip()
            if text and _PLAIN.fullmatch(text) and not pattern.fullmatch(text):
                message = f"<{name}> is “{' '.join(text.split())}”"
                yield find_at("bpmn.timer-format", message, spot.element)


def _conditions(drawing: Drawing) -> Iterator[Problem]:
    """Conditional events of executable processes: a formal expression is there (§10.5.5)."""
    for spot in drawing.survey.spots("conditionalEventDefinition"):
        condition = find_child(spot.element, "condition")
        if spot.executable and (condition is None or not _is_formal(condition)):
            message = f"the condition of {name_element(spot.parent)} is no formal expression"
            yield find_at("bpmn.condition-formal", message, spot.parent)


def _is_formal(condition: Element) -> bool:
    kinds = (value for name, value in condition.attributes if name.rpartition(":")[2] == "type")
    formal = any(kind.rpartition(":")[2] == "tFormalExpression" for kind in kinds)
    return formal and bool(condition.text.strip())


def _formats(drawing: Drawing) -> Iterator[Problem]:
    for local, attribute in _FORMATS.items():
        for spot in drawing.survey.spots(local):
            written = (spot.element.get(attribute) or "").strip()
            if written and not _MIME.fullmatch(written):
                message = f"{attribute} of {name_element(spot.element)} is “{written}”"
                yield find_at("bpmn.text-format", message, spot.element)
    for spot in drawing.survey.spots("scriptTask"):
        script = find_child(spot.element, "script")
        if script is not None and not (spot.element.get("scriptFormat") or "").strip():
            message = f"{name_element(spot.element)} does not say which language its script is in"
            yield find_at("bpmn.script-format", message, spot.element)


def _uris(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots(*_FORMAL, "messagePath"):
        yield from _uri(spot.element, "language")
    for spot in drawing.survey.spots("transaction"):
        yield from _uri(spot.element, "method")
    root = drawing.definitions.document.root
    for attribute in ("expressionLanguage", "typeLanguage"):
        yield from _uri(root, attribute)


def _uri(element: Element, attribute: str) -> Iterator[Problem]:
    written = (element.get(attribute) or "").strip()
    if not _URI.fullmatch(written):
        message = f"{attribute} of {name_element(element)} is “{written}”"
        yield find_at("bpmn.uri", message, element)


def _flags(drawing: Drawing) -> Iterator[Problem]:
    for spot in drawing.survey.spots("process"):
        public = (spot.element.get("processType") or "").strip().lower() == "public"
        if public and read_flag(spot.element, "isExecutable", False):
            message = f"{name_element(spot.element)} is public and executable"
            yield find_at("bpmn.public-executable", message, spot.element)
    for spot in drawing.survey.spots("sequenceFlow"):
        if spot.executable and not read_flag(spot.element, "isImmediate", True):
            message = f"{name_element(spot.element)} is not immediate"
            yield find_at("bpmn.flow-immediate", message, spot.element)


def _resources(drawing: Drawing) -> Iterator[Problem]:
    roles = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
    for spot in drawing.survey.spots(*roles):
        named = find_child(spot.element, "resourceRef", "resourceParameterBinding")
        formula = find_child(spot.element, "resourceAssignmentExpression")
        if named is not None and formula is not None:
            message = f"{name_element(spot.element)} has a resource and an expression"
            yield find_at("bpmn.resource", message, spot.element)


TEXT_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _expressions,
    _times,
    _conditions,
    _formats,
    _uris,
    _flags,
    _resources,
)
