"""Tasks and call activities (§10.3).

Rules of this file: an activity with automation we run does it; any other is a person's task, with
a note that names the automation that is not connected.
"""

from genba.engine.balloting import open_ballot
from genba.engine.events import CaseCalled
from genba.engine.graph import GraphNode
from genba.engine.incidents import SCRIPT, raise_incident
from genba.engine.lifecycle import complete, is_instance
from genba.engine.state import Element
from genba.engine.step import Answer, Step
from genba.engine.throwing import fail_here
from genba.engine.values import ElementId, WorkKind
from genba.engine.variables import context, explain, map_in
from genba.engine.waiting import arm
from genba.engine.work import open_work
from genba.notation.model import NodeKind

_BY_PEOPLE = frozenset({NodeKind.TASK, NodeKind.USER_TASK, NodeKind.MANUAL_TASK})


def start_task(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Ask the role, or whom the drawing names."""
    map_in(step, id, node)
    votes = node.drawn.deciding.votes
    if votes is not None and not is_instance(step, element, node):
        open_ballot(step, id, node, votes)
        return
    silent = node.does.kind not in _BY_PEOPLE
    open_work(step, id, node, WorkKind.TASK, silent=silent, note=node.note)


def start_script(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Evaluate it; what cannot be evaluated within its budget is an incident."""
    if node.inputs:
        map_in(step, id, node)
    assert node.script is not None
    value, failed = explain(step, node.script, context(step.case, id))
    if failed is not None:
        message = f"“{node.label}” could not be computed: {failed}"
        raise_incident(step, id, node, SCRIPT, message)
        return
    if node.result is not None:
        complete(step, id, {node.result: value})
    else:
        complete(step, id, value if isinstance(value, dict) else None)


def start_receive(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Listen, and ask."""
    map_in(step, id, node)
    arm(step, id, node)


def start_call(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Ask for the case, with what is mapped in, else with all that is known."""
    map_in(step, id, node)
    assert node.called is not None
    known = context(step.case, id)
    mapped = {target: known.get(target) for target, _ in node.inputs}
    data = mapped or dict(known)
    step.emit(CaseCalled(element=id, process=node.called, data=data))


def resume_call(
    step: Step, id: ElementId, element: Element, node: GraphNode, answer: Answer
) -> None:
    """The called case has ended: well, or with an error somebody around catches."""
    if answer.error is None:
        complete(step, id, answer.data)
    else:
        fail_here(step, id, answer.error, answer.data)
