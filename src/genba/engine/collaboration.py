"""Between the cases of one file: where a message goes, and who begins when something is thrown.

Rules of this file: routing by the drawing only (§9.3): message flows first, then the name of the
message. Pure look-ups; which cases exist is the runtime's knowledge, so a `Delivery` says what to
do whether or not there is a case.
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from genba.engine.events import MessageSent
from genba.engine.rules import waits_for_all
from genba.engine.surroundings import name_of
from genba.engine.values import NodeId
from genba.notation.model import (
    Definitions,
    EventKind,
    Node,
    NodeKind,
    Participant,
    Process,
)

_CATCHING = frozenset(
    {
        NodeKind.START_EVENT,
        NodeKind.INTERMEDIATE_CATCH_EVENT,
        NodeKind.BOUNDARY_EVENT,
        NodeKind.RECEIVE_TASK,
    }
)


class Way(StrEnum):
    """What is to be done with a message that leaves a case."""

    START = "start"  # begin a case of `process` at `node`
    DELIVER = "deliver"  # to the case of `process` in this collaboration
    PARTY = "party"  # to an outside party
    NOWHERE = "nowhere"  # the drawing does not say: only its sending is recorded


class Delivery(Struct, frozen=True, kw_only=True):
    """Where one message goes.

    DELIVER names the receiving `node` where the drawing does, else the message is matched by its
    name. `start` is where to begin a case if the collaboration never had one of `process`; a
    message to one that has ended comes too late.
    """

    way: Way
    process: str = ""
    node: NodeId | None = None
    start: NodeId | None = None
    party: str = ""
    name: str = ""
    address: str | None = None


def route(definitions: Definitions, sent: MessageSent, sender: str) -> Delivery:
    """Where a message goes that a case of process `sender` has sent."""
    if sent.target is not None:
        return _over_flow(definitions, sent.target)
    own: Delivery | None = None
    for process, node in _receivers(definitions, sent.name):
        found = _to_node(definitions, process, node)
        if process.id != sender:
            return found
        own = own or found
    return own or Delivery(way=Way.NOWHERE, name=sent.name)


def _over_flow(definitions: Definitions, target: str) -> Delivery:
    for process in definitions.processes:
        for node in process.nodes:
            if node.id == target:
                return _to_node(definitions, process, node)
    for pool in definitions.participants:
        if pool.id == target:
            return _to_pool(definitions, pool)
    return Delivery(way=Way.NOWHERE)


def _to_node(definitions: Definitions, process: Process, node: Node) -> Delivery:
    name = name_of(definitions, process)
    if starts_a_case(process, node) and not _goes_on(process, node):
        return Delivery(way=Way.START, process=process.id, node=NodeId(node.id), name=name)
    return Delivery(
        way=Way.DELIVER,
        process=process.id,
        node=NodeId(node.id),
        start=NodeId(node.id) if _goes_on(process, node) else _message_start(process),
        name=name,
    )


def starts_a_case(process: Process, node: Node) -> bool:
    """Whether a message to this node begins a case: start events, and what instantiates."""
    if node.scope != process.id:
        return False
    if node.kind is NodeKind.START_EVENT:
        return True
    if node.kind is NodeKind.RECEIVE_TASK and node.instantiate:
        return True
    gateways = {
        other.id
        for other in process.nodes
        if other.kind is NodeKind.EVENT_BASED_GATEWAY and not other.incoming
    }
    return any(flow.target == node.id and flow.source in gateways for flow in process.flows)


def _goes_on(process: Process, node: Node) -> bool:
    """Whether a message to a node that begins a case belongs to one begun by another event."""
    gateways = {other.id for other in process.nodes if waits_for_all(other)}
    return any(flow.target == node.id and flow.source in gateways for flow in process.flows)


def _to_pool(definitions: Definitions, pool: Participant) -> Delivery:
    """A message flow ends at the edge of a pool: an outside party, or whoever receives in it."""
    process = next((p for p in definitions.processes if p.id == pool.process and p.nodes), None)
    if process is None:
        return Delivery(
            way=Way.PARTY, party=pool.id, name=pool.name or pool.id, address=pool.address
        )
    drawn = {flow.target for flow in definitions.message_flows}
    open_ = [node for node in process.nodes if _receives(node) and node.id not in drawn]
    later = [node for node in open_ if not starts_a_case(process, node)]
    return Delivery(
        way=Way.DELIVER,
        process=process.id,
        node=NodeId(later[0].id) if len(later) == 1 else None,
        start=_message_start(process) or _first_start(process),
        name=name_of(definitions, process),
    )


def _receives(node: Node) -> bool:
    if node.kind is NodeKind.RECEIVE_TASK:
        return True
    return node.kind in _CATCHING and any(e.kind is EventKind.MESSAGE for e in node.events)


def _message_start(process: Process) -> NodeId | None:
    for node in process.nodes:
        if _receives(node) and starts_a_case(process, node):
            return NodeId(node.id)
    return None


def _first_start(process: Process) -> NodeId | None:
    for node in process.nodes:
        if node.kind is NodeKind.START_EVENT and node.scope == process.id:
            return NodeId(node.id)
    return None


def _receivers(definitions: Definitions, name: str) -> Iterator[tuple[Process, Node]]:
    """Whoever catches a message of this name, those that begin a case first."""
    found = [
        (process, node)
        for process in definitions.processes
        for node in process.nodes
        if node.kind in _CATCHING and name in _names(node)
    ]
    yield from (pair for pair in found if starts_a_case(*pair))
    yield from (pair for pair in found if not starts_a_case(*pair))


def _names(node: Node) -> set[str]:
    names = {event.name for event in node.events if event.kind is EventKind.MESSAGE}
    return {name for name in (*names, node.message_name) if name}


def signal_starts(definitions: Definitions, name: str) -> tuple[tuple[str, NodeId], ...]:
    """The processes, and their start events, that a signal begins (§10.5.5)."""
    return tuple(
        (process.id, NodeId(node.id))
        for process in definitions.processes
        for node in process.nodes
        if node.kind is NodeKind.START_EVENT and node.scope == process.id
        for event in node.events
        if event.kind is EventKind.SIGNAL and name in (event.name or event.ref, node.name)
    )
