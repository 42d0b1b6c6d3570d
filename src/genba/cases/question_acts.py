"""Where the drawing is silent, a person says: which way, has it happened, is it time, once more.

Rules of this file: one act per kind of work (`engine.values.WorkKind`), offered to whoever may act
on it, answered in the words of the drawing. All of them take a comment; but where the mail word
begins ordinary sentences ("enough …"), it acts only when it stands alone: no `text_field`.
"""

from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Choice, Effect
from genba.acts.declaring import Terms, When, act, choice_schema
from genba.acts.inbound import Outcome
from genba.acts.schemas import schema_of, with_form
from genba.cases.answers import COMMENT, LongText, Note, complete
from genba.cases.objects import TaskObject
from genba.cases.rights import may_do
from genba.cases.wording import AGAIN, ENOUGH, option_label
from genba.engine.values import WorkKind
from genba.people.directory import Known
from genba.runtime.unit import Unit


class Chosen(Struct, frozen=True):
    """What was chosen, several where the drawing allows several."""

    chosen: Annotated[str | list[str], Meta(title=gettext_noop("Choice"))]
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""

    @property
    def options(self) -> tuple[str, ...]:
        """The chosen options, always as a tuple."""
        return (self.chosen,) if isinstance(self.chosen, str) else tuple(self.chosen)


class Occurrence(Struct, frozen=True):
    """Which of the events has happened, where there is more than one."""

    chosen: Annotated[str, Meta(title=gettext_noop("Choice"))] = ""
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


class Number(Struct, frozen=True):
    """How many times."""

    count: Annotated[int, Meta(title=gettext_noop("How many"), ge=0, le=1000)]
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


def asks(task: TaskObject, by: Known, kind: WorkKind) -> bool:
    """Whether a task is open, of this kind, and this person's to answer."""
    return task.row.kind == kind and may_do(task, by)


def of_kind(kind: WorkKind) -> When:
    """Open on a task of this kind to whoever may act on it."""

    def when(task: TaskObject, by: Known) -> Terms | None:
        return Terms(primary=True) if asks(task, by, kind) else None

    return when


def among(kind: WorkKind) -> When:
    """Open on a task of this kind, answered by one (or more) of the options it offers."""

    def when(task: TaskObject, by: Known) -> Terms | None:
        if not task.asked or not asks(task, by, kind):
            return None
        options = task.asked.options
        if not options:
            return Terms(schema=schema_of(Note), primary=True)
        choices = tuple(Choice(one.id, option_label(kind, one.id, one.label)) for one in options)
        return picking(choices, many=task.asked.many)

    return when


def picking(choices: tuple[Choice, ...], *, many: bool) -> Terms:
    """The terms of an act that is answered by picking, with room for a comment."""
    schema = choice_schema("chosen", gettext("Choice"), choices, many=many)
    return Terms(
        schema=with_form(Note, schema),
        choices=choices,
        choice_field="chosen",
        many=many,
        primary=True,
    )


@act(
    "task",
    "choose",
    when=among(WorkKind.CHOICE),
    label=gettext_noop("Decide"),
    summary=gettext_noop("Choose the path where the drawing does not say how it is chosen."),
    input=Chosen,
    effect=Effect.FINAL,
    text_field="comment",
    rank=10,
    by_deputy=True,
    past=gettext_noop("Decided"),
    told=gettext_noop("chose %(chosen)s at “%(step)s”"),
)
def choose(unit: Unit, task: TaskObject, by: Known, given: Chosen) -> Outcome:
    """Choose one outgoing path, or several where the gateway is inclusive."""
    return complete(
        unit, task, by, chosen=given.options, words=given.comment, message=gettext("Decided.")
    )


@act(
    "task",
    "happened",
    when=among(WorkKind.HAPPENED),
    label=gettext_noop("It has happened"),
    summary=gettext_noop("Say that an event of the drawing has happened."),
    input=Occurrence,
    words=("happened",),
    effect=Effect.FINAL,
    tickable=True,
    rank=10,
    by_deputy=True,
    past=gettext_noop("Reported"),
    told=gettext_noop("said that “%(step)s” has happened %(chosen)s"),
)
def happened(unit: Unit, task: TaskObject, by: Known, given: Occurrence) -> Outcome:
    """Say that it has happened, and which of several it was."""
    chosen = (given.chosen,) if given.chosen else ()
    return complete(
        unit,
        task,
        by,
        chosen=chosen,
        words=given.comment,
        message=gettext("Noted: it has happened."),
    )


