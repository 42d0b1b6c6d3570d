"""Meetings of a case: when, who is asked to come, and who will.

Rules of this file: plain data and look-ups; kept in the stream "meetings:CASE", written by the acts
of `meeting_acts`. What a meeting is called and where it is are contents of the case. Coming to a
meeting is attendance, never an answer to what the case asks.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_noop
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.acts.objects import add_to_card
from genba.cases.objects import CaseObject
from genba.cases.wording import listed, moment_of
from genba.journal.contract import Reading
from genba.journal.records import CaseId
from genba.people.directory import Known, names_of
from genba.runtime.installation import current
from genba.runtime.streams import read_state

KIND = "meetings"
ACCEPTED, TENTATIVE, DECLINED = "accepted", "tentative", "declined"
# What one can say -> how it is offered, and how it is told.
ANSWERS: dict[str, tuple[str, str]] = {
    ACCEPTED: (gettext_noop("I come"), gettext_noop("comes to the meeting “%(title)s”")),
    TENTATIVE: (gettext_noop("Perhaps"), gettext_noop("comes perhaps to the meeting “%(title)s”")),
    DECLINED: (
        gettext_noop("I do not come"),
        gettext_noop("does not come to the meeting “%(title)s”"),
    ),
}
COUNTED: dict[str, str] = {
    ACCEPTED: gettext_noop("%(names)s: yes"),
    TENTATIVE: gettext_noop("%(names)s: perhaps"),
    DECLINED: gettext_noop("%(names)s: no"),
    "": gettext_noop("%(names)s: not said yet"),
}


class Guest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is asked to come, and what they said."""

    person: str
    answer: str = ""
    at: datetime | None = None


class Meeting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A meeting. `title` and `place` are contents; `sequence` rises when it is moved or ended."""

    id: str
    by: str
    starts: datetime
    minutes: int
    title: str
    place: str = ""
    guests: tuple[Guest, ...] = ()
    sequence: int = 0
    cancelled: bool = False

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.starts + timedelta(minutes=self.minutes)

    def asks(self, person: str) -> bool:
        """Whether somebody is asked to come."""
        return any(guest.person == person for guest in self.guests)


class Meetings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those of one case, in the order they were arranged."""

    meetings: tuple[Meeting, ...] = ()


def stream_of(case: str) -> str:
    """The stream that keeps the meetings of a case."""
    return f"{KIND}:{case}"


def meetings_of(reading: Reading, case: str) -> tuple[Meeting, ...]:
    """All meetings of a case."""
    kept = read_state(reading.stream(stream_of(case)), Meetings)
    return kept.meetings if kept is not None else ()


def ahead(meetings: Iterable[Meeting], now: datetime) -> tuple[Meeting, ...]:
    """Those that are still to be."""
    return tuple(one for one in meetings if not one.cancelled and one.ends > now)


def words_of(reading: Reading, case: str, content: str) -> str:
    """What a meeting is called, or where it is; "" once that is erased."""
    found = reading.content(CaseId(case), content) if content else None
    return "" if found is None or found.erased else found.body.decode("utf-8", "replace")


def called(reading: Reading, case: str, meeting: Meeting, now: datetime) -> str:
    """A meeting in one line: when, and what it is called."""
    return f"{moment_of(meeting.starts, now)}: {words_of(reading, case, meeting.title)}"


def who_comes(meeting: Meeting) -> str:
    """Who said what, in one line."""
    names = names_of([guest.person for guest in meeting.guests])
    parts = []
    for answer, words in COUNTED.items():
        said = listed(names.get(one.person, "") for one in meeting.guests if one.answer == answer)
        if said:
            parts.append(gettext(words) % {"names": said})
    return "; ".join(parts)


def with_meetings(
    case: CaseObject, card: Card, _known: Known, _full: bool, reading: Reading
) -> Card:
    """The meetings that are still to be, among the facts of a case."""
    now = current().clock.now()
    found = ahead(meetings_of(reading, case.row.case), now)
    if not found:
        return card
    facts = [_fact(reading, case.row.case, one, now) for one in found]
    fields = {name: getattr(card, name) for name in card.__struct_fields__}
    return Card(**{**fields, "facts": (*card.facts, *facts)})


def _fact(reading: Reading, case: str, meeting: Meeting, now: datetime) -> Fact:
    place = words_of(reading, case, meeting.place)
    parts = (called(reading, case, meeting, now), place, who_comes(meeting))
    return Fact(gettext("Meeting"), " · ".join(part for part in parts if part))


add_to_card("case", with_meetings)
