"""A file's elements by what they are: for rules about what the model does not hold.

Rules of this file:

1. It finds, and follows references; it judges nothing.
2. Only BPMN is seen, and nothing within `extensionElements`: what vendors add is theirs.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from genba.notation.document import Element
from genba.notation.elements import (
    find_child,
    find_children,
    identify,
    is_bpmn,
    read_flag,
    read_reference,
    resolve,
)

# What a reference to data may stand for: reference element -> the attribute that says for what.
_STANDS_FOR = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}
# element -> the attribute that names the definition of the items it holds or carries (§8.4.10)
_ITEM = {
    "message": "itemRef",
    "signal": "structureRef",
    "error": "structureRef",
    "escalation": "structureRef",
}


class Spot(Struct, frozen=True, gc=False):
    """An element, what it is directly in, and whether an executable process holds it."""

    element: Element
    parent: Element
    executable: bool


class Survey(Struct, frozen=True):
    """The elements of a file in file order, by local name, and by the id they are written with."""

    by_local: Mapping[str, list[Spot]]
    by_id: Mapping[str, Spot]
    by_key: Mapping[str, Element]  # by the id the model gives, written or made from the position

    def spots(self, *locals: str) -> Iterator[Spot]:
        """The elements with these local names."""
        for local in locals:
            yield from self.by_local.get(local, ())

    def get(self, id: str | None, *locals: str) -> Element | None:
        """The element with an id, when its local name is one of those named (any, if none is)."""
        spot = self.by_id.get(id or "")
        if spot is None or (locals and spot.element.local not in locals):
            return None
        return spot.element

    def item(self, element: Element | None) -> str | None:
        """The id of the item definition of a piece of data, a message or a payload; else None."""
        if element is None:
            return None
        own = resolve(element.get(_ITEM.get(element.local, "itemSubjectRef")))
        target = _STANDS_FOR.get(element.local)
        if own is not None or target is None:
            return own
        return self.item(self.get(read_reference(element, target), "dataObject", "dataStore"))

    def structure(self, item: str | None) -> str | None:
        """What the item definition says the items look like."""
        definition = self.get(item, "itemDefinition")
        return definition.get("structureRef") if definition is not None else None

    def alike(self, one: str | None, other: str | None) -> bool:
        """Whether two items are the same, or defined to look the same."""
        structure = self.structure(one)
        return one == other or (structure is not None and structure == self.structure(other))


def survey(root: Element) -> Survey:
    """Walk a file once."""
    by_local: dict[str, list[Spot]] = {}
    by_id: dict[str, Spot] = {}
    by_key: dict[str, Element] = {}
    pending = [Spot(child, root, False) for child in root.elements()][::-1]
    while pending:
        spot = pending.pop()
        element = spot.element
        if not is_bpmn(element) or element.local == "extensionElements":
            continue
        by_local.setdefault(element.local, []).append(spot)
        by_id.setdefault((element.get("id") or "").strip(), spot)
        by_key.setdefault(identify(element), element)
        is_process = element.local == "process"
        executable = read_flag(element, "isExecutable", False) if is_process else spot.executable
        pending += [Spot(child, element, executable) for child in element.elements()][::-1]
    by_id.pop("", None)
    return Survey(by_local, by_id, by_key)


def read_data(holder: Element, direction: str) -> list[Element]:
    """The `dataInput` or `dataOutput` elements of an event, or of what has an ioSpecification."""
    specification = find_child(holder, "ioSpecification")
    return list(find_children(specification or holder, direction))