@act(
    "task",
    "time-up",
    when=of_kind(WorkKind.TIME_UP),
    label=gettext_noop("It is time"),
    summary=gettext_noop("Say that the time has come, where the drawing gives it in words."),
    input=Note,
    words=("it is time",),
    effect=Effect.FINAL,
    tickable=True,
    rank=10,
    by_deputy=True,
    past=gettext_noop("Reported"),
    told=gettext_noop("said that it is time: “%(step)s”"),
)
def time_up(unit: Unit, task: TaskObject, by: Known, given: Note) -> Outcome:
    """Say that the time is up."""
    return complete(unit, task, by, words=given.comment, message=gettext("Noted: it is time."))


@act(
    "task",
    "once-more",
    when=of_kind(WorkKind.REPEAT),
    label=gettext_noop("Once more"),
    summary=gettext_noop("Repeat a step whose drawing does not say how often."),
    input=Note,
    words=("again",),
    rank=10,
    by_deputy=True,
    past=gettext_noop("Repeated"),
    told=gettext_noop("repeated “%(step)s”"),
)
def once_more(unit: Unit, task: TaskObject, by: Known, given: Note) -> Outcome:
    """Do the step once more."""
    return complete(
        unit, task, by, chosen=(AGAIN,), words=given.comment, message=gettext("Once more.")
    )


@act(
    "task",
    "enough",
    when=of_kind(WorkKind.REPEAT),
    label=gettext_noop("Enough"),
    summary=gettext_noop("End the repetition of a step whose drawing does not say how often."),
    input=Note,
    words=("enough",),
    effect=Effect.FINAL,
    rank=20,
    by_deputy=True,
    past=gettext_noop("Ended"),
    told=gettext_noop("ended the repetition of “%(step)s”"),
)
def enough(unit: Unit, task: TaskObject, by: Known, given: Note) -> Outcome:
    """End the repetition."""
    return complete(
        unit, task, by, chosen=(ENOUGH,), words=given.comment, message=gettext("That was enough.")
    )


@act(
    "task",
    "how-many",
    when=of_kind(WorkKind.COUNT),
    label=gettext_noop("Say how many"),
    summary=gettext_noop("Say how many times a step is needed, where the drawing does not."),
    input=Number,
    effect=Effect.FINAL,
    text_field="comment",
    rank=10,
    by_deputy=True,
    past=gettext_noop("Counted"),
    told=gettext_noop("said how many times “%(step)s” is needed"),
)
def how_many(unit: Unit, task: TaskObject, by: Known, given: Number) -> Outcome:
    """Give the number of instances."""
    return complete(
        unit, task, by, data={"count": given.count}, words=given.comment, message=gettext("Noted.")
    )


@act(
    "task",
    "pick",
    when=among(WorkKind.PICK),
    label=gettext_noop("What next"),
    summary=gettext_noop("Pick the next activity where the drawing leaves the order open."),
    input=Chosen,
    text_field="comment",
    rank=10,
    by_deputy=True,
    past=gettext_noop("Picked"),
    told=gettext_noop("picked %(chosen)s in “%(step)s”"),
)
def pick(unit: Unit, task: TaskObject, by: Known, given: Chosen) -> Outcome:
    """Start an activity of an ad-hoc sub-process, or end it."""
    return complete(
        unit, task, by, chosen=given.options, words=given.comment, message=gettext("Noted.")
    )


class Mending(Struct, frozen=True):
    """What to do about it, after changing data where one says so."""

    chosen: Annotated[str, Meta(title=gettext_noop("Choice"))]
    data: Annotated[
        LongText,
        Meta(
            title=gettext_noop("Data to change, as JSON"),
            description=gettext_noop(
                'For instance {"amount": 12}. What was done by hand says here what came of it.'
            ),
            extra_json_schema={"format": "json-object"},
        ),
    ] = ""
    comment: Annotated[LongText, Meta(title=COMMENT)] = ""


def mendable(task: TaskObject, by: Known) -> Terms | None:
    """An incident, with what it offers and room for data."""
    terms = among(WorkKind.INCIDENT)(task, by)
    if not isinstance(terms, Terms) or terms.schema is None:
        return None
    return replace(terms, schema=with_form(Mending, terms.schema))


@act(
    "task",
    "mend",
    when=mendable,
    label=gettext_noop("Mend"),
    summary=gettext_noop(
        "Try again what could not be done, with other data if need be; say that it was done "
        "by hand; or go on without it."
    ),
    input=Mending,
    text_field="comment",
    rank=10,
    by_deputy=True,
    past=gettext_noop("Mended"),
    told=gettext_noop("mended “%(step)s”: %(chosen)s"),
)
def mend(unit: Unit, task: TaskObject, by: Known, given: Mending) -> Outcome:
    """Answer an incident."""
    data = msgspec.json.decode(given.data or "{}", type=dict[str, Any])
    return complete(
        unit,
        task,
        by,
        data=data,
        chosen=(given.chosen,),
        words=given.comment,
        message=gettext("Noted."),
    )
