"""Until when a work is to be done, and when somebody is reminded of it or others are asked.

Rules of this file: texts to instants, computed once when the work is opened, in the zone and the
working time of the step. Texts are those of `time_texts`, and beside them:

- a due date without a time ("2026-03-31") is the end of work on that day;
- a reminder with a minus before it ("-PT4H") is so long before the work is due.

What cannot be read is not promised.
"""

from datetime import datetime, time, timedelta
from typing import Any

from msgspec import Struct

from genba.engine import timing
from genba.engine.almanac import Almanac, Place
from genba.engine.graph import Graph, GraphNode
from genba.engine.step import Step
from genba.engine.time_texts import read, working
from genba.engine.values import ElementId
from genba.engine.variables import context, evaluate
from genba.engine.zones import resolve, wall

_DAY_ONLY = len("2026-03-31")


class Promises(Struct, frozen=True, kw_only=True):
    """The instants of a work; None where nothing is said."""

    due: datetime | None = None
    later: datetime | None = None
    remind: datetime | None = None
    escalate: datetime | None = None
    escalate_to: str = ""


NOTHING_PROMISED = Promises()


def promises(step: Step, id: ElementId, node: GraphNode) -> Promises:
    """What step, process and installation say of a work that is opened now."""
    people, habits = node.people, step.almanac.habits
    if people.plain and not habits.any:
        return NOTHING_PROMISED
    data = context(step.case, id)
    place = place_of_work(step.almanac, step.graph, node)
    always = bool(node.drawn.calendar)
    due = due_at(_text(evaluate(step, people.due, data)), step.at, place, always=always)
    follow_up = _text(evaluate(step, people.follow_up, data))
    later = due_at(follow_up, step.at, place, always=always, opening=True)
    to = _text(evaluate(step, people.escalate_to, data)) or habits.escalate_to
    if later is not None and later > step.at:
        return Promises(due=due, later=later, escalate_to=to)
    remind, escalate = clocks(step, id, node, due, to)
    return Promises(due=due, remind=remind, escalate=escalate, escalate_to=to)


def clocks(
    step: Step, id: ElementId, node: GraphNode, due: datetime | None, to: str
) -> tuple[datetime | None, datetime | None]:
    """When a work is reminded of and when it is escalated, counted from now."""
    people, habits, data = node.people, step.almanac.habits, context(step.case, id)
    place = place_of_work(step.almanac, step.graph, node)
    always = bool(node.drawn.calendar)
    said = _text(evaluate(step, people.remind, data)) or habits.remind
    remind = reminder(said, step.at, due, place, always=always)
    if not to:
        return remind, None
    said = _text(evaluate(step, people.escalate, data)) or habits.escalate
    return remind, _once(said, step.at, place, always)


def place_of_work(almanac: Almanac, graph: Graph, node: GraphNode) -> Place:
    """Where the times of a step are meant: as it says, else its process, else its role."""
    return almanac.at(
        zone=node.drawn.zone or graph.process.zone,
        calendar=node.drawn.calendar or graph.process.calendar,
        team=node.people.role,
    )


def due_at(
    text: str, at: datetime, place: Place, *, always: bool = False, opening: bool = False
) -> datetime | None:
    """The instant a text means, counted from `at`; None where it says none.

    A day without a time is the end of its work, or with `opening` the beginning. `always`:
    durations are working time also where the text does not say so.
    """
    when = read(text) if text else None
    if isinstance(when, timing.At):
        if len(text.strip()) == _DAY_ONLY:
            return _of_day(when.instant, place, opening=opening)
        return timing.instant_of(when.instant, place, when.zone)  # also one that has passed
    return _once(text, at, place, always)


def _of_day(midnight: datetime, place: Place, *, opening: bool) -> datetime | None:
    shift = place.shift()
    hours = shift.hours(midnight.date())
    if opening:
        return shift.opening(resolve(midnight, shift.zone))
    end = timedelta(minutes=hours[-1].end) if hours else timedelta(days=1)
    return resolve(datetime.combine(midnight.date(), time(0)) + end, shift.zone)


def reminder(
    text: str,
    at: datetime,
    due: datetime | None,
    place: Place,
    *,
    always: bool = False,
    before: datetime | None = None,
) -> datetime | None:
    """When somebody is reminded; after a reminder that was meant for `before`, when again.

    A time before `due` that has passed already is no reminder, and comes once; so does a span.
    A cycle ("R/P1D", "every day") comes again: what was missed is not caught up.
    """
    if text.lstrip().startswith("-"):
        when = read(text.strip()[1:])
        if due is None or before is not None or not isinstance(when, timing.After):
            return None
        early = _before(due, when.span, place, always)
        return early if early is not None and early > at else None
    when = read(text) if text else None
    if when is None:
        return None
    if always:
        when = working(when) or when
    if before is None:
        found = timing.first(when, at, place)
        return found.at if found is not None else None
    if not isinstance(when, timing.Every | timing.ByCron):
        return None
    again = timing.following(when, timing.Due(before, -1), at, place)
    return again.at if again is not None else None


def _before(due: datetime, span: timing.Span, place: Place, always: bool) -> datetime | None:
    if not (span.working or always):
        if span.months:
            return None
        local = wall(due, place.zone()) - timedelta(days=span.days)
        return resolve(local, place.zone()) - timedelta(seconds=span.seconds)
    shift = place.shift()
    early = shift.days_after(due, -span.days) if span.days else due
    if early is None or not span.seconds:
        return early
    return shift.before(early, timedelta(seconds=span.seconds))


def _once(text: str, at: datetime, place: Place, always: bool) -> datetime | None:
    when = read(text) if text else None
    if when is None:
        return None
    if always:
        when = working(when) or when
    found = timing.first(when, at, place)
    return found.at if found is not None else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
