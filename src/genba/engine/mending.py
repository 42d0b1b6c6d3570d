"""What the answer to an incident does: one row for every place where one arises.

Rules of this file: a table. "Try again" takes what was changed and does it anew, "Done by hand"
takes what came of it, "Go on without it" leaves it out; a way is taken where ways were offered.
Nothing here says whether something is an incident: that is `incidents`, and who raises it.
"""

from collections.abc import Callable
from contextlib import suppress

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine import incidents as i
from genba.engine.elements.ad_hoc import end_ad_hoc, go_on_picking
from genba.engine.elements.repetition import (
    end_rounds,
    go_on_after_round,
    go_on_looping,
    take_round,
)
from genba.engine.flows import chosen_flows
from genba.engine.joins import open_join, reset
from genba.engine.lifecycle import begin_work, complete, depart, pass_on, resume_halted
from genba.engine.occurrences import arrive, deliver, fire_gateway, listen_to, occur
from genba.engine.state import Kept, Work
from genba.engine.step import Step
from genba.engine.values import FlowId, NodeId, SubscriptionId, WorkKind
from genba.engine.variables import map_in, write

Mend = Callable[[Step, Work, c.CompleteWork], None]


def mend(step: Step, work: Work, command: c.CompleteWork) -> None:
    """Obey the answer to an incident."""
    if command.data and i.BY_HAND not in command.chosen:
        step.emit(e.DataChanged(scope=step.case.root, values=command.data))
    MENDS[work.rule or _rule_before(step, work)](step, work, command)


def _rule_before(step: Step, work: Work) -> str:
    """The rule of an incident that a release before this one opened, told by what it offers."""
    if work.options == i.ONLY_ON:
        return _STOPPED_BEFORE
    if work.options == i.OUTSIDE:
        return i.FAILED.rule
    if work.options == i.MACHINE:
        return i.FAILED.rule if _is_asked_outside(step, work) else i.ERROR.rule
    own = step.case.elements[work.element].node == work.node and work.element != step.case.root
    return i.ERROR.rule if own else i.JOIN_DEAD.rule


def _retries(command: c.CompleteWork) -> bool:
    return not command.chosen or i.RETRY in command.chosen


def _step(step: Step, work: Work, command: c.CompleteWork) -> None:
    """A step that could not begin, or ended badly."""
    element = step.case.elements[work.element]
    offered = {option.id for option in work.options} - {i.RETRY, i.BY_HAND, i.GO_ON}
    if _retries(command):
        begin_work(step, work.element)
    elif offered.intersection(command.chosen):  # an event-based gateway: one of its events
        fire_gateway(step, work.element, NodeId(command.chosen[0]), {})
    elif i.BY_HAND in command.chosen and element.loop is None:
        complete(step, work.element, command.data)
    else:
        write(step, work.element, command.data if i.BY_HAND in command.chosen else {})
        if step.alive(work.element):
            complete(step, work.element)


def _output(step: Step, work: Work, command: c.CompleteWork) -> None:
    if _retries(command):
        complete(step, work.element, work.given)
        return
    write(step, work.element, command.data if i.BY_HAND in command.chosen else {})
    if step.alive(work.element):
        pass_on(step, work.element)


def _way(step: Step, work: Work, command: c.CompleteWork) -> None:
    if _retries(command):
        pass_on(step, work.element)
    else:
        node = step.graph.nodes[work.node]
        depart(step, work.element, chosen_flows(step, work.element, node, command.chosen))


def _sending(step: Step, work: Work, command: c.CompleteWork) -> None:
    if i.BY_HAND in command.chosen:
        write(step, work.element, command.data)
    if step.alive(work.element):
        pass_on(step, work.element, sends=_retries(command))


def _border(step: Step, work: Work, command: c.CompleteWork) -> None:
    """An event beside what goes on: listen for it again, or it has happened, or never mind."""
    if _retries(command):
        listen_to(step, work.element, step.graph.nodes[work.node])
    elif i.BY_HAND in command.chosen:
        occur(step, work.element, work.node, 0, command.data)


def _round(step: Step, work: Work, command: c.CompleteWork) -> None:
    given = work.given["data"] if _retries(command) else None
    by_hand = command.data if i.BY_HAND in command.chosen else {}
    take_round(step, work.element, work.given["index"], given, by_hand, work.given["data"])


def _enough(step: Step, work: Work, command: c.CompleteWork) -> None:
    if _retries(command):
        go_on_after_round(step, work.element)
    elif i.BY_HAND in command.chosen:
        end_rounds(step, work.element, command.data)
    else:
        go_on_after_round(step, work.element, asks=False)


def _loop(step: Step, work: Work, command: c.CompleteWork) -> None:
    if _retries(command):
        go_on_looping(step, work.element)
    else:
        write(step, work.element, command.data if i.BY_HAND in command.chosen else {})
        if step.alive(work.element):
            complete(step, work.element)


