"""Event -> state: the only place where a case changes.

Rules of this file: one function per event, in a table. They do what the event says and decide
nothing; whether it may happen was decided before. Replaying the events of a case in order gives
its state again, byte for byte.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from genba.engine import ballot_events as ballots
from genba.engine import events as e
from genba.engine.graph import Graph, GraphNode
from genba.engine.promise_application import APPLY_PROMISES
from genba.engine.renaming import rename
from genba.engine.state import (
    Ballot,
    Case,
    Element,
    Kept,
    Loop,
    Record,
    Seat,
    Subscription,
    Timer,
    Work,
)
from genba.engine.suspension_application import APPLY_SUSPENSION
from genba.engine.values import (
    CaseStatus,
    ElementId,
    FlowId,
    NodeId,
    WorkId,
    WorkKind,
)
from genba.notation.model import NodeKind


def apply(graph: Graph, case: Case, event: e.Event) -> None:
    """Change the state of `case` as `event` says. Raises KeyError for an unknown kind of event."""
    APPLY[type(event)](graph, case, event)


def _case_started(graph: Graph, case: Case, event: e.CaseStarted) -> None:
    case.process, case.version = event.process, event.version
    case.counter += 1
    case.root = ElementId(f"e{case.counter}")
    case.elements[case.root] = Element(node=NodeId(event.process))
    case.data = dict(event.data)


def _case_completed(graph: Graph, case: Case, event: e.CaseCompleted) -> None:
    case.status = CaseStatus.COMPLETED
    case.error = event.error
    _clear(case)


def _case_cancelled(graph: Graph, case: Case, event: e.CaseCancelled) -> None:
    case.status = CaseStatus.CANCELLED
    _clear(case)


def _clear(case: Case) -> None:
    case.elements.pop(case.root, None)
    case.parked.clear()
    case.kept.clear()
    case.suspended, case.kept_back = False, []
    case.halted = []


def _element_started(graph: Graph, case: Case, event: e.ElementStarted) -> None:
    case.counter += 1
    elements = case.elements
    scope = elements[event.scope]
    element = Element(node=event.node, scope=event.scope)
    elements[event.element] = element
    scope.children[event.element] = None
    node = graph.nodes[event.node]
    if node.parks and scope.tokens and event.via is None:
        if node.activation is not None:
            late = [flow.id for flow in node.incoming if flow.id not in scope.tokens]
            if late:
                scope.resetting[node.id] = late
        _consume(case, event.scope, scope, node)
    if scope.loop is not None:
        element.index = scope.loop.started
        scope.loop.started += 1
    if node.repetition is not None and scope.node != event.node:
        element.loop = Loop()
    if scope.plan:  # a compensation handler: it has the data of what it undoes (§10.6.1)
        record = scope.plan.pop()
        element.data, element.records = record.data, record.inner


def hand_on(case: Case, id: ElementId, element: Element, following: ElementId, to: NodeId) -> None:
    """What `ElementCompleted` and `ElementStarted` after it do together to a plain element."""
    case.counter += 1
    element.node = to
    del case.elements[id]
    case.elements[following] = element
    children = case.elements[element.scope].children
    del children[id]
    children[following] = None


def _consume(case: Case, scope_id: ElementId, scope: Element, node: GraphNode) -> None:
    """One token from each flow that has one (§13.4.1, §13.4.3); `startQuantity` takes as many."""
    tokens = scope.tokens
    if node.drawn.start_quantity > 1:
        wanted = node.drawn.start_quantity
        for flow in node.incoming:
            while wanted and tokens.get(flow.id):
                _take(tokens, flow.id)
                wanted -= 1
    else:
        for flow in node.incoming:
            if flow.id in tokens:
                _take(tokens, flow.id)
    if not tokens:
        case.parked.pop(scope_id, None)


def _take(tokens: dict[FlowId, int], flow: FlowId) -> None:
    if tokens[flow] > 1:
        tokens[flow] -= 1
    else:
        del tokens[flow]


def _flow_taken(graph: Graph, case: Case, event: e.FlowTaken) -> None:
    tokens = case.elements[event.scope].tokens
    tokens[event.flow] = tokens.get(event.flow, 0) + 1
    case.parked[event.scope] = None


def _element_completed(graph: Graph, case: Case, event: e.ElementCompleted) -> None:
    element = case.elements.pop(event.element)
    scope = case.elements[element.scope]
    del scope.children[event.element]
    if element.tokens:
        case.parked.pop(event.element, None)
    if scope.loop is not None:
        scope.loop.done += 1
    node = graph.nodes[event.node]
    if element.records or (node.handler is not None and element.loop is None):
        _record(scope, node, element)


def _record(scope: Element, node: GraphNode, element: Element) -> None:
    """Remember a completed activity that can be undone, with the data it had (§10.6.1)."""
    if node.kind in (NodeKind.INTERMEDIATE_THROW_EVENT, NodeKind.END_EVENT):
        return  # a throw that undid something cannot be undone
    scope.records.append(Record(node.id, dict(element.data), element.records))


def _element_cancelled(graph: Graph, case: Case, event: e.ElementCancelled) -> None:
    element = case.elements.pop(event.element)
    scope = case.elements[element.scope]
    del scope.children[event.element]
    case.parked.pop(event.element, None)


def _scope_interrupted(graph: Graph, case: Case, event: e.ScopeInterrupted) -> None:
    scope = case.elements[event.element]
    scope.interrupted = True
    scope.tokens.clear()
    scope.resetting.clear()
    case.parked.pop(event.element, None)


def _work_opened(graph: Graph, case: Case, event: e.WorkOpened) -> None:
    case.counter += 1
    case.works[event.work] = Work(
        event.kind,
        event.node,
        event.element,
        event.role,
        event.assignee,
        event.users,
        event.groups,
        event.options,
        event.many,
        event.due,
        event.priority,
        event.silent,
        event.sender,
        event.note,
        event.topic,
        event.seat,
        remind=event.remind,
        escalate=event.escalate,
        escalate_to=event.escalate_to,
        later=event.later,
        rule=event.rule,
        given=event.given,
    )
    element = case.elements[event.element]
    element.open.append(event.work)
    if event.seat is not None and element.ballot is not None:
        element.ballot.seats[event.seat].work = event.work


def _work_assigned(graph: Graph, case: Case, event: e.WorkAssigned) -> None:
    """Given back to its role, or to who delegated it, it comes back to nobody behind them."""
    work = case.works[event.work]
    work.assignee = event.to
    if event.to is None:
        work.returns = []
    elif event.to in work.returns:
        work.returns = work.returns[: work.returns.index(event.to)]


def _work_delegated(graph: Graph, case: Case, event: ballots.WorkDelegated) -> None:
    work = case.works[event.work]
    work.assignee = event.to
    work.returns = [*work.returns, event.by]


def _work_returned(graph: Graph, case: Case, event: ballots.WorkReturned) -> None:
    work = case.works[event.work]
    work.assignee = event.to
    work.returns = work.returns[:-1]
    work.proposed = dict(event.data)


def _ballot_opened(graph: Graph, case: Case, event: ballots.BallotOpened) -> None:
    seats = [Seat(turn, to) for turn, to in zip(event.turns, event.to, strict=True)]
    case.elements[event.element].ballot = Ballot(event.rule, event.need, seats)
    case.hands.pop(event.node, None)
    if event.work is not None:
        seats[0].work = event.work
        case.works[event.work].seat = 0


def _signer_added(graph: Graph, case: Case, event: ballots.SignerAdded) -> None:
    """Before: this seat moves one turn on; after: the new one is a turn of its own."""
    ballot = case.elements[event.element].ballot
    assert ballot is not None
    turn = ballot.seats[event.of].turn
    if event.place != "beside":
        for seat in ballot.seats:
            if seat.turn > turn:
                seat.turn += 1
    if event.place == "before":
        ballot.seats[event.of].turn = turn + 1
        ballot.seats[event.of].to = event.by
    ballot.seats.append(Seat(turn + 1 if event.place == "after" else turn, event.to))
    if ballot.rule == "count":
        ballot.need += 1  # who is asked to sign too is needed too


def _vote_cast(graph: Graph, case: Case, event: ballots.VoteCast) -> None:
    ballot = case.elements[event.element].ballot
    assert ballot is not None
    seat = ballot.seats[event.seat]
    seat.work, seat.verdict, seat.data = None, event.verdict, dict(event.data)
    seat.by, seat.behalf = event.by, event.behalf


def _ballot_settled(graph: Graph, case: Case, event: ballots.BallotSettled) -> None:
    case.elements[event.element].ballot = None


def _had_hands(graph: Graph, case: Case, event: e.WorkCompleted, element: Element) -> None:
    """Remember who did a step that a four-eyes rule of another one looks at."""
    repeated = case.elements[element.scope].loop is not None
    before = case.hands.get(event.node, []) if element.ballot is not None or repeated else []
    found = dict.fromkeys([*before, *filter(None, (event.by, event.behalf))])
    case.hands[event.node] = list(found)


def _work_completed(graph: Graph, case: Case, event: e.WorkCompleted) -> None:
    work = _close_work(case, event.work)
    element = case.elements[work.element]
    if work.kind in (WorkKind.TASK, WorkKind.JOB):
        case.done.pop(work.node, None)
        case.done[work.node] = event.by
        if work.node in graph.watched:
            _had_hands(graph, case, event, element)
    elif work.kind is WorkKind.PICK and "enough" in event.chosen:
        element.enough = True


def _work_over(graph: Graph, case: Case, event: e.WorkCancelled | e.ErrorRaised) -> None:
    _close_work(case, event.work)


def _close_work(case: Case, work_id: WorkId) -> Work:
    work = case.works.pop(work_id)
    element = case.elements[work.element]
    element.open.remove(work_id)
    if work.seat is not None and element.ballot is not None:
        element.ballot.seats[work.seat].work = None
    return work


def _nothing(graph: Graph, case: Case, event: e.Event) -> None:
    """The event says what happened; what it changed is said by the events after it."""


def _data_changed(graph: Graph, case: Case, event: e.DataChanged) -> None:
    if event.scope == case.root:
        case.data.update(event.values)
    else:
        case.elements[event.scope].data.update(event.values)


def _timer_set(graph: Graph, case: Case, event: e.TimerSet) -> None:
    case.counter += 1
    case.timers[event.timer] = Timer(
        event.node, event.element, event.due, event.definition, event.left, event.base
    )
    case.elements[event.element].open.append(event.timer)


def _timer_gone(graph: Graph, case: Case, event: e.TimerFired | e.TimerCancelled) -> None:
    timer = case.timers.pop(event.timer)
    case.elements[timer.element].open.remove(event.timer)


def _subscription_opened(graph: Graph, case: Case, event: e.SubscriptionOpened) -> None:
    case.counter += 1
    case.subscriptions[event.subscription] = Subscription(
        event.kind, event.name, event.node, event.element, event.key, event.definition
    )
    case.elements[event.element].open.append(event.subscription)


def _subscription_closed(graph: Graph, case: Case, event: e.SubscriptionClosed) -> None:
    subscription = case.subscriptions.pop(event.subscription)
    case.elements[subscription.element].open.remove(event.subscription)


def _condition_changed(graph: Graph, case: Case, event: e.ConditionChanged) -> None:
    case.subscriptions[event.subscription].holds = event.holds


def _message_received(graph: Graph, case: Case, event: e.MessageReceived) -> None:
    if event.kept:
        case.counter += 1
        case.kept[f"m{case.counter}"] = Kept(
            event.name, event.node, event.key, dict(event.data), event.sender, event.fill
        )


def _message_taken(graph: Graph, case: Case, event: e.MessageTaken) -> None:
    del case.kept[event.message]


def _event_occurred(graph: Graph, case: Case, event: e.EventOccurred) -> None:
    seen = case.elements[event.element].seen.setdefault(event.node, [])
    if event.definition not in seen:
        seen.append(event.definition)
    if len(seen) == len(graph.nodes[event.node].triggers):
        del case.elements[event.element].seen[event.node]  # the next round begins


def _instances_planned(graph: Graph, case: Case, event: e.InstancesPlanned) -> None:
    loop = case.elements[event.element].loop
    assert loop is not None
    loop.total, loop.items = event.count, event.items


def _instance_output(graph: Graph, case: Case, event: e.InstanceOutput) -> None:
    loop = case.elements[event.element].loop
    assert loop is not None
    loop.outputs[event.index] = event.value


def _compensation_triggered(graph: Graph, case: Case, event: e.CompensationTriggered) -> None:
    thrower, scope = case.elements[event.element], case.elements[event.scope]
    if event.node is None:
        thrower.plan, scope.records = scope.records, []
    else:
        thrower.plan = [record for record in scope.records if record.node == event.node]
        scope.records = [record for record in scope.records if record.node != event.node]


def _compensation_step(graph: Graph, case: Case, event: e.CompensationStep) -> None:
    """A record without a handler of its own gives way to what was done inside it.

    What that saw of its surroundings is kept with it: its handlers see the same (§10.6.1).
    """
    plan = case.elements[event.element].plan
    assert plan is not None
    around = plan.pop()
    plan.extend(
        Record(inner.node, {**around.data, **inner.data}, inner.inner) for inner in around.inner
    )


def _join_reset(graph: Graph, case: Case, event: e.JoinReset) -> None:
    scope = case.elements[event.scope]
    for flow in scope.resetting.pop(event.node):
        if flow in scope.tokens:
            _take(scope.tokens, flow)
    if not scope.tokens:
        case.parked.pop(event.scope, None)


def _steps_halted(graph: Graph, case: Case, event: e.StepsHalted) -> None:
    case.halted = list(event.elements)


def _steps_resumed(graph: Graph, case: Case, event: e.StepsResumed) -> None:
    case.halted = []


def _case_migrated(graph: Graph, case: Case, event: e.CaseMigrated) -> None:
    case.version = event.version
    rename(case, event.nodes, event.flows)
    for node in [node for node in case.done if node not in graph.nodes]:
        del case.done[node]


def _work_revised(graph: Graph, case: Case, event: e.WorkRevised) -> None:
    work = case.works[event.work]
    work.node, work.role, work.options = event.node, event.role, event.options
    work.users, work.groups = event.users, event.groups


def _migration_reverted(graph: Graph, case: Case, event: e.MigrationReverted) -> None:
    was = deepcopy(event.state)
    for field in Case.__struct_fields__:
        if field != "data":
            setattr(case, field, getattr(was, field))


def _path_changed(graph: Graph, case: Case, event: e.PathChanged) -> None:
    case.path = list(event.changes)


def _change_undone(graph: Graph, case: Case, event: e.ChangeUndone) -> None:
    was = deepcopy(event.state)
    for field in Case.__struct_fields__:
        setattr(case, field, getattr(was, field))


def _flow_cleared(graph: Graph, case: Case, event: e.FlowCleared) -> None:
    tokens = case.elements[event.scope].tokens
    _take(tokens, event.flow)
    if not tokens:
        case.parked.pop(event.scope, None)


APPLY: dict[type[Any], Callable[[Graph, Case, Any], None]] = {
    e.CaseStarted: _case_started,
    e.CaseCompleted: _case_completed,
    e.CaseCancelled: _case_cancelled,
    e.ElementStarted: _element_started,
    e.ElementCompleted: _element_completed,
    e.ElementCancelled: _element_cancelled,
    e.FlowTaken: _flow_taken,
    e.WorkOpened: _work_opened,
    e.WorkAssigned: _work_assigned,
    **APPLY_PROMISES,
    e.WorkCompleted: _work_completed,
    ballots.WorkDelegated: _work_delegated,
    ballots.WorkReturned: _work_returned,
    ballots.BallotOpened: _ballot_opened,
    ballots.SignerAdded: _signer_added,
    ballots.VoteCast: _vote_cast,
    ballots.BallotSettled: _ballot_settled,
    e.WorkCancelled: _work_over,
    e.ErrorRaised: _work_over,
    e.StepSentBack: _nothing,
    e.DataChanged: _data_changed,
    e.TimerSet: _timer_set,
    e.TimerFired: _timer_gone,
    e.TimerCancelled: _timer_gone,
    e.SubscriptionOpened: _subscription_opened,
    e.SubscriptionClosed: _subscription_closed,
    e.MessageSent: _nothing,
    e.MessageReceived: _message_received,
    e.MessageTaken: _message_taken,
    e.SignalThrown: _nothing,
    e.EscalationThrown: _nothing,
    e.CaseCalled: _nothing,
    e.IncidentRaised: _nothing,
    e.DecisionMade: _nothing,
    e.EventOccurred: _event_occurred,
    e.ConditionChanged: _condition_changed,
    e.ScopeInterrupted: _scope_interrupted,
    e.InstancesPlanned: _instances_planned,
    e.InstanceOutput: _instance_output,
    e.CompensationTriggered: _compensation_triggered,
    e.CompensationStep: _compensation_step,
    e.JoinReset: _join_reset,
    e.StepsHalted: _steps_halted,
    e.StepsResumed: _steps_resumed,
    e.CaseMigrated: _case_migrated,
    e.WorkRevised: _work_revised,
    e.MigrationReverted: _migration_reverted,
    e.PathChanged: _path_changed,
    e.ChangeUndone: _change_undone,
    e.FlowCleared: _flow_cleared,
    **APPLY_SUSPENSION,
}
