"""Keeping a private note on a case, changing it, letting somebody read it, erasing it.

Rules of this file: nobody is told of a private note, neither that it is there nor what it says;
whoever is named finds it on the case. Only who wrote it changes anything.
"""

from typing import Annotated, Any
from uuid import uuid4

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Effect
from genba.acts.declaring import Terms, act
from genba.acts.fields import APerson
from genba.acts.inbound import Outcome
from genba.acts.objects import object_type
from genba.acts.outcomes import done, invalid, not_done
from genba.acts.schemas import Nothing, picked, schema_of
from genba.acts.words import LONGEST, keep
from genba.journal.records import CaseId, Content
from genba.people.access import may_see_case
from genba.people.directory import Known, called, names_of
from genba.runtime.streams import OpenStream
from genba.runtime.unit import Unit
from genba.talk.acts import always
from genba.talk.private_notes import (
    CONTENT,
    KIND,
    MOST,
    OBJECT,
    UNREAD,
    PrivateNote,
    PrivateObject,
    mark_of,
    marks_of,
    stream_of,
)

MOST_READERS = 20
Words = Annotated[str, Meta(title=gettext_noop("Private note"), min_length=1, max_length=LONGEST)]


class Keeping(Struct, frozen=True):
    """What is to be remembered."""

    text: Words


class Reader(Struct, frozen=True):
    """Who may read it, too."""

    to: Annotated[APerson, Meta(title=gettext_noop("Who"))]


class Leaving(Struct, frozen=True):
    """Who may not read it any more."""

    whom: Annotated[str, Meta(title=gettext_noop("Who"))]


class Kept(Struct, frozen=True, kw_only=True):
    """Words were kept, instead of those before where there were any."""

    content: str


class Let(Struct, frozen=True, kw_only=True):
    """Somebody may read it, or may not any more."""

    person: str
    reads: bool


def own(private: PrivateObject, by: Known) -> bool:
    """Who wrote it."""
    return private.note.author == by.id


def changeable(private: PrivateObject, by: Known) -> Terms | None:
    """With its words as they are."""
    if not own(private, by):
        return None
    schema = schema_of(Keeping)
    schema["properties"]["text"]["default"] = private.text
    return Terms(schema=schema)


def read_by_others(private: PrivateObject, by: Known) -> Terms | None:
    """Somebody else reads it."""
    if not own(private, by) or not private.note.readers:
        return None
    names = names_of(private.note.readers)
    whom = ((id, names.get(id, id)) for id in private.note.readers)
    return Terms(schema=picked(Leaving, "whom", whom))


@act(
    "case",
    "keep-private",
    when=always,
    label=gettext_noop("Private note"),
    summary=gettext_noop("Keep a note on a case that only you can read, and whom you let."),
    input=Keeping,
    text_field="text",
    intent="talk",
    rank=95,
)
def keep_private(unit: Unit, thing: Any, by: Known, given: Keeping) -> Outcome:
    """Keep it; the log of the case does not know."""
    thread = object_type("case").thread  # type: ignore[union-attr]
    case = thread(thing).log  # type: ignore[misc]
    if len(unit.tx.streams(KIND, mark=mark_of(case, by.id), limit=MOST)) >= MOST:
        message = gettext("You read so many private notes on this case that no more fit.")
        return not_done(message)
    stream = unit.stream(stream_of(uuid4().hex))
    content = _put(unit, stream, given.text)
    note = PrivateNote(case=case, author=by.id, made=unit.now, content=content)
    stream.record("private.kept", Kept(content=content))
    stream.keep(note, marks=marks_of(note))
    return done(gettext("Kept. Only you can read it."))


@act(
    OBJECT,
    "change",
    when=changeable,
    label=gettext_noop("Change"),
    summary=gettext_noop("Change a private note; what it said before is erased."),
    input=Keeping,
    text_field="text",
    rank=10,
)
def change(unit: Unit, private: PrivateObject, _by: Known, given: Keeping) -> Outcome:
    """Other words; those before are gone."""
    stream = unit.stream(stream_of(private.id))
    content = _put(unit, stream, given.text)
    unit.tx.erase_content(stream.id, private.note.content)
    stream.record("private.kept", Kept(content=content))
    stream.keep(replace(private.note, content=content, changed=unit.now))
    return done(gettext("Changed."))


@act(
    OBJECT,
    "let-read",
    when=own,
    label=gettext_noop("Let somebody read it"),
    summary=gettext_noop("Let one more person read a private note; they are not told."),
    input=Reader,
    text_field="to",
    rank=20,
)
def let_read(unit: Unit, private: PrivateObject, by: Known, given: Reader) -> Outcome:
    """One more, of those who see the case; guests cannot tell who does."""
    person = None if by.is_guest else called(given.to)
    if person is None or person.id == by.id or not may_see_case(person, private.case, unit.tx):
        message = gettext("Nobody who sees this case is called “%(name)s”.") % {"name": given.to}
        return invalid("to", message)
    readers = tuple(dict.fromkeys((*private.note.readers, person.id)))
    if len(readers) > MOST_READERS:
        message = gettext("So many people can read this that nobody more can.")
        return invalid("to", message)
    _let(unit, private, readers, Let(person=person.id, reads=True))
    return done(gettext("%(name)s can read it now.") % {"name": person.name})


@act(
    OBJECT,
    "stop-reading",
    when=read_by_others,
    label=gettext_noop("Not let them read it any more"),
    summary=gettext_noop("End that somebody can read a private note."),
    input=Leaving,
    text_field="whom",
    rank=30,
)
def stop_reading(unit: Unit, private: PrivateObject, _by: Known, given: Leaving) -> Outcome:
    """One less, from now on."""
    readers = tuple(one for one in private.note.readers if one != given.whom)
    _let(unit, private, readers, Let(person=given.whom, reads=False))
    name = names_of([given.whom]).get(given.whom, "")
    return done(gettext("%(name)s cannot read it any more.") % {"name": name})


@act(
    OBJECT,
    "erase",
    when=own,
    label=gettext_noop("Erase"),
    summary=gettext_noop("Erase a private note for good."),
    effect=Effect.FINAL,
    rank=40,
)
def erase(unit: Unit, private: PrivateObject, _by: Known, _given: Nothing) -> Outcome:
    """The words, and the way to them, are gone."""
    stream = unit.stream(stream_of(private.id))
    unit.tx.erase_content(stream.id, private.note.content)
    stream.record("private.erased", Kept(content=private.note.content))
    stream.keep(replace(private.note, content="", readers=()), marks=())
    return done(gettext("Erased."))


def _let(unit: Unit, private: PrivateObject, readers: tuple[str, ...], entry: Let) -> None:
    stream = unit.stream(stream_of(private.id))
    stream.record("private.readers", entry)
    note = replace(private.note, readers=readers)
    stream.keep(note, marks=marks_of(note))


def _put(unit: Unit, stream: OpenStream, text: str) -> str:
    words = text.strip().encode()
    kept = Content(case=CaseId(stream.id), id="", kind=CONTENT, media_type=UNREAD, body=words)
    return keep(unit, stream, kept)
