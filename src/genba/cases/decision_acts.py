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
from genba.acts.schemas import Free, Nothing, picked, schema_of, with_form
from genba.cases.answers import COMMENT, LongText, complete
from genba.cases.changing import change
from genba.cases.forms import nest
from genba.cases.late import late, note_late, settled
from genba.cases.objects import TaskObject
from genba.cases.references import read_words
from genba.cases.rights import may_do
from genba.cases.work_acts import form_of, reasoned
from genba.changes.vocabulary import GoBack
from genba.engine.returning import earlier
from genba.engine.values import NodeId, WorkId, WorkKind
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
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""

    @property
    def words(self) -> str:
        """What is said with it."""
        return "\n\n".join(filter(None, (self.condition, self.comment)))


class Rejection(Struct, frozen=True):
    """Why not."""

    reason: Annotated[LongText, Meta(title=gettext_noop("Reason"))] = ""


class Changes(Struct, frozen=True):
    """What must change."""

    reason: Annotated[
        str, Meta(title=gettext_noop("What to change"), min_length=1, max_length=20_000)
    ]


class Returning(Struct, frozen=True):
    """To which earlier step, and why."""

    to: Annotated[str, Meta(title=gettext_noop("Back to"))]
    reason: Annotated[str, Meta(title=gettext_noop("Why"), min_length=1, max_length=20_000)]


def asked_for(
    name: str, field: str, *, form: type[Free] | None = None, input: type[Struct] = Nothing
) -> When:
    """Open where the drawing asks for this decision, to whoever may act on the task.

    With `form`, the input that the form of the step is filled in with. `field` is the reason,
    which is needed where the step says so.
    """

    def when(task: TaskObject, by: Known) -> Terms | None:
        if task.row.kind != WorkKind.TASK or not may_do(task, by):
            return None
        if name not in task.node.drawn.acts:
            return None
        schema = with_form(form, form_of(task).schema) if form else schema_of(input)
        return Terms(schema=reasoned(task, name, schema, field), primary=True)

    return when


@act(
    "task",
    "approve",
    when=asked_for("approve", "comment", form=Approval),
    label=gettext_noop("Approve"),
    summary=gettext_noop("Approve what a step decides about; a condition may be added."),
    input=Approval,
    words=("approve", "approved"),
    by_deputy=True,
    late=late("approve"),
    effect=Effect.FINAL,
    tickable=True,
    text_field="condition",
    rank=10,
    past=gettext_noop("Approved"),
    told=gettext_noop("approved “%(step)s”"),
)
def approve(unit: Unit, task: TaskObject, by: Known, given: Approval) -> Outcome:
    """Approve, with a condition if there is one."""
    task, late_now = settled(unit, task, by)
    if late_now:
        return note_late(unit, task, by, VERDICTS["approve"], given.words)
    data = decided(task, VERDICTS["approve"], given.values)
    data |= read_words(task.case.graph, condition=given.condition)
    return complete(unit, task, by, data=data, words=given.words, message=gettext("Approved."))


@act(
    "task",
    "reject",
    when=asked_for("reject", "reason", input=Rejection),
    label=gettext_noop("Reject"),
    summary=gettext_noop("Reject what a step decides about, and say why."),
    input=Rejection,
    words=("reject", "rejected"),
    by_deputy=True,
    late=late("reject"),
    effect=Effect.FINAL,
    text_field="reason",
    rank=20,
    past=gettext_noop("Rejected"),
    told=gettext_noop("rejected “%(step)s”"),
)
def reject(unit: Unit, task: TaskObject, by: Known, given: Rejection) -> Outcome:
    """Reject, with a reason."""
    task, late_now = settled(unit, task, by)
    if late_now:
        return note_late(unit, task, by, VERDICTS["reject"], given.reason)
    data = decided(task, VERDICTS["reject"], {})
    data |= read_words(task.case.graph, reason=given.reason)
    return complete(unit, task, by, data=data, words=given.reason, message=gettext("Rejected."))


@act(
    "task",
    "changes",
    when=asked_for("changes", "reason", input=Changes),
    label=gettext_noop("Ask for changes"),
    summary=gettext_noop("Send the case back to the step before, and say what must change."),
    input=Changes,
    words=("changes",),
    by_deputy=True,
    text_field="reason",
    rank=30,
    foreseen=True,
    past=gettext_noop("Changes asked for"),
)
def request_changes(unit: Unit, task: TaskObject, by: Known, given: Changes) -> Outcome:
    """Send back to the step done last before; the reason joins the same conversation.

    It is the same change of the case as sending back to a step one names.
    """
    message = gettext("Sent back with what must change.")
    return sent_back(unit, task, by, None, given.reason, message)


def returnable(task: TaskObject, by: Known) -> Terms | None:
    """Where there is an earlier step on the way, to whoever may do the task."""
    if task.row.kind != WorkKind.TASK or task.asked is None or not may_do(task, by):
        return None
    graph = task.case.graph
    steps = earlier(graph, task.case.state, task.asked)
    if not steps:
        return None
    return Terms(schema=picked(Returning, "to", ((step, graph.label(step)) for step in steps)))


@act(
    "task",
    "send-back",
    when=returnable,
    label=gettext_noop("Send back to a step"),
    summary=gettext_noop("Send the case back to any step done before, and say why."),
    input=Returning,
    words=("send back",),
    text_field="reason",
    intent="back",
    by_deputy=True,
    rank=75,
    foreseen=True,
    past=gettext_noop("Sent back"),
)
def send_back(unit: Unit, task: TaskObject, by: Known, given: Returning) -> Outcome:
    """Send back to the step that was chosen; the reason joins the conversation.

    It is a change of the case: explored before, on the log with its reason, undone like others.
    """
    message = gettext("Sent back to “%(step)s”.") % {"step": task.case.graph.label(given.to)}
    return sent_back(unit, task, by, NodeId(given.to), given.reason, message)


def sent_back(
    unit: Unit, task: TaskObject, by: Known, to: NodeId | None, why: str, message: str
) -> Outcome:
    """Change the case so that a step done before is done again; the last one for None."""
    what = GoBack(work=WorkId(task.row.work), to=to)
    node = task.row.node
    label = task.case.graph.label(node)
    return change(unit, task.case, by, what, step=label, why=why, message=message, said_at=node)


def decided(task: TaskObject, decision: str, values: dict[str, Any]) -> dict[str, Any]:
    """The data a decision leaves: its own, the step's, and what the form asked."""
    return {
        **nest(values, task.case.state.data),
        **verdict_data(task.row.node, decision),
    }
