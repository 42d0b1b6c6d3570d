"""What one does with a note: say whether it helped, mend it, confirm it, retire it.

Rules of this file: one function an act. Whether it helped is said on the task where one read it;
mending is for the team that owns it, its author and administrators.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Effect
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import Nothing, schema_of
from genba.acts.words import LONGEST
from genba.cases.objects import TaskObject
from genba.help import notes
from genba.help.learning import Written, put_words, set_check, use
from genba.help.notes import NoteObject
from genba.help.remembering import memory_of
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.unit import Unit


class Which(Struct, frozen=True):
    """Which note."""

    note: Annotated[
        str,
        Meta(
            title=gettext_noop("Note"),
            description=gettext_noop("Empty: the first one shown."),
            max_length=40,
        ),
    ] = ""


class Mended(Struct, frozen=True):
    """What it says."""

    text: Annotated[str, Meta(title=gettext_noop("Note"), min_length=1, max_length=LONGEST)]
    title: Annotated[str, Meta(title=gettext_noop("Title"), max_length=300)] = ""


class Looked(Struct, frozen=True, kw_only=True):
    """Somebody of its team said that a note holds, or does not any more."""

    holds: bool


def noted(task: TaskObject, by: Known) -> bool:
    """There is a note on this step, and this person could have read it."""
    if by.is_guest or not task.asked:
        return False
    shelf = memory_of(current()).shelf(task.case.row.process)
    return any(one.kind == "note" and task.row.node in one.steps for one in shelf.everything())


def owns(note: NoteObject, by: Known) -> bool:
    """Its team, its author, administrators."""
    if note.note.retired or by.is_guest:
        return False
    return note.note.team in by.groups or note.note.by == by.id or by.is_administrator


def mendable(note: NoteObject, by: Known) -> Terms | None:
    """With its words as they are, to be changed."""
    if not owns(note, by):
        return None
    schema = schema_of(Mended)
    schema["properties"]["text"]["default"] = note.text
    schema["properties"]["title"]["default"] = note.title
    return Terms(schema=schema)


@act(
    "task",
    "helped",
    when=noted,
    label=gettext_noop("This helped"),
    summary=gettext_noop("Say that a note shown with a task helped; it counts for the note."),
    input=Which,
    words=("that helped",),
    rank=67,
    intent="talk",
)
def helped(unit: Unit, task: TaskObject, by: Known, given: Which) -> Outcome:
    """One more case it helped."""
    return _said(unit, task, by, given, helped=True)


@act(
    "task",
    "no-help",
    when=noted,
    label=gettext_noop("This did not help"),
    summary=gettext_noop("Say that a note shown with a task did not help."),
    input=Which,
    words=("that did not help",),
    rank=68,
    intent="talk",
)
def no_help(unit: Unit, task: TaskObject, by: Known, given: Which) -> Outcome:
    """It stands lower from now on."""
    return _said(unit, task, by, given, helped=False)


def _said(unit: Unit, task: TaskObject, by: Known, given: Which, *, helped: bool) -> Outcome:
    from genba.help.hints import hints_of

    id = given.note
    if not id:
        shown = [one for one in hints_of(unit.tx, task, by) if one.kind == "note"]
        id = shown[0].id if shown else ""
    note = notes.note_of(unit.tx.stream(notes.stream_of(id))) if id else None
    here = (task.case.row.process, task.row.node)
    if note is None or (note.process, note.node) != here or note.retired:
        return invalid("note", gettext("There is no such note on this step."))
    use(unit, id, note, task.case.row.case, helped=helped)
    return done(gettext("Noted: it helped.") if helped else gettext("Noted: it did not help."))


@act(
    "note",
    "edit",
    when=mendable,
    label=gettext_noop("Mend"),
    summary=gettext_noop("Change what a note says; what it said before is erased."),
    input=Mended,
    text_field="text",
    rank=20,
)
def edit(unit: Unit, note: NoteObject, by: Known, given: Mended) -> Outcome:
    """New words; the old ones are gone from the note, not from the case they came from."""
    stream = unit.stream(notes.stream_of(note.id))
    old = note.note
    text = put_words(unit, stream, notes.TEXT, given.text)
    title = put_words(unit, stream, notes.TITLE, given.title or note.title)
    for content in (old.text, old.title):
        unit.tx.erase_content(stream.id, content)
    stream.record("note.edited", Written(title=title, text=text))
    drawn = notes.drawn(note.graph, old.node)
    stream.keep(replace(old, title=title, text=text, edited=unit.now, drawn=drawn))
    set_check(stream, note.id, unit.now)
    return done(gettext("Changed."))


@act(
    "note",
    "confirm",
    when=owns,
    label=gettext_noop("Still true"),
    summary=gettext_noop("Say that a note still holds."),
    words=("still true",),
    rank=10,
    tickable=True,
)
def confirm(unit: Unit, note: NoteObject, by: Known, _given: Nothing) -> Outcome:
    """As good as new."""
    stream = unit.stream(notes.stream_of(note.id))
    stream.record("note.confirmed", Looked(holds=True))
    drawn = notes.drawn(note.graph, note.note.node)
    stream.keep(replace(note.note, edited=unit.now, drawn=drawn, asked=None))
    set_check(stream, note.id, unit.now)
    return done(gettext("Thank you."))


@act(
    "note",
    "retire",
    when=owns,
    label=gettext_noop("Not true any more"),
    summary=gettext_noop("Take a note away: it is not shown any more."),
    words=("retire",),
    effect=Effect.FINAL,
    rank=30,
)
def retire(unit: Unit, note: NoteObject, by: Known, _given: Nothing) -> Outcome:
    """Not shown any more."""
    stream = unit.stream(notes.stream_of(note.id))
    stream.record("note.retired", Looked(holds=False))
    stream.keep(replace(note.note, retired=True), marks=())
    return done(gettext("It is not shown any more."))
