"""What one does with what was said: mark it, edit one's own words, take them back.

Rules of this file: the same for every type of object that is talked about. A mark is seen on the
conversation and disturbs nobody; edited words keep what they were before; what is taken back is
erased, for good.
"""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Effect
from genba.acts.declaring import act
from genba.acts.inbound import Outcome, Verdict
from genba.acts.marks import (
    ATTACHED,
    EDITED,
    MARKED,
    TAKEN_BACK,
    Edited,
    Marked,
    TakenBack,
)
from genba.acts.objects import ObjectType, for_each_type
from genba.acts.outcomes import done
from genba.acts.words import LONGEST, SAID, announce, everybody_meant, keep, open_thread, reached
from genba.journal.records import CaseId, Content
from genba.people.directory import Known
from genba.people.mentions import mentions
from genba.runtime.unit import Unit
from genba.talk.acts import ThreadOf, always, find_said, nothing_said

Said = Annotated[
    str,
    Meta(
        title=gettext_noop("What was said"),
        description=gettext_noop("The `content` of a moment of the story."),
        min_length=1,
        max_length=64,
    ),
]


class Mark(Struct, frozen=True):
    """What one marks, and how."""

    said: Said
    mark: Annotated[Literal["seen", "thanks", "agree", "concern"], Meta(title=gettext_noop("Mark"))]


class Editing(Struct, frozen=True):
    """One's own words, as they are to be; Markdown."""

    said: Said
    text: Annotated[str, Meta(title=gettext_noop("Words"), min_length=1, max_length=LONGEST)]


class Which(Struct, frozen=True):
    """What one takes back."""

    said: Said


def open_marking(type: ObjectType) -> None:
    """Declare the acts on what was said for a type of object that is talked about."""
    if type.thread is not None and not type.part:
        declare_mark(type.name, type.thread)
        declare_edit(type.name, type.thread)
        declare_take_back(type.name, type.thread)


def declare_mark(object: str, thread: ThreadOf) -> None:
    """Declare `object.mark`."""

    @act(
        object,
        "mark",
        when=always,
        label=gettext_noop("Mark"),
        summary=gettext_noop("Say that you saw it, thank, agree, or have a concern; again: not."),
        input=Mark,
        intent="said",
        rank=300,
    )
    def mark(unit: Unit, thing: Any, by: Known, given: Mark) -> Outcome:
        """Set a mark; the same one again takes it off."""
        about = thread(thing)
        said = find_said(unit, about.log, given.said)
        if said is None:
            return nothing_said()
        off = by.id in said.marks.get(given.mark, ())
        log = open_thread(unit, about)
        log.record(MARKED, Marked(content=said.content, mark=given.mark, off=off))
        message = gettext("Taken off.") if off else gettext("Marked.")
        return done(message)


def declare_edit(object: str, thread: ThreadOf) -> None:
    """Declare `object.edit`."""

    @act(
        object,
        "edit",
        when=always,
        label=gettext_noop("Edit"),
        summary=gettext_noop("Change what you said; what it was before can still be read."),
        input=Editing,
        intent="said",
        rank=301,
    )
    def edit(unit: Unit, thing: Any, by: Known, given: Editing) -> Outcome:
        """Keep the new words beside the old ones; who is newly mentioned is told."""
        about = thread(thing)
        said = find_said(unit, about.log, given.said)
        if said is None or said.type != SAID:
            return nothing_said()
        if said.by != by.id:
            return _not_yours()
        log, words = open_thread(unit, about), given.text.strip()
        before = _words(unit, log.id, said.texts[-1])
        if words == before:
            return done(gettext("Nothing changed."))
        now = keep(unit, log, Content(case=log.id, id="", kind="words", body=words.encode()))
        log.record(EDITED, Edited(content=said.content, now=now))
        known = {one.id for one in everybody_meant(unit, log.id, mentions(before))}
        meant = everybody_meant(unit, log.id, mentions(words))
        new = [one for one in meant if one.id not in known]
        told = reached(unit, log.id, by, new)
        for person in told:
            unit.tx.follow(log.id, person.id)
        if told:
            announce(log, by, now, tuple(person.id for person in told), about, only=True)
        return done(gettext("Edited."))


def declare_take_back(object: str, thread: ThreadOf) -> None:
    """Declare `object.erase-words`."""

    @act(
        object,
        "erase-words",
        when=always,
        label=gettext_noop("Take back"),
        summary=gettext_noop("Erase what you said, or a file you attached, for good."),
        input=Which,
        intent="said",
        effect=Effect.FINAL,
        rank=302,
    )
    def erase(unit: Unit, thing: Any, by: Known, given: Which) -> Outcome:
        """Erase it, and what it was before it was edited; that there was something stays."""
        about = thread(thing)
        said = find_said(unit, about.log, given.said)
        if said is None:
            return nothing_said()
        if said.by != by.id:
            return _not_yours()
        log = open_thread(unit, about)
        for content in said.texts:
            unit.tx.erase_content(log.id, content)
        log.record(TAKEN_BACK, TakenBack(content=said.content))
        words = gettext("The file is erased.") if said.type == ATTACHED else gettext("Erased.")
        return done(words)


def _words(unit: Unit, log: str, content: str) -> str:
    kept = (one for one in unit.tx.contents(CaseId(log)) if one.id == content and not one.erased)
    return next((one.body.decode("utf-8", "replace") for one in kept), "")


def _not_yours() -> Outcome:
    message = gettext("Only who said it can change it.")
    return Outcome(verdict=Verdict.FORBIDDEN, message=message)


for_each_type(open_marking)
