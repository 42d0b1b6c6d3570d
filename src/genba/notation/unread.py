"""What would do something in another engine and does nothing here.

Rules of this file:

1. Nothing that changes how work runs is ignored in silence: what is neither in `vocabulary.READ`
   nor listed here as harmless is a warning.
2. Only BPMN and the namespaces of `VENDORS` are looked at; what an unknown tool adds is its own
   business.
"""

from collections.abc import Iterator, Mapping

from genba.notation.document import Element
from genba.notation.elements import (
    extend_prefixes,
    find_children,
    identify,
    is_bpmn,
    read_name,
)
from genba.notation.model import Problem
from genba.notation.rules import RULES
from genba.notation.vocabulary import DIALECTS, READ_ATTRIBUTES, READ_ELEMENTS
from genba.notation.work import is_plain

# Says how the vendor's engine stores, retries, versions or shows things, never what is to be done.
HARMLESS = frozenset(
    {
        "async", "asyncBefore", "asyncAfter", "asyncComplete", "exclusive", "jobPriority",
        "taskPriority", "failedJobRetryTimeCycle", "historyTimeToLive", "versionTag",
        "isStartableInTasklist", "isStartable", "initiator", "modelerTemplate",
        "modelerTemplateVersion", "modelerTemplateIcon", "diagramRelationId", "properties",
        "property", "taskHeaders", "userTask", "formFieldValidation", "calledElementBinding",
        "formRefBinding", "bindingType",
    }
)  # fmt: skip


def find_unread(root: Element) -> Iterator[Problem]:
    """The vendor attributes and elements that would have run elsewhere, once per element."""
    yield from _find_within(root, extend_prefixes({}, root))


def _find_within(parent: Element, prefixes: Mapping[str, str]) -> Iterator[Problem]:
    for element in parent.elements():
        if not is_bpmn(element) or element.local == "extensionElements":
            continue
        within = extend_prefixes(prefixes, element)
        boxed = element.local == "transformation" and not is_plain(element.text)
        if element.local == "ioBinding":
            yield _refuse(element)
        if boxed:
            yield _warn(element, f"<{element.tag}>")
        for name in dict.fromkeys(_names(element, within)):
            yield _warn(element, name)
        if element.children:
            yield from _find_within(element, within)


def _names(element: Element, prefixes: Mapping[str, str]) -> Iterator[str]:
    for written, _ in element.attributes:
        prefix, separator, local = written.partition(":")
        dialect = DIALECTS.get(prefixes.get(prefix, "")) if separator else None
        if dialect and local not in HARMLESS and (dialect, local) not in READ_ATTRIBUTES:
            yield written
    for extension in find_children(element, "extensionElements"):
        for node in extension.elements():
            dialect = DIALECTS.get(node.namespace)
            known = node.local in HARMLESS or (dialect, node.local) in READ_ELEMENTS
            if dialect and not known:
                yield node.tag
            elif dialect == "camunda":
                yield from _parts(node)


def _parts(node: Element) -> Iterator[str]:
    """What of an element that is read is not: parameters that are lists, maps or scripts, …"""
    if node.local == "inputOutput":
        for parameter in node.elements():
            kind = next(parameter.elements(), None)
            if kind is not None:
                yield f"{parameter.tag} “{parameter.get('name')}” ({kind.local})"
    elif node.local in {"in", "out"} and not node.get("target"):
        given = " ".join(f'{name}="{value}"' for name, value in node.attributes)
        yield f"{node.tag} {given}"
    elif node.local == "formData":
        for field in node.elements():
            for rule in (rule for part in field.elements() for rule in part.elements()):
                if rule.local == "constraint" and rule.get("name") != "required":
                    yield f"{rule.tag} {rule.get('name')} of the field “{field.get('id')}”"


def _refuse(element: Element) -> Problem:
    """A binding says with which data an operation runs a process; no operation runs one here."""
    row = RULES["bpmn.bound-operation"]
    return Problem(
        severity=row.severity,
        rule="bpmn.bound-operation",
        message=f"<{element.tag}> lets an operation run this, which is not done",
        position=element.position,
        element=identify(element),
        advice=row.advice,
    )


def _warn(element: Element, name: str) -> Problem:
    row = RULES["bpmn.vendor"]
    named = read_name(element)
    where = f" on <{element.local}>" + (f" “{named}”" if named else "")
    if name == f"<{element.tag}>":
        where = ""
    return Problem(
        severity=row.severity,
        rule="bpmn.vendor",
        message=f"{name}{where} is kept but has no effect",
        position=element.position,
        element=identify(element),
        advice=row.advice,
    )