def _picked(step: Step, work: Work, command: c.CompleteWork) -> None:
    if _retries(command):
        go_on_picking(step, work.element)
    elif i.BY_HAND in command.chosen:
        write(step, work.element, command.data)
        if step.alive(work.element):
            end_ad_hoc(step, work.element)
    else:
        go_on_picking(step, work.element, asks=False)


def _event(step: Step, work: Work, command: c.CompleteWork) -> None:
    """A condition somebody waits for: it is looked at again anyway, with every change of data."""
    if _retries(command):
        return
    by_hand = i.BY_HAND in command.chosen
    host = step.graph.nodes[step.case.elements[work.element].node]
    if by_hand or host.id == work.node or host.behaviour == "event-gateway":
        occur(step, work.element, work.node, 0, command.data if by_hand else {})
        return
    for key, waiting in tuple(step.case.subscriptions.items()):
        if (waiting.element, waiting.node) == (work.element, work.node):
            step.emit(e.SubscriptionClosed(subscription=SubscriptionId(key)))


def _join(step: Step, work: Work, command: c.CompleteWork) -> None:
    """Tokens before a join: it is looked at again anyway; else it opens with those there are."""
    if _retries(command):
        return
    if i.BY_HAND in command.chosen:
        write(step, work.element, command.data)
    joins = step.graph.joins[step.graph.nodes[work.node].scope]
    open_join(step, work.element, next(j for j in joins if j.node == work.node))


def _reset(step: Step, work: Work, command: c.CompleteWork) -> None:
    if not _retries(command):
        wanted = {FlowId(flow) for flow in command.chosen}
        node = step.graph.nodes[work.node]
        reset(step, work.element, node, [f for f in node.outgoing if f.id in wanted])


def _address(step: Step, work: Work, command: c.CompleteWork) -> None:
    """A message nobody can tell whom it is for."""
    if i.GO_ON in command.chosen:
        return
    given = dict(work.given)
    given["data"] = {**given["data"], **command.data}
    (arrive if _retries(command) else deliver)(step, Kept(**given))


def _nowhere(step: Step, work: Work, command: c.CompleteWork) -> None:
    """A message that left, and found nobody: it leaves once more."""
    if _retries(command):
        given = {**work.given, "data": {**work.given["data"], **command.data}}
        step.emit(e.MessageSent(**given))
    elif i.BY_HAND in command.chosen:
        write(step, step.case.root, command.data)


def _steps(step: Step, work: Work, command: c.CompleteWork) -> None:
    """A process in circles: go on with a new budget, or past what was to be done next."""
    if _retries(command):
        resume_halted(step)
        return
    halted = step.case.halted
    step.emit(e.StepsResumed())
    for id in halted:
        if step.alive(id):
            step.later(complete, step, id, dict(command.data))


def _stopped_before(step: Step, work: Work, command: c.CompleteWork) -> None:
    resume_halted(step)


def _failed(step: Step, work: Work, command: c.CompleteWork) -> None:
    """What is done outside is tried again there: nothing is begun anew here."""
    if work.element == step.case.root:
        if i.BY_HAND in command.chosen:
            write(step, work.element, command.data)
        return
    waits = work.options == i.OUTSIDE or _is_asked_outside(step, work) or _calls(step, work)
    if not (_retries(command) and waits):
        _step(step, work, command)
        return
    with suppress(i.Stuck):  # what was changed counts
        map_in(step, work.element, step.graph.nodes[work.node])


def _is_asked_outside(step: Step, work: Work) -> bool:
    """Whether what failed is still there to be tried again."""
    return any(
        other.element == work.element and other.kind is not WorkKind.INCIDENT
        for other in step.case.works.values()
    )


def _calls(step: Step, work: Work) -> bool:
    node = step.graph.nodes[step.case.elements[work.element].node]
    return node.job is None


_STOPPED_BEFORE = "run.budget.before"

MENDS: dict[str, Mend] = {
    i.SCRIPT.rule: _step,
    i.INPUT.rule: _step,
    i.TIMER.rule: _step,
    i.KEY.rule: _step,
    i.ITEMS.rule: _step,
    i.TIMES.rule: _step,
    i.TEST.rule: _step,
    i.DECISION.rule: _step,
    i.ERROR.rule: _step,
    i.OUTPUT.rule: _output,
    i.WAY.rule: _way,
    i.NO_WAY.rule: _way,
    i.SENDING.rule: _sending,
    i.BORDER.rule: _border,
    i.CYCLE.rule: _border,
    i.ROUND.rule: _round,
    i.ENOUGH.rule: _enough,
    i.LOOP.rule: _loop,
    i.PICKED.rule: _picked,
    i.EVENT.rule: _event,
    i.ACTIVATION.rule: _join,
    i.JOIN_DEAD.rule: _join,
    i.RESET.rule: _reset,
    i.ADDRESS.rule: _address,
    i.STEPS.rule: _steps,
    _STOPPED_BEFORE: _stopped_before,
    i.FAILED.rule: _failed,
    i.UNSERVED.rule: _failed,
    i.NOWHERE.rule: _nowhere,
}
