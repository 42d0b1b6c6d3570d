"""A queue and what one can do, as the acts see them: loaded, and made into cards.

Rules of this file: reads only. The queue "*" is everything somebody may take. What one can do is
shown to the person and to administrators, and to nobody else.
"""

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card, Fact
from genba.acts.objects import find
from genba.cases import skills
from genba.cases.places import queue_path
from genba.cases.queues import (
    EVERY,
    Place,
    Queue,
    asked_as,
    in_order,
    settings_of,
    stream_of,
    why_here,
)
from genba.cases.skills import Skill
from genba.cases.wording import moment_of
from genba.journal.contract import MOST_COUNTED, Reading
from genba.people.access import may_see_person, may_see_queue
from genba.people.directory import Known, group_named, known, names_of
from genba.runtime.installation import current

SHOWN = 25  # of a queue, on its card
PATH = "/me/skills"


class QueueObject(Struct, frozen=True):
    """A queue of a team, or ("*") all of those of whoever looks."""

    team: str
    said: Queue = Queue()
    revision: int = 0


class SkillsObject(Struct, frozen=True):
    """What somebody can do."""

    known: Known
    revision: int
    all: tuple[Skill, ...]


def load_queue(reading: Reading, team: str) -> QueueObject | None:
    """The queue of a team that there is."""
    if team == EVERY:
        return QueueObject(EVERY)
    name = group_named(team)
    if name is None:
        return None
    row = reading.stream(stream_of(name))
    return QueueObject(name, settings_of(name, reading), row.revision if row else 0)


def sees_queue(queue: QueueObject, by: Known, _reading: Reading) -> bool:
    """Members see every queue, and in it what they may see."""
    return may_see_queue(by)


def queue_gone(_queue: QueueObject, _by: Known) -> str:
    """A queue stays."""
    return ""


def teams_for(queue: QueueObject, by: Known) -> tuple[str, ...]:
    """The teams whose queues these are."""
    return by.groups if queue.team == EVERY else (queue.team,)


def queue_card(queue: QueueObject, by: Known, full: bool, reading: Reading) -> Card:
    """What waits, in order, each with why it stands there; who has how many.

    The cards of what waits are without what one can do with each: one takes the next.
    """
    teams = teams_for(queue, by)
    asked = asked_as(by, teams) if queue.team == EVERY else [f"group/{queue.team}"]
    waiting = sum(reading.queue_length(who) for who in asked)
    many = gettext("%(num)s or more wait") % {"num": MOST_COUNTED}
    few = ngettext("%(num)s waits", "%(num)s wait", waiting) % {"num": waiting}
    return Card(
        object="queue",
        id=queue.team,
        version=queue.revision,
        title=gettext("What waits to be taken") if queue.team == EVERY else queue.team,
        subject=queue.team,
        url=queue_path(queue.team),
        case="" if queue.team == EVERY else stream_of(queue.team),
        status=many if waiting >= MOST_COUNTED else few,
        facts=tuple(_limits(queue, reading)),
        cards=tuple(_cards(by, asked, reading)) if full else (),
        people=tuple(teams),
    )


def _limits(queue: QueueObject, reading: Reading) -> Iterator[Fact]:
    if queue.team == EVERY:
        return
    if queue.said.each:
        yield Fact(gettext("At most, each"), str(queue.said.each), "number")
    if queue.said.team:
        yield Fact(gettext("At most, together"), str(queue.said.team), "number")
    had = reading.in_hand(f"group/{queue.team}")
    yield Fact(gettext("In hand, together"), str(sum(had.values())), "number")


def _cards(by: Known, asked: list[str], reading: Reading) -> Iterator[Card]:
    now, left = current().clock.now(), SHOWN
    for place in in_order(by, asked, reading, now):
        found = find("task", id_of(place), by, reading)
        if found is None:
            continue
        card = found.type.card(found.value, by, False, reading)
        if card.quiet:
            continue
        yield replace(card, why=why_here(place, now))
        left -= 1
        if not left:
            return


def id_of(place: Place) -> str:
    """The id of what waits, as a task."""
    return f"{place.row.work.case}:{place.row.work.work}"


def load_skills(reading: Reading, person: str) -> SkillsObject | None:
    """What a person can do, as long as the account is active."""
    found = known(person)
    if found is None:
        return None
    row = reading.stream(skills.stream_of(person))
    return SkillsObject(found, row.revision if row else 0, skills.skills_of(person, reading))


def sees_skills(own: SkillsObject, by: Known, _reading: Reading) -> bool:
    """Whether somebody may look at what a person can do."""
    return may_see_person(by, own.known)


def skills_gone(_own: SkillsObject, _by: Known) -> str:
    """There is always something to say."""
    return ""


def skills_card(own: SkillsObject, by: Known, _full: bool, _reading: Reading) -> Card:
    """Each skill, and how it is known."""
    mine = own.known.id == by.id
    return Card(
        object="skills",
        id=own.known.id,
        version=own.revision,
        title=gettext("What I can do")
        if mine
        else names_of([own.known.id]).get(own.known.id, own.known.name),
        subject=own.known.name,
        url=PATH if mine else f"/me/{own.known.id}/skills",
        case=skills.stream_of(own.known.id),
        status=gettext("What fits is offered to you first. Nobody but you sees this."),
        facts=tuple(Fact(one.name, in_words(one)) for one in own.all),
    )


def in_words(skill: Skill) -> str:
    """How it is known that somebody can do something."""
    words = []
    if skill.said:
        words.append(gettext("you said so"))
    if skill.times and skill.last is not None:
        times = ngettext("you did it %(num)s time", "you did it %(num)s times", skill.times)
        words.append(times % {"num": skill.times})
        at = moment_of(skill.last, current().clock.now())
        words.append(gettext("last %(time)s") % {"time": at})
    if skill.taken_back:
        words.append(gettext("you said that this is not yours"))
    return " · ".join(words)
