"""Which flows into a join can still get a token, from where.

Rules of this file: graph theory only, done once when a process is compiled. Paths follow
sequence flows, from an activity also its boundary events, and from a throwing link its catching
end; they do not visit the join itself (§13.4.3).
"""

from collections.abc import Iterable, Mapping

from genba.engine.graph import GraphNode, Join
from genba.engine.values import NodeId


def join_of(node: GraphNode, nodes: Mapping[str, GraphNode], into: Mapping[str, list[str]]) -> Join:
    """The join before `node`, with the bit set of its flows each other node can reach."""
    reach: dict[NodeId, int] = {}
    for place, flow in enumerate(node.incoming):
        bit = 1 << place
        waiting = [flow.source]
        while waiting:
            at = waiting.pop()
            if at == node.id or reach.get(at, 0) & bit:
                continue
            reach[at] = reach.get(at, 0) | bit
            waiting.extend(NodeId(source) for source in into.get(at, ()))
    flows = tuple(flow.id for flow in node.incoming)
    return Join(node=node.id, flows=flows, reach=reach)


def predecessors(nodes: Iterable[GraphNode]) -> dict[str, list[str]]:
    """From which nodes a token can come to each node in one step."""
    into: dict[str, list[str]] = {}
    for node in nodes:
        for flow in node.outgoing:
            into.setdefault(flow.target, []).append(node.id)
        for boundary in node.boundary:
            into.setdefault(boundary, []).append(node.id)
        if node.link is not None:
            into.setdefault(node.link, []).append(node.id)
    return into
