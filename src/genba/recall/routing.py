"""Whom to ask: who solved this kind of thing with good outcome, and has room now.

Rules of this file: pure; the instant arrives as an argument. What somebody did counts by how alike
it was, how it turned out and how long ago it was, because skills shift. Room is never traded for
skill: who is away, has no contribution time left or holds as many questions as the limit is not
asked at all. The answer is for asking and says why; it is no list of people to be shown.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import exp, log, log1p

from msgspec import Struct

from genba.recall.shelf import Match


class Rules(Struct, frozen=True, kw_only=True):
    """How it is weighed."""

    limit: int = 3  # questions one person holds at the same time
    half_life: timedelta = timedelta(days=45)  # after which what was done counts half
    busy: float = 12.0  # open works with which somebody is chosen half as readily
    declined: float = 0.5  # what one "not me" about this kind of thing leaves


USUAL = Rules()


class Evidence(Struct, frozen=True, kw_only=True):
    """Somebody did something alike."""

    person: str
    likeness: float  # 0 to 1
    at: datetime
    good: bool = True
    weight: float = 1.0  # an answer that helped counts more than a step that was done


class Room(Struct, frozen=True, kw_only=True):
    """What somebody has to do now."""

    works: int = 0  # open works that are theirs
    asks: int = 0  # questions that wait for them
    away: bool = False
    hours: float | None = None  # of contribution time left this week; None: no limit
    declined: float = 0.0  # how often they said "not me" about this kind of thing, lately more


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody to ask, and why: `solved` alike things that turned out well."""

    person: str
    score: float
    solved: int
    latest: datetime


class _Record(Struct):
    gain: float = 0.0
    tried: float = 0.0
    solved: int = 0
    latest: datetime | None = None


def evidence_of(matches: Iterable[Match], steps: frozenset[str]) -> list[Evidence]:
    """What the hands did that were in what is alike; of these steps, where any are named."""
    return [
        Evidence(person=person, likeness=match.likeness, at=match.kept.at, good=good)
        for match in matches
        for step, person, good in match.kept.hands
        if not steps or step in steps
    ]


def rank(
    evidence: Iterable[Evidence],
    rooms: Mapping[str, Room],
    now: datetime,
    *,
    but: frozenset[str] = frozenset(),
    rules: Rules = USUAL,
) -> list[Candidate]:
    """Those to ask, best first. Who is not in `rooms` is not there to be asked."""
    records: dict[str, _Record] = {}
    for one in evidence:
        if one.person in rooms and one.person not in but:
            _add(records.setdefault(one.person, _Record()), one, now, rules)
    found = [
        Candidate(
            person=person,
            score=_skill(record) * openness(rooms[person], rules),
            solved=record.solved,
            latest=record.latest or now,
        )
        for person, record in records.items()
        if record.solved and has_room(rooms[person], rules)
    ]
    return sorted(found, key=lambda one: (-one.score, one.person))


def has_room(room: Room, rules: Rules = USUAL) -> bool:
    """Whether somebody may be asked at all."""
    spent = room.hours is not None and room.hours <= 0
    return not room.away and not spent and room.asks < rules.limit


def openness(room: Room, rules: Rules = USUAL) -> float:
    """How readily somebody is asked, of those who may be: between 0 and 1."""
    free = 1 - room.asks / (rules.limit + 1)
    willing: float = rules.declined**room.declined
    return free * willing / (1 + room.works / rules.busy)


def freshness(at: datetime, now: datetime, rules: Rules = USUAL) -> float:
    """What is left of something done at an instant: 1 now, 0.5 after the half-life."""
    age = max((now - at) / rules.half_life, 0.0)
    return exp(-log(2) * age)


def _add(record: _Record, one: Evidence, now: datetime, rules: Rules) -> None:
    weight = one.weight * one.likeness**2 * freshness(one.at, now, rules)
    record.tried += weight
    if one.good:
        record.gain += weight
        record.solved += 1
        record.latest = max(record.latest or one.at, one.at)


def _skill(record: _Record) -> float:
    """How much was solved, by how much of what was tried was solved."""
    return log1p(record.gain) * (record.gain + 0.1) / (record.tried + 0.3)
