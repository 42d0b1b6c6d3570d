"""Queues: what waits for a team, in which order, and how much one may have in hand.

Rules of this file: reads and pure questions. A queue is what is open to a team and nobody's; its
order is `engine.urgency`, kept by the journal. How much a person or the team may have in hand is in
the stream "queue:TEAM". What is late goes first, then what fits what one can do, then by urgency:
so somebody's skills never keep a promise from being kept.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from heapq import merge

from django.utils.translation import gettext, ngettext
from msgspec import Struct

from genba.cases.skills import Skill, able, needs_of, skills_of
from genba.cases.wording import moment_of
from genba.engine.urgency import EXPEDITE, INTANGIBLE, USUAL, urgency
from genba.journal.contract import Reading
from genba.journal.records import InboxRow, WorkRow
from genba.people.deputies import today
from genba.people.directory import Known
from genba.runtime.streams import read_state

KIND = "queue"
EVERY = "*"  # the queue of everything somebody may take
WINDOW = 25  # so many from the front are looked at together for what fits
PAGES = 20  # so many windows are looked through for something one may take


class Allowance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One more than the limit, for one person on one day."""

    person: str
    by: str
    day: date


class Queue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much may be in hand; 0 is no limit."""

    each: int = 0
    team: int = 0
    allowed: tuple[Allowance, ...] = ()

    def room(self, person: str, day: date) -> int:
        """How many somebody may have at once; 0 is no limit."""
        more = sum(one.person == person and one.day == day for one in self.allowed)
        return self.each + more if self.each else 0


class Place(Struct, frozen=True):
    """Something that waits, and why it stands where it stands, for one person."""

    row: InboxRow
    at: datetime
    late: bool
    fit: tuple[Skill, ...]  # what of it they can do; empty where something is missing
    needs: tuple[str, ...]


def stream_of(team: str) -> str:
    """The stream that keeps what was said about a queue."""
    return f"{KIND}:{team}"


def settings_of(team: str, reading: Reading) -> Queue:
    """How much may be in hand."""
    return read_state(reading.stream(stream_of(team)), Queue) or Queue()


def asked_as(known: Known, teams: Sequence[str]) -> list[str]:
    """The queues of teams; with all of somebody's teams also what names the person."""
    own = [f"person/{known.id}"] if set(teams) == set(known.groups) else []
    return [*own, *(f"group/{team}" for team in teams)]


def in_order(
    known: Known, asked: Sequence[str], reading: Reading, now: datetime
) -> Iterator[Place]:
    """What waits in several queues, what one ought to take first in front."""
    own = able(skills_of(known.id, reading))
    for page in range(PAGES):
        rows = _front(asked, reading, page)
        yield from sorted(
            (_place(row, own, now) for row in rows),
            key=_first,
        )
        if len(rows) < WINDOW:
            return


def _first(place: Place) -> tuple[bool, bool, bool, datetime, str]:
    work = place.row.work
    return work.delay != EXPEDITE, not place.late, not place.fit, place.at, work.case


def _front(asked: Sequence[str], reading: Reading, page: int) -> list[InboxRow]:
    """A window of several queues together; each work once."""
    if len(asked) == 1:
        return reading.queue(asked[0], WINDOW, page * WINDOW)
    upto = (page + 1) * WINDOW
    fronts = [reading.queue(who, upto) for who in asked]
    found = {(row.work.case, row.work.work): row for row in merge(*fronts, key=_rank)}
    return list(found.values())[page * WINDOW : upto]


def _rank(row: InboxRow) -> datetime:
    return row.work.rank or row.work.due or row.work.opened_at


def _place(row: InboxRow, own: dict[str, Skill], now: datetime) -> Place:
    asked = needs_of(row.work, row.process, row.version)
    fit = [own[name.lower()] for name in asked if name.lower() in own]
    at = _rank(row)
    fits = tuple(fit) if len(fit) == len(asked) else ()
    return Place(row, at, at <= now, fits, asked)


def why_here(place: Place, now: datetime) -> str:
    """In words, why something stands where it stands."""
    return " · ".join(_reasons(place, now))


def _reasons(place: Place, now: datetime) -> Iterator[str]:
    work = place.row.work
    made = urgency(work.opened_at, work.due, work.priority, work.delay)
    if made.delay == EXPEDITE:
        yield gettext("urgent: before everything else")
    if made.due is not None and made.due < now:
        yield gettext("overdue since %(time)s") % {"time": moment_of(made.due, now)}
    elif made.due is not None:
        yield gettext("due %(time)s") % {"time": moment_of(made.due, now)}
    else:
        yield _waiting(now - work.opened_at)
    if work.priority != USUAL:
        yield gettext("priority %(number)s") % {"number": work.priority}
    if made.delay == INTANGIBLE:
        yield gettext("nothing is lost by waiting")
    elif made.delay not in ("", EXPEDITE, "standard"):
        yield gettext("a day of delay costs %(cost)s") % {"cost": made.delay}
    yield from _fitting(place)


def _waiting(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return gettext("just asked")
    if hours < 48:
        return ngettext("waits for %(num)s hour", "waits for %(num)s hours", hours) % {"num": hours}
    days = hours // 24
    return ngettext("waits for %(num)s day", "waits for %(num)s days", days) % {"num": days}


def _fitting(place: Place) -> Iterator[str]:
    if not place.fit:
        return
    times = min(one.times for one in place.fit)
    if times:
        yield ngettext("you did this %(num)s time", "you did this %(num)s times", times) % {
            "num": times
        }
    else:
        yield gettext("fits what you can do")


# --- how much one may have in hand ------------------------------------------------------------


def teams_of(work: WorkRow) -> tuple[str, ...]:
    """The queues a work stands in."""
    return tuple(dict.fromkeys(team for team in (work.role, *work.groups) if team))


def full(team: str, known: Known, reading: Reading) -> str:
    """In words, which limit keeps somebody from taking more of a queue; "" when none does."""
    limits = settings_of(team, reading)
    if not limits.each and not limits.team:
        return ""
    had = reading.in_hand(f"group/{team}")
    mine, room = had.get(known.id, 0), limits.room(known.id, today())
    if room and mine >= room:
        words = {"team": team, "num": mine, "limit": room}
        return (
            gettext(
                "You have %(num)s of %(team)s in hand, and the limit is %(limit)s. Finish one, put"
                " it off or give it back; or anybody else of %(team)s lets you take one more."
            )
            % words
        )
    if limits.team and sum(had.values()) >= limits.team:
        words = {"team": team, "num": sum(had.values()), "limit": limits.team}
        return (
            gettext(
                "%(team)s has %(num)s in hand, and the limit is %(limit)s. Help to finish one; or"
                " anybody of %(team)s sets another limit."
            )
            % words
        )
    return ""
