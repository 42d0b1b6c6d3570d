"""Taking what comes next, how much one may have in hand, and what one can do.

Rules of this file: one function an act. Who takes is the person themselves: nothing is pushed.
Two who take at once never get the same (`Transaction.hold_work`); a limit that two could pass at
once is guarded by the stream both have to write to.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import Terms, act
from genba.acts.fields import APerson
from genba.acts.inbound import Outcome, Verdict
from genba.acts.outcomes import done, invalid, not_done
from genba.acts.schemas import Nothing, picked, schema_of
from genba.cases.answers import obey
from genba.cases.objects import TaskObject, load_task, sees_task
from genba.cases.queue_objects import QueueObject, SkillsObject, id_of, teams_for
from genba.cases.queues import (
    EVERY,
    Allowance,
    Place,
    asked_as,
    full,
    in_order,
    settings_of,
    stream_of,
    teams_of,
    why_here,
)
from genba.cases.rights import is_quiet, may_take
from genba.cases.skills import Skills, kept
from genba.cases.skills import stream_of as skills_stream
from genba.cases.wording import work_title
from genba.engine.commands import AssignWork
from genba.engine.values import WorkId
from genba.journal.contract import Reading
from genba.people.access import may_change_queue
from genba.people.deputies import today
from genba.people.directory import Known, called
from genba.runtime.unit import Unit

MOST_SKILLS = 200  # that one person says


class Limits(Struct, frozen=True):
    """How much may be in hand at once; 0 is no limit."""

    each: Annotated[
        int,
        Meta(
            title=gettext_noop("At most, each"),
            description=gettext_noop("Open tasks one person has at once; 0: no limit."),
            ge=0,
            le=1000,
        ),
    ] = 0
    team: Annotated[
        int,
        Meta(
            title=gettext_noop("At most, together"),
            description=gettext_noop("Open tasks the whole team has at once; 0: no limit."),
            ge=0,
            le=100_000,
        ),
    ] = 0


class Who(Struct, frozen=True):
    """Somebody."""

    to: Annotated[APerson, Meta(title=gettext_noop("Who"))]


class SkillName(Struct, frozen=True):
    """A word for something one can do."""

    skill: Annotated[str, Meta(title=gettext_noop("What"), min_length=1, max_length=120)]


class Taken(Struct, frozen=True, kw_only=True):
    """Somebody took something of a queue that has a limit."""

    person: str
    case: str
    work: str


def taking(queue: QueueObject, by: Known) -> Terms | None:
    """Those of the team take from its queue."""
    if not may_change_queue(by, queue.team) and queue.team != EVERY:
        return None
    return Terms(primary=True) if teams_for(queue, by) or not by.is_guest else None


def limitable(queue: QueueObject, by: Known) -> Terms | None:
    """The limits as they are, to be changed by those who work by them."""
    if queue.team == EVERY or not may_change_queue(by, queue.team):
        return None
    schema = schema_of(Limits)
    schema["properties"]["each"]["default"] = queue.said.each
    schema["properties"]["team"]["default"] = queue.said.team
    return Terms(schema=schema)


def allowing(queue: QueueObject, by: Known) -> bool:
    """There is a limit for each, and it is theirs to waive."""
    return queue.team != EVERY and bool(queue.said.each) and may_change_queue(by, queue.team)


@act(
    "queue",
    "next",
    when=taking,
    label=gettext_noop("Take the next"),
    summary=gettext_noop("Take what comes next in a queue: what is late, then what fits you."),
    words=("next",),
    rank=10,
)
def take_next(unit: Unit, queue: QueueObject, by: Known, _given: Nothing) -> Outcome:
    """Take the first that one may take; "*" takes from all of one's queues."""
    teams = teams_for(queue, by)
    limits = {team: full(team, by, unit.tx) for team in teams}
    free = tuple(team for team in teams if not limits[team])
    if teams and not free:
        return not_done(next(iter(limits.values())))
    asked = [f"group/{team}" for team in free]
    if queue.team == EVERY:
        asked.insert(0, f"person/{by.id}")
    for place in in_order(by, asked, unit.tx, unit.now):
        task = load_task(unit.tx, id_of(place))
        if task is None or not _takeable(unit, task, by):
            continue
        return _take(unit, task, by, place)
    message = gettext("Nothing waits here that you can take.")
    return not_done(message)


def _takeable(unit: Unit, task: TaskObject, by: Known) -> bool:
    if not sees_task(task, by, unit.tx) or not may_take(task, by) or is_quiet(task, by):
        return False
    return unit.tx.hold_work(task.row.case, task.row.work)


def _take(unit: Unit, task: TaskObject, by: Known, place: Place) -> Outcome:
    guard(unit, task, by)
    words = {"title": work_title(task.row), "why": why_here(place, unit.now)}
    command = AssignWork(at=unit.now, work=WorkId(task.row.work), to=by.id, by=by.id)
    message = gettext("“%(title)s” is yours: %(why)s.") % words
    outcome = obey(unit, task, by, command, words="", message=message)
    return replace(outcome, object="task", object_id=task.id) if outcome.ok else outcome


def over_limit(reading: Reading, task: TaskObject, by: Known) -> str:
    """In words, why somebody may not take a task though it is open to them; "" when they may.

    What stands in several queues is taken from one that has room.
    """
    teams = [team for team in teams_of(task.row) if team in by.groups]
    words = [full(team, by, reading) for team in teams]
    return words[0] if words and all(words) else ""


