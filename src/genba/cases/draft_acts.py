"""Keeping what one began to write in a form, and forgetting it.

Rules of this file: a draft is the person's own and nobody else's, deputies and administrators
included. It is no act on what it is about: nothing is checked, nobody is told.
"""

from typing import Annotated
from uuid import uuid4

import msgspec
from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.cases.person_objects import PersonObject
from genba.journal.records import CaseId, Content
from genba.people.access import may_draft
from genba.people.directory import Known
from genba.people.drafts import (
    CONTENT,
    LONGEST,
    UNREAD,
    Draft,
    Drafts,
    drop,
    forget,
    stream_of,
    with_draft,
)
from genba.runtime.unit import Unit

Form = Annotated[
    str,
    Meta(
        title=gettext_noop("Form"),
        description=gettext_noop("OBJECT/ID/ACT: which act on what."),
        min_length=3,
        max_length=600,
    ),
]


class Begun(Struct, frozen=True):
    """Which form, what it says so far, and the idempotency key it will be sent with."""

    about: Form
    text: Annotated[
        str,
        Meta(
            title=gettext_noop("Words"),
            description=gettext_noop("The fields and what they say, as JSON."),
            min_length=2,
            max_length=LONGEST,
        ),
    ]
    sent: Annotated[
        str,
        Meta(
            title=gettext_noop("Key"),
            description=gettext_noop("Once an act was done with this key, nothing is kept."),
            max_length=300,
        ),
    ] = ""


class About(Struct, frozen=True):
    """Which form."""

    about: Form


class Saved(Struct, frozen=True, kw_only=True):
    """A draft was saved."""

    about: str
    content: str


def own(person: PersonObject, by: Known) -> bool:
    """One's own."""
    return may_draft(by, person.known.id)


@act(
    "person",
    "keep-draft",
    when=own,
    label=gettext_noop("Keep as a draft"),
    summary=gettext_noop("Keep what you began to write in a form; only you see it."),
    input=Begun,
    intent="said",
    rank=300,
)
def keep_draft(unit: Unit, person: PersonObject, by: Known, given: Begun) -> Outcome:
    """Keep it instead of what was kept before; what says nothing is forgotten."""
    try:
        fields = msgspec.json.decode(given.text, type=dict[str, str | bool | list[str]])
    except msgspec.MsgspecError:
        return invalid("text", gettext("This cannot be read."))
    if given.sent and unit.tx.answer(f"{unit.envelope.channel}:{given.sent}") is not None:
        return done(gettext("It was sent already."))
    if not any(fields.values()):
        forget(unit, by.id, given.about)
        return done(gettext("Nothing is kept."))
    stream = unit.stream(stream_of(person.known.id))
    content = uuid4().hex
    body = msgspec.json.encode(fields)
    unit.tx.put_content(
        Content(
            case=CaseId(stream.id),
            id=content,
            kind=CONTENT,
            media_type=UNREAD,
            size=len(body),
            body=body,
        )
    )
    new = Draft(about=given.about, content=content, begun=unit.now, saved=unit.now)
    all, gone = with_draft((stream.state(Drafts) or Drafts()).all, new)
    for one in gone:
        if one.about == new.about:
            unit.tx.erase_content(stream.id, one.content)
    drop(unit, stream, [one for one in gone if one.about != new.about])
    stream.record("draft.saved", Saved(about=given.about, content=content))
    stream.keep(Drafts(all=all))
    return done(gettext("Kept."))


@act(
    "person",
    "forget-draft",
    when=own,
    label=gettext_noop("Forget it"),
    summary=gettext_noop("Erase what you began to write in a form."),
    input=About,
    intent="said",
    rank=301,
)
def forget_draft(unit: Unit, _person: PersonObject, by: Known, given: About) -> Outcome:
    """It is gone."""
    forget(unit, by.id, given.about)
    return done(gettext("Forgotten."))
