"""What may still come in a case: the nodes its tokens can reach from where they are.

Rules of this file: graph theory over what is open; conditions are not asked, so that a step that
may come counts as one that will. A step that is left out is reached, but nobody is asked there.
"""

from collections.abc import Iterable, Iterator

from genba.engine.graph import Graph, GraphNode
from genba.engine.state import Case
from genba.engine.values import NodeId
from genba.notation.model import ACTIVITY_KINDS, SUB_PROCESS_KINDS


def live(graph: Graph, case: Case) -> set[NodeId]:
    """The nodes where something is open now: visits, and steps before which tokens wait."""
    found: set[NodeId] = set()
    for id, element in case.elements.items():
        if id != case.root:
            found.add(element.node)
        found.update(graph.flows[flow].target for flow in element.tokens if flow in graph.flows)
    return found


def ahead(graph: Graph, case: Case) -> set[NodeId]:
    """All nodes that are open, or may be begun from here."""
    return reach(graph, (node for node in live(graph, case) if node in graph.nodes), case)


def reach(graph: Graph, start: Iterable[NodeId], case: Case | None = None) -> set[NodeId]:
    """The nodes that can be come to from these, and these themselves.

    A sub-process that is open in `case` is not begun anew by being open.
    """
    begun = set(start)
    running = {element.node for element in case.elements.values()} if case is not None else set()
    found, waiting = set(begun), list(begun)
    while waiting:
        node = graph.nodes[waiting.pop()]
        for following in _after(graph, node, inside=node.id not in running & begun):
            if following not in found or (following in begun and following in running):
                if following in begun and following in running:
                    begun.discard(following)  # come to again: then it begins anew
                found.add(following)
                waiting.append(following)
    return found


def _after(graph: Graph, node: GraphNode, *, inside: bool) -> Iterator[NodeId]:
    for flow in node.outgoing:
        yield flow.target
    yield from node.boundary
    if node.link is not None:
        yield node.link
    scope = graph.scopes.get(node.id)
    if scope is not None and node.behaviour != "skipped":
        if inside:
            yield from scope.starts
        yield from scope.event_starts


def asked(graph: Graph, nodes: Iterable[NodeId]) -> tuple[NodeId, ...]:
    """Those of the nodes at which somebody does something, in the order of the drawing."""
    wanted = set(nodes)
    return tuple(node.id for node in graph.nodes.values() if node.id in wanted and is_step(node))


def is_step(node: GraphNode) -> bool:
    """Whether a node is a step of its own: an activity that is not left out nor only a frame."""
    return (
        node.kind in ACTIVITY_KINDS
        and node.kind not in SUB_PROCESS_KINDS
        and node.behaviour != "skipped"
    )
