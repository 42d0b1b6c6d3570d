"""Command + state -> events.

Rules of this file: one function per command, in a table. Each first says why the command cannot be
obeyed, while the state is untouched; after the first event nothing is refused any more. Then
everything that follows by itself is done, until only people, timers and messages are waited for.
"""

from collections.abc import Callable
from typing import Any

from genba.engine import ballot_events as ballots
from genba.engine import commands as c
from genba.engine import events as e
from genba.engine import suspension_events as suspension
from genba.engine import timing, urging
from genba.engine.almanac import NOTHING_KNOWN, Almanac
from genba.engine.answers import refuse
from genba.engine.balloting import add_signer, refuse_vote, vote
from genba.engine.elements import BEHAVIOURS
from genba.engine.flows import chosen_flows
from genba.engine.graph import Graph
from genba.engine.incidents import (
    CYCLE,
    FAILED,
    PLACES,
    UNSERVED,
    Stuck,
    asked_about,
    raise_incident,
    stop,
)
from genba.engine.joins import ask_about_dead_joins, open_joins
from genba.engine.lifecycle import (
    begin,
    behaviour_of,
    cancel,
    clear,
    close,
    complete,
    depart,
    enter,
)
from genba.engine.mending import mend
from genba.engine.occurrences import (
    arrive,
    fire_again,
    hear,
    listen,
    listens,
    occur,
    take_kept,
    watch,
)
from genba.engine.redirecting import reassign, redirect
from genba.engine.returning import target_of
from genba.engine.state import Case, Kept, Work
from genba.engine.step import Answer, Step
from genba.engine.suspending import keep_back, kept_back, refuse_on_hold, suspend, waits
from genba.engine.throwing import escalate, fail_here
from genba.engine.values import (
    CaseStatus,
    Data,
    ElementId,
    NodeId,
    WorkKind,
)
from genba.engine.variables import write
from genba.engine.waiting import ask, moment_of, place_of, set_timer
from genba.notation.model import NodeKind


def decide(
    graph: Graph, case: Case, command: c.Command, almanac: Almanac = NOTHING_KNOWN
) -> c.Rejected | tuple[e.Event, ...]:
    """Obey a command: what happens, already applied to `case`; or why not, `case` untouched.

    `almanac` knows the zones and the working hours; without it times are UTC and office hours.
    """
    rejected = _refuse_case(case, command)
    if rejected is not None:
        return rejected
    by = getattr(command, "by", None)
    step = Step(graph, case, command.at, BEHAVIOURS, watch, by, almanac)
    if waits(case, command):
        keep_back(step, command)
        return tuple(step.events)
    rejected = _DECIDE[type(command)](step, command)
    if rejected is not None:
        return rejected
    settle(step)
    return tuple(step.events)


def _refuse_case(case: Case, command: c.Command) -> c.Rejected | None:
    if isinstance(command, c.Start):
        if case.root:
            return c.Rejected(rule="case.started", message="The case has started already.")
        return None
    if not case.root:
        return c.Rejected(rule="case.not-started", message="The case has not started yet.")
    if case.status is not CaseStatus.RUNNING:
        return c.Rejected(rule="case.ended", message="The case is over.")
    return refuse_on_hold(case, command)


def settle(step: Step) -> None:
    """Do all that follows by itself: what is listed, then messages that came early, then joins."""
    case = step.case
    while True:
        step.run()
        if case.status is not CaseStatus.RUNNING:
            return
        if step.graph.conditional:
            watch(step)
            if step.queue:
                continue
        if case.kept and take_kept(step):
            continue
        if case.parked and open_joins(step):
            continue
        break
    if case.parked:
        ask_about_dead_joins(step)


