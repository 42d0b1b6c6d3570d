"""Talking: comment, ask somebody, follow, stop following.

Rules of this file: one function an act, the same for every type of object that says where it is
talked about (`ObjectType.thread`); no type is known by name. What is said on a part of a case (a
task, a step, a file) stands in the conversation of the case too. Words never change anything.
Whoever may see an object may talk on it.
"""

from collections.abc import Callable
from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import act
from genba.acts.fields import APersonOrTeam
from genba.acts.inbound import Outcome
from genba.acts.marks import ASKED, Spoken, spoken_in
from genba.acts.objects import ObjectType, Thread, for_each_type
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import Nothing
from genba.acts.words import LONGEST, announce, keep, open_thread, reached, say
from genba.journal.records import CaseId, Content
from genba.people.attention import muted_id
from genba.people.directory import Known, called, group_named, members
from genba.runtime.recording import entries_of
from genba.runtime.unit import Unit

NOBODY = gettext_noop("Nobody is called “%(name)s” here.")
OUT_OF_REACH = gettext_noop("%(name)s does not see this case: share it with them first.")

Words = Annotated[str, Meta(title=gettext_noop("Comment"), min_length=1, max_length=LONGEST)]
ThreadOf = Callable[[Any], Thread]


class Comment(Struct, frozen=True):
    """What somebody says; Markdown."""

    text: Words


QUOTED = Annotated[
    str,
    Meta(
        title=gettext_noop("Quoting"),
        description=gettext_noop("The `content` of what it answers."),
        max_length=64,
        extra_json_schema={"format": "said"},
    ),
]


class Remark(Comment, frozen=True):
    """What somebody says, and to what."""

    quote: QUOTED = ""


class Question(Struct, frozen=True):
    """Whom one asks what."""

    to: Annotated[APersonOrTeam, Meta(title=gettext_noop("To"))]
    question: Annotated[str, Meta(title=gettext_noop("Question"), min_length=1, max_length=LONGEST)]


class Asked(Struct, frozen=True, kw_only=True):
    """Somebody was asked: `content` holds the question."""

    content: str
    asked: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def always(_object: Any, _by: Known) -> bool:
    """Whoever sees it may; words are welcome after the end of a case too."""
    return True


def open_talk(type: ObjectType) -> None:
    """Declare the acts of talking for a type of object that is talked about."""
    if type.thread is not None:
        declare_comment(type.name, type.thread)
        if not type.routed:
            declare_ask(type.name, type.thread)
        if not type.part:
            declare_following(type.name, type.thread)
            declare_muting(type.name, type.thread)


def declare_comment(object: str, thread: ThreadOf) -> None:
    """Declare `object.comment`."""

    @act(
        object,
        "comment",
        when=always,
        label=gettext_noop("Comment"),
        summary=gettext_noop("Say something; people mentioned with @ are told."),
        input=Remark,
        text_field="text",
        on_parts=True,
        rank=60,
    )
    def comment(unit: Unit, thing: Any, by: Known, given: Remark) -> Outcome:
        """Add words to the conversation."""
        about = thread(thing)
        if given.quote and find_said(unit, about.log, given.quote) is None:
            return nothing_said("quote")
        log = open_thread(unit, about)
        told = say(unit, log, by, given.text, thread=about, quote=given.quote)
        names = ", ".join(person.name for person in told[:5])
        added = gettext("Added.")
        message = gettext("Added. Told: %(names)s.") % {"names": names} if told else added
        return done(message)


def declare_ask(object: str, thread: ThreadOf) -> None:
    """Declare `object.ask`."""

    @act(
        object,
        "ask",
        when=always,
        label=gettext_noop("Ask somebody"),
        summary=gettext_noop("Ask a person or a team a question, in the conversation."),
        input=Question,
        on_parts=True,
        rank=65,
    )
    def ask(unit: Unit, thing: Any, by: Known, given: Question) -> Outcome:
        """Ask: the question joins the conversation, whoever is asked follows and is told."""
        people, group = addressed(given.to)
        about = thread(thing)
        log = open_thread(unit, about)
        alone = not group and by.id in (person.id for person in people)
        told = people if alone else reached(unit, log.id, by, people)
        if not told:
            words = OUT_OF_REACH if people and not by.is_guest else NOBODY
            message = gettext(words) % {"name": given.to}
            return invalid("to", message)
        people = told
        asked = Content(case=log.id, id="", kind="words", body=given.question.encode())
        content = keep(unit, log, asked)
        for person in (by, *people):
            unit.tx.follow(log.id, person.id)
        ids = tuple(person.id for person in people if person.id != by.id)
        groups = (group,) if group else ()
        log.record(ASKED, Asked(content=content, asked=() if group else ids, groups=groups))
        announce(log, by, content, ids, about)
        names = group or ", ".join(person.name for person in people)
        message = gettext("Asked %(names)s.") % {"names": names}
        return done(message)


