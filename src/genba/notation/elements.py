"""Looking at an `Element` in the terms of BPMN: children, references, flags, expressions.

Rules of this file:

1. Reading values only: nothing here knows a flow node from a message.
2. Tolerant: a value that cannot be understood is the default, and it stays in the document.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from genba.notation.document import Element
from genba.notation.model import Expression
from genba.notation.vocabulary import (
    BPMN_NAMESPACES,
    DIALECTS,
    READ_ATTRIBUTES,
    READ_ELEMENTS,
    VENDORS,
)

_BELOW = re.compile(r"-[0-9]{1,9}")
_RANK = {vendor.namespace: rank for rank, vendor in enumerate(VENDORS)}


def is_bpmn(element: Element) -> bool:
    """Whether the element is in the namespace of BPMN."""
    return element.namespace in BPMN_NAMESPACES


def find_children(element: Element, *names: str) -> Iterator[Element]:
    """The BPMN child elements with one of the local names (all, when none is named)."""
    for node in element.children:
        if (
            isinstance(node, Element)
            and (not names or node.local in names)
            and node.namespace in BPMN_NAMESPACES
        ):
            yield node


def find_child(element: Element, *names: str) -> Element | None:
    """The first BPMN child element with one of the local names."""
    for node in element.children:
        if isinstance(node, Element) and node.local in names and node.namespace in BPMN_NAMESPACES:
            return node
    return None


def identify(element: Element) -> str:
    """The id of an element; from its position ("task-12-5") when the file gives none."""
    written = (element.get("id") or "").strip()
    return written or f"{element.local}-{element.position.line}-{element.position.column}"


def resolve(value: str | None) -> str | None:
    """The id a QName or IDREF points to: without prefix and spaces; None when empty."""
    return (value or "").strip().rpartition(":")[2] or None


def read_reference(element: Element, name: str) -> str | None:
    """The id named by a child element such as `messageRef`, or by an attribute of that name."""
    node = find_child(element, name)
    return resolve(node.text) if node is not None else resolve(element.get(name))


def read_name(element: Element) -> str:
    """The name of an element on one line: tools break names where the drawing was narrow."""
    return " ".join((element.get("name") or "").split())


def read_text(element: Element, *names: str) -> str:
    """The text of the children with these names, one after the other, without outer spaces."""
    return "\n".join(text for node in find_children(element, *names) if (text := node.text.strip()))


def read_flag(element: Element, name: str, default: bool) -> bool:
    """An xsd:boolean attribute."""
    value = (element.get(name) or "").strip().lower()
    return value in {"true", "1"} if value else default


def read_count(element: Element, name: str) -> int | None:
    """A whole number, zero or more, or None."""
    value = (element.get(name) or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def read_number(element: Element, name: str) -> int | None:
    """A whole number, also below zero, or None."""
    value = (element.get(name) or "").strip()
    return -int(value[1:]) if _BELOW.fullmatch(value) else read_count(element, name)


def read_expression(element: Element | None, language: str) -> Expression | None:
    """The expression an element holds, None when it is empty (§8.4.7)."""
    if element is None:
        return None
    text = element.text.strip()
    if not text:
        return None
    return Expression(text, (element.get("language") or language).strip(), element.position)


class Extras(Struct, frozen=True):
    """What vendors added to one element, as far as `vocabulary.READ` lists it.

    Keys are (dialect, local name).
    """

    attributes: Mapping[tuple[str, str], str]
    elements: tuple[tuple[tuple[str, str], Element], ...]

    def get(self, dialect: str, name: str) -> str | None:
        """An attribute's value without outer spaces; None when absent or empty."""
        return self.attributes.get((dialect, name), "").strip() or None

    def find(self, dialect: str, name: str) -> Element | None:
        """The first element of that name."""
        return next(self.find_all(dialect, name), None)

    def find_all(self, dialect: str, name: str) -> Iterator[Element]:
        """The elements of that name, in order."""
        return (element for key, element in self.elements if key == (dialect, name))


def extend_prefixes(prefixes: Mapping[str, str], element: Element) -> Mapping[str, str]:
    """The prefixes in force within `element`."""
    return {**prefixes, **dict(element.declarations)} if element.declarations else prefixes


def read_extras(element: Element, prefixes: Mapping[str, str]) -> Extras:
    """The vendor attributes and extension elements of `element`; `prefixes` are those in force."""
    attributes: dict[tuple[str, str], tuple[int, str]] = {}
    for written, value in element.attributes:
        prefix, separator, local = written.partition(":")
        namespace = prefixes.get(prefix, "") if separator else ""
        key = (DIALECTS.get(namespace, ""), local)
        if key in READ_ATTRIBUTES:
            rank = _RANK[namespace]
            if key not in attributes or rank < attributes[key][0]:
                attributes[key] = (rank, value)
    elements = tuple(
        (key, node)
        for extension in find_children(element, "extensionElements")
        for node in extension.elements()
        if (key := (DIALECTS.get(node.namespace, ""), node.local)) in READ_ELEMENTS
    )
    return Extras({key: value for key, (_, value) in attributes.items()}, elements)
