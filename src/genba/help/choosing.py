"""Whom to ask next about a question: found by what is remembered, those with room first.

Rules of this file: reads only. Who asked, who was asked before and who may not see the case are
left out; where nobody solved anything alike, the team of the step is asked, and at last whoever
administers the process. Nobody holds more than the limit but those at the end of the line.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from genba.cases.objects import CaseObject
from genba.engine.almanac import Almanac
from genba.engine.calendars import Shift
from genba.engine.promises import place_of_work
from genba.help.contributing import hours_left
from genba.help.questions import Question, declined_mark, marked, waiting_mark
from genba.help.remembering import case_features, memory_of
from genba.journal.contract import InboxQuery, Reading
from genba.people.access import may_see_case
from genba.people.deputies import serving
from genba.people.directory import Known, everybody, members
from genba.recall.routing import USUAL, Room, evidence_of, freshness, has_room, openness, rank
from genba.runtime.installation import current

ALIKE = 60  # things looked at for who did them
LEAST = 0.05  # how alike they are at least
CIRCLES = (1, 1, 2)  # how many are asked at each step; after that the end of the line
PATIENCE = (timedelta(hours=8), timedelta(hours=2))  # of one that blocks nobody; that blocks
SOONEST = timedelta(minutes=15)


class Chosen(Struct, frozen=True):
    """Somebody to ask; `solved` alike things are why."""

    known: Known
    solved: int = 0


def choose(reading: Reading, case: CaseObject, question: Question, text: str) -> tuple[Chosen, ...]:
    """Whom to ask next; empty when everybody there is was asked."""
    people = _reachable(reading, case, question)
    if question.circle >= len(CIRCLES):
        return _end_of_line(case, question, people)
    wide = CIRCLES[question.circle]
    found = _experts(reading, case, question, text, people) or _team(
        reading, question, case, people
    )
    return found[:wide] or _end_of_line(case, question, people)


def next_time(question: Question, now: datetime, shift: Shift) -> datetime:
    """When more are asked: after so much working time of the step, sooner where it is due sooner.

    Where no work is left before it is due, the clock on the wall counts.
    """
    usual, parts = PATIENCE[question.blocking], len(CIRCLES) + 1
    if question.due is None:
        return shift.after(now, usual) or now + usual
    left = shift.between(now, question.due)
    if not left:
        return now + max(min(usual, (question.due - now) / parts), SOONEST)
    wait = max(min(usual, left / parts), SOONEST)
    return shift.after(now, wait) or now + wait


def shift_of(almanac: Almanac, case: CaseObject, node: str) -> Shift:
    """The working time of a step, or of its process."""
    graph = case.graph
    if node in graph.nodes:
        return place_of_work(almanac, graph, graph.node(node)).shift()
    return almanac.at(zone=graph.process.zone, calendar=graph.process.calendar).shift()


def _reachable(reading: Reading, case: CaseObject, question: Question) -> dict[str, Known]:
    """Members who see the case, but who asked and who was asked."""
    out = {question.by, *(one.id for one in question.asked)}
    return {
        one.id: one
        for one in everybody()
        if one.id not in out and not one.is_guest and may_see_case(one, case.row, reading)
    }


def _experts(
    reading: Reading, case: CaseObject, question: Question, text: str, people: dict[str, Known]
) -> tuple[Chosen, ...]:
    memory, row = memory_of(current()), case.row
    like = case_features(reading, row.case, case.state.data, row.title, text)
    steps = frozenset({question.node} - {""})
    matches = memory.shelf(row.process).find(
        like, most=ALIKE, least=LEAST, wanted=lambda one: not steps or bool(steps & one.steps)
    )
    evidence = [one for one in evidence_of(matches, steps) if one.person in people]
    rooms = {id: room_of(reading, people[id], question) for id in {one.person for one in evidence}}
    ranked = rank(evidence, rooms, current().clock.now())
    return tuple(Chosen(people[one.person], one.solved) for one in ranked)


def _team(
    reading: Reading, question: Question, case: CaseObject, people: dict[str, Known]
) -> tuple[Chosen, ...]:
    """The team of the step, those with most room first."""
    rooms = [
        (room_of(reading, people[one.id], question), people[one.id])
        for one in members(lane_of(case, question.node))
        if one.id in people
    ]
    free = [row for row in rooms if has_room(row[0])]
    free.sort(key=lambda row: (-openness(row[0]), row[1].id))
    return tuple(Chosen(known) for _room, known in free)


def _end_of_line(
    case: CaseObject, question: Question, people: dict[str, Known]
) -> tuple[Chosen, ...]:
    """Those who lead: the groups that administer the process, else administrators."""
    process = case.graph.process
    lead = [one for group in process.administer for one in members(group) if one.id in people]
    lead = lead or [one for one in people.values() if one.is_administrator]
    return tuple(Chosen(one) for one in dict.fromkeys(lead))


def lane_of(case: CaseObject, node: str) -> str:
    """The team a step belongs to; "" where the drawing says none."""
    if node not in case.graph.nodes:
        return ""
    return case.graph.node(node).people.role


def room_of(reading: Reading, person: Known, question: Question) -> Room:
    """What somebody has to do now, and how often they said this is not for them."""
    now = current().clock.now()
    mine = InboxQuery(person=person.id, names=(person.address, person.handle), view="mine", now=now)
    declined = sum(
        freshness(one.at, now, USUAL)
        for _id, one in marked(reading, declined_mark(person.id))
        if (one.process, one.node) == (question.process, question.node)
    )
    return Room(
        works=reading.inbox_counts(mine).get("mine", 0),
        asks=len(marked(reading, waiting_mark(person.id))),
        away=bool(serving(person.id, reading)),
        declined=declined,
        hours=hours_left(person.id, now, reading),
    )
