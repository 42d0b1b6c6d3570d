"""Which lane a step is in: by the file's references, else by where it is drawn.

Rules of this file:

1. The file's references win; the diagram is asked only for steps no lane refers to (§10.7, §12).
2. The innermost lane counts, and a lane without a name is its parent.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from genba.notation.document import Element
from genba.notation.elements import find_children, identify, read_name, resolve
from genba.notation.vocabulary import DIAGRAM_NAMESPACE

# Beyond this many lanes the diagram is not asked: no drawing has them, a hostile file may.
_MOST_LANES = 200


class Bounds(Struct, frozen=True):
    """Where a shape is drawn."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: "Bounds") -> bool:
        """Whether the centre of `other` is within."""
        x, y = other.x + other.width / 2, other.y + other.height / 2
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


class Lane(Struct, frozen=True):
    """A lane: its own or its parent's name, how deep it is, and the ids it refers to."""

    id: str
    name: str | None
    depth: int
    members: tuple[str, ...]


class Lanes(Struct):
    """The lanes of a process and who is in them, by node id."""

    lanes: tuple[Lane, ...] = ()
    members: dict[str, str | None] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(lane.name for lane in self.lanes if lane.name))

    def missing(self, ids: Iterable[str]) -> bool:
        """Whether there are lanes, and one of the steps is in none by reference."""
        return bool(self.lanes) and any(id not in self.members for id in ids)

    def place(self, id: str, shapes: dict[str, Bounds]) -> str | None:
        """The name of the lane that refers to `id`, else of the smallest drawn around it."""
        if id in self.members:
            return self.members[id]
        shape = shapes.get(id)
        if shape is None or len(self.lanes) > _MOST_LANES:
            return None
        around = [
            (bounds.width * bounds.height, -lane.depth, lane.name or "")
            for lane in self.lanes
            if (bounds := shapes.get(lane.id)) is not None and bounds.holds(shape)
        ]
        return min(around)[2] or None if around else None


def read_lanes(process: Element) -> Lanes:
    """The lanes of a process, nested ones included, in file order."""
    lanes = tuple(_read_sets(process, "laneSet", name=None, depth=0))
    members: dict[str, str | None] = {}
    for lane in sorted(lanes, key=lambda lane: lane.depth):
        members.update(dict.fromkeys(lane.members, lane.name))
    return Lanes(lanes, members)


def _read_sets(parent: Element, kind: str, *, name: str | None, depth: int) -> Iterator[Lane]:
    for lanes in find_children(parent, kind):
        for element in find_children(lanes, "lane"):
            own = read_name(element) or name
            refs = (resolve(node.text) for node in find_children(element, "flowNodeRef"))
            members = tuple(ref for ref in refs if ref is not None)
            yield Lane(identify(element), own, depth, members)
            yield from _read_sets(element, "childLaneSet", name=own, depth=depth + 1)


def read_shapes(root: Element) -> dict[str, Bounds]:
    """The bounds of every shape in the diagrams of a file, by the id of what it shows (§12.2)."""
    shapes: dict[str, Bounds] = {}
    pending = [node for node in root.elements() if node.namespace == DIAGRAM_NAMESPACE]
    while pending:
        node = pending.pop()
        if node.local != "BPMNShape":
            pending += [child for child in node.elements() if child.namespace == DIAGRAM_NAMESPACE]
            continue
        shown = resolve(node.get("bpmnElement"))
        for child in node.elements():
            bounds = _read_bounds(child) if child.local == "Bounds" else None
            if shown is not None and bounds is not None:
                shapes[shown] = bounds
    return shapes


def _read_bounds(element: Element) -> Bounds | None:
    try:
        return Bounds(*(float(element.get(key) or "") for key in ("x", "y", "width", "height")))
    except ValueError:
        return None
