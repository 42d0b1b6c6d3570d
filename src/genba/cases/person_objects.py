"""Oneself as an object: who stands for me, for whom I stand, and when I am told.

Rules of this file: reads only. Nobody sees this of anybody else, except administrators.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.journal.contract import Reading
from genba.people.access import may_see_person
from genba.people.attention import NOTHING_CHOSEN, Attention, attention_of
from genba.people.deputies import Deputy, deputies_of, principals, stream_of, today
from genba.people.directory import Known, known, names_of

PATH = "/me"


class PersonObject(Struct, frozen=True):
    """Somebody, those who stand for them, and those they stand for today."""

    known: Known
    revision: int = 0
    deputies: tuple[Deputy, ...] = ()
    standing_for: tuple[Known, ...] = ()
    attention: Attention = NOTHING_CHOSEN


def load_person(reading: Reading, id: str) -> PersonObject | None:
    """A person by id, as long as the account is active."""
    found = known(id)
    if found is None:
        return None
    row = reading.stream(stream_of(id))
    return PersonObject(
        found,
        row.revision if row else 0,
        deputies_of(id, reading),
        principals(found, reading),
        attention_of(id, reading),
    )


def sees_person(person: PersonObject, by: Known, _reading: Reading) -> bool:
    """Whether somebody may look at who stands for a person."""
    return may_see_person(by, person.known)


def person_gone(_person: PersonObject, _by: Known) -> str:
    """A person is never gone while they are known."""
    return ""


def person_card(person: PersonObject, by: Known, _full: bool, _reading: Reading) -> Card:
    """Who stands for somebody and until when, and for whom they stand."""
    names = names_of(one.deputy for one in person.deputies)
    day = today()
    kept = [one for one in person.deputies if one.ends is None or one.ends >= day]
    facts = [Fact(names.get(one.deputy, ""), days_in_words(one)) for one in kept]
    facts += [Fact(gettext("You stand for"), one.name) for one in person.standing_for]
    own = person.known.id == by.id
    facts += told_in_words(person.attention) if own else []
    return Card(
        object="person",
        id=person.known.id,
        version=person.revision,
        title=person.known.name,
        subject=person.known.name,
        url=PATH if own else f"{PATH}/{person.known.id}",
        case=stream_of(person.known.id),
        status=gettext("somebody stands for you today")
        if any(one.serves(day) for one in kept)
        else gettext("nobody stands for you today"),
        facts=tuple(facts),
    )


def told_in_words(chosen: Attention) -> list[Fact]:
    """What somebody chose of when they are told."""
    facts = []
    if chosen.daily is not None:
        words = gettext("one mail a day, at %(time)s") % {"time": chosen.daily.strftime("%H:%M")}
        facts.append(Fact(gettext("What is said"), words))
    if chosen.begins != chosen.ends:
        words = f"{chosen.begins:%H:%M}–{chosen.ends:%H:%M}"
        facts.append(Fact(gettext("Quiet hours"), words))
    if chosen.weekend:
        facts.append(Fact(gettext("Quiet"), gettext("Saturdays and Sundays")))
    return facts


def days_in_words(deputy: Deputy) -> str:
    """From which day to which."""
    words = {"begins": date_format(deputy.begins, "DATE_FORMAT")}
    if deputy.ends is None:
        return gettext("from %(begins)s on") % words
    words["ends"] = date_format(deputy.ends, "DATE_FORMAT")
    return gettext("from %(begins)s to %(ends)s") % words
