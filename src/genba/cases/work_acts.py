"""Taking and doing a task: claim, release, assign, complete.

Rules of this file: one function an act. Who may is `people.access`, asked again at the moment of
acting; what the drawing asks instead of "done" (approve, choose …) is in the files beside.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Effect
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.schemas import Nothing, with_form
from genba.cases.answers import COMMENT, FormNote, LongText, complete, invalid, obey
from genba.cases.forms import StepForm, nest, step_form
from genba.cases.objects import TaskObject
from genba.engine.commands import AssignWork
from genba.engine.values import WorkId, WorkKind
from genba.people.access import is_assigned, is_candidate, may_act_on, may_give
from genba.people.directory import Known, called
from genba.runtime.projections import MACHINE
from genba.runtime.unit import Unit

DECIDING = frozenset({"approve", "reject", "changes"})


class Assignment(Struct, frozen=True):
    """Who gets it, and why."""

    to: Annotated[
        str,
        Meta(
            title=gettext_noop("To"),
            description=gettext_noop("A person, by mail address or handle."),
            min_length=1,
            max_length=254,
            extra_json_schema={"format": "person"},
        ),
    ]
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


def form_of(task: TaskObject) -> StepForm:
    """The form of the step a task is about, filled with what the case knows."""
    return step_form(task.case.graph.form(task.row.node), task.case.state.data)


def answers_for(task: TaskObject, given: FormNote) -> tuple[dict[str, object], str]:
    """The data of a filled form, and the words beside it.

    A form may have a field called "comment" of its own: then it is data.
    """
    form = form_of(task)
    own = given.comment if "comment" in form.titles else ""
    values = {**given.values, **({"comment": own} if own else {})}
    return nest(values, task.case.state.data), "" if own else given.comment


def claimable(task: TaskObject, by: Known) -> bool:
    """Open, nobody's (or a machine's), and open to this person."""
    free = task.row.assignee in ("", MACHINE)
    return bool(task.asked and free and is_candidate(by, task.row))


def releasable(task: TaskObject, by: Known) -> bool:
    """Theirs, and there is somebody else who could take it."""
    others = task.row.role or task.row.groups or task.row.users
    return bool(task.asked and is_assigned(by, task.row) and others)


def givable(task: TaskObject, by: Known) -> bool:
    """Open, and theirs to give."""
    return bool(task.asked and may_give(by, task.row))


def completable(task: TaskObject, by: Known) -> Terms | None:
    """A task to do, unless the drawing asks for a decision instead."""
    done = (WorkKind.TASK, WorkKind.JOB)  # a machine's, once a person has taken it
    if not task.asked or task.row.kind not in done or not may_act_on(by, task.row):
        return None
    if DECIDING.intersection(task.node.drawn.acts) and "complete" not in task.node.drawn.acts:
        return None
    return Terms(schema=with_form(FormNote, form_of(task).schema), primary=True)


@act(
    "task",
    "claim",
    when=claimable,
    label=gettext_noop("Take it"),
    summary=gettext_noop("Take a task of your team, so that nobody else does it."),
    words=("claim", "take"),
    rank=70,
)
def claim(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Take a task."""
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=by.id, by=by.id)
    outcome = obey(unit, task, by, command, words="", message=gettext("It is yours now."))
    return replace(outcome, undo="task.release" if outcome.ok else "")


@act(
    "task",
    "release",
    when=releasable,
    label=gettext_noop("Give it back"),
    summary=gettext_noop("Give a task back, so that somebody else can take it."),
    words=("release",),
    rank=80,
)
def release(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Give a task back to its role."""
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=None, by=by.id)
    outcome = obey(unit, task, by, command, words="", message=gettext("Others can take it now."))
    return replace(outcome, undo="task.claim" if outcome.ok else "")


@act(
    "task",
    "assign",
    when=givable,
    label=gettext_noop("Give it to somebody"),
    summary=gettext_noop("Give a task to a person."),
    input=Assignment,
    rank=85,
)
def assign(unit: Unit, task: TaskObject, by: Known, given: Assignment) -> Outcome:
    """Give a task to a person, who then follows the case."""
    person = called(given.to)
    if person is None:
        return invalid("to", gettext("Nobody is called “%(name)s” here.") % {"name": given.to})
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=person.id, by=by.id)
    message = gettext("%(name)s has it now.") % {"name": person.name}
    outcome = obey(unit, task, by, command, words=given.comment, message=message)
    if outcome.ok:
        unit.tx.follow(task.row.case, person.id)
    return outcome


@act(
    "task",
    "complete",
    when=completable,
    label=gettext_noop("Done"),
    summary=gettext_noop("Say that a task is done, with the data its form asks for."),
    input=FormNote,
    words=("done", "finished"),
    effect=Effect.FINAL,
    tickable=True,
    text_field="comment",
    rank=10,
    past=gettext_noop("Done"),
    told=gettext_noop("finished “%(step)s”"),
)
def finish(unit: Unit, task: TaskObject, by: Known, given: FormNote) -> Outcome:
    """Complete a task with the data of its form."""
    data, words = answers_for(task, given)
    return complete(unit, task, by, data=data, words=words)
