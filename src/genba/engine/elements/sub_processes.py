"""Embedded and event sub-processes, and transactions (§10.3.5).

Rules of this file: a scope is done when no token is left in it, derived from what is there: no
counter is kept beside it.
"""

from genba.engine.compensation import undo_next
from genba.engine.graph import GraphNode
from genba.engine.lifecycle import begin, complete
from genba.engine.occurrences import leave_cancelled, listen
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.values import ElementId
from genba.engine.variables import map_in


def start_sub_process(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Listen for its event sub-processes, then begin inside."""
    map_in(step, id, node)
    listen(step, id, node.id)
    if id not in step.case.elements:
        return
    for start in step.graph.scopes[node.id].starts:
        begin(step, start, id)


def after_child_of_sub_process(
    step: Step, id: ElementId, element: Element, node: GraphNode, child: Element
) -> None:
    """Done when nothing is left inside; a cancelled transaction goes on undoing."""
    if element.children or element.tokens:
        return
    if element.plan is None:
        complete(step, id)
    elif not undo_next(step, id):
        leave_cancelled(step, id)
