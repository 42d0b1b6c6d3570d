"""A process while it is edited: nodes and flows that can be put in, taken out and tied anew.

Rules of this file: the mechanics of an edit, no opinion about which edits make sense. What a token
does is kept: ways that met at a step without waiting still do so, ways that part still part. The
result is a frozen `Process` again; the source it was read from stays as it was.
"""

from msgspec.structs import replace

from genba.engine.labels import Labels
from genba.notation.document import Position
from genba.notation.model import (
    GATEWAY_KINDS,
    Node,
    NodeKind,
    Process,
    SequenceFlow,
)


class Draft:
    """One process being edited; see `structure` for what is done to it."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.nodes = {node.id: node for node in process.nodes}
        self.flows = {flow.id: flow for flow in process.flows}
        self.labels = Labels(process)

    def finished(self) -> Process:
        """The process as it is now, each node with its flows in order."""
        incoming: dict[str, list[str]] = {id: [] for id in self.nodes}
        outgoing: dict[str, list[str]] = {id: [] for id in self.nodes}
        for flow in self.flows.values():
            outgoing[flow.source].append(flow.id)
            incoming[flow.target].append(flow.id)
        nodes = tuple(
            replace(node, incoming=tuple(incoming[id]), outgoing=tuple(outgoing[id]))
            for id, node in self.nodes.items()
        )
        return replace(self.process, nodes=nodes, flows=tuple(self.flows.values()))

    def into(self, node: str) -> list[SequenceFlow]:
        """The flows into a node, as they are now."""
        return [flow for flow in self.flows.values() if flow.target == node]

    def out_of(self, node: str) -> list[SequenceFlow]:
        """The flows out of a node, as they are now."""
        return [flow for flow in self.flows.values() if flow.source == node]

    def attached(self, node: str) -> list[Node]:
        """The events on the boundary of a node."""
        return [one for one in self.nodes.values() if one.attached_to == node]

    def put(self, node: Node) -> None:
        """Put a node in, without flows."""
        self.nodes[node.id] = node

    def tie(self, source: str, target: str) -> None:
        """Draw a plain flow between two nodes of a scope."""
        id = f"{source}_to_{target}"
        node = self.nodes[source]
        self.flows[id] = SequenceFlow(
            id=id, source=source, target=target, scope=node.scope, position=node.position
        )

    def lead_to(self, old: str, new: str) -> None:
        """All that led to `old` leads to `new`. Who chose it by name still reads that name."""
        for flow in self.into(old):
            self.flows[flow.id] = replace(flow, target=new, name=self._name(flow))

    def leave_from(self, old: str, new: str) -> None:
        """All that left from `old` leaves from `new`: conditions, and which is the default."""
        default = self.nodes[old].default
        for flow in self.out_of(old):
            self.flows[flow.id] = replace(flow, source=new)
        self.nodes[new] = replace(self.nodes[new], default=default)
        self.nodes[old] = replace(self.nodes[old], default=None)

    def _name(self, flow: SequenceFlow) -> str:
        """The name of a flow; where somebody chooses, what it leads to gives it one."""
        if flow.name or self.nodes[flow.source].kind not in GATEWAY_KINDS:
            return flow.name
        drawn = self.process_node(flow.target)
        return self.labels.beyond(drawn) if drawn is not None else flow.name

    def process_node(self, id: str) -> Node | None:
        """A node as it was drawn, before the edits."""
        return next((node for node in self.process.nodes if node.id == id), None)


def passing(id: str, scope: str, position: Position, *, name: str = "") -> Node:
    """A node that does nothing but pass tokens on: ways meet and part in it (§10.5.4)."""
    kind = NodeKind.INTERMEDIATE_THROW_EVENT
    return Node(id=id, kind=kind, scope=scope, position=position, name=name)


def joining(id: str, scope: str, position: Position) -> Node:
    """A node that waits for all ways into it (§13.4.1)."""
    return Node(id=id, kind=NodeKind.PARALLEL_GATEWAY, scope=scope, position=position)
