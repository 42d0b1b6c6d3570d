"""Findings about how steps are connected: flows, gateways, reachability, pools.

Rules of this file:

1. One generator per concern, all of them in `CONNECTION_RULES`.
2. What is checked is the drawing, not the data: no expression is looked into.
"""

from collections.abc import Callable, Iterator

from genba.notation.arrows import find_arrows
from genba.notation.elements import identify
from genba.notation.findings import Drawing, Placed, Scope, call, find
from genba.notation.model import (
    GATEWAY_KINDS,
    EventKind,
    Node,
    NodeKind,
    Problem,
)
from genba.notation.rules import RULES

# Gateways that take a way because a condition says so; all others never look at one (§13.4).
_DECIDING = frozenset(
    {NodeKind.EXCLUSIVE_GATEWAY, NodeKind.INCLUSIVE_GATEWAY, NodeKind.COMPLEX_GATEWAY}
)
_AWAITED = frozenset({NodeKind.INTERMEDIATE_CATCH_EVENT, NodeKind.RECEIVE_TASK})


def find_duplicates(drawing: Drawing) -> Iterator[Problem]:
    """Ids that two processes, steps or flows share (§8.2.1)."""
    seen: dict[str, str] = {}
    for item, words in _identified(drawing):
        if item.id in seen:
            message = f"the id '{item.id}' is used twice: by {seen[item.id]} and by {words}"
            yield find("bpmn.duplicate-id", message, item)
        else:
            seen[item.id] = words


def _identified(drawing: Drawing) -> Iterator[tuple[Placed, str]]:
    for process in drawing.definitions.processes:
        yield process, "a process"
        yield from ((node, call(node)) for node in process.nodes)
        yield from ((flow, "a sequence flow") for flow in process.flows)


def _crossing_flows(drawing: Drawing) -> Iterator[Problem]:
    for flow in drawing.flows.values():
        source, target = drawing.nodes[flow.source], drawing.nodes[flow.target]
        if source.scope == target.scope:
            continue
        same = drawing.process_of[source.id] == drawing.process_of[target.id]
        border = "crosses the border of a sub-process" if same else "goes from one pool to another"
        message = f"the sequence flow from {call(source)} to {call(target)} {border}"
        yield find("bpmn.flow-crosses", message, flow)


def _event_gateways(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.kind is not NodeKind.EVENT_BASED_GATEWAY:
            continue
        for flow in drawing.leaving(node):
            target = drawing.nodes[flow.target]
            if target.kind not in _AWAITED:
                message = f"{call(node)} waits for events, but one way leads to {call(target)}"
                yield find("bpmn.event-gateway-target", message, target)


def _default_flows(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.default is not None and node.default not in node.outgoing:
            message = f"the default '{node.default}' of {call(node)} is no arrow that leaves it"
            yield find("bpmn.default-flow", message, node)


def _unused_conditions(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.kind in GATEWAY_KINDS and node.kind not in _DECIDING:
            for flow in drawing.leaving(node):
                if flow.condition is not None:
                    message = f"the condition on an arrow from {call(node)} is never looked at"
                    yield find("bpmn.condition-unused", message, flow)


def _reachability(drawing: Drawing) -> Iterator[Problem]:
    for scope in drawing.scopes:
        if isinstance(scope.holder, Node) and scope.holder.kind is NodeKind.AD_HOC_SUB_PROCESS:
            continue
        first = _first_steps(scope)
        if not first and not any(_begins_otherwise(node) for node in scope.nodes):
            what = "the process" if not isinstance(scope.holder, Node) else call(scope.holder)
            message = f"{what} has no beginning: an arrow leads to every step"
            yield find("bpmn.no-start", message, scope.holder)
            continue
        reached = _follow(first, scope, drawing)
        for node in scope.nodes:
            if node.id not in reached:
                yield find("bpmn.unreachable", f"nothing leads to {call(node)}", node)


def _first_steps(scope: Scope) -> list[Node]:
    """Where work begins in a scope: its start events; else every step no arrow leads to (§13.2)."""
    starts = [node for node in scope.nodes if _starts(node)]
    return starts or [
        node for node in scope.nodes if not node.incoming and not _begins_otherwise(node)
    ]


def _starts(node: Node) -> bool:
    return node.kind is NodeKind.START_EVENT or (node.instantiate and not node.incoming)


def _begins_otherwise(node: Node) -> bool:
    """Steps that need no arrow: they begin by their host, their trigger, or to undo another."""
    return (
        node.kind is NodeKind.BOUNDARY_EVENT
        or node.triggered_by_event
        or node.is_for_compensation
        or (
            node.kind is NodeKind.INTERMEDIATE_CATCH_EVENT
            and any(event.kind is EventKind.LINK for event in node.events)
        )
    )


def _follow(first: list[Node], scope: Scope, drawing: Drawing) -> set[str]:
    pending = [*first, *(node for node in scope.nodes if _begins_otherwise(node))]
    reached = {node.id for node in pending}
    while pending:
        for flow in drawing.leaving(pending.pop()):
            if flow.target not in reached:
                reached.add(flow.target)
                pending.append(drawing.nodes[flow.target])
    return reached


def _pools(drawing: Drawing) -> Iterator[Problem]:
    definitions = drawing.definitions
    processes = {process.id for process in definitions.processes}
    for pool in definitions.participants:
        if pool.process is not None and pool.process not in processes:
            message = f"the pool “{pool.name}” shows a process that is not here: '{pool.process}'"
            yield find("bpmn.pool", message, pool)


def _message_flows(drawing: Drawing) -> Iterator[Problem]:
    pools = {pool.id for pool in drawing.definitions.participants}
    for flow in drawing.definitions.message_flows:
        for end, ref in (("source", flow.source), ("target", flow.target)):
            if ref not in drawing.process_of and ref not in pools:
                words = f"has the {end} '{ref}', no step or pool" if ref else f"has no {end}"
                yield find("bpmn.message-flow", f"the message flow {words}", flow)


def _namespace(drawing: Drawing) -> Iterator[Problem]:
    root = drawing.definitions.document.root
    if not root.namespace:
        row = RULES["bpmn.namespace"]
        yield Problem(
            severity=row.severity,
            rule="bpmn.namespace",
            message="the file does not declare the namespace of BPMN",
            position=root.position,
            element=identify(root),
            advice=row.advice,
        )


CONNECTION_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _namespace,
    _crossing_flows,
    find_arrows,
    _event_gateways,
    _default_flows,
    _unused_conditions,
    _reachability,
    _pools,
    _message_flows,
)
