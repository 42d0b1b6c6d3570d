"""Deciding what the drawing asks to be decided: approve, reject, request changes.

Rules of this file: offered where the step says so (`genba:acts="approve reject changes"`). The
decision is data ("<step>_decision"), so that conditions can use it; its words are also part of
the conversation. Who decides is asked of `people.access` at the moment of acting.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Effect
from genba.acts.declaring import Terms, When, act
from genba.acts.inbound import Outcome
from genba.acts.schemas import Free, with_form
from genba.cases.answers import LongText, complete, obey
from genba.cases.forms import nest
from genba.cases.objects import TaskObject
from genba.cases.work_acts import form_of
from genba.engine.commands import SendBack
from genba.engine.values import WorkId, WorkKind
from genba.people.access import may_act_on
from genba.people.directory import Known
from genba.runtime.unit import Unit
from genba.runtime.verdicts import VERDICTS, verdict_data


class Approval(Free, frozen=True):
    """The form of the step, and a condition if there is one."""

    condition: Annotated[
        LongText,
        Meta(
            title=gettext_noop("Condition"), description=gettext_noop("If it depends on something.")
        ),
    ] = ""


class Rejection(Struct, frozen=True):
    """Why not."""

    reason: Annotated[LongText, Meta(title=gettext_noop("Reason"))] = ""


class Changes(Struct, frozen=True):
    """What must change."""

    reason: Annotated[
        str, Meta(title=gettext_noop("What to change"), min_length=1, max_length=20_000)
    ]


def asked_for(name: str, form: type[Free] | None = None) -> When:
    """Open where the drawing asks for this decision, to whoever may act on the task.

    With `form`, the input that the form of the step is filled in with.
    """

    def when(task: TaskObject, by: Known) -> Terms | None:
        if not task.asked or task.row.kind != WorkKind.TASK or not may_act_on(by, task.row):
            return None
        if name not in task.node.drawn.acts:
            return None
        schema = with_form(form, form_of(task).schema) if form else None
        return Terms(schema=schema, primary=True)

    return when


@act(
    "task",
    "approve",
    when=asked_for("approve", Approval),
    label=gettext_noop("Approve"),
    summary=gettext_noop("Approve what a step decides about; a condition may be added."),
    input=Approval,
    words=("approve", "approved"),
    effect=Effect.FINAL,
    tickable=True,
    text_field="condition",
    rank=10,
    past=gettext_noop("Approved"),
    told=gettext_noop("approved “%(step)s”"),
)
def approve(unit: Unit, task: TaskObject, by: Known, given: Approval) -> Outcome:
    """Approve, with a condition if there is one."""
    data = decided(task, VERDICTS["approve"], given.values)
    data["condition"] = given.condition or None
    return complete(unit, task, by, data=data, words=given.condition, message=gettext("Approved."))


@act(
    "task",
    "reject",
    when=asked_for("reject"),
    label=gettext_noop("Reject"),
    summary=gettext_noop("Reject what a step decides about, and say why."),
    input=Rejection,
    words=("reject", "rejected"),
    effect=Effect.FINAL,
    text_field="reason",
    rank=20,
    past=gettext_noop("Rejected"),
    told=gettext_noop("rejected “%(step)s”"),
)
def reject(unit: Unit, task: TaskObject, by: Known, given: Rejection) -> Outcome:
    """Reject, with a reason."""
    data = decided(task, VERDICTS["reject"], {})
    data["reason"] = given.reason or None
    return complete(unit, task, by, data=data, words=given.reason, message=gettext("Rejected."))


@act(
    "task",
    "changes",
    when=asked_for("changes"),
    label=gettext_noop("Ask for changes"),
    summary=gettext_noop("Send the case back to the step before, and say what must change."),
    input=Changes,
    words=("changes",),
    text_field="reason",
    rank=30,
    past=gettext_noop("Changes asked for"),
)
def request_changes(unit: Unit, task: TaskObject, by: Known, given: Changes) -> Outcome:
    """Send back to the step done last before; the reason joins the same conversation."""
    command = SendBack(at=unit.now, work=WorkId(task.row.work), by=by.id)
    message = gettext("Sent back with what must change.")
    return obey(unit, task, by, command, words=given.reason, message=message)


def decided(task: TaskObject, decision: str, values: dict[str, Any]) -> dict[str, Any]:
    """The data a decision leaves: its own, the step's, and what the form asked."""
    return {
        **nest(values, task.case.state.data),
        **verdict_data(task.row.node, decision),
    }
