"""Which process of a file begins by itself, and where.

Rules of this file: the drawing decides: what another process of the file begins (by message, signal
or call) waits for that; everything else begins by itself or by somebody outside.
"""

from collections.abc import Iterator

from genba.engine.graph import Graph
from genba.notation.model import Definitions, EventKind, NodeKind

LATER = object()  # begun by another process of the file


def called_by(graph: Graph) -> Iterator[str]:
    """The processes of the file that a process calls."""
    for node in graph.nodes.values():
        if node.behaviour == "call" and node.called is not None:
            yield node.called


def first_start(definitions: Definitions, graph: Graph) -> object:
    """Where a process begins by itself: None for its own default, or a node; else `LATER`.

    A start event that only a message of another process of the file reaches begins later.
    """
    starts = [graph.node(start) for start in graph.start_nodes]
    inside = {node.id for process in definitions.processes for node in process.nodes}
    sent = {
        flow.target
        for flow in definitions.message_flows
        if flow.source in inside or _is_white(definitions, flow.source)
    }
    for start in starts:
        if start.id not in sent and not start.triggers:
            return None
    for start in starts:
        if start.id not in sent and not _thrown_in_file(definitions, graph, start.id):
            return start.id
    return LATER


def _is_white(definitions: Definitions, end: str) -> bool:
    drawn = {process.id for process in definitions.processes if process.nodes}
    return any(pool.id == end and pool.process in drawn for pool in definitions.participants)


def _thrown_in_file(definitions: Definitions, graph: Graph, start: str) -> bool:
    """Whether another process of the file throws what a start event waits for, by name."""
    triggers = graph.node(start).triggers
    wanted = {(t.kind, t.name) for t in triggers if t.kind in (EventKind.MESSAGE, EventKind.SIGNAL)}
    return any(
        (event.kind, event.name) in wanted
        for process in definitions.processes
        if process.id != graph.process.id
        for node in process.nodes
        if node.kind in (NodeKind.END_EVENT, NodeKind.INTERMEDIATE_THROW_EVENT)
        for event in node.events
    )
