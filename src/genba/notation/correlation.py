"""Which message belongs to which case, as the standard says it (§8.4.2, correlation keys).

Rules of this file: reading only. A key is a list of properties; a property says where in each
message it is found (`messagePath`), and a process that subscribes to the key says what it is there
(`dataPath`). A message that does not carry all properties of a key is not told apart by it. Without
a subscription the key is that of the conversation, which for cases is their collaboration.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from genba.notation.document import Element
from genba.notation.elements import (
    find_child,
    find_children,
    identify,
    is_bpmn,
    read_expression,
    read_reference,
    resolve,
)
from genba.notation.model import Correlation, Expression

Paths = Mapping[str, Expression]


class Keys(Struct, frozen=True):
    """The keys of a file: their properties, and where messages (by id) carry each of them."""

    properties: Mapping[str, tuple[str, ...]]
    carried: Mapping[str, Paths]


def gather_keys(root: Element, language: str) -> Keys:
    """Read the correlation keys and properties of a file."""
    properties: dict[str, tuple[str, ...]] = {}
    carried: dict[str, Paths] = {}
    for element in _below(root):
        if element.local == "correlationKey":
            refs = (resolve(ref.text) for ref in find_children(element, "correlationPropertyRef"))
            properties[identify(element)] = tuple(ref for ref in refs if ref)
        elif element.local == "correlationProperty":
            carried[identify(element)] = dict(_paths(element, language))
    return Keys(properties, carried)


def _below(parent: Element) -> Iterator[Element]:
    """Everything of BPMN beside the processes: keys stand in collaborations."""
    for element in parent.elements():
        if is_bpmn(element) and element.local not in ("process", "extensionElements"):
            yield element
            yield from _below(element)


def _paths(element: Element, language: str) -> Iterator[tuple[str, Expression]]:
    for found in find_children(element, "correlationPropertyRetrievalExpression"):
        message = read_reference(found, "messageRef")
        path = read_expression(find_child(found, "messagePath"), language)
        if message is not None and path is not None and path.text.strip():
            yield message, path


def read_correlations(
    process: Element, keys: Keys, names: Mapping[str, str], language: str
) -> tuple[Correlation, ...]:
    """How a process tells messages apart; `names` are those of the messages, by id."""
    bound = dict(_bindings(process, language))
    found: dict[str, Correlation] = {}
    for key, properties in sorted(keys.properties.items(), key=lambda item: item[0] not in bound):
        for message, name in names.items():
            sent = _all(properties, {p: keys.carried.get(p, {}).get(message) for p in properties})
            awaited = _all(properties, bound.get(key, {}))
            if sent:
                found.setdefault(name, Correlation(message=name, sent=sent, awaited=awaited))
    return tuple(found.values())


def _bindings(process: Element, language: str) -> Iterator[tuple[str, Mapping[str, Expression]]]:
    """The properties of each key a process subscribes to, as it knows them."""
    for subscription in find_children(process, "correlationSubscription"):
        key = read_reference(subscription, "correlationKeyRef")
        paths: dict[str, Expression] = {}
        for binding in find_children(subscription, "correlationPropertyBinding"):
            name = read_reference(binding, "correlationPropertyRef")
            path = read_expression(find_child(binding, "dataPath"), language)
            if name is not None and path is not None and path.text.strip():
                paths[name] = path
        if key is not None:
            yield key, paths


def _all(
    properties: tuple[str, ...], paths: Mapping[str, Expression | None]
) -> tuple[Expression, ...]:
    """The path of every property, in order; empty when one has none."""
    found = [paths.get(name) for name in properties]
    return tuple(path for path in found if path is not None) if all(found) else ()
