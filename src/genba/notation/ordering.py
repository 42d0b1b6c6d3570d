"""Findings about where work begins and ends, and about steps that no arrow reaches or leaves.

Rules of this file:

1. Drawings that leave these things out run all the same, so all of this is a warning, which
   strict checking refuses (§10.5.2, §10.5.3). A quantity that is no number would be a guess.
"""

from collections.abc import Callable, Iterator

from genba.notation.elements import find_children, resolve
from genba.notation.findings import Drawing, Scope, call, find, find_at, name_element
from genba.notation.model import (
    ACTIVITY_KINDS,
    GATEWAY_KINDS,
    EventKind,
    Node,
    NodeKind,
    Problem,
)

_THROW, _CATCH = NodeKind.INTERMEDIATE_THROW_EVENT, NodeKind.INTERMEDIATE_CATCH_EVENT
_EDGES = frozenset({NodeKind.START_EVENT, NodeKind.END_EVENT})


def _edges(drawing: Drawing) -> Iterator[Problem]:
    for scope in drawing.scopes:
        if _is_ad_hoc(scope):
            continue
        kinds = {node.kind for node in scope.nodes}
        begins = NodeKind.START_EVENT in kinds or any(node.instantiate for node in scope.nodes)
        what = call(scope.holder) if isinstance(scope.holder, Node) else "the process"
        if NodeKind.END_EVENT in kinds and not begins:
            message = f"{what} has an end event, but no start event"
            yield find("bpmn.start-missing", message, scope.holder)
        if NodeKind.START_EVENT in kinds and NodeKind.END_EVENT not in kinds:
            message = f"{what} has a start event, but no end event"
            yield find("bpmn.end-missing", message, scope.holder)
        if NodeKind.END_EVENT in kinds:
            yield from _dead_ends(scope)


def _dead_ends(scope: Scope) -> Iterator[Problem]:
    """Activities and gateways that nothing comes after, where ends are drawn (§10.5.3)."""
    for node in scope.nodes:
        stops = node.kind in ACTIVITY_KINDS or (node.kind in GATEWAY_KINDS and not node.incoming)
        apart = node.triggered_by_event or node.is_for_compensation
        waits = (
            node.kind is NodeKind.BOUNDARY_EVENT
            and not node.cancel_activity
            and not _has(node, EventKind.COMPENSATE)
        )
        if not node.outgoing and ((stops and not apart) or waits):
            yield find("bpmn.dead-end", f"no arrow leaves {call(node)}", node)


def _is_ad_hoc(scope: Scope) -> bool:
    return isinstance(scope.holder, Node) and scope.holder.kind is NodeKind.AD_HOC_SUB_PROCESS


def _has(node: Node, kind: EventKind) -> bool:
    return any(event.kind is kind for event in node.events)


def _event_arrows(drawing: Drawing) -> Iterator[Problem]:
    for scope in drawing.scopes:
        if _is_ad_hoc(scope):
            continue
        for node in scope.nodes:
            is_link = _has(node, EventKind.LINK)
            led_to = node.kind in {NodeKind.END_EVENT, _THROW} or (
                node.kind is _CATCH and not is_link
            )
            led_from = node.kind in {NodeKind.START_EVENT, _CATCH} or (
                node.kind is _THROW and not is_link
            )
            if led_to and not node.incoming:
                yield find("bpmn.event-arrow", f"no arrow leads to {call(node)}", node)
            if led_from and not node.outgoing:
                yield find("bpmn.event-arrow", f"no arrow leaves {call(node)}", node)


def _ad_hoc(drawing: Drawing) -> Iterator[Problem]:
    inside = {scope.holder.id: scope.nodes for scope in drawing.scopes}
    for node in drawing.all_nodes():
        if node.kind is not NodeKind.AD_HOC_SUB_PROCESS:
            continue
        steps = inside.get(node.id, ())
        if not any(step.kind in ACTIVITY_KINDS for step in steps):
            yield find("bpmn.ad-hoc-empty", f"{call(node)} has nothing to choose from", node)
        for step in steps:
            if step.kind in _EDGES:
                message = f"{call(step)} is in {call(node)}, where people choose what comes"
                yield find("bpmn.ad-hoc-events", message, step)


def _instantiating(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.instantiate and node.incoming:
            message = f"{call(node)} begins the process, but an arrow leads into it"
            yield find("bpmn.instantiate-incoming", message, node)


def _undoing(drawing: Drawing) -> Iterator[Problem]:
    for node in drawing.all_nodes():
        if node.is_for_compensation and (node.incoming or node.outgoing):
            message = f"{call(node)} undoes another step, but stands in the flow"
            yield find("bpmn.compensation-flow", message, node)
    for process in drawing.definitions.processes:
        for link in process.associations:
            event, step = drawing.nodes[link.source], drawing.nodes[link.target]
            undoes = event.kind is NodeKind.BOUNDARY_EVENT and _has(event, EventKind.COMPENSATE)
            if undoes and step.kind in ACTIVITY_KINDS and not step.is_for_compensation:
                message = f"{call(step)} undoes another step, but is not marked so"
                yield find("bpmn.compensation-flag", message, step)


def _quantities(drawing: Drawing) -> Iterator[Problem]:
    for spots in drawing.survey.by_local.values():
        for spot in spots:
            for name in ("startQuantity", "completionQuantity"):
                written = (spot.element.get(name) or "").strip()
                if not written or (written.isascii() and written.isdigit() and written.strip("0")):
                    continue
                rule = "bpmn.quantity" if written.strip("0") else "bpmn.quantity-zero"
                message = f"{name} of {name_element(spot.element)} is {written}"
                yield find_at(rule, message, spot.element)


def _listed(drawing: Drawing) -> Iterator[Problem]:
    """Steps whose lists of arrows are not the arrows they have; no list at all is fine."""
    for node in drawing.all_nodes():
        element = drawing.survey.by_key.get(node.id)
        if element is None:
            continue
        for name, ids in (("incoming", node.incoming), ("outgoing", node.outgoing)):
            listed = {resolve(child.text) for child in find_children(element, name)}
            if listed and listed != set(ids):
                message = f"{call(node)} lists other {name} arrows than are drawn"
                yield find("bpmn.flow-listed", message, node)


ORDERING_RULES: tuple[Callable[[Drawing], Iterator[Problem]], ...] = (
    _edges,
    _event_arrows,
    _ad_hoc,
    _instantiating,
    _undoing,
    _quantities,
    _listed,
)
