"""Declaring how much time one gives to helping others.

Rules of this file: one act; for oneself and for nobody else. It is part of the work, so it is said
in hours; who has none left this week is not asked by routing, and can still be asked by name.
"""

from typing import Annotated

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop, ngettext
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Card, Fact
from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done
from genba.acts.schemas import Nothing
from genba.cases.person_objects import PersonObject
from genba.help.contributing import USUAL_MINUTES, Helping, helping_of, put_to, stream_of
from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.unit import Unit

WEEK = 60  # hours: nobody gives more


class Time(Struct, frozen=True):
    """Hours a week, and minutes for one question."""

    hours: Annotated[
        float,
        Meta(
            title=gettext_noop("Hours a week"),
            description=gettext_noop("0: only who names me asks me."),
            ge=0,
            le=WEEK,
        ),
    ]
    minutes: Annotated[int, Meta(title=gettext_noop("Minutes for one question"), ge=1, le=480)] = (
        USUAL_MINUTES
    )


def own(person: PersonObject, by: Known) -> bool:
    """Their own; a guest is not asked by routing."""
    return person.known.id == by.id and not by.stands_for and not by.is_guest


@act(
    "person",
    "helping-time",
    when=own,
    label=gettext_noop("Time for helping"),
    summary=gettext_noop("Say how many hours a week one gives to questions of others."),
    input=Time,
    rank=40,
)
def give_time(unit: Unit, person: PersonObject, by: Known, given: Time) -> Outcome:
    """From now on; what was put to them this week counts."""
    stream = unit.stream(stream_of(by.id))
    helping = Helping(hours=given.hours, minutes=given.minutes)
    stream.record("helping.declared", helping)
    stream.keep(helping)
    words = {"hours": number_format(given.hours, 1 if given.hours % 1 else 0)}
    return done(gettext("You give %(hours)s hours a week; then others are asked.") % words)


def limited(person: PersonObject, by: Known) -> bool:
    """Their own, and they said how much time there is."""
    if not own(person, by):
        return False
    with current().journal.reading() as reading:
        return helping_of(by.id, reading).hours is not None


@act(
    "person",
    "helping-no-limit",
    when=limited,
    label=gettext_noop("No limit on helping"),
    summary=gettext_noop("Take back how many hours a week one gives to questions of others."),
    rank=41,
)
def lift_limit(unit: Unit, person: PersonObject, by: Known, _given: Nothing) -> Outcome:
    """Asked like everybody who said nothing."""
    stream = unit.stream(stream_of(by.id))
    helping = replace(stream.state(Helping) or Helping(), hours=None)
    stream.record("helping.declared", helping)
    stream.keep(helping)
    return done(gettext("You can be asked without a limit."))


def helping_on_person(
    person: PersonObject, card: Card, by: Known, _full: bool, reading: Reading
) -> Card:
    """With the time one gives and what of it is used: shown to nobody else."""
    if person.known.id != by.id or by.is_guest:
        return card
    declared = helping_of(by.id, reading)
    count = put_to(by.id, current().clock.now(), reading)
    asked = ngettext("%(num)s question this week", "%(num)s questions this week", count)
    words = asked % {"num": count}
    if declared.hours is not None:
        hours = number_format(declared.hours, 1 if declared.hours % 1 else 0)
        give = gettext("%(hours)s hours a week") % {"hours": hours}
        words = f"{give} · {words}"
    elif not count:
        return card
    return replace(card, facts=(*card.facts, Fact(gettext("Time for helping"), words)))
