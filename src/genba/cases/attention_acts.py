"""Choosing when one is told: a daily digest, quiet hours.

Rules of this file: one chooses for oneself and for nobody else. Nothing is lost by it: what is said
stands on the case, and what asks for something on the first page.
"""

from datetime import time
from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import Nothing
from genba.cases.hours import Unreadable, read_hours
from genba.cases.person_objects import PersonObject
from genba.people.attention import Attention, next_digest, stream_of
from genba.people.directory import Known
from genba.runtime.unit import Unit

DIGEST = "digest"  # kind of the outbox row that waits for the time of a digest
LAST_MINUTE = time(23, 59)


class Daily(Struct, frozen=True):
    """When the digest comes."""

    at: Annotated[
        str,
        Meta(
            title=gettext_noop("At"),
            description=gettext_noop("A time of day, as 7:00."),
            min_length=1,
            max_length=5,
        ),
    ]


class Quiet(Struct, frozen=True):
    """When one does not want to be disturbed."""

    begins: Annotated[
        str,
        Meta(
            title=gettext_noop("From"),
            description=gettext_noop("A time of day, as 19:00; the same twice: no quiet hours."),
            min_length=1,
            max_length=5,
        ),
    ]
    ends: Annotated[
        str,
        Meta(
            title=gettext_noop("To"),
            description=gettext_noop("A time of day, as 7:30."),
            min_length=1,
            max_length=5,
        ),
    ]
    weekend: Annotated[bool, Meta(title=gettext_noop("Saturdays and Sundays too"))] = False


class Chosen(Struct, frozen=True, kw_only=True):
    """Somebody chose when they are told."""

    daily: str = ""
    begins: str = ""
    ends: str = ""
    weekend: bool = False


class Waiting(Struct, frozen=True, kw_only=True):
    """The time of a digest."""

    person: str


def own(person: PersonObject, by: Known) -> bool:
    """Their own."""
    return person.known.id == by.id and not by.stands_for


def daily(person: PersonObject, by: Known) -> bool:
    """Their own, and told once a day."""
    return own(person, by) and person.attention.daily is not None


@act(
    "person",
    "digest",
    when=own,
    label=gettext_noop("Tell me once a day"),
    summary=gettext_noop("Get what was said and happened in one mail a day, not each by itself."),
    input=Daily,
    rank=30,
)
def digest(unit: Unit, person: PersonObject, by: Known, given: Daily) -> Outcome:
    """From now on once a day; who asks for somebody by name still reaches them at once."""
    at = _time(given.at)
    if at is None:
        return invalid("at", gettext("This is not a time of day."))
    keep(unit, person, replace(person.attention, daily=at, told=unit.now))
    return done(gettext("You get one mail a day, at %(time)s.") % {"time": in_words(at)})


@act(
    "person",
    "at-once",
    when=daily,
    label=gettext_noop("Tell me at once"),
    summary=gettext_noop("Get what is said when it is said, not once a day."),
    rank=31,
)
def at_once(unit: Unit, person: PersonObject, by: Known, _given: Nothing) -> Outcome:
    """No digest any more."""
    keep(unit, person, replace(person.attention, daily=None))
    return done(gettext("You are told at once again."))


@act(
    "person",
    "quiet-hours",
    when=own,
    label=gettext_noop("Quiet hours"),
    summary=gettext_noop("Say when mail waits until later, but for what is due before that."),
    input=Quiet,
    rank=32,
)
def quiet_hours(unit: Unit, person: PersonObject, by: Known, given: Quiet) -> Outcome:
    """Mail waits until they end."""
    begins, ends = _time(given.begins), _time(given.ends)
    if begins is None or ends is None:
        name = "begins" if begins is None else "ends"
        return invalid(name, gettext("This is not a time of day."))
    kept = replace(person.attention, begins=begins, ends=ends, weekend=given.weekend)
    keep(unit, person, kept)
    if not kept.has_quiet:
        return done(gettext("You have no quiet hours."))
    return done(gettext("In your quiet hours mail waits, but for what is due before they end."))


def keep(unit: Unit, person: PersonObject, chosen: Attention) -> None:
    """What somebody chose, from now on; the next digest waits for its time."""
    stream = unit.stream(stream_of(person.known.id))
    chosen = replace(chosen, next=next_digest(chosen, unit.now))
    body = Chosen(
        daily=in_words(chosen.daily) if chosen.daily is not None else "",
        begins=in_words(chosen.begins),
        ends=in_words(chosen.ends),
        weekend=chosen.weekend,
    )
    stream.record("attention.chosen", body)
    stream.keep(chosen)
    if chosen.next is not None:
        key = f"digest:{person.known.id}:{chosen.next.isoformat()}"
        stream.post(DIGEST, Waiting(person=person.known.id), key=key, due=chosen.next)


def in_words(at: time) -> str:
    """A time of day as people write it."""
    return f"{at.hour}:{at.minute:02d}"


def _time(text: str) -> time | None:
    """The time of day somebody wrote; None where it is none."""
    try:
        (period,) = read_hours(f"{text.strip()}-24:00")
    except (Unreadable, ValueError):
        return None
    return time(period.start // 60, period.start % 60)
