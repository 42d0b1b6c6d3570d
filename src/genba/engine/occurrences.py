"""What an event does once it has happened, whoever noticed it.

Rules of this file: one door, `occur`, for timers, messages, signals, conditions, throws from
inside and people. An event may come to an activity (boundary), to a scope (event sub-process), to
an event-based gateway, or to the element that waits for it.
"""

from msgspec.structs import replace

from genba.engine import events as e
from genba.engine.compensation import undo_next
from genba.engine.graph import GraphNode
from genba.engine.incidents import ADDRESS, EVENT, Stuck, asked_about, raise_incident, stop
from genba.engine.lifecycle import begin, cancel, close, complete, enter, interrupt, listen_at
from genba.engine.state import Kept
from genba.engine.step import Step
from genba.engine.values import Data, ElementId, NodeId, SubscriptionId, WorkId
from genba.engine.variables import context, evaluate, holds
from genba.engine.waiting import answers, ask, received
from genba.notation.model import EventKind, NodeKind


def occur(
    step: Step,
    id: ElementId,
    node_id: NodeId,
    place: int,
    data: Data,
    *,
    keep: ElementId | None = None,
) -> None:
    """The event definition at `place` of a node has happened, as element `id` waited for it.

    `keep` is an activity that its boundary does not cancel this time (§10.3.8).
    """
    element = step.case.elements[id]
    node = step.graph.nodes[node_id]
    if node.all_of and not _all_seen(step, id, node, place):
        return
    if node.kind is NodeKind.BOUNDARY_EVENT:
        if node.triggers[place].kind is EventKind.CANCEL:
            cancel_transaction(step, id)
        else:
            fire_boundary(step, id, node, data, keep=id == keep)
    elif node.kind is NodeKind.START_EVENT:
        fire_event_sub_process(step, id, node, data)
    elif element.node != node_id:
        fire_gateway(step, id, node_id, data)
    else:
        complete(step, id, data)


def _all_seen(step: Step, id: ElementId, node: GraphNode, place: int) -> bool:
    """Parallel multiple: note this one; True once all have happened (§10.5.5)."""
    seen = {*step.case.elements[id].seen.get(node.id, ()), place}
    step.emit(e.EventOccurred(element=id, node=node.id, definition=place))
    if len(seen) == len(node.triggers):
        return True
    for item in tuple(step.case.elements[id].open):
        if item[0] == "s":
            waiting = step.case.subscriptions[SubscriptionId(item)]
            if waiting.node == node.id and waiting.definition == place:
                step.emit(e.SubscriptionClosed(subscription=SubscriptionId(item)))
    _ask_again(step, id, node, tuple(seen))
    return False


def _ask_again(step: Step, id: ElementId, node: GraphNode, seen: tuple[int, ...]) -> None:
    """The question is about what is still to happen."""
    case = step.case
    for item in tuple(case.elements[id].open):
        work = WorkId(item)
        if work in case.works and case.works[work].node == node.id:
            step.emit(e.WorkCancelled(work=work, node=node.id))
    places = [p for p, trigger in enumerate(node.triggers) if trigger.ask and p not in seen]
    if places:
        ask(step, id, node, places)


def fire_boundary(
    step: Step, host: ElementId, node: GraphNode, data: Data, *, keep: bool = False
) -> None:
    """A boundary event fires: its activity ends or goes on, a token leaves it (§10.5.4)."""
    scope = step.case.elements[host].scope
    if node.interrupting and not keep:
        cancel(step, host, why=node.id)
    fired = enter(step, node.id, scope)
    complete(step, fired, data)


def fire_event_sub_process(step: Step, scope_id: ElementId, start: GraphNode, data: Data) -> None:
    """An event sub-process begins in a running scope, and takes it over if it interrupts."""
    if step.case.elements[scope_id].interrupted:
        return
    if start.interrupting:
        interrupt(step, scope_id)
    inside = enter(step, start.scope, scope_id)
    listen(step, inside, start.scope)
    complete(step, enter(step, start.id, inside), data)


def listen(step: Step, scope_id: ElementId, node_id: NodeId) -> None:
    """A scope begins to listen for the events of its event sub-processes."""
    for start in step.graph.scopes[node_id].event_starts:
        listen_at(step, scope_id, step.graph.nodes[start])


def listen_to(step: Step, id: ElementId, node: GraphNode) -> None:
    """Listen anew for one event, instead of whatever is listened to for it."""
    close(step, id, (node.id,))
    listen_at(step, id, node)


def listens(step: Step, id: ElementId, node: GraphNode) -> bool:
    """Whether an element still waits for an event of its boundary or of its event sub-process."""
    element = step.case.elements.get(id)
    if element is None:
        return False
    return node.kind is not NodeKind.START_EVENT or not element.interrupted


def fire_gateway(step: Step, id: ElementId, target: NodeId, data: Data) -> None:
    """One of the events after an event-based gateway has happened: the others are off (§10.6.6)."""
    element = step.case.elements[id]
    gateway = step.graph.nodes[element.node]
    flow = next(flow for flow in gateway.outgoing if flow.target == target)
    close(step, id)
    step.emit(e.ElementCompleted(element=id, node=gateway.id))
    node = step.graph.nodes[target]
    if node.behaviour in ("catch", "receive"):
        complete(step, enter(step, target, element.scope, flow.id), data)
    else:
        begin(step, target, element.scope, flow.id)


