"""What of one version is what of another: a proposal, with the reason for every pair.

Rules of this file: pure look-ups over two graphs; no case is known here. A pair is proposed only
when nothing else fits as well: the same id and kind; else the same name, kind and sub-process; else
the same place between the same neighbours, for what has no name of its own. What is left over is
said, and asked where a case stands there (`verdicts`).
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from genba.engine.graph import Graph, GraphNode
from genba.engine.values import FlowId, NodeId


class Why(StrEnum):
    """Why two nodes are taken for the same."""

    SAME = "same"  # the same id, and the same kind of element
    NAME = "name"  # the same name, kind and sub-process
    PLACE = "place"  # nameless both, between the same neighbours
    CHOSEN = "chosen"  # somebody said so


class Pair(Struct, frozen=True):
    """A node of the old version, what it is in the new one, and why."""

    old: NodeId
    new: NodeId
    why: Why


class Mapping(Struct, frozen=True, kw_only=True):
    """A proposal; `gone` and `came` are what has no counterpart."""

    pairs: tuple[Pair, ...]
    flows: dict[FlowId, FlowId]
    gone: tuple[NodeId, ...] = ()
    came: tuple[NodeId, ...] = ()

    @property
    def nodes(self) -> dict[NodeId, NodeId]:
        """The pairs, to look up."""
        return {pair.old: pair.new for pair in self.pairs}


def propose(old: Graph, new: Graph, chosen: dict[NodeId, NodeId] | None = None) -> Mapping:
    """The mapping of two versions of a process; what was `chosen` comes before everything."""
    found = {
        was: Pair(was, now, Why.CHOSEN)
        for was, now in (chosen or {}).items()
        if was in old.nodes and now in new.nodes
    }
    for id, was in old.nodes.items():
        now = new.nodes.get(id)
        if was.id not in found and now is not None and _alike(was, now):
            found[was.id] = Pair(was.id, now.id, Why.SAME)
    size = -1
    while size != len(found):
        size = len(found)
        for why in (Why.NAME, Why.PLACE):
            _pair_the_rest(old, new, found, why)
    taken = {pair.new for pair in found.values()}
    nodes = {was: pair.new for was, pair in found.items()}
    return Mapping(
        pairs=tuple(found[node.id] for node in old.nodes.values() if node.id in found),
        flows=dict(_flows(old, new, nodes)),
        gone=tuple(node.id for node in old.nodes.values() if node.id not in found),
        came=tuple(node.id for node in new.nodes.values() if node.id not in taken),
    )


def candidates(old: Graph, new: Graph, mapping: Mapping, node: NodeId) -> tuple[NodeId, ...]:
    """What a node that is gone may be in the new version: of its kind, in its sub-process.

    What came newly stands first, in drawing order.
    """
    was, nodes = old.nodes[node], mapping.nodes
    scope = _scope(old, new, nodes, was)
    fitting = [
        other.id
        for other in new.nodes.values()
        if other.scope == scope
        and other.behaviour == was.behaviour
        and (other.repetition is None) == (was.repetition is None)
    ]
    return tuple(sorted(fitting, key=lambda found: found not in mapping.came))


def _alike(was: GraphNode, now: GraphNode) -> bool:
    return was.behaviour == now.behaviour


def _scope(old: Graph, new: Graph, nodes: dict[NodeId, NodeId], was: GraphNode) -> NodeId | None:
    if was.scope == old.process.id:
        return NodeId(new.process.id)
    return nodes.get(was.scope)


def _pair_the_rest(old: Graph, new: Graph, found: dict[NodeId, Pair], why: Why) -> None:
    """Pair what is left wherever exactly one fits, seen from both sides."""
    nodes = {was: pair.new for was, pair in found.items()}
    taken = set(nodes.values())
    left = [was for was in old.nodes.values() if was.id not in found]
    free = [now for now in new.nodes.values() if now.id not in taken]
    fits = {
        was.id: [now.id for now in free if _fits(old, new, nodes, was, now, why)] for was in left
    }
    for was_id, fitting in fits.items():
        if len(fitting) == 1:
            others = [one for one, many in fits.items() if fitting[0] in many]
            if others == [was_id]:
                found[was_id] = Pair(was_id, fitting[0], why)


def _fits(
    old: Graph, new: Graph, nodes: dict[NodeId, NodeId], was: GraphNode, now: GraphNode, why: Why
) -> bool:
    same = was.kind is now.kind and _alike(was, now) and now.scope == _scope(old, new, nodes, was)
    before, after = _name(was), _name(now)
    if why is Why.NAME:
        return same and bool(before) and before == after
    return same and not before and not after and _neighbours(nodes, was, now)


def _name(node: GraphNode) -> str:
    return " ".join(node.drawn.name.split()).casefold() if node.drawn.name else ""


def _neighbours(nodes: dict[NodeId, NodeId], was: GraphNode, now: GraphNode) -> bool:
    """Whether both stand between the same nodes; something must be known of both sides."""
    sources = {nodes.get(flow.source) for flow in was.incoming}
    targets = {nodes.get(flow.target) for flow in was.outgoing}
    return (
        bool(sources or targets)
        and sources == {flow.source for flow in now.incoming}
        and targets == {flow.target for flow in now.outgoing}
    )


def _flows(old: Graph, new: Graph, nodes: dict[NodeId, NodeId]) -> Iterator[tuple[FlowId, FlowId]]:
    """Flows with the same ends; before a join, also the one way in that is left over."""
    ends: dict[tuple[NodeId | None, NodeId | None], list[FlowId]] = {}
    for now in new.flows.values():
        ends.setdefault((now.source, now.target), []).append(now.id)
    found: dict[FlowId, FlowId] = {}
    for was in old.flows.values():
        fitting = ends.get((nodes.get(was.source), nodes.get(was.target)), [])
        if was.id in fitting:
            found[was.id] = was.id
        elif len(fitting) == 1:
            found[was.id] = fitting[0]
    for node in old.nodes.values():
        there = new.nodes.get(nodes.get(node.id, ""))
        if there is not None:
            missing = [flow.id for flow in node.incoming if flow.id not in found]
            free = [flow.id for flow in there.incoming if flow.id not in found.values()]
            if len(missing) == len(free) == 1:
                found[missing[0]] = free[0]
    yield from found.items()
