"""What a file declares beside its steps, for the steps to refer to.

Rules of this file:

1. Messages, errors, escalations, signals, resources, operations, event definitions, data, forms:
   looked up by id, wherever the file puts them.
2. A reference that leads nowhere is `None`; whether that matters is for `check` to say.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from genba.notation.document import Element
from genba.notation.elements import (
    extend_prefixes,
    identify,
    is_bpmn,
    read_extras,
    read_name,
    read_reference,
)
from genba.notation.model import Expression
from genba.notation.vocabulary import ZEEBE

_DATA = frozenset(
    {
        "dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataInput",
        "dataOutput", "property", "inputDataItem", "outputDataItem",
    }
)  # fmt: skip


class Message(Struct, frozen=True):
    """A message; the correlation key is Camunda 8's (`zeebe:subscription`)."""

    name: str
    correlation_key: Expression | None = None


class Named(Struct, frozen=True):
    """An error, escalation or signal: its name, and its code where the standard gives one."""

    name: str | None
    code: str | None = None


class Operation(Struct, frozen=True):
    """An operation of a service interface and the messages it takes and gives."""

    name: str
    in_message: str | None
    out_message: str | None


class Catalogue(Struct):
    """Everything steps may refer to, by id. `language` is the file's expressionLanguage."""

    language: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    triggers: dict[str, Named] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    event_definitions: dict[str, Element] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)  # data without a name of its own


def gather(root: Element) -> Catalogue:
    """Read the catalogue of a file from its root element."""
    catalogue = Catalogue(language=(root.get("expressionLanguage") or "").strip())
    _gather_within(root, extend_prefixes({}, root), catalogue)
    for reference, target in catalogue.references.items():
        catalogue.data.setdefault(reference, catalogue.data.get(target, target))
    return catalogue


def _gather_within(parent: Element, prefixes: Mapping[str, str], catalogue: Catalogue) -> None:
    for element in parent.elements():
        if not is_bpmn(element) or element.local == "extensionElements":
            continue
        within = extend_prefixes(prefixes, element)
        _gather_one(element, within, catalogue)
        if element.children:
            _gather_within(element, within, catalogue)


def _gather_one(element: Element, prefixes: Mapping[str, str], catalogue: Catalogue) -> None:
    local, id = element.local, identify(element)
    if local in _DATA:
        name = read_name(element)
        target = read_reference(element, "dataObjectRef") or read_reference(element, "dataStoreRef")
        if name or target is None:
            catalogue.data[id] = name or id
        else:
            catalogue.references[id] = target
    elif local == "message":
        catalogue.messages[id] = _message(element, prefixes)
    elif local in {"error", "escalation", "signal"}:
        name = read_name(element)
        catalogue.triggers[id] = Named(name or None, element.get(f"{local}Code"))
    elif local == "resource":
        catalogue.resources[id] = read_name(element) or id
    elif local == "operation":
        catalogue.operations[id] = Operation(
            read_name(element) or id,
            read_reference(element, "inMessageRef"),
            read_reference(element, "outMessageRef"),
        )
    elif local.endswith("EventDefinition") and element.get("id"):
        catalogue.event_definitions[id] = element
    elif local == "process":
        for form in read_extras(element, prefixes).find_all("zeebe", "userTaskForm"):
            catalogue.forms[(form.get("id") or "").strip()] = form.text.strip()


def _message(element: Element, prefixes: Mapping[str, str]) -> Message:
    subscription = read_extras(element, prefixes).find("zeebe", "subscription")
    name = read_name(element) or identify(element)
    return Message(name, read_correlation_key(subscription))


def read_correlation_key(subscription: Element | None) -> Expression | None:
    """The key of a `zeebe:subscription`."""
    text = (subscription.get("correlationKey") or "").strip() if subscription is not None else ""
    if subscription is None or not text:
        return None
    return Expression(text, ZEEBE, subscription.position)


def read_data_name(catalogue: Catalogue, id: str | None) -> str | None:
    """The name of a data object, input, output, property or store; its id when it has none."""
    return None if id is None else catalogue.data.get(id, id)
