"""What was promised of a task: until when, how important, put off, reminded of.

Rules of this file: one function an act; times are read by the engine's `promises`, in the zone and
the working time of the step, so that "2 working days" means those of the team. Reminding is open
to whoever sees the case; the rest to those who may give the task away.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import invalid
from genba.acts.schemas import Nothing, schema_of
from genba.cases.answers import COMMENT, LongText, obey
from genba.cases.objects import TaskObject
from genba.cases.rights import moves
from genba.cases.wording import moment_of
from genba.engine.commands import Postpone, Promise, Remind
from genba.engine.promises import due_at, place_of_work
from genba.engine.values import WorkId, WorkKind
from genba.people.access import is_assigned, may_act_on, may_give
from genba.people.directory import Known
from genba.runtime.unit import Unit

_Time = Annotated[str, Meta(max_length=100)]
WHEN = gettext_noop("Like 2026-03-31, 2026-03-31 14:00 or 2 working days.")


class Until(Struct, frozen=True):
    """When it comes back, and why it waits."""

    until: Annotated[
        str, Meta(title=gettext_noop("Until"), description=WHEN, min_length=1, max_length=100)
    ]
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


class By(Struct, frozen=True):
    """By when it is to be done."""

    due: Annotated[_Time, Meta(title=gettext_noop("Due"), description=WHEN)] = ""
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


class Importance(Struct, frozen=True):
    """How important it is among others."""

    priority: Annotated[
        int,
        Meta(
            title=gettext_noop("Priority"),
            description=gettext_noop("From 0 to 100; 50 is as usual."),
            ge=0,
            le=100,
        ),
    ]


def remindable(task: TaskObject, by: Known) -> bool:
    """Asked of others: nobody reminds himself."""
    return _is_open(task) and not is_assigned(by, task.row)


def postponable(task: TaskObject, by: Known) -> bool:
    """Theirs to do, and not put off."""
    return _is_open(task) and task.row.later is None and may_act_on(by, task.row)


def resumable(task: TaskObject, by: Known) -> bool:
    """Put off, and theirs to do."""
    return _is_open(task) and task.row.later is not None and may_act_on(by, task.row)


def promisable(task: TaskObject, by: Known) -> bool:
    """Open, and theirs to give."""
    return _is_open(task) and may_give(by, task.row)


def _is_open(task: TaskObject) -> bool:
    return moves(task) and task.asked is not None and task.asked.kind is not WorkKind.JOB


def priority_terms(task: TaskObject, by: Known) -> Terms | None:
    """The priority as it is, to be changed."""
    if not promisable(task, by):
        return None
    schema = schema_of(Importance)
    schema["properties"]["priority"]["default"] = task.row.priority
    return Terms(schema=schema)


@act(
    "task",
    "remind",
    when=remindable,
    label=gettext_noop("Remind"),
    summary=gettext_noop("Remind those who are asked, by mail and in the page; once a day."),
    words=("remind",),
    intent="when",
    rank=75,
)
def remind(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Remind whoever has it, else everybody it is open to."""
    command = Remind(at=unit.now, work=WorkId(task.row.work), by=by.id)
    return obey(unit, task, by, command, words="", message=gettext("Reminded."))


@act(
    "task",
    "postpone",
    when=postponable,
    label=gettext_noop("Put it off"),
    summary=gettext_noop("Put a task off until a day or a time; then it comes back."),
    input=Until,
    words=("postpone",),
    text_field="until",
    intent="when",
    rank=77,
)
def postpone(unit: Unit, task: TaskObject, by: Known, given: Until) -> Outcome:
    """Put it off; a day is the beginning of its work."""
    place = place_of_work(unit.almanac, task.case.graph, task.node)
    until = due_at(given.until.strip().replace(" ", "T", _dated(given.until)), unit.now, place,
                   opening=True)  # fmt: skip
    if until is None:
        return invalid("until", _unread())
    if until <= unit.now:
        return invalid("until", gettext("This time has passed already."))
    command = Postpone(at=unit.now, work=WorkId(task.row.work), until=until, by=by.id)
    message = gettext("Put off until %(time)s.") % {"time": moment_of(until, unit.now)}
    outcome = obey(unit, task, by, command, words=given.comment, message=message)
    return replace(outcome, undo="task.resume" if outcome.ok else "")


@act(
    "task",
    "resume",
    when=resumable,
    label=gettext_noop("Take it up now"),
    summary=gettext_noop("Bring a task back before the time it was put off until."),
    words=("resume",),
    intent="when",
    rank=5,
)
def resume(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Bring it back now."""
    command = Postpone(at=unit.now, work=WorkId(task.row.work), until=None, by=by.id)
    return obey(unit, task, by, command, words="", message=gettext("It is back."))


@act(
    "task",
    "due",
    when=promisable,
    label=gettext_noop("Set when it is due"),
    summary=gettext_noop("Say by when a task is to be done; nothing: by no time."),
    input=By,
    words=("due",),
    text_field="due",
    intent="when",
    rank=86,
)
def set_due(unit: Unit, task: TaskObject, by: Known, given: By) -> Outcome:
    """Set the due date; a day is the end of its work."""
    place = place_of_work(unit.almanac, task.case.graph, task.node)
    text = given.due.strip()
    due = due_at(text.replace(" ", "T", _dated(text)), unit.now, place)
    if text and due is None:
        return invalid("due", _unread())
    command = Promise(
        at=unit.now, work=WorkId(task.row.work), due=due, priority=task.row.priority, by=by.id
    )
    message = gettext("It is due by no time now.")
    if due is not None:
        message = gettext("Due %(time)s.") % {"time": moment_of(due, unit.now)}
    return obey(unit, task, by, command, words=given.comment, message=message)


@act(
    "task",
    "priority",
    when=priority_terms,
    label=gettext_noop("Set the priority"),
    summary=gettext_noop("Say how important a task is among others: 0 to 100."),
    input=Importance,
    intent="when",
    rank=87,
)
def set_priority(unit: Unit, task: TaskObject, by: Known, given: Importance) -> Outcome:
    """Set the priority."""
    command = Promise(
        at=unit.now,
        work=WorkId(task.row.work),
        due=task.row.due,
        priority=given.priority,
        by=by.id,
    )
    message = gettext("Priority %(number)s.") % {"number": given.priority}
    return obey(unit, task, by, command, words="", message=message)


def _dated(text: str) -> int:
    """1 where a date and a time stand apart ("2026-03-31 14:00"), which ISO 8601 joins by a T."""
    return int(text.strip()[:4].isdigit() and text.strip()[4:5] == "-")


def _unread() -> str:
    return gettext("This cannot be read as a time. Write it like 2026-03-31 or 2 working days.")
