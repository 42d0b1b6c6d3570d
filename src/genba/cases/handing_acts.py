"""Handing a task on: for good, so that it comes back, and asking others to sign too.

Rules of this file: who gets it is checked like who does it, by the four-eyes rule of the step too.
Whoever gets a task follows its case. A reason is needed where one gives away what one was asked.
"""

from typing import Annotated, Literal

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import Terms, act
from genba.acts.fields import APerson
from genba.acts.inbound import Outcome
from genba.acts.outcomes import invalid
from genba.acts.schemas import Nothing, picked
from genba.cases.answers import COMMENT, LongText, TaskCommand, obey
from genba.cases.objects import TaskObject
from genba.cases.rights import may_do, moves, why_not_them
from genba.engine.commands import AddSigner, AssignWork, DelegateWork
from genba.engine.values import WorkId, WorkKind
from genba.people.access import is_assigned, may_give, may_reach
from genba.people.directory import Known, called
from genba.runtime.unit import Unit

PLACES: dict[str, str] = {
    "before": gettext_noop("before me"),
    "after": gettext_noop("after me"),
    "beside": gettext_noop("beside me, at the same time"),
}


class Assignment(Struct, frozen=True):
    """Who gets it, and why."""

    to: Annotated[APerson, Meta(title=gettext_noop("To"))]
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


class Transfer(Struct, frozen=True):
    """Who gets it for good, and why."""

    to: Annotated[APerson, Meta(title=gettext_noop("To"))]
    reason: Annotated[str, Meta(title=gettext_noop("Why"), min_length=1, max_length=20_000)]


class Signer(Struct, frozen=True):
    """Who is to answer too, and when."""

    to: Annotated[APerson, Meta(title=gettext_noop("Who"))]
    place: Annotated[Literal["before", "after", "beside"], Meta(title=gettext_noop("When"))] = (
        "beside"
    )
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


def receiver(unit: Unit, task: TaskObject, by: Known, written: str) -> Known | Outcome:
    """Who is to get a task; or why they cannot. Whoever is a guest reaches nobody but those
    who are in the case."""
    person = called(written)
    reached = person is not None and may_reach(by, person, task.case.row, unit.tx)
    if person is None or (by.is_guest and not reached):
        message = gettext("Nobody is called “%(name)s” here.") % {"name": written}
        return invalid("to", message)
    if not reached:
        message = gettext("%(name)s does not see this case: share it with them first.")
        return invalid("to", message % {"name": person.name})
    words = why_not_them(task, person)
    return invalid("to", words) if words else person


def givable(task: TaskObject, by: Known) -> bool:
    """Open, and theirs to give."""
    return moves(task) and may_give(by, task.row)


def delegable(task: TaskObject, by: Known) -> bool:
    """Open, a task to do, and theirs to do."""
    return task.row.kind == WorkKind.TASK and may_do(task, by)


def transferable(task: TaskObject, by: Known) -> bool:
    """Theirs: what nobody has yet is given, not passed on."""
    return moves(task) and is_assigned(by, task.row)


def returning_to(task: TaskObject, by: Known) -> bool:
    """Out with somebody it was delegated to, and to come back to this person."""
    if task.asked is None or not moves(task):
        return False
    return by.id in task.asked.returns and not is_assigned(by, task.row)


def signable(task: TaskObject, by: Known) -> Terms | None:
    """Open, a task to do, theirs, and not out with a delegate."""
    if not delegable(task, by) or task.asked is None or task.asked.returns:
        return None
    places = ((place, gettext(words)) for place, words in PLACES.items())
    return Terms(schema=picked(Signer, "place", places))


@act(
    "task",
    "assign",
    when=givable,
    label=gettext_noop("Give it to somebody"),
    summary=gettext_noop("Give a task to a person."),
    input=Assignment,
    words=("assign",),
    text_field="to",
    intent="hand",
    by_deputy=True,
    rank=85,
)
def assign(unit: Unit, task: TaskObject, by: Known, given: Assignment) -> Outcome:
    """Give a task to a person, who then follows the case."""
    person = receiver(unit, task, by, given.to)
    if isinstance(person, Outcome):
        return person
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=person.id, by=by.id)
    message = gettext("%(name)s has it now.") % {"name": person.name}
    return _handed(unit, task, by, person, command, given.comment, message)


@act(
    "task",
    "delegate",
    when=delegable,
    label=gettext_noop("Delegate"),
    summary=gettext_noop("Let somebody else do a task; it comes back to you for the final word."),
    input=Assignment,
    words=("delegate",),
    text_field="to",
    intent="hand",
    by_deputy=True,
    rank=72,
)
def delegate(unit: Unit, task: TaskObject, by: Known, given: Assignment) -> Outcome:
    """Hand a task to somebody whose answer comes back."""
    person = receiver(unit, task, by, given.to)
    if isinstance(person, Outcome):
        return person
    command = DelegateWork(at=unit.now, work=WorkId(task.row.work), to=person.id, by=by.id)
    message = gettext("%(name)s has it now; it comes back to you.") % {"name": person.name}
    return _handed(unit, task, by, person, command, given.comment, message)


@act(
    "task",
    "take-back",
    when=returning_to,
    label=gettext_noop("Take it back"),
    summary=gettext_noop("Take back a task you delegated, before it was answered."),
    words=("take back",),
    intent="hand",
    rank=71,
)
def take_back(unit: Unit, task: TaskObject, by: Known, _given: Nothing) -> Outcome:
    """Have a delegated task again."""
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=by.id, by=by.id)
    return obey(unit, task, by, command, words="", message=gettext("It is yours again."))


@act(
    "task",
    "transfer",
    when=transferable,
    label=gettext_noop("Transfer"),
    summary=gettext_noop("Give a task of yours to somebody for good, and say why."),
    input=Transfer,
    words=("transfer",),
    text_field="to",
    intent="hand",
    by_deputy=True,
    rank=73,
)
def transfer(unit: Unit, task: TaskObject, by: Known, given: Transfer) -> Outcome:
    """Give a task away; it does not come back."""
    person = receiver(unit, task, by, given.to)
    if isinstance(person, Outcome):
        return person
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=person.id, by=by.id)
    message = gettext("%(name)s has it now.") % {"name": person.name}
    return _handed(unit, task, by, person, command, given.reason, message)


@act(
    "task",
    "add-signer",
    when=signable,
    label=gettext_noop("Add a signer"),
    summary=gettext_noop("Ask somebody to decide a step too: before you, after you or beside you."),
    input=Signer,
    words=("add signer",),
    text_field="to",
    intent="hand",
    by_deputy=True,
    rank=74,
)
def add_signer(unit: Unit, task: TaskObject, by: Known, given: Signer) -> Outcome:
    """Somebody else answers too; one “no” is enough, unless the drawing says how votes count."""
    person = receiver(unit, task, by, given.to)
    if isinstance(person, Outcome):
        return person
    command = AddSigner(
        at=unit.now, work=WorkId(task.row.work), to=person.id, place=given.place, by=by.id
    )
    words = {"name": person.name, "when": gettext(PLACES[given.place])}
    message = gettext("%(name)s is asked too, %(when)s.") % words
    return _handed(unit, task, by, person, command, given.comment, message)


def _handed(
    unit: Unit,
    task: TaskObject,
    by: Known,
    person: Known,
    command: TaskCommand,
    words: str,
    message: str,
) -> Outcome:
    """Do it, and let whoever got it follow the case."""
    outcome = obey(unit, task, by, command, words=words, message=message)
    if outcome.ok:
        unit.tx.follow(task.row.case, person.id)
    return outcome