def cancel_transaction(step: Step, id: ElementId) -> None:
    """A transaction is cancelled: all inside ends, then what was done is undone (§10.3.5)."""
    interrupt(step, id)
    close(step, id)
    step.emit(e.CompensationTriggered(element=id, scope=id))
    if not undo_next(step, id):
        leave_cancelled(step, id)


def leave_cancelled(step: Step, id: ElementId) -> None:
    """All is undone: the token leaves by the cancel event at the boundary, if one is drawn."""
    transaction = step.graph.nodes[step.case.elements[id].node]
    for boundary in transaction.boundary:
        node = step.graph.nodes[boundary]
        if any(trigger.kind is EventKind.CANCEL for trigger in node.triggers):
            fire_boundary(step, id, node, {})
            return
    complete(step, id)


def fire_again(step: Step, id: ElementId, node: GraphNode) -> None:
    """An event in a flow that is drawn to come several times comes, not yet for the last time."""
    complete(step, enter(step, node.id, step.case.elements[id].scope))


def hear(step: Step, name: str, data: Data, *, keep: ElementId | None = None) -> None:
    """A signal reaches everything in the case that waits for it (§10.5.5)."""
    for key, waiting in tuple(step.case.subscriptions.items()):
        if waiting.kind == "signal" and waiting.name == name and key in step.case.subscriptions:
            given = dict(data)
            occur(step, waiting.element, waiting.node, waiting.definition, given, keep=keep)


def watch(step: Step) -> None:
    """Look at every condition somebody waits for; one that has become true happens."""
    for key, waiting in tuple(step.case.subscriptions.items()):
        if waiting.kind != "condition" or key not in step.case.subscriptions:
            continue
        trigger = step.graph.nodes[waiting.node].triggers[waiting.definition]
        id, node = waiting.element, step.graph.nodes[waiting.node]
        try:
            now = holds(step, trigger.condition, context(step.case, id), EVENT)
        except Stuck as stuck:
            stop(step, id, node, stuck)
            continue
        asked = asked_about(step, id, node, EVENT)
        if asked is not None:
            step.emit(e.WorkCancelled(work=asked, node=node.id))
        if now == waiting.holds:
            continue
        step.emit(e.ConditionChanged(subscription=key, holds=now))
        if now:
            occur(step, waiting.element, waiting.node, waiting.definition, {})


def take_kept(step: Step) -> bool:
    """Give messages that came early to who waits for them now; True if any was given."""
    for key, kept in tuple(step.case.kept.items()):
        for waiting in tuple(step.case.subscriptions.values()):
            if answers(waiting, kept):
                step.emit(e.MessageTaken(message=key, element=waiting.element))
                data = received(step, waiting.element, kept)
                occur(step, waiting.element, waiting.node, waiting.definition, data)
                return True
    return False


def arrive(step: Step, message: Kept) -> None:
    """A message comes from outside: tell by its data whom it is for, then deliver it."""
    carried = step.graph.keys.get(message.name)
    if message.key is None and carried is not None:
        try:
            value = evaluate(step, carried, message.data, ADDRESS)
        except Stuck as stuck:
            _ask_whose(step, message, stuck)
            return
        message = replace(message, key=None if value is None else str(value))
    deliver(step, message)


def _ask_whose(step: Step, message: Kept, stuck: Stuck) -> None:
    """Nobody can tell whom a message is for: it is kept in the question."""
    waiting = step.case.subscriptions.values()
    at = next((one.node for one in waiting if one.name == message.name), message.node)
    node = step.graph.nodes[at or NodeId(step.graph.start_nodes[0])]
    words = f"A message “{message.name}” came; {ADDRESS.words}: {stuck.why}"
    given: Data = {"name": message.name, "node": message.node, "data": message.data}
    given |= {"sender": message.sender, "fill": message.fill}
    raise_incident(step, step.case.root, node, ADDRESS, words, given=given)


def deliver(step: Step, message: Kept) -> None:
    """A message arrives: to who waits for it, to the activity it is drawn to, or it is kept."""
    found = next((w for w in step.case.subscriptions.values() if answers(w, message)), None)
    at = step.graph.nodes.get(message.node) if message.node is not None else None
    step.emit(
        e.MessageReceived(
            name=message.name,
            node=message.node,
            key=message.key,
            data=message.data,
            sender=message.sender,
            kept=found is None and (at is None or bool(at.triggers)),
            fill=message.fill,
        )
    )
    if found is not None:
        data = received(step, found.element, message)
        occur(step, found.element, found.node, found.definition, data)
    elif at is not None and not at.triggers:
        _inform(step, at, message)


def _inform(step: Step, node: GraphNode, message: Kept) -> None:
    """A message flow ends at a plain activity: what it says becomes known, nothing waits for it."""
    data = received(step, step.case.root, message)
    if data:
        step.emit(e.DataChanged(scope=step.case.root, values=data))
        if step.graph.conditional:
            watch(step)
