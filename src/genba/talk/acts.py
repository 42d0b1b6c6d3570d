"""Talking on a case: comment, ask somebody, follow, stop following.

Rules of this file: one function an act; all of them are also offered on the tasks of the case.
Words never change where a case is. The object is whatever `cases` registered as "case": only its
`row` and `followers` are used. Whoever may see a case may talk on it.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import act
from genba.acts.inbound import Outcome, Verdict
from genba.acts.schemas import Nothing
from genba.acts.words import LONGEST, announce, keep, say
from genba.journal.records import Content
from genba.people.directory import Known, called, group_named, members
from genba.runtime.unit import Unit

ASKED = "talk.asked"

Words = Annotated[str, Meta(title=gettext_noop("Comment"), min_length=1, max_length=LONGEST)]


class Comment(Struct, frozen=True):
    """What somebody says; Markdown."""

    text: Words


class Question(Struct, frozen=True):
    """Whom one asks what."""

    to: Annotated[
        str,
        Meta(
            title=gettext_noop("To"),
            description=gettext_noop("A person or a team."),
            min_length=1,
            max_length=254,
            extra_json_schema={"format": "person-or-group"},
        ),
    ]
    question: Annotated[str, Meta(title=gettext_noop("Question"), min_length=1, max_length=LONGEST)]


class Asked(Struct, frozen=True, kw_only=True):
    """Somebody was asked: `content` holds the question."""

    content: str
    asked: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def always(_case: Any, _by: Known) -> bool:
    """Whoever sees a case may; words are welcome after its end too."""
    return True


def follows(case: Any, by: Known) -> bool:
    """Whether somebody follows a case."""
    return by.id in case.followers


def follows_not(case: Any, by: Known) -> bool:
    """Whether somebody does not follow a case."""
    return not follows(case, by)


@act(
    "case",
    "comment",
    when=always,
    label=gettext_noop("Comment"),
    summary=gettext_noop("Say something on a case; people mentioned with @ are told."),
    input=Comment,
    text_field="text",
    on_parts=True,
    rank=60,
)
def comment(unit: Unit, case: Any, by: Known, given: Comment) -> Outcome:
    """Add words to the conversation."""
    told = say(unit, unit.open(case.row.case), by, given.text)
    names = ", ".join(person.name for person in told[:5])
    message = gettext("Added. Told: %(names)s.") % {"names": names} if told else gettext("Added.")
    return Outcome(verdict=Verdict.DONE, message=message)


@act(
    "case",
    "ask",
    when=always,
    label=gettext_noop("Ask somebody"),
    summary=gettext_noop("Ask a person or a team a question on a case."),
    input=Question,
    on_parts=True,
    rank=65,
)
def ask(unit: Unit, case: Any, by: Known, given: Question) -> Outcome:
    """Ask: the question joins the conversation, whoever is asked follows the case and is told."""
    people, group = addressed(given.to)
    if not people:
        message = gettext("Nobody is called “%(name)s” here.") % {"name": given.to}
        return Outcome(verdict=Verdict.INVALID, message=message, errors={"to": message})
    opened = unit.open(case.row.case)
    words = Content(case=case.row.case, id="", kind="words", body=given.question.encode())
    content = keep(unit, opened, words)
    for person in (by, *people):
        unit.tx.follow(case.row.case, person.id)
    ids = tuple(person.id for person in people if person.id != by.id)
    groups = (group,) if group else ()
    opened.record(ASKED, Asked(content=content, asked=() if group else ids, groups=groups))
    announce(opened, by, content, ids)
    names = group or ", ".join(person.name for person in people)
    return Outcome(verdict=Verdict.DONE, message=gettext("Asked %(names)s.") % {"names": names})


@act(
    "case",
    "follow",
    when=follows_not,
    label=gettext_noop("Follow"),
    summary=gettext_noop("Be told what is said on a case."),
    on_parts=True,
    rank=90,
)
def follow(unit: Unit, case: Any, by: Known, _given: Nothing) -> Outcome:
    """Follow a case."""
    unit.tx.follow(case.row.case, by.id)
    message = gettext("You follow this case now.")
    return Outcome(verdict=Verdict.DONE, message=message, undo="case.unfollow")


@act(
    "case",
    "unfollow",
    when=follows,
    label=gettext_noop("Stop following"),
    summary=gettext_noop("Not be told any more what is said on a case."),
    words=("unfollow",),
    on_parts=True,
    rank=90,
)
def unfollow(unit: Unit, case: Any, by: Known, _given: Nothing) -> Outcome:
    """Stop following a case; mentions still reach."""
    unit.tx.unfollow(case.row.case, by.id)
    message = gettext("You do not follow this case any more.")
    return Outcome(verdict=Verdict.DONE, message=message, undo="case.follow")


def addressed(written: str) -> tuple[tuple[Known, ...], str]:
    """The people somebody addresses by handle, mail address, id or team, and the team's name."""
    person = called(written)
    if person is not None:
        return (person,), ""
    group = group_named(written.strip().lstrip("@").strip('"“”'))
    return (members(group), group) if group else ((), "")
