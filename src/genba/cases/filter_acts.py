"""Saving a filter under a name, for oneself or for a team, and dropping it.

Rules of this file: what a team has, anybody in it saves and drops; nobody else does. The same name
again changes what it asks.
"""

from typing import Annotated, Literal
from uuid import uuid4

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import one_of, schema_of
from genba.cases.filters import (
    INBOX,
    MOST,
    VIEWS,
    Filter,
    Filters,
    filters_for,
    owners_for,
    stream_of,
    without,
)
from genba.cases.person_objects import PersonObject
from genba.people.access import may_filter
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.unit import Unit


class Saving(Struct, frozen=True):
    """A name, what it asks, and for whom."""

    name: Annotated[str, Meta(title=gettext_noop("Name"), min_length=1, max_length=60)]
    place: Annotated[Literal["inbox", "cases"], Meta(title=gettext_noop("Of which list"))] = "inbox"
    view: Annotated[str, Meta(title=gettext_noop("View"), max_length=20)] = ""
    process: Annotated[str, Meta(title=gettext_noop("Process"), max_length=255)] = ""
    team: Annotated[
        str,
        Meta(
            title=gettext_noop("Team"),
            description=gettext_noop("Whose queue it stands in."),
            max_length=255,
        ),
    ] = ""
    words: Annotated[
        str,
        Meta(
            title=gettext_noop("Words"),
            description=gettext_noop("Each in the title of the case or of the step."),
            max_length=200,
        ),
    ] = ""
    share: Annotated[
        str,
        Meta(
            title=gettext_noop("For"),
            description=gettext_noop("One of your teams; empty: only for you."),
            max_length=255,
        ),
    ] = ""


class Dropping(Struct, frozen=True):
    """Which filter."""

    filter: Annotated[str, Meta(title=gettext_noop("Filter"), max_length=64)]


class Saved(Struct, frozen=True, kw_only=True):
    """A filter was saved; the words stand in what the stream keeps, and go with it."""

    filter: str


class Dropped(Struct, frozen=True, kw_only=True):
    """A filter is gone."""

    filter: str


def own(person: PersonObject, by: Known) -> bool:
    """One's own."""
    return may_filter(by, person.known.id)


def droppable(person: PersonObject, by: Known) -> Terms | None:
    """There is one, of one's own or of a team."""
    if not own(person, by):
        return None
    with current().journal.reading() as reading:
        had = filters_for(by, reading)
    if not had:
        return None
    schema = schema_of(Dropping)
    schema["properties"]["filter"] |= one_of((one.id, one.name) for _owner, one in had)
    return Terms(schema=schema)


@act(
    "person",
    "save-filter",
    when=own,
    label=gettext_noop("Save as a filter"),
    summary=gettext_noop("Save which of your work or of the cases you look at, under a name."),
    input=Saving,
    intent="said",
    rank=310,
)
def save_filter(unit: Unit, _person: PersonObject, by: Known, given: Saving) -> Outcome:
    """Keep it, for oneself or for a team one is in."""
    owner = f"group/{given.share}" if given.share else f"person/{by.id}"
    if owner not in owners_for(by):
        return invalid("share", gettext("You are in no team “%(name)s”.") % {"name": given.share})
    view = given.view or VIEWS[given.place][0]
    if view not in VIEWS[given.place]:
        return invalid("view", gettext("There is no such view."))
    stream = unit.stream(stream_of(owner))
    all = (stream.state(Filters) or Filters()).all
    same = next((one for one in all if (one.place, one.name) == (given.place, given.name)), None)
    new = Filter(
        id=same.id if same else uuid4().hex[:12],
        name=given.name,
        place=given.place,
        view=view,
        process=given.process,
        team=given.team if given.place == INBOX else "",
        words=given.words.strip(),
        by=by.id,
    )
    others = without(all, new.id)
    if len(others) >= MOST:
        return invalid("name", gettext("There are so many filters that no more fit: drop one."))
    stream.record("filter.saved", Saved(filter=new.id))
    stream.keep(Filters(all=(*others, new)))
    words = {"name": new.name, "team": given.share}
    if given.share:
        return done(gettext("“%(name)s” is saved, for all of %(team)s.") % words)
    return done(gettext("“%(name)s” is saved.") % words)


@act(
    "person",
    "drop-filter",
    when=droppable,
    label=gettext_noop("Drop a filter"),
    summary=gettext_noop("Drop a saved filter, your own or one of your team."),
    input=Dropping,
    intent="said",
    rank=311,
)
def drop_filter(unit: Unit, _person: PersonObject, by: Known, given: Dropping) -> Outcome:
    """It is gone, for everybody who had it."""
    for owner, one in filters_for(by, unit.tx):
        if one.id == given.filter:
            stream = unit.stream(stream_of(owner))
            all = (stream.state(Filters) or Filters()).all
            stream.record("filter.dropped", Dropped(filter=one.id))
            stream.keep(Filters(all=without(all, one.id)))
            return done(gettext("“%(name)s” is gone.") % {"name": one.name})
    return invalid("filter", gettext("There is no such filter."))