def guard(unit: Unit, task: TaskObject, by: Known) -> None:
    """Write that something was taken where there is a limit, so that nobody passes it by being
    two at once: of two who write to one stream, one decides again."""
    taken = Taken(person=by.id, case=task.row.case, work=task.row.work)
    for team in teams_of(task.row):
        limits = settings_of(team, unit.tx)
        if limits.team:
            unit.stream(stream_of(team)).record("queue.taken", taken)
        elif limits.each:
            unit.stream(f"hand:{by.id}").record("queue.taken", taken)


def already_taken(unit: Unit, task: TaskObject, by: Known) -> Outcome:
    """Somebody was faster: who, and what comes next."""
    holder = called(task.row.assignee)
    words = {"name": holder.name if holder else "", "title": work_title(task.row)}
    message = gettext("%(name)s has taken “%(title)s”.") % words
    for place in in_order(by, asked_as(by, by.groups), unit.tx, unit.now):
        other = load_task(unit.tx, id_of(place))
        if other is not None and other.id != task.id and _takeable(unit, other, by):
            words = {"next": work_title(other.row), "why": why_here(place, unit.now)}
            message += " " + gettext("Next for you: “%(next)s”, %(why)s.") % words
            return Outcome(verdict=Verdict.GONE, message=message, object="task", object_id=other.id)
    return Outcome(verdict=Verdict.GONE, message=message)


@act(
    "queue",
    "limit",
    when=limitable,
    label=gettext_noop("Set how much may be in hand"),
    summary=gettext_noop("Say how many open tasks of a queue a person, and the team, may have."),
    input=Limits,
    rank=30,
)
def set_limits(unit: Unit, queue: QueueObject, by: Known, given: Limits) -> Outcome:
    """From now on; what is in hand stays there."""
    stream = unit.stream(stream_of(queue.team))
    stream.record("queue.limited", given)
    stream.keep(replace(queue.said, each=given.each, team=given.team))
    return done(gettext("From now on, this is how much may be in hand."))


@act(
    "queue",
    "allow",
    when=allowing,
    label=gettext_noop("Let somebody take one more"),
    summary=gettext_noop("Waive the limit of a queue for somebody, by one task, today."),
    input=Who,
    words=("allow",),
    text_field="to",
    rank=40,
)
def allow(unit: Unit, queue: QueueObject, by: Known, given: Who) -> Outcome:
    """One more today; nobody allows it to themselves."""
    found = called(given.to)
    if found is None or queue.team not in found.groups:
        words = {"name": given.to, "team": queue.team}
        return invalid("to", gettext("Nobody of %(team)s is called “%(name)s”.") % words)
    if found.id == by.id:
        return invalid("to", gettext("Somebody else of the team has to let you."))
    more = Allowance(person=found.id, by=by.id, day=today())
    kept_on = tuple(one for one in queue.said.allowed if one.day == more.day)
    stream = unit.stream(stream_of(queue.team))
    stream.record("queue.allowed", more)
    stream.keep(replace(queue.said, allowed=(*kept_on, more)))
    return done(gettext("%(name)s may take one more today.") % {"name": found.name})


def own(skills: SkillsObject, by: Known) -> bool:
    """Their own; nobody says it of somebody else."""
    return skills.known.id == by.id


def droppable(skills: SkillsObject, by: Known) -> Terms | None:
    """There is something that counts."""
    names = [one.name for one in skills.all if not one.taken_back]
    if not names or not own(skills, by):
        return None
    return Terms(schema=picked(SkillName, "skill", ((one, one) for one in names)))


@act(
    "skills",
    "add",
    when=own,
    label=gettext_noop("I can do this"),
    summary=gettext_noop("Say what you can do, so that what fits is offered to you first."),
    input=SkillName,
    words=("can",),
    text_field="skill",
    rank=10,
)
def add_skill(unit: Unit, skills: SkillsObject, by: Known, given: SkillName) -> Outcome:
    """Said by the person; also what they had taken back."""
    name = " ".join(given.skill.split())
    said = kept(by.id, unit.tx)
    others = tuple(one for one in said.said if one.lower() != name.lower())
    if not name or len(others) >= MOST_SKILLS:
        return invalid("skill", gettext("Write a word for it; there may be 200 of them."))
    back = tuple(one for one in said.not_mine if one.lower() != name.lower())
    _keep(unit, by, "skills.added", name, Skills(said=(*others, name), not_mine=back))
    return done(gettext("“%(skill)s” counts from now on.") % {"skill": name})


@act(
    "skills",
    "drop",
    when=droppable,
    label=gettext_noop("This is not mine"),
    summary=gettext_noop("Take back what you said you can do, or what was learned from your work."),
    input=SkillName,
    words=("cannot",),
    text_field="skill",
    rank=20,
)
def drop_skill(unit: Unit, skills: SkillsObject, by: Known, given: SkillName) -> Outcome:
    """It does not count any more, however often it is done."""
    said, name = kept(by.id, unit.tx), given.skill.lower()
    left = tuple(one for one in said.said if one.lower() != name)
    not_mine = tuple(one for one in said.not_mine if one.lower() != name)
    after = Skills(said=left, not_mine=(*not_mine, given.skill))
    _keep(unit, by, "skills.dropped", given.skill, after)
    return done(gettext("“%(skill)s” does not count any more.") % {"skill": given.skill})


def _keep(unit: Unit, by: Known, type: str, name: str, after: Skills) -> None:
    stream = unit.stream(skills_stream(by.id))
    stream.record(type, {"skill": name})
    stream.keep(after)
