"""Taking and doing a task: claim, release, complete.

Rules of this file: one function an act. Who may is `people.access`, asked again at the moment of
acting; what the drawing asks instead of "done" (approve, choose …) is in the files beside.
"""

from django.utils.translation import gettext, gettext_noop
from msgspec.structs import replace

from genba.acts.card import Effect, JsonSchema
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import not_done
from genba.acts.schemas import Nothing, with_form
from genba.cases.answers import FormNote, complete, obey
from genba.cases.forms import StepForm, nest, step_form
from genba.cases.late import late, note_late, settled
from genba.cases.objects import TaskObject
from genba.cases.queue_acts import already_taken, guard, over_limit
from genba.cases.rights import DECIDING, may_do, may_take, moves
from genba.engine.commands import AssignWork
from genba.engine.values import WorkId, WorkKind
from genba.people.access import is_assigned, is_candidate
from genba.people.directory import Known
from genba.runtime.projections import MACHINE
from genba.runtime.unit import Unit


def form_of(task: TaskObject) -> StepForm:
    """The form of the step a task is about, filled with what the case knows."""
    proposed = task.asked.proposed if task.asked else None
    known = {**task.case.state.data, **(proposed or {})}
    return step_form(task.case.graph.form(task.row.node), known)


def reasoned(task: TaskObject, name: str, schema: JsonSchema, field: str) -> JsonSchema:
    """The schema of an act, with the reason needed where the step says so (`genba:reason`)."""
    if name not in task.node.drawn.deciding.reasons or field not in schema["properties"]:
        return schema
    return {**schema, "required": [*schema.get("required", ()), field]}


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
    return may_take(task, by)


def taken_by_another(task: TaskObject, by: Known) -> bool:
    """Open to this person's team, and somebody else has it."""
    row = task.row
    others = row.assignee not in ("", MACHINE) and not is_assigned(by, row)
    return bool(task.asked) and others and is_candidate(by, row)


def releasable(task: TaskObject, by: Known) -> bool:
    """Theirs, and there is somebody else who could take it."""
    others = task.row.role or task.row.groups or task.row.users
    return bool(moves(task) and is_assigned(by, task.row) and others)


def completable(task: TaskObject, by: Known) -> Terms | None:
    """A task to do, unless the drawing asks for a decision instead."""
    done = (WorkKind.TASK, WorkKind.JOB)  # a machine's, once a person has taken it
    if task.row.kind not in done or not may_do(task, by):
        return None
    if DECIDING.intersection(task.node.drawn.acts) and "complete" not in task.node.drawn.acts:
        return None
    schema = with_form(FormNote, form_of(task).schema)
    return Terms(schema=reasoned(task, "complete", schema, "comment"), primary=True)


@act(
    "task",
    "claim",
    when=claimable,
    label=gettext_noop("Take it"),
    summary=gettext_noop("Take a task of your team, so that nobody else does it."),
    words=("claim", "take"),
    late=taken_by_another,
    by_deputy=True,
    rank=70,
)
def claim(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Take a task, within the limits of its queue; who comes second hears what is next."""
    if not claimable(task, by):
        return already_taken(unit, task, by)
    limit = over_limit(unit.tx, task, by)
    if limit:
        return not_done(limit)
    guard(unit, task, by)
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
    intent="hand",
    by_deputy=True,
    rank=80,
)
def release(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Give a task back to its role."""
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=None, by=by.id)
    outcome = obey(unit, task, by, command, words="", message=gettext("Others can take it now."))
    return replace(outcome, undo="task.claim" if outcome.ok else "")


@act(
    "task",
    "complete",
    when=completable,
    label=gettext_noop("Done"),
    summary=gettext_noop("Say that a task is done, with the data its form asks for."),
    input=FormNote,
    words=("done", "finished"),
    by_deputy=True,
    late=late(),
    effect=Effect.FINAL,
    tickable=True,
    text_field="comment",
    rank=10,
    past=gettext_noop("Done"),
    told=gettext_noop("finished “%(step)s”"),
)
def finish(unit: Unit, task: TaskObject, by: Known, given: FormNote) -> Outcome:
    """Complete a task with the data of its form."""
    task, late_now = settled(unit, task, by)
    data, words = answers_for(task, given)
    if late_now:
        return note_late(unit, task, by, "done", words)
    return complete(unit, task, by, data=data, words=words)
