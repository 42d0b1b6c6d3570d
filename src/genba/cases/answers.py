"""What the acts of this folder share: outcomes, and obeying the engine.

Rules of this file: turns a command and its answer into an outcome in words. A command the engine
rejects is a refusal with the engine's reason; nothing is changed then.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, not_done
from genba.acts.schemas import Free
from genba.acts.words import say
from genba.cases.objects import TaskObject
from genba.engine.commands import (
    AddSigner,
    AssignWork,
    Cancel,
    CompleteWork,
    DelegateWork,
    Postpone,
    Promise,
    Rejected,
    Remind,
    SendBack,
)
from genba.engine.values import WorkId
from genba.people.directory import Known
from genba.runtime.unit import Unit

TaskCommand = (
    AddSigner
    | AssignWork
    | Cancel
    | CompleteWork
    | DelegateWork
    | Postpone
    | Promise
    | Remind
    | SendBack
)

LongText = Annotated[str, Meta(max_length=20_000)]
COMMENT = gettext_noop("Comment")

# What the engine's refusals mean to a person; any other rule is said in the engine's words.
RULES: dict[str, str] = {
    "case.ended": gettext_noop("This case has ended."),
    "case.suspended": gettext_noop("This case is on hold."),
    "case.not-suspended": gettext_noop("This case is not on hold."),
    "work.gone": gettext_noop("This is no longer asked."),
    "work.reminded": gettext_noop("You reminded of this already within a day."),
    "choice.unknown": gettext_noop("This is not one of the choices."),
    "choice.none": gettext_noop("Choose at least one."),
    "vote.twice": gettext_noop("Each person answers this once."),
    "signer.twice": gettext_noop("They are asked already."),
    "signer.most": gettext_noop("So many people sign this step that nobody more can."),
    "delegate.circle": gettext_noop("It would come back to them at once."),
    "back.unknown": gettext_noop("There is no such earlier step."),
    "back.elsewhere": gettext_noop("That step is not on the way that led here."),
}


class Note(Struct, frozen=True):
    """Nothing is needed; words may be added."""

    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


class FormNote(Free, frozen=True):
    """The form of the step; words may be added."""

    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


def refused(rejected: Rejected) -> Outcome:
    """The engine did not obey."""
    words = RULES.get(rejected.rule)
    message = gettext(words) if words else rejected.message
    return not_done(message)


def obey(
    unit: Unit, task: TaskObject, by: Known, command: TaskCommand, *, words: str, message: str
) -> Outcome:
    """Give a command about a task to the engine, after what was said along with it.

    The words come first, so that a story ends with its end; a refusal takes them back.
    """
    case = unit.open(task.case.row.case)
    if words.strip():
        say(unit, case, by, words, node=task.row.node)
    rejected = case.command(command)
    return refused(rejected) if isinstance(rejected, Rejected) else done(message)


def complete(
    unit: Unit,
    task: TaskObject,
    by: Known,
    *,
    data: dict[str, Any] | None = None,
    chosen: tuple[str, ...] = (),
    words: str = "",
    message: str = "",
) -> Outcome:
    """Do what a task asks, with data and with what was chosen."""
    command = CompleteWork(
        at=unit.now,
        work=WorkId(task.row.work),
        data=data or {},
        chosen=chosen,
        by=by.id,
        behalf=by.stands_for or None,
    )
    return obey(unit, task, by, command, words=words, message=message or gettext("Done."))