def _start(step: Step, command: c.Start) -> c.Rejected | None:
    graph, process = step.graph, step.graph.process
    if command.node is not None and command.node not in graph.start_nodes:
        label = graph.label(command.node)
        return c.Rejected(rule="start.node", message=f"A case cannot start at “{label}”.")
    step.emit(
        e.CaseStarted(
            process=process.id,
            version=command.version,
            node=command.node,
            data=command.data,
            by=command.by,
        )
    )
    root = step.case.root
    listen(step, root, NodeId(process.id))
    for node_id in _first(graph, command.node):
        node = graph.nodes[node_id]
        if node.behaviour in ("catch", "receive"):
            complete(step, enter(step, node_id, root))  # what it waits for has begun the case
        else:
            begin(step, node_id, root)
        for other in graph.together.get(node_id, ()):
            begin(step, other, root)
    return None


def _first(graph: Graph, node: NodeId | None) -> tuple[NodeId, ...]:
    """Where a case begins: the node asked for, the plain start event, else all that begin."""
    if node is not None:
        return (node,)
    starts = [graph.nodes[start] for start in graph.start_nodes]
    plain = [start.id for start in starts if start.kind is NodeKind.START_EVENT
             and not start.triggers]  # fmt: skip
    if plain:
        return (plain[0],)
    if any(start.kind is NodeKind.START_EVENT for start in starts):
        return next(((s.id,) for s in starts if s.kind is NodeKind.START_EVENT), ())
    if any(start.behaviour in ("catch", "receive") for start in starts) and starts:
        return (starts[0].id,)
    return tuple(start.id for start in starts)


def _complete_work(step: Step, command: c.CompleteWork) -> c.Rejected | None:
    work = step.case.works.get(command.work)
    if work is None:
        return _gone(command.work)
    rejected = refuse(step, work, command) or refuse_vote(step, work, command)
    if rejected is not None:
        return rejected
    if work.returns and command.by != work.returns[-1]:
        _hand_back(step, work, command)
        return None
    step.emit(
        e.WorkCompleted(
            work=command.work,
            node=work.node,
            chosen=command.chosen,
            by=command.by,
            behalf=command.behalf,
        )
    )
    if work.seat is not None:
        vote(step, work, command)
        return None
    _ANSWERED[work.kind](step, work, command)
    return None


def _hand_back(step: Step, work: Work, command: c.CompleteWork) -> None:
    """A delegate has answered: whoever delegated it has the final word."""
    step.emit(
        ballots.WorkReturned(
            work=command.work,
            node=work.node,
            to=work.returns[-1],
            by=command.by,
            data=command.data,
            behalf=command.behalf,
        )
    )


def _delegate_work(step: Step, command: c.DelegateWork) -> c.Rejected | None:
    work = step.case.works.get(command.work)
    if work is None:
        return _gone(command.work)
    if command.to == command.by or command.to in work.returns:
        return c.Rejected(rule="delegate.circle", message="It would come back to them at once.")
    step.emit(
        ballots.WorkDelegated(work=command.work, node=work.node, to=command.to, by=command.by)
    )
    return None


def _gone(work: str) -> c.Rejected:
    return c.Rejected(rule="work.gone", message=f"There is nothing open any more under {work}.")


def _resume(step: Step, work: Work, command: c.CompleteWork) -> None:
    element = step.case.elements[work.element]
    node = step.graph.nodes[element.node]
    answer = Answer(command.chosen, command.data, work)
    behaviour_of(step, element, node).resume(step, work.element, element, node, answer)


def _chosen(step: Step, work: Work, command: c.CompleteWork) -> None:
    node = step.graph.nodes[work.node]
    write(step, work.element, command.data)
    if step.alive(work.element):
        depart(step, work.element, chosen_flows(step, work.element, node, command.chosen))


