"""Naming somebody who stands for me, for some days; and ending it.

Rules of this file: one names one's own deputies; an administrator may for somebody who cannot any
more. What a deputy does is done on behalf of the other, both names are kept; what four eyes keep
from one of the two they keep from both (`people.separation`).
"""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import Terms, act
from genba.acts.fields import APerson
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import picked
from genba.cases.person_objects import PersonObject, days_in_words
from genba.people.access import may_name_deputies
from genba.people.deputies import Deputies, Deputy, mark_of, stream_of, today
from genba.people.directory import Known, called, names_of
from genba.runtime.unit import Unit

MOST = 20  # deputies of one person, now or later


class Deputation(Struct, frozen=True):
    """Who stands for me, from which day to which."""

    to: Annotated[APerson, Meta(title=gettext_noop("Who"))]
    begins: Annotated[
        date | None, Meta(title=gettext_noop("From"), description=gettext_noop("Empty: today."))
    ] = None
    ends: Annotated[
        date | None,
        Meta(
            title=gettext_noop("Last day"),
            description=gettext_noop("Empty: until you end it."),
        ),
    ] = None


class Ending(Struct, frozen=True):
    """Whose time is over."""

    deputy: Annotated[str, Meta(title=gettext_noop("Who"))]


class Named(Struct, frozen=True, kw_only=True):
    """Somebody was named."""

    deputy: str
    begins: date
    ends: date | None = None


class Ended(Struct, frozen=True, kw_only=True):
    """Somebody stands for the person no more."""

    deputy: str


def own(person: PersonObject, by: Known) -> bool:
    """Their own, or an administrator's."""
    return may_name_deputies(by, person.known)


def endable(person: PersonObject, by: Known) -> Terms | None:
    """There is somebody whose time is not over."""
    if not own(person, by) or not person.deputies:
        return None
    deputies = dict.fromkeys(one.deputy for one in person.deputies)
    names = names_of(deputies)
    return Terms(schema=picked(Ending, "deputy", ((id, names.get(id, id)) for id in deputies)))


@act(
    "person",
    "name-deputy",
    when=own,
    label=gettext_noop("Name somebody who stands for me"),
    summary=gettext_noop("Let somebody act on your behalf for some days; both names are kept."),
    input=Deputation,
    words=("deputy",),
    text_field="to",
    rank=10,
)
def name_deputy(unit: Unit, person: PersonObject, by: Known, given: Deputation) -> Outcome:
    """Name a deputy; the same person again has other days."""
    found = called(given.to)
    if found is None or found.is_guest:
        return invalid("to", gettext("Nobody is called “%(name)s” here.") % {"name": given.to})
    if found.id == person.known.id:
        return invalid("to", gettext("Somebody else must stand for you."))
    begins = given.begins or today()
    if given.ends is not None and given.ends < max(begins, today()):
        return invalid("ends", gettext("The last day is before the first, or over."))
    deputy = Deputy(deputy=found.id, begins=begins, ends=given.ends)
    others = tuple(one for one in person.deputies if one.deputy != found.id)
    if len(others) >= MOST:
        return invalid("to", gettext("So many people stand for you that nobody more can."))
    entry = Named(deputy=found.id, begins=begins, ends=given.ends)
    _keep(unit, person, (*others, deputy), "deputy.named", entry)
    words = {"name": found.name, "days": days_in_words(deputy)}
    return done(gettext("%(name)s stands for you %(days)s.") % words)


@act(
    "person",
    "end-deputy",
    when=endable,
    label=gettext_noop("Nobody stands for me any more"),
    summary=gettext_noop("End that somebody acts on your behalf."),
    input=Ending,
    words=("no deputy",),
    text_field="deputy",
    rank=20,
)
def end_deputy(unit: Unit, person: PersonObject, by: Known, given: Ending) -> Outcome:
    """From now on; what was done stays done."""
    left = tuple(one for one in person.deputies if one.deputy != given.deputy)
    _keep(unit, person, left, "deputy.ended", Ended(deputy=given.deputy))
    name = names_of([given.deputy]).get(given.deputy, "")
    return done(gettext("%(name)s does not stand for you any more.") % {"name": name})


def _keep(
    unit: Unit, person: PersonObject, all: tuple[Deputy, ...], type: str, entry: Struct
) -> None:
    stream = unit.stream(stream_of(person.known.id))
    stream.record(type, entry)
    marks = tuple(dict.fromkeys(mark_of(one.deputy) for one in all))
    stream.keep(Deputies(all=all), marks=marks)
