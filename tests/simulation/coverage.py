"""What random processes ran: each behaviour by the scope it was in, each event by its place.

Rules of this file: counted is what a token really came to, not what was drawn. What may come at all
is read from the engine's own dispatch table and from the standard's table of triggers, so that a
new row there is missing here until the grammar draws it.
"""

from collections import Counter

from genba.engine import events as e
from genba.engine.elements import BEHAVIOURS
from genba.engine.graph import Graph, GraphNode
from genba.notation.model import EventKind, NodeKind
from tests.engine.bpmn_page import PLACES, has_cell
from tests.simulation.books import MARKS

SCOPES = ("process", "sub-process", "event sub-process", "transaction", "ad-hoc", "instance")
# What no drawing says: a change on a running case brings it (`tests/engine/test_redirecting.py`).
UNDRAWN = frozenset({"skipped"})
_SCOPE_OF = {
    NodeKind.SUB_PROCESS: "sub-process",
    NodeKind.TRANSACTION: "transaction",
    NodeKind.AD_HOC_SUB_PROCESS: "ad-hoc",
}


class Coverage:
    """Counts what was run."""

    def __init__(self) -> None:
        self.behaviours: Counter[tuple[str, str]] = Counter()
        self.events: Counter[tuple[str, str]] = Counter()
        self.kinds: Counter[NodeKind] = Counter()
        self.marks: Counter[str] = Counter()

    def join(self, other: "Coverage") -> None:
        """Count what another one counted."""
        self.behaviours += other.behaviours
        self.events += other.events
        self.kinds += other.kinds
        self.marks += other.marks

    def see(self, xml: str) -> None:
        """Count what a drawing says of its elements that no event tells."""
        self.marks.update(name for name, mark in MARKS.items() if mark in xml)

    def note(self, graph: Graph, log: list[e.Event]) -> None:
        """Count what the events of a case say."""
        handlers = {
            node.handler
            for node in graph.nodes.values()
            if any(graph.nodes[edge].triggers[0].kind is EventKind.COMPENSATE
                   for edge in node.boundary)
        }  # fmt: skip
        for event in log:
            if isinstance(event, e.ElementStarted):
                self._visit(graph, graph.nodes[event.node])
                if event.node in handlers:  # no token comes to the event that leads to a handler
                    self.events[EventKind.COMPENSATE, "boundary, interrupting"] += 1

    def _visit(self, graph: Graph, node: GraphNode) -> None:
        scope = _scope(graph, node)
        self.kinds[node.kind] += 1
        self.behaviours[node.behaviour, scope] += 1
        if node.repetition is not None:
            self.behaviours["repetition", scope] += 1
        for trigger in node.triggers:
            if trigger.kind is not None:
                self.events[trigger.kind, _place(graph, node)] += 1

    def missing(self) -> list[str]:
        """What may come, and never came."""
        ran = {behaviour for behaviour, _ in self.behaviours}
        found = [f"behaviour {name}" for name in BEHAVIOURS if name not in ran | UNDRAWN]
        found += [f"element {kind}" for kind in NodeKind if kind not in self.kinds]
        found += [f"drawn {name}" for name in MARKS if name not in self.marks]
        found += [f"{scope} around anything" for scope in SCOPES if not self._within(scope)]
        return found + [
            f"{kind} at {name}"
            for kind in EventKind
            for name, place, beside in PLACES
            if has_cell(kind, place, beside=beside) and not self.events[kind, name]
        ]

    def _within(self, scope: str) -> int:
        return sum(count for (_, where), count in self.behaviours.items() if where == scope)

    def table(self) -> str:
        """Both tables, as they are printed."""
        places = [name for name, _, _ in PLACES]
        lines = [_row("behaviour", SCOPES)]
        for name in BEHAVIOURS:
            lines.append(_row(name, [str(self.behaviours[name, scope]) for scope in SCOPES]))
        lines += ["", _row("event", places)]
        for kind in EventKind:
            cells = [
                str(self.events[kind, name]) if has_cell(kind, place, beside=beside) else "-"
                for name, place, beside in PLACES
            ]
            lines.append(_row(kind, cells))
        lines += ["", "processes with"]
        lines += [f"{name:45} | {self.marks[name]:>9}" for name in MARKS]
        return "\n".join(lines)


def _row(name: str, cells: list[str] | tuple[str, ...]) -> str:
    return f"{name:17} | " + " | ".join(f"{cell:>9}" for cell in cells)


def _scope(graph: Graph, node: GraphNode) -> str:
    around = graph.nodes.get(node.scope)
    if around is None:
        return "process"
    if around.repetition is not None:
        return "instance"
    if around.behaviour == "event-sub-process":
        return "event sub-process"
    return _SCOPE_OF[around.kind]


def _place(graph: Graph, node: GraphNode) -> str:
    """The column of the page of events."""
    within = graph.nodes.get(node.scope)
    inside = within is not None and within.behaviour == "event-sub-process"
    start = "event sub-process start" if inside else "start"
    kind = start if node.kind is NodeKind.START_EVENT else node.kind
    names = [(name, beside) for name, place, beside in PLACES if place == kind]
    return next(
        (name for name, beside in names if len(names) == 1 or beside is not node.interrupting),
        str(kind),
    )
