"""Where tokens wait for each other: when a join opens, and when it never will (§13.4).

Rules of this file: looked at whenever nothing else is left to do in a command, so that every move,
end and cancellation of a token counts. AND takes one token per incoming flow; OR follows the
standard's two-path rule; nothing is guessed from the shape of the drawing.
"""

from genba.engine.events import FlowTaken, JoinReset, WorkCancelled
from genba.engine.flows import WAITING
from genba.engine.graph import GraphFlow, GraphNode, Join
from genba.engine.incidents import (
    ACTIVATION,
    AGAIN,
    GO_ON,
    JOIN_DEAD,
    RESET,
    Stuck,
    asked_about,
    raise_incident,
    stop,
)
from genba.engine.lifecycle import begin, ended
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.values import ElementId, Option, WorkId, WorkKind
from genba.engine.variables import context, holds, judge
from genba.notation.model import NodeKind


def open_joins(step: Step) -> bool:
    """Open the first join that can be opened; True if there was one."""
    for scope_id in tuple(step.case.parked):
        scope = step.case.elements[scope_id]
        for join in step.graph.joins.get(scope.node, ()):
            if join.node in scope.resetting:
                node = step.graph.nodes[join.node]
                if _is_reset_due(step, scope, join) and _reset(step, scope_id, node):
                    return True
            elif _is_enabled(step, scope_id, scope, join):
                open_join(step, scope_id, join)
                return True
    return False


def _reset(step: Step, scope_id: ElementId, node: GraphNode) -> bool:
    """Look at the conditions of a reset; False while one that failed is asked about."""
    if asked_about(step, scope_id, node, RESET) is not None:
        return False
    conditioned = [flow for flow in node.outgoing if flow.condition is not None]
    data = {**context(step.case, scope_id), WAITING: False}
    try:
        again = [f for f in conditioned if holds(step, f.condition, data, RESET)]
    except Stuck as stuck:
        offered = (Option(flow.id, flow.label) for flow in conditioned)
        none = Option(GO_ON, "Go on without it")
        stop(step, scope_id, node, stuck, ways=(AGAIN, none, *offered))
        return False
    reset(step, scope_id, node, again)
    return True


def reset(step: Step, scope_id: ElementId, node: GraphNode, again: list[GraphFlow]) -> None:
    """An opened complex gateway takes what came late, and waits anew (§13.4.5).

    Its conditions are read again with `waitingForStart` false, so that a drawing may go on then as
    well; a flow without a condition is for the start only.
    """
    scope = step.case.elements[scope_id]
    step.emit(JoinReset(node=node.id, scope=scope_id))
    for flow in again:
        if flow.parks:
            step.emit(FlowTaken(flow=flow.id, scope=scope_id))
        else:
            begin(step, flow.target, scope_id, flow.id)
    if not scope.children and not scope.tokens:
        ended(step, scope_id, scope)


def open_join(step: Step, scope_id: ElementId, join: Join) -> None:
    """The tokens before a join become one in it."""
    work = _incident(step, step.case.elements[scope_id], join)
    if work is not None:
        step.emit(WorkCancelled(work=work, node=join.node))
    begin(step, join.node, scope_id)


def ask_about_dead_joins(step: Step) -> None:
    """A join whose missing tokens can never come is somebody's to mend, not a case for ever."""
    for scope_id in tuple(step.case.parked):
        scope = step.case.elements[scope_id]
        for join in step.graph.joins.get(scope.node, ()):
            node = step.graph.nodes[join.node]
            if (
                join.node not in scope.resetting
                and _marked(scope, join)
                and _incident(step, scope, join) is None
                and _is_dead(step, scope, join, node)
            ):
                message = f"Before “{node.label}” a token waits for others that cannot come."
                raise_incident(step, scope_id, node, JOIN_DEAD, message)


def _incident(step: Step, scope: Element, join: Join) -> WorkId | None:
    for item in scope.open:
        if item[0] == "w":
            work = step.case.works[WorkId(item)]
            if work.kind is WorkKind.INCIDENT and work.node == join.node:
                return WorkId(item)
    return None


def _marked(scope: Element, join: Join) -> int:
    """The flows before a join that have a token, as a bit set."""
    marked = 0
    for place, flow in enumerate(join.flows):
        if flow in scope.tokens:
            marked |= 1 << place
    return marked


def _is_enabled(step: Step, scope_id: ElementId, scope: Element, join: Join) -> bool:
    marked = _marked(scope, join)
    if not marked:
        return False
    node = step.graph.nodes[join.node]
    if node.drawn.start_quantity > 1:
        waiting = sum(scope.tokens.get(flow, 0) for flow in join.flows)
        return waiting >= node.drawn.start_quantity
    everything = (1 << len(join.flows)) - 1
    if marked == everything:
        return True
    if node.kind is NodeKind.PARALLEL_GATEWAY:
        return False
    if node.activation is not None and _activates(step, scope_id, scope, join, node):
        return True
    return not any(reach & ~marked and not reach & marked for reach in _upstream(step, scope, join))


def _is_reset_due(step: Step, scope: Element, join: Join) -> bool:
    """Whether every flow an opened complex gateway still takes has a token, or will get none."""
    waiting = 0
    for place, flow in enumerate(join.flows):
        if flow in scope.resetting[join.node] and flow not in scope.tokens:
            waiting |= 1 << place
    return not any(
        reach & waiting and not reach & ~waiting for reach in _upstream(step, scope, join)
    )


def _activates(
    step: Step, scope_id: ElementId, scope: Element, join: Join, node: GraphNode
) -> bool:
    """A complex gateway's activation condition over the number of waiting tokens (§10.6.5)."""
    count = sum(scope.tokens.get(flow, 0) for flow in join.flows)
    data = {**context(step.case, scope_id), "activationCount": count}
    data.update({flow: scope.tokens.get(flow, 0) for flow in join.flows})
    try:
        return judge(step, node.activation, data, ACTIVATION) is True
    except Stuck as stuck:
        stop(step, scope_id, node, stuck)
        return False


def _upstream(step: Step, scope: Element, join: Join) -> list[int]:
    """What each token of the scope can still reach of the join's flows (§13.4.3).

    A token in a node, or waiting before another join, reaches what its node reaches. Tokens that
    wait before this join reach nothing more: a path must not visit the join.
    """
    reach = join.reach
    found = [reach.get(step.case.elements[child].node, 0) for child in scope.children]
    flows = step.graph.flows
    found.extend(
        reach.get(flows[flow].target, 0)
        for flow in scope.tokens
        if flows[flow].target != join.node and flows[flow].target not in scope.resetting
    )
    return found


def _is_dead(step: Step, scope: Element, join: Join, node: GraphNode) -> bool:
    """Whether no token of the scope can ever bring what is missing."""
    marked = _marked(scope, join)
    if node.drawn.start_quantity > 1:
        marked = 0
    moving = [join.reach.get(step.case.elements[child].node, 0) for child in scope.children]
    if any(reach & ~marked for reach in moving):
        return False
    if any(moving) or scope.children:
        # Other joins may still bring it, as long as anything in the scope moves at all.
        return not any(reach & ~marked for reach in _upstream(step, scope, join))
    return True  # everything in the scope waits for each other
