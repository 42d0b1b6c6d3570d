"""The life of an element: begin, run, complete, depart, end, or be cancelled (§13.3).

Rules of this file: what is the same for every kind of element. What differs is asked of the
behaviour (`Step.behaviours`); where tokens wait is `joins`, how a way is chosen is `flows`.
"""

from collections.abc import Collection, Sequence

from genba.engine import events as e
from genba.engine.flows import choose
from genba.engine.graph import GraphFlow, GraphNode, is_manned
from genba.engine.incidents import AGAIN, BORDER, SENDING, STEPS, Stuck, raise_incident, stop
from genba.engine.state import Element
from genba.engine.step import Behaviour, Step
from genba.engine.straight import go_straight
from genba.engine.values import (
    Data,
    ElementId,
    FlowId,
    NodeId,
    Option,
    SubscriptionId,
    TimerId,
    WorkId,
)
from genba.engine.variables import context, evaluate, map_out
from genba.engine.waiting import arm
from genba.notation.model import EventKind


def enter(step: Step, node_id: NodeId, scope: ElementId, via: FlowId | None = None) -> ElementId:
    """A token comes to a node; nothing is done there yet."""
    id = step.element_id()
    step.emit(e.ElementStarted(element=id, node=node_id, scope=scope, via=via))
    return id


def begin(step: Step, node_id: NodeId, scope: ElementId, via: FlowId | None = None) -> ElementId:
    """A token comes to a node, and what is drawn there will be done."""
    id = ElementId(f"e{step.case.counter + 1}")
    step.emit(e.ElementStarted(element=id, node=node_id, scope=scope, via=via))
    step.queue.append((run, (step, id)))
    return id


def run(step: Step, id: ElementId) -> None:
    """Do what is drawn at the node of an element, unless it is gone meanwhile."""
    element = step.case.elements.get(id)
    if element is None:
        return
    if element.node in step.graph.straight:
        id = go_straight(step, id, element)
    node = step.graph.nodes[element.node]
    if step.left <= 0:
        _halt(step, id, node)
        return
    step.left -= 1
    if node.boundary and not is_instance(step, element, node):
        manned = is_manned(node, step.graph.machines)
        for boundary in node.boundary:
            event = step.graph.nodes[boundary]
            if not (manned and _only_errors(event)):  # the machine says so itself
                listen_at(step, id, event)
        if id not in step.case.elements:
            return
    begin_work(step, id)


def listen_at(step: Step, id: ElementId, event: GraphNode) -> None:
    """Wait for an event beside what an element does; ask about one that cannot be waited for."""
    try:
        arm(step, id, event)
    except Stuck as stuck:
        close(step, id, (event.id,))
        stop(step, id, event, Stuck(BORDER, f"{stuck.place.words}: {stuck.why}"))


def begin_work(step: Step, id: ElementId) -> None:
    """Begin what an element is there for; what cannot be told stops it here, untouched."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    try:
        behaviour_of(step, element, node).start(step, id, element, node)
    except Stuck as stuck:
        close(step, id, [at for at in map(NodeId, step.graph.nodes) if at not in node.boundary])
        ways: tuple[Option, ...] = ()
        if node.behaviour == "event-gateway":
            targets = [step.graph.nodes[flow.target] for flow in node.outgoing]
            ways = (AGAIN, *(Option(target.id, target.label) for target in targets))
        stop(step, id, node, stuck, ways=ways)


def _only_errors(node: GraphNode) -> bool:
    """Whether an event waits for nothing but errors."""
    return all(trigger.kind is EventKind.ERROR for trigger in node.triggers)


def _halt(step: Step, id: ElementId, node: GraphNode) -> None:
    """Stop a process that runs in circles: one question for all that has not been done yet."""
    others = [arguments[1] for task, arguments in step.queue if task is run]
    step.queue.clear()
    step.emit(e.StepsHalted(elements=(*step.case.halted, id, *others)))
    message = f"“{node.label}” was reached after too many steps without anybody asked."
    raise_incident(step, step.case.root, node, STEPS, message)


def resume_halted(step: Step) -> None:
    """What the budget stopped goes on, with a new budget."""
    halted = step.case.halted
    step.emit(e.StepsResumed())
    for id in halted:
        step.later(run, step, id)


def behaviour_of(step: Step, element: Element, node: GraphNode) -> Behaviour:
    """Who knows what an element does: its kind, or the repetition around it."""
    return step.behaviours["repetition" if element.loop is not None else node.behaviour]


def is_instance(step: Step, element: Element, node: GraphNode) -> bool:
    """Whether an element is one of the visits of a repeated activity."""
    return node.repetition is not None and step.case.elements[element.scope].loop is not None


def complete(step: Step, id: ElementId, data: Data | None = None) -> None:
    """An element has done its work: hand on its data, then leave over its flows."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    if element.loop is None and (node.outputs or data):
        try:
            map_out(step, id, node, data or {})
        except Stuck as stuck:
            close(step, id, (node.id,))
            stop(step, id, node, stuck, given=data or {})
            return
        if id not in step.case.elements:
            return  # what was written interrupted it (conditional event)
    pass_on(step, id)


