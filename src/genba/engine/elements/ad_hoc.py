"""The ad-hoc sub-process (§10.3.5): people pick what is done next, and when it is enough.

Rules of this file: the drawing gives the activities and, perhaps, when they are complete; the
order is a person's. In parallel any can be picked while others run, in sequence only when none
does.
"""

from genba.engine.graph import GraphNode
from genba.engine.incidents import PICKED, Stuck, stop
from genba.engine.lifecycle import begin, clear, complete
from genba.engine.occurrences import listen
from genba.engine.state import Element
from genba.engine.step import Answer, Step
from genba.engine.values import ElementId, NodeId, Option, WorkId, WorkKind
from genba.engine.variables import context, holds, map_in
from genba.engine.work import open_work

ENOUGH = "enough"


def start_ad_hoc(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Ask what is done first."""
    map_in(step, id, node)
    listen(step, id, node.id)
    _offer(step, id, node)


def resume_ad_hoc(
    step: Step, id: ElementId, element: Element, node: GraphNode, answer: Answer
) -> None:
    """Begin what was picked; or it is enough."""
    if ENOUGH in answer.chosen:
        end_ad_hoc(step, id)
        return
    for picked in answer.chosen:
        begin(step, NodeId(picked), id)
    if node.drawn.ordering != "Sequential":
        _offer(step, id, node)


def after_child_of_ad_hoc(
    step: Step, id: ElementId, element: Element, node: GraphNode, child: Element
) -> None:
    """Look whether it is complete; in sequence, ask for the next."""
    go_on_picking(step, id)


def go_on_picking(step: Step, id: ElementId, *, asks: bool = True) -> None:
    """Something has ended: is it complete? `asks` False: as if its condition were not true."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    try:
        done = asks and holds(step, node.completion, context(step.case, id), PICKED)
    except Stuck as stuck:
        stop(step, id, node, stuck)
        return
    if done or element.enough:
        end_ad_hoc(step, id)
    elif not (_is_offered(step, element) or element.children or element.tokens):
        _offer(step, id, node)


def _is_offered(step: Step, element: Element) -> bool:
    return any(
        step.case.works[WorkId(i)].kind is WorkKind.PICK for i in element.open if i[0] == "w"
    )


def end_ad_hoc(step: Step, id: ElementId) -> None:
    """It is complete: what still runs ends, or is waited for, as drawn."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    if node.drawn.cancel_remaining:
        clear(step, id)
        complete(step, id)
    elif not element.children and not element.tokens:
        complete(step, id)


def _offer(step: Step, id: ElementId, node: GraphNode) -> None:
    starts = step.graph.scopes[node.id].starts
    options = tuple(Option(start, step.graph.label(start)) for start in starts)
    open_work(
        step,
        id,
        node,
        WorkKind.PICK,
        options=(*options, Option(ENOUGH, "Enough")),
        many=node.drawn.ordering != "Sequential",
        silent=True,
    )