def _happened(step: Step, work: Work, command: c.CompleteWork) -> None:
    """Somebody says that it has happened; a question that stays open is asked again."""
    host, node = step.case.elements[work.element], step.graph.nodes[work.node]
    if node.behaviour == "event-gateway":
        _resume(step, work, command)
        return
    place = int(command.chosen[0]) if command.chosen else _asked(step, work)
    if not node.interrupting and node.id != host.node:
        occur(step, work.element, work.node, place, command.data)
        if listens(step, work.element, node) and not node.all_of:
            ask(step, work.element, node, [p for p, t in enumerate(node.triggers) if t.ask])
        return
    occur(step, work.element, work.node, place, command.data)


def _asked(step: Step, work: Work) -> int:
    """The place of the one event a question without options is about."""
    triggers = step.graph.nodes[work.node].triggers
    return next((place for place, trigger in enumerate(triggers) if trigger.ask), 0)


_ANSWERED: dict[WorkKind, Callable[[Step, Work, c.CompleteWork], None]] = {
    WorkKind.TASK: _resume,
    WorkKind.CHOICE: _chosen,
    WorkKind.HAPPENED: _happened,
    WorkKind.TIME_UP: _happened,
    WorkKind.REPEAT: _resume,
    WorkKind.COUNT: _resume,
    WorkKind.PICK: _resume,
    WorkKind.JOB: _resume,
    WorkKind.INCIDENT: mend,
}


def _raise_error(step: Step, command: c.RaiseError) -> c.Rejected | None:
    work = step.case.works.get(command.work)
    if work is None:
        return _gone(command.work)
    if work.kind not in (WorkKind.TASK, WorkKind.JOB):
        return c.Rejected(rule="error.no-task", message="Only a task can fail with an error.")
    step.emit(e.ErrorRaised(work=command.work, node=work.node, code=command.code, by=command.by))
    fail_here(step, work.element, command.code, command.data)
    return None


def _assign_work(step: Step, command: c.AssignWork) -> c.Rejected | None:
    if command.work not in step.case.works:
        return _gone(command.work)
    step.emit(e.WorkAssigned(work=command.work, to=command.to))
    return None


def _send_back(step: Step, command: c.SendBack) -> c.Rejected | None:
    work = step.case.works.get(command.work)
    if work is None:
        return _gone(command.work)
    found = target_of(step, work, command.to)
    if isinstance(found, c.Rejected):
        return found
    leaving, scope, to = found
    step.emit(e.StepSentBack(work=command.work, node=work.node, to=to, reason=command.reason))
    cancel(step, leaving, why=command.reason)
    begin(step, to, scope)
    performer = step.case.done.get(to)
    if performer is not None:
        step.later(reassign, step, to, scope, performer)
    return None


def _fire_timer(step: Step, command: c.FireTimer) -> c.Rejected | None:
    timer = step.case.timers.get(command.timer)
    if timer is None:
        return c.Rejected(rule="timer.gone", message="The timer does not run any more.")
    node = step.graph.nodes[timer.node]
    step.emit(e.TimerFired(timer=command.timer))
    again = timer.left > 0 and node.behaviour == "catch"
    if again:
        fire_again(step, timer.element, node)
    else:
        occur(step, timer.element, timer.node, timer.definition, {})
    if timer.left and listens(step, timer.element, node) and (again or not node.interrupting):
        trigger = node.triggers[timer.definition]
        try:
            when = moment_of(step, timer.element, trigger)
        except Stuck as stuck:
            stop(step, timer.element, node, Stuck(CYCLE, stuck.why))
            return None
        was = timing.Due(timer.due, timer.left, timer.base)
        place = place_of(step, node, trigger)
        due = timing.following(when, was, step.at, place) if when is not None else None
        if due is not None and step.case.status is CaseStatus.RUNNING:
            set_timer(step, timer.element, node, timer.definition, due)
    return None


def _deliver(step: Step, command: c.Deliver) -> c.Rejected | None:
    given = dict(command.data)
    name, node, sender = command.name, command.node, command.sender
    arrive(step, Kept(name, node, command.key, given, sender, command.fill))
    return None


