"""What a node has to do with the rest of the file: pools, message flows, throwers, names.

Rules of this file: look-ups over the frozen drawing, built once per compilation. No decision about
how anything runs.
"""

from genba.notation.model import (
    Definitions,
    EventKind,
    Expression,
    MessageFlow,
    MultiInstance,
    Node,
    NodeKind,
    Participant,
    Process,
)

THROWING = frozenset({NodeKind.INTERMEDIATE_THROW_EVENT, NodeKind.END_EVENT})


class Surroundings:
    """One process within its file."""

    def __init__(self, definitions: Definitions, process: Process) -> None:
        self.definitions = definitions
        self.process = process
        self.pools: dict[str, Participant] = {pool.id: pool for pool in definitions.participants}
        self.drawn: dict[str, Process] = {
            drawn.id: drawn for drawn in definitions.processes if drawn.nodes
        }
        self.owners: dict[str, Process] = {
            node.id: drawn for drawn in definitions.processes for node in drawn.nodes
        }
        self.inside: dict[str, list[Node]] = {}
        for node in process.nodes:
            self.inside.setdefault(node.scope, []).append(node)
        self.name = name_of(definitions, process)
        self.names = tuple(dict.fromkeys(_data_names(process)))

    def sent_from(self, node_id: str) -> tuple[MessageFlow, ...]:
        """The message flows that begin at a node."""
        return tuple(flow for flow in self.definitions.message_flows if flow.source == node_id)

    def sent_to(self, node_id: str) -> tuple[MessageFlow, ...]:
        """The message flows that end at a node."""
        return tuple(flow for flow in self.definitions.message_flows if flow.target == node_id)

    def party(self, end: str) -> str:
        """What people call the pool at, or around, an end of a message flow."""
        pool = self.pools.get(end)
        if pool is not None:
            return pool.name or pool.id
        owner = self.owners.get(end)
        return name_of(self.definitions, owner) if owner is not None else end

    def throws(self, scope: str, kind: EventKind, code: str | None) -> bool:
        """Whether something inside `scope`, however deep, throws this kind (and code)."""
        waiting = [scope]
        while waiting:
            for node in self.inside.get(waiting.pop(), ()):
                if node.id in self.inside:
                    waiting.append(node.id)
                if node.kind in THROWING and any(
                    event.kind is kind and (code is None or event.code in (None, code))
                    for event in node.events
                ):
                    return True
                if kind is EventKind.ERROR and self._called_fails(node):
                    return True
        own = next((node for node in self.process.nodes if node.id == scope), None)
        return kind is EventKind.ERROR and own is not None and self._called_fails(own)

    def _called_fails(self, node: Node) -> bool:
        """Whether a node calls a process of the file that can end with an error."""
        called = self.drawn.get(node.called_element or "")
        return node.kind is NodeKind.CALL_ACTIVITY and called is not None and _can_fail(called)


def name_of(definitions: Definitions, process: Process) -> str:
    """What people call a process: its name, else that of its pool, else its id."""
    if process.name:
        return process.name
    for pool in definitions.participants:
        if pool.process == process.id and pool.name:
            return pool.name
    return process.id


def _can_fail(process: Process) -> bool:
    return any(
        node.kind is NodeKind.END_EVENT
        and any(event.kind is EventKind.ERROR for event in node.events)
        for node in process.nodes
    )


def _data_names(process: Process) -> list[str]:
    """The names of data the drawing speaks of: form fields, mappings, items, results."""
    names: list[str] = []
    for node in process.nodes:
        names.extend(mapping.target for mapping in (*node.inputs, *node.outputs))
        names.extend(_plain(m.source) for m in (*node.inputs, *node.outputs))
        if node.form is not None:
            names.extend(field.id for field in node.form.fields)
        if isinstance(node.loop, MultiInstance):
            names.extend(name for name in (node.loop.item, node.loop.output_collection) if name)
        if node.implementation is not None and node.implementation.result:
            names.append(node.implementation.result)
    return [name for name in names if name]


def _plain(source: Expression) -> str:
    """The source of a mapping if it is only a name."""
    return source.text if source.text.replace(" ", "").isalnum() else ""