def pass_on(step: Step, id: ElementId, *, sends: bool = True) -> None:
    """What an element gives is handed on: find its ways, and leave; without messages if told so."""
    element = step.case.elements[id]
    node = step.graph.nodes[element.node]
    if element.loop is None and node.repetition is not None and is_instance(step, element, node):
        _leave(step, id, element, node, (), sends)
        return
    if node.simple:
        _leave(step, id, element, node, node.outgoing, sends)
        return
    close(step, id)  # nothing can happen to it any more while somebody chooses
    flows = choose(step, id, node)
    if flows is not None:
        _leave(step, id, element, node, flows, sends)


def depart(step: Step, id: ElementId, flows: Sequence[GraphFlow]) -> None:
    """An element ends and its token goes on over `flows`; without any, its path ends here."""
    element = step.case.elements[id]
    _leave(step, id, element, step.graph.nodes[element.node], flows)


def _leave(
    step: Step,
    id: ElementId,
    element: Element,
    node: GraphNode,
    flows: Sequence[GraphFlow],
    sends: bool = True,
) -> None:
    if element.open:
        close(step, id)
    if sends and node.sends and element.loop is None:
        try:
            send(step, id, node)
        except Stuck as stuck:
            stop(step, id, node, stuck)
            return
    step.emit(e.ElementCompleted(element=id, node=node.id))
    scope = element.scope
    if node.quantity != 1:
        flows = [flow for flow in flows for _ in range(node.quantity)]
    for flow in flows:
        if flow.parks:
            step.emit(e.FlowTaken(flow=flow.id, scope=scope))
        else:
            begin(step, flow.target, scope, flow.id)
    if flows:
        return
    if node.link is not None:
        begin(step, node.link, scope)
    else:
        ended(step, scope, element)


def send(step: Step, id: ElementId, node: GraphNode) -> None:
    """The messages that leave a node when it is done: what is mapped, else what it knows.

    Raises Stuck, with none of them sent.
    """
    data = dict(context(step.case, id))
    mapped = {target: data.get(target) for target, _ in node.inputs}
    keys = [evaluate(step, message.key, data, SENDING) for message in node.sends]
    for message, key in zip(node.sends, keys, strict=True):
        step.emit(
            e.MessageSent(
                name=message.name,
                node=node.id,
                flow=message.flow,
                target=message.target,
                key=None if key is None else str(key),
                data=mapped or data,
                fill=not mapped,
            )
        )


def ended(step: Step, scope_id: ElementId, child: Element) -> None:
    """A path has ended in a scope: the scope sees whether that was the last one."""
    scope = step.case.elements[scope_id]
    if scope_id == step.case.root:
        if not scope.children and not scope.tokens:
            complete_case(step)
        return
    node = step.graph.nodes[scope.node]
    behaviour_of(step, scope, node).after_child(step, scope_id, scope, node, child)


def complete_case(step: Step, error: str | None = None) -> None:
    """No live token is left: the case is over."""
    close(step, step.case.root)
    step.emit(e.CaseCompleted(error=error))
    step.queue.clear()


def close(
    step: Step, id: ElementId, nodes: Collection[NodeId] | None = None, why: str = ""
) -> None:
    """Close everything an element has open (only what belongs to `nodes`, if given)."""
    case = step.case
    for item in tuple(case.elements[id].open):
        if item[0] == "w":
            work = WorkId(item)
            if nodes is None or case.works[work].node in nodes:
                step.emit(e.WorkCancelled(work=work, node=case.works[work].node, why=why))
        elif item[0] == "t":
            timer = TimerId(item)
            if nodes is None or case.timers[timer].node in nodes:
                step.emit(e.TimerCancelled(timer=timer))
        else:
            subscription = SubscriptionId(item)
            if nodes is None or case.subscriptions[subscription].node in nodes:
                step.emit(e.SubscriptionClosed(subscription=subscription))


def cancel(step: Step, id: ElementId, why: str = "") -> None:
    """End an element and everything inside it, the innermost first."""
    order = [id]
    for at in order:
        order.extend(step.case.elements[at].children)
    for at in reversed(order):
        close(step, at, why=why)
        step.emit(e.ElementCancelled(element=at, node=step.case.elements[at].node))


def clear(step: Step, scope_id: ElementId, why: str = "") -> None:
    """End everything inside a scope; the scope itself stays."""
    for child in reversed(tuple(step.case.elements[scope_id].children)):
        cancel(step, child, why)


def interrupt(step: Step, scope_id: ElementId) -> None:
    """An event takes over a scope: all inside ends, its event sub-processes listen no more."""
    scope = step.case.elements[scope_id]
    clear(step, scope_id)
    close(step, scope_id, step.graph.scopes[scope.node].event_starts)
    step.emit(e.ScopeInterrupted(element=scope_id))


def terminate(step: Step, scope_id: ElementId) -> None:
    """A terminate end event: everything in its scope ends, and the scope with it (§10.5.3)."""
    clear(step, scope_id)
    if scope_id == step.case.root:
        complete_case(step)
    else:
        complete(step, scope_id)