def declare_following(object: str, thread: ThreadOf) -> None:
    """Declare `object.follow` and `object.unfollow`."""

    def follows(thing: Any, by: Known) -> bool:
        return by.id in thread(thing).followers

    def follows_not(thing: Any, by: Known) -> bool:
        return not follows(thing, by)

    @act(
        object,
        "follow",
        when=follows_not,
        label=gettext_noop("Follow"),
        summary=gettext_noop("Be told what is said here."),
        on_parts=True,
        rank=90,
    )
    def follow(unit: Unit, thing: Any, by: Known, _given: Nothing) -> Outcome:
        """Follow."""
        unit.tx.follow(CaseId(thread(thing).log), by.id)
        message = gettext("You follow this now.")
        return done(message, undo=f"{object}.unfollow")

    @act(
        object,
        "unfollow",
        when=follows,
        label=gettext_noop("Stop following"),
        summary=gettext_noop("Not be told any more what is said here."),
        words=("unfollow",),
        on_parts=True,
        rank=90,
    )
    def unfollow(unit: Unit, thing: Any, by: Known, _given: Nothing) -> Outcome:
        """Stop following; mentions still reach."""
        unit.tx.unfollow(CaseId(thread(thing).log), by.id)
        message = gettext("You do not follow this any more.")
        return done(message, undo=f"{object}.follow")


def declare_muting(object: str, thread: ThreadOf) -> None:
    """Declare `object.mute` and `object.unmute`."""

    def mutes(thing: Any, by: Known) -> bool:
        return by.id in thread(thing).muted

    def hears(thing: Any, by: Known) -> bool:
        about = thread(thing)
        return by.id in about.followers and by.id not in about.muted

    @act(
        object,
        "mute",
        when=hears,
        label=gettext_noop("Mute"),
        summary=gettext_noop("Follow it, but be told only when somebody asks for you by name."),
        words=("mute",),
        on_parts=True,
        rank=91,
    )
    def mute(unit: Unit, thing: Any, by: Known, _given: Nothing) -> Outcome:
        """No mail of what is said; it still stands in the list of what one follows."""
        unit.tx.follow(muted_id(thread(thing).log), by.id)
        return done(gettext("You hear of it only when you are asked for."), undo=f"{object}.unmute")

    @act(
        object,
        "unmute",
        when=mutes,
        label=gettext_noop("Stop muting"),
        summary=gettext_noop("Be told again what is said here."),
        words=("unmute",),
        on_parts=True,
        rank=91,
    )
    def unmute(unit: Unit, thing: Any, by: Known, _given: Nothing) -> Outcome:
        """Be told again."""
        unit.tx.unfollow(muted_id(thread(thing).log), by.id)
        return done(gettext("You hear what is said here again."), undo=f"{object}.mute")


def find_said(unit: Unit, log: str, content: str) -> Spoken | None:
    """What was said there and is not taken back."""
    said = spoken_in(entries_of(unit.tx, CaseId(log))).get(content)
    return said if said is not None and not said.gone else None


def nothing_said(field: str = "said") -> Outcome:
    """What is pointed at was not said here, or is gone."""
    return invalid(field, gettext("That was not said here, or was taken back."))


def addressed(written: str) -> tuple[tuple[Known, ...], str]:
    """The people somebody addresses by handle, mail address, id or team, and the team's name."""
    person = called(written)
    if person is not None:
        return (person,), ""
    group = group_named(written.strip().lstrip("@").strip('"“”'))
    return (members(group), group) if group else ((), "")


for_each_type(open_talk)
