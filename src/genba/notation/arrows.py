"""Findings about arrows where BPMN has none, and missing where the work would stop.

Rules of this file:

1. `ARROWS` is the table; the code only walks it.
2. All are warnings: the drawing runs, but not as somebody may think.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from genba.notation.findings import Drawing, call, find
from genba.notation.model import GATEWAY_KINDS, EventKind, Node, NodeKind, Problem


class Arrows(Struct, frozen=True):
    """Which steps are looked at, whether they have the arrows, and what is said then."""

    rule: str
    applies: Callable[[Node], bool]
    found: Callable[[Node], bool]
    words: str


def _is(kind: NodeKind) -> Callable[[Node], bool]:
    return lambda node: node.kind is kind


def _is_event(kind: NodeKind, event: EventKind) -> Callable[[Node], bool]:
    return lambda node: node.kind is kind and any(one.kind is event for one in node.events)


def _enters(node: Node) -> bool:
    return bool(node.incoming)


def _leaves(node: Node) -> bool:
    return bool(node.outgoing)


def _ends(node: Node) -> bool:
    return bool(node.incoming) and not node.outgoing


def _stops(node: Node) -> bool:
    """An interrupting event after which nothing comes; compensation and cancel have their own."""
    undoes = any(one.kind is EventKind.COMPENSATE for one in node.events)
    return node.cancel_activity and not node.outgoing and not undoes


ARROWS: tuple[Arrows, ...] = (
    Arrows("bpmn.start-incoming", _is(NodeKind.START_EVENT), _enters, "an arrow leads into {step}"),
    Arrows(
        "bpmn.end-outgoing",
        _is(NodeKind.END_EVENT),
        _leaves,
        "an arrow leaves {step}; nobody will ever follow it",
    ),
    Arrows(
        "bpmn.boundary-incoming",
        _is(NodeKind.BOUNDARY_EVENT),
        _enters,
        "an arrow leads into {step}",
    ),
    Arrows(
        "bpmn.boundary-dead-end",
        _is(NodeKind.BOUNDARY_EVENT),
        _stops,
        "{step} interrupts the step, and nothing comes after it",
    ),
    Arrows(
        "bpmn.compensation-arrow",
        _is_event(NodeKind.BOUNDARY_EVENT, EventKind.COMPENSATE),
        _leaves,
        "an arrow leaves {step}; nobody will ever follow it",
    ),
    Arrows(
        "bpmn.gateway-dead-end",
        lambda node: node.kind in GATEWAY_KINDS,
        _ends,
        "no arrow leaves {step}: the work ends here",
    ),
    Arrows(
        "bpmn.event-sub-process-arrow",
        lambda node: node.triggered_by_event,
        lambda node: bool(node.incoming or node.outgoing),
        "{step} begins by an event; the arrows at its border are never followed",
    ),
    Arrows(
        "bpmn.link-arrow",
        _is_event(NodeKind.INTERMEDIATE_CATCH_EVENT, EventKind.LINK),
        _enters,
        "an arrow leads into {step}, where a link arrives",
    ),
    Arrows(
        "bpmn.link-arrow",
        _is_event(NodeKind.INTERMEDIATE_THROW_EVENT, EventKind.LINK),
        _leaves,
        "an arrow leaves {step}, which jumps to the link of its name",
    ),
)


def find_arrows(drawing: Drawing) -> Iterator[Problem]:
    """Walk the table over every step."""
    for node in drawing.all_nodes():
        for row in ARROWS:
            if row.applies(node) and row.found(node):
                yield find(row.rule, row.words.format(step=call(node)), node)
