"""What a node has to do with the rest of the file: pools, message flows, throwers, names.

Rules of this file: look-ups over the frozen drawing, built once per compilation. No decision about
how anything runs.
"""

from genba.notation.model import (
    Correlation,
    Definitions,
    EventDefinition,
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

    def correlation(self, message: str) -> Correlation | None:
        """How messages of a name are told apart, if the drawing says so."""
        return next((one for one in self.process.correlations if one.message == message), None)

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
                if node.kind in THROWING and any(_fits(e, kind, code) for e in node.events):
                    return True
                if self._brings(node, kind, code):
                    return True
        own = next((node for node in self.process.nodes if node.id == scope), None)
        return own is not None and self._brings(own, kind, code)

    def _brings(self, node: Node, kind: EventKind, code: str | None) -> bool:
        """Whether a node throws without an event: its instances do, or the process it calls."""
        if any(_fits(event, kind, code) for event in thrown_by_instances(node)):
            return True
        called = self.drawn.get(node.called_element or "")
        if node.kind is not NodeKind.CALL_ACTIVITY or called is None:
            return False
        return any(
            event.kind is kind
            for inner in called.nodes
            if inner.kind in _LEAVING[kind]
            for event in inner.events
        )


# What of a called process its caller notices: an error ends it, an escalation need not.
_LEAVING: dict[EventKind, frozenset[NodeKind]] = {
    EventKind.ERROR: frozenset({NodeKind.END_EVENT}),
    EventKind.ESCALATION: THROWING,
    EventKind.CANCEL: frozenset(),
}


def thrown_by_instances(node: Node) -> tuple[EventDefinition, ...]:
    """What the instances of a multi-instance activity throw, by its behavior (§10.3.8)."""
    loop = node.loop
    if not isinstance(loop, MultiInstance):
        return ()
    by_behavior = {
        "None": (loop.none_event,),
        "One": (loop.one_event,),
        "Complex": tuple(event for rule in loop.complex for event in rule.events),
    }
    return tuple(event for event in by_behavior.get(loop.behavior, ()) if event is not None)


def _fits(event: EventDefinition, kind: EventKind, code: str | None) -> bool:
    return event.kind is kind and (code is None or event.code in (None, code))


def begins(node: Node) -> bool:
    """Whether a token is put here when its scope begins without a start event."""
    return not (
        node.incoming
        or node.attached_to is not None
        or node.triggered_by_event
        or node.is_for_compensation
        or any(event.kind is EventKind.LINK for event in node.events)
    )


def name_of(definitions: Definitions, process: Process) -> str:
    """What people call a process: its name, else that of its pool, else its id."""
    if process.name:
        return process.name
    for pool in definitions.participants:
        if pool.process == process.id and pool.name:
            return pool.name
    return process.id


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