def _hear(step: Step, command: c.Hear) -> c.Rejected | None:
    hear(step, command.name, command.data)
    return None


def _set_data(step: Step, command: c.SetData) -> c.Rejected | None:
    if command.data:
        step.emit(e.DataChanged(scope=step.case.root, values=command.data))
    return None


def _finish(step: Step, command: c.Finish) -> c.Rejected | None:
    id = ElementId(command.element)
    element = step.case.elements.get(id)
    if element is None or id == step.case.root:
        return c.Rejected(rule="call.gone", message="Nobody waits for that case any more.")
    node = step.graph.nodes[element.node]
    if node.behaviour != "call" or element.loop is not None:
        return c.Rejected(rule="call.gone", message=f"“{node.label}” waits for no case.")
    data = command.data if node.closed else _changed(command.given, command.data)
    answer = Answer(data=data, error=command.error)
    behaviour_of(step, element, node).resume(step, id, element, node, answer)
    return None


def _changed(given: Data, data: Data) -> Data:
    """What a called case has written: what only came along stays with who gave it."""
    return {
        name: value for name, value in data.items() if name not in given or given[name] != value
    }


def _escalate(step: Step, command: c.Escalate) -> c.Rejected | None:
    id = ElementId(command.element)
    element = step.case.elements.get(id)
    calls = element is not None and id != step.case.root
    if element is None or not calls or step.graph.nodes[element.node].behaviour != "call":
        return c.Rejected(rule="call.gone", message="Nobody waits for that case any more.")
    escalate(step, id, command.code, command.name, command.data)
    return None


def _fail(step: Step, command: c.Fail) -> c.Rejected | None:
    """The token stays where it waits; nobody waits for what was only sent or thrown."""
    id = ElementId(command.element)
    element = step.case.elements.get(id)
    if element is None:
        id, element = step.case.root, step.case.elements[step.case.root]
        named = NodeId(command.node)
        node = step.graph.nodes.get(named) or step.graph.nodes[_first(step.graph, None)[0]]
    else:
        node = step.graph.nodes[element.node]
    place = PLACES.get(command.rule, FAILED)
    if place is UNSERVED and asked_about(step, id, node, place) is not None:
        return c.Rejected(rule="incident.asked", message="Somebody is asked already.")
    raise_incident(step, id, node, place, command.message, given=command.given)
    return None


def _continue(step: Step, command: c.Continue) -> c.Rejected | None:
    """What came meanwhile is done as it came; what nobody waits for any more is left."""
    waiting = kept_back(step.case, command)
    step.emit(suspension.CaseContinued())
    for one in waiting:
        if step.case.status is not CaseStatus.RUNNING:
            break
        step.by = getattr(one, "by", None)
        if _DECIDE[type(one)](step, one) is None:
            settle(step)
    return None


def _cancel(step: Step, command: c.Cancel) -> c.Rejected | None:
    clear(step, step.case.root, why=command.reason)
    close(step, step.case.root, why=command.reason)
    step.emit(e.CaseCancelled(reason=command.reason))
    return None


_DECIDE: dict[type[Any], Callable[[Step, Any], c.Rejected | None]] = {
    c.Start: _start,
    c.CompleteWork: _complete_work,
    c.RaiseError: _raise_error,
    c.AssignWork: _assign_work,
    c.DelegateWork: _delegate_work,
    c.AddSigner: add_signer,
    c.Promise: urging.promise,
    c.Postpone: urging.postpone,
    c.Remind: urging.remind,
    c.Nudge: urging.nudge,
    c.SendBack: _send_back,
    c.FireTimer: _fire_timer,
    c.Deliver: _deliver,
    c.Hear: _hear,
    c.SetData: _set_data,
    c.Finish: _finish,
    c.Escalate: _escalate,
    c.Fail: _fail,
    c.Redirect: redirect,
    c.Suspend: suspend,
    c.Continue: _continue,
    c.Cancel: _cancel,
}
