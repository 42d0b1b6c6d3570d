"""What has arrived of a start event that begins a case only when all its triggers have (§10.5.2).

Rules of this file: what arrived in, what waits and what begins out; where it is kept is the
runtime's. Each trigger counts for one case, the one that waits longest for it. Messages belong
together when nothing says otherwise: neither their keys (§8.4.2) nor their collaborations.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from genba.engine.graph import Graph, GraphNode, Trigger
from genba.engine.values import Data, NodeId
from genba.notation.model import EventKind


class Arrived(Struct, frozen=True, kw_only=True):
    """One trigger has happened. `kind` and `name` say which; of a message a person tells, `place`.

    `together` is the collaboration a message belongs to; a signal belongs to all ("").
    """

    kind: EventKind | None
    at: datetime
    name: str = ""
    place: int | None = None
    key: str | None = None
    together: str = ""
    data: Data = {}


class Half(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A start of which some triggers have happened: `parts` is what each brought, by its sign."""

    number: int
    since: datetime
    version: int
    key: str | None = None
    together: str = ""
    parts: dict[str, Data]

    @property
    def data(self) -> Data:
        """What the parts brought, in the order they came."""
        return {name: value for part in self.parts.values() for name, value in part.items()}


def gathers(graph: Graph, node: str | None) -> bool:
    """Whether a case begins there only when several things have happened."""
    return node in graph.start_nodes and graph.nodes[str(node)].all_of


def signs(node: GraphNode) -> tuple[str, ...]:
    """What tells the triggers of a node apart, also in another version of the drawing."""
    found: list[str] = []
    for trigger in node.triggers:
        said = f"{trigger.kind or 'event'}:{trigger.name or trigger.label}"
        again = sum(other.partition("#")[0] == said for other in found)
        found.append(f"{said}#{again + 1}" if again else said)
    return tuple(found)


def missing(node: GraphNode, half: Half) -> tuple[Trigger, ...]:
    """What a start still waits for."""
    named = zip(signs(node), node.triggers, strict=True)
    return tuple(trigger for sign, trigger in named if sign not in half.parts)


def meant(node: GraphNode, arrived: Arrived) -> tuple[str, ...]:
    """The triggers that something can be; a message drawn to the event may have any name."""
    own = signs(node)
    if arrived.place is not None:
        return (own[arrived.place],)
    kinds = [(s, t) for s, t in zip(own, node.triggers, strict=True) if t.kind is arrived.kind]
    named = tuple(sign for sign, trigger in kinds if trigger.name == arrived.name)
    if named or arrived.kind is not EventKind.MESSAGE:
        return named
    return tuple(sign for sign, _ in kinds)


def gather(
    graph: Graph, node_id: NodeId, version: int, halves: tuple[Half, ...], arrived: Arrived
) -> tuple[Half | None, tuple[Half, ...]]:
    """Count something that happened: the start it belongs to, and all that wait afterwards.

    The start is among those that wait, unless nothing is missing any more; None when the event
    waits for nothing like it.
    """
    node = graph.nodes[node_id]
    signs_of_it = meant(node, arrived)
    if not signs_of_it:
        return None, halves
    half = next((half for half in halves if _fits(half, signs_of_it, arrived)), None)
    if half is None:
        number = max((half.number for half in halves), default=0) + 1
        half = Half(number=number, since=arrived.at, version=version, parts={})
    sign = next(sign for sign in signs_of_it if sign not in half.parts)
    half = replace(
        half,
        version=max(half.version, version),
        key=half.key if half.key is not None else arrived.key,
        together=half.together or arrived.together,
        parts=half.parts | {sign: arrived.data},
    )
    others = tuple(other for other in halves if other.number != half.number)
    if not missing(node, half):
        return half, others
    return half, tuple(sorted((*others, half), key=lambda one: one.number))


def _fits(half: Half, signs_of_it: tuple[str, ...], arrived: Arrived) -> bool:
    if all(sign in half.parts for sign in signs_of_it):
        return False
    if half.key is not None and arrived.key is not None and half.key != arrived.key:
        return False
    return not half.together or not arrived.together or half.together == arrived.together
