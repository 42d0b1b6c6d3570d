"""Resolving: what was asked is settled, and which words settled it.

Rules of this file: the same for every type of object that is talked about. Whoever may talk may say
that something is settled, and take that back; who did is on the log. Nothing is closed: people may
go on talking.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.marks import REOPENED, RESOLVED, Reopened, Resolved
from genba.acts.objects import ObjectType, for_each_type
from genba.acts.outcomes import done, invalid
from genba.acts.words import open_thread
from genba.people.directory import Known
from genba.runtime.unit import Unit
from genba.talk.acts import ThreadOf, always, find_said, nothing_said
from genba.talk.marking import Said, Which


class Settled(Struct, frozen=True):
    """What is settled, and by which words."""

    said: Said
    answer: Annotated[
        str,
        Meta(
            title=gettext_noop("The answer"),
            description=gettext_noop("The `content` of the words that settled it, if some did."),
            max_length=64,
        ),
    ] = ""


def open_settling(type: ObjectType) -> None:
    """Declare the acts of resolving for a type of object that is talked about."""
    if type.thread is not None and not type.part:
        declare_resolve(type.name, type.thread)
        declare_reopen(type.name, type.thread)


def declare_resolve(object: str, thread: ThreadOf) -> None:
    """Declare `object.resolve`."""

    @act(
        object,
        "resolve",
        when=always,
        label=gettext_noop("Resolved"),
        summary=gettext_noop("Say that what was asked is settled, and mark the words that did it."),
        input=Settled,
        intent="said",
        rank=303,
    )
    def resolve(unit: Unit, thing: Any, by: Known, given: Settled) -> Outcome:
        """Settle it; said again with another answer, that is the answer."""
        about = thread(thing)
        said = find_said(unit, about.log, given.said)
        if said is None:
            return nothing_said()
        if given.answer == given.said:
            return invalid("answer", gettext("Words cannot be the answer to themselves."))
        if given.answer and find_said(unit, about.log, given.answer) is None:
            return nothing_said("answer")
        log = open_thread(unit, about)
        log.record(RESOLVED, Resolved(content=said.content, answer=given.answer))
        return done(gettext("Marked as resolved."))


def declare_reopen(object: str, thread: ThreadOf) -> None:
    """Declare `object.reopen`."""

    @act(
        object,
        "reopen",
        when=always,
        label=gettext_noop("Not resolved"),
        summary=gettext_noop("Say that what was asked is not settled after all."),
        input=Which,
        intent="said",
        rank=304,
    )
    def reopen(unit: Unit, thing: Any, by: Known, given: Which) -> Outcome:
        """Nothing is marked as its answer any more."""
        about = thread(thing)
        said = find_said(unit, about.log, given.said)
        if said is None or not said.resolved:
            return nothing_said()
        open_thread(unit, about).record(REOPENED, Reopened(content=said.content))
        return done(gettext("Open again."))


for_each_type(open_settling)
