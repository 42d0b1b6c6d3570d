"""Changing the promises of a work: its due date, its priority, putting it off, reminding, pushing.

Rules of this file: commands to events, on works that are open. A reminder or an escalation that
was set before and is not meant any more (its instant is another one by now) is refused in silence.
"""

from datetime import datetime, timedelta

from genba.engine import commands as c
from genba.engine import promise_events as promised
from genba.engine.promises import clocks, place_of_work, reminder
from genba.engine.state import Work
from genba.engine.step import Step
from genba.engine.values import WorkId, WorkKind
from genba.engine.variables import context, evaluate

AGAIN = timedelta(days=1)  # how often one person may remind of the same work


def gone(work: str) -> c.Rejected:
    """The work is not open, or no work of people."""
    return c.Rejected(rule="work.gone", message=f"There is nothing open any more under {work}.")


def _asked(step: Step, id: WorkId) -> Work | None:
    work = step.case.works.get(id)
    return None if work is None or work.kind is WorkKind.JOB else work


def promise(step: Step, command: c.Promise) -> c.Rejected | None:
    """Another due date, another priority."""
    work = _asked(step, command.work)
    if work is None:
        return gone(command.work)
    if not 0 <= command.priority <= 100:
        return c.Rejected(rule="work.priority", message="A priority is 0 to 100.")
    step.emit(
        promised.WorkPromised(
            work=command.work, node=work.node, due=command.due, priority=command.priority
        )
    )
    return None


def postpone(step: Step, command: c.Postpone) -> c.Rejected | None:
    """Put off, or brought back."""
    work = _asked(step, command.work)
    if work is None:
        return gone(command.work)
    if command.until is not None and command.until <= command.at:
        return c.Rejected(rule="work.until", message="A work is put off until a time to come.")
    if command.until is None:
        _come_back(step, command.work, work)
    else:
        step.emit(promised.WorkPostponed(work=command.work, node=work.node, until=command.until))
    return None


def _come_back(step: Step, id: WorkId, work: Work) -> None:
    """Reminders and escalation rest while a work is put off, and are counted anew from here."""
    node = step.graph.nodes[work.node]
    remind, escalate = clocks(step, work.element, node, work.due, work.escalate_to)
    step.emit(
        promised.WorkPostponed(
            work=id, node=work.node, until=None, remind=remind, escalate=escalate
        )
    )


def remind(step: Step, command: c.Remind) -> c.Rejected | None:
    """A person reminds, once a day at most."""
    work = _asked(step, command.work)
    if work is None:
        return gone(command.work)
    last = work.reminded.get(command.by)
    if last is not None and command.at - last < AGAIN:
        return c.Rejected(
            rule="work.reminded", message="The same person reminded of it less than a day ago."
        )
    step.emit(
        promised.WorkReminded(
            work=command.work,
            node=work.node,
            at=command.at,
            remind=work.remind,
            by=command.by,
        )
    )
    return None


def nudge(step: Step, command: c.Nudge) -> c.Rejected | None:
    """What was set for this time happens, if it is still meant."""
    work = _asked(step, command.work)
    if work is None or getattr(work, _SET[command.what]) != command.time:
        return gone(command.work)
    if command.what == "return":
        _come_back(step, command.work, work)
    elif command.what == "remind":
        step.emit(
            promised.WorkReminded(
                work=command.work, node=work.node, at=command.at, remind=_again(step, work)
            )
        )
    elif work.assignee is not None:
        return gone(command.work)
    else:
        groups = work.groups
        if not command.to and work.escalate_to not in (*groups, work.role):
            groups = (*groups, work.escalate_to)
        step.emit(
            promised.WorkEscalated(work=command.work, node=work.node, to=command.to, groups=groups)
        )
    return None


_SET = {"remind": "remind", "escalate": "escalate", "return": "later"}


def _again(step: Step, work: Work) -> datetime | None:
    """When it is reminded of next, where the drawing or the installation says again and again."""
    node = step.graph.nodes[work.node]
    said = evaluate(step, node.people.remind, context(step.case, work.element))
    text = said if isinstance(said, str) and said.strip() else step.almanac.habits.remind
    place = place_of_work(step.almanac, step.graph, node)
    always = bool(node.drawn.calendar)
    return reminder(text, step.at, work.due, place, always=always, before=work.remind)
