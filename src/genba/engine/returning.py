"""Sending back: which earlier step is opened again.

Rules of this file: a step of the same scope, or of one around it, that is an activity and has been
done; only the path of the work itself is left, what runs beside it stays.
"""

from genba.engine.commands import Rejected
from genba.engine.graph import Graph
from genba.engine.state import Case, Work
from genba.engine.step import Step
from genba.engine.values import ElementId, NodeId
from genba.notation.model import ACTIVITY_KINDS


def target_of(
    step: Step, work: Work, to: NodeId | None
) -> Rejected | tuple[ElementId, ElementId, NodeId]:
    """The element to leave, the scope to begin in, and the node; or why it cannot be."""
    path = _path(step.case, work)
    if to is None:
        to = _last_done(step, work, path)
        if to is None:
            return Rejected(
                rule="back.none", message="There is no earlier step to send it back to."
            )
    node = step.graph.nodes.get(to)
    if node is None or node.kind not in ACTIVITY_KINDS or node.drawn.is_for_compensation:
        return Rejected(rule="back.unknown", message=f"“{to}” is no step to send back to.")
    for leaving, scope in path:
        if step.case.elements[scope].node == node.scope:
            return leaving, scope, node.id
    return Rejected(
        rule="back.elsewhere", message=f"“{node.label}” is not on the way that led here."
    )


def earlier(graph: Graph, case: Case, work: Work) -> tuple[NodeId, ...]:
    """Every step a work can be sent back to, the one done last first."""
    scopes = {case.elements[scope].node for _, scope in _path(case, work)}
    steps = (graph.nodes[done] for done in reversed(case.done) if done != work.node)
    return tuple(
        node.id
        for node in steps
        if node.scope in scopes
        and node.kind in ACTIVITY_KINDS
        and not node.drawn.is_for_compensation
    )


def _path(case: Case, work: Work) -> list[tuple[ElementId, ElementId]]:
    """From the work outwards: each element with its scope; a repetition counts as one step."""
    path: list[tuple[ElementId, ElementId]] = []
    at = work.element
    while at != case.root:
        scope = case.elements[at].scope
        if case.elements[scope].loop is None:
            path.append((at, scope))
        at = scope
    return path


def _last_done(step: Step, work: Work, path: list[tuple[ElementId, ElementId]]) -> NodeId | None:
    scopes = {step.case.elements[scope].node for _, scope in path}
    for done in reversed(step.case.done):
        if done != work.node and step.graph.nodes[done].scope in scopes:
            return done
    return None
