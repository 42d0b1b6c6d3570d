"""Meeting about a case: arrange it, come or not, move it, call it off.

Rules of this file: who sees the case arranges and is asked; who arranged it moves it and calls it
off. Everybody who is asked is told by their calendar (iTIP, by mail), and answers there, on the
page, or wherever else. That somebody comes decides nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import one_of, picked
from genba.acts.words import keep, reached
from genba.cases.meetings import (
    ACCEPTED,
    ANSWERS,
    Guest,
    Meeting,
    Meetings,
    ahead,
    called,
    meetings_of,
    stream_of,
)
from genba.cases.objects import CaseObject
from genba.cases.stories import tell
from genba.cases.telling import Body, Line, Teller, Telling
from genba.cases.wording import moment_of
from genba.engine.values import CaseStatus
from genba.journal.records import Content, Entry
from genba.people.directory import Known, group_named, members
from genba.people.directory import called as person_called
from genba.runtime.identity import fresh_id
from genba.runtime.installation import current
from genba.runtime.notices import MeetingNotice
from genba.runtime.unit import Unit

MOST = 50  # people of one meeting

Starts = Annotated[datetime, Meta(title=gettext_noop("Begins"))]
Minutes = Annotated[int, Meta(title=gettext_noop("Minutes"), ge=5, le=1440)]
Place = Annotated[str, Meta(title=gettext_noop("Where"), max_length=500)]


class Arranging(Struct, frozen=True):
    """What, when, where, with whom."""

    title: Annotated[str, Meta(title=gettext_noop("About"), min_length=1, max_length=200)]
    starts: Starts
    to: Annotated[
        str,
        Meta(
            title=gettext_noop("With"),
            description=gettext_noop("People or teams, with commas."),
            min_length=1,
            max_length=2000,
        ),
    ]
    minutes: Minutes = 60
    place: Place = ""


class Attending(Struct, frozen=True):
    """To which meeting, and whether one comes."""

    meeting: Annotated[str, Meta(title=gettext_noop("Meeting"))]
    answer: Annotated[str, Meta(title=gettext_noop("Do you come?"))]


class Moving(Struct, frozen=True):
    """Which meeting, and when instead."""

    meeting: Annotated[str, Meta(title=gettext_noop("Meeting"))]
    starts: Starts
    minutes: Minutes | None = None


class Ending(Struct, frozen=True):
    """Which meeting."""

    meeting: Annotated[str, Meta(title=gettext_noop("Meeting"))]


def arrangeable(case: CaseObject, by: Known) -> bool:
    """While the case runs, to everybody who sees it, but guests."""
    return case.row.status == CaseStatus.RUNNING and not by.is_guest


def attendable(case: CaseObject, by: Known) -> Terms | None:
    """To whoever is asked to come, until it is over."""
    pairs = _pairs(case, lambda one: one.asks(by.id))
    if not pairs:
        return None
    schema = picked(Attending, "meeting", pairs)
    answers = ((answer, gettext(words)) for answer, (words, _told) in ANSWERS.items())
    schema["properties"]["answer"] |= one_of(answers)
    return Terms(schema=schema)


def movable(case: CaseObject, by: Known) -> Terms | None:
    """To whoever arranged it, until it is over."""
    pairs = _pairs(case, lambda one: one.by == by.id)
    return Terms(schema=picked(Moving, "meeting", pairs)) if pairs else None


def endable(case: CaseObject, by: Known) -> Terms | None:
    """To whoever arranged it, until it is over."""
    pairs = _pairs(case, lambda one: one.by == by.id)
    return Terms(schema=picked(Ending, "meeting", pairs)) if pairs else None


def _pairs(case: CaseObject, fits: Callable[[Meeting], bool]) -> list[tuple[str, str]]:
    inst = current()
    now = inst.clock.now()
    with inst.journal.reading() as reading:
        found = [one for one in ahead(meetings_of(reading, case.row.case), now) if fits(one)]
        return [(one.id, called(reading, case.row.case, one, now)) for one in found]


@act(
    "case",
    "meet",
    when=arrangeable,
    label=gettext_noop("Arrange a meeting"),
    summary=gettext_noop("Ask people to meet about a case; their calendars are told."),
    input=Arranging,
    intent="talk",
    rank=70,
)
def meet(unit: Unit, case: CaseObject, by: Known, given: Arranging) -> Outcome:
    """Arrange a meeting; whoever is asked follows the case."""
    starts = _instant(given.starts)
    if starts <= unit.now:
        return invalid("starts", gettext("That is over."))
    people = _invited(unit, case, by, given.to)
    if isinstance(people, Outcome):
        return people
    log = unit.open(case.row.case)
    id = fresh_id(unit.now)
    kept = [
        keep(unit, log, Content(case=log.id, id="", kind="words", body=words.encode()))
        if words
        else ""
        for words in (given.title.strip(), given.place.strip())
    ]
    own = Guest(person=by.id, answer=ACCEPTED, at=unit.now)
    guests = (own, *(Guest(person=one.id) for one in people))
    meeting = Meeting(
        id=id,
        by=by.id,
        starts=starts,
        minutes=given.minutes,
        title=kept[0],
        place=kept[1],
        guests=guests,
    )
    for person in (by, *people):
        unit.tx.follow(log.id, person.id)
    asked = tuple(one.id for one in people)
    _keep(unit, case, meeting, "meeting.arranged", {"content": kept[0], "asked": asked})
    names = ", ".join(one.name for one in people)
    return done(gettext("%(names)s are told by mail, with the date.") % {"names": names})


@act(
    "case",
    "attend",
    when=attendable,
    label=gettext_noop("Say whether you come"),
    summary=gettext_noop("Say whether one comes to a meeting; a calendar says it by itself."),
    input=Attending,
    intent="talk",
    rank=20,
)
def attend(unit: Unit, case: CaseObject, by: Known, given: Attending) -> Outcome:
    """Keep who comes."""
    meeting = _meeting(unit, case, given.meeting)
    said = Guest(person=by.id, answer=given.answer, at=unit.now)
    guests = tuple(said if one.person == by.id else one for one in meeting.guests)
    body = {"content": meeting.title, "answer": given.answer}
    changed = replace(meeting, guests=guests)
    _keep(unit, case, changed, "meeting.answered", body, tell_them=False)
    return done(gettext("It is noted."))


@act(
    "case",
    "move-meeting",
    when=movable,
    label=gettext_noop("Move the meeting"),
    summary=gettext_noop("Move a meeting to another time; everybody is asked anew."),
    input=Moving,
    intent="talk",
    rank=72,
)
def move_meeting(unit: Unit, case: CaseObject, by: Known, given: Moving) -> Outcome:
    """Another time: the answers so far were to the one before."""
    starts, meeting = _instant(given.starts), _meeting(unit, case, given.meeting)
    if starts <= unit.now:
        return invalid("starts", gettext("That is over."))
    guests = tuple(
        one if one.person == by.id else Guest(person=one.person) for one in meeting.guests
    )
    moved = replace(
        meeting,
        starts=starts,
        minutes=given.minutes or meeting.minutes,
        guests=guests,
        sequence=meeting.sequence + 1,
    )
    _keep(unit, case, moved, "meeting.moved", {"content": meeting.title})
    return done(gettext("It is moved; everybody is told."))


@act(
    "case",
    "cancel-meeting",
    when=endable,
    label=gettext_noop("Call the meeting off"),
    summary=gettext_noop("Call a meeting off; it goes away in the calendars."),
    input=Ending,
    intent="talk",
    rank=74,
)
def cancel_meeting(unit: Unit, case: CaseObject, _by: Known, given: Ending) -> Outcome:
    """It does not take place."""
    meeting = _meeting(unit, case, given.meeting)
    ended = replace(meeting, cancelled=True, sequence=meeting.sequence + 1)
    _keep(unit, case, ended, "meeting.cancelled", {"content": meeting.title})
    return done(gettext("It is called off; everybody is told."))


def _instant(given: datetime) -> datetime:
    """A time without a zone is meant in the zone of the installation."""
    aware = given if given.tzinfo else given.replace(tzinfo=current().zone)
    return aware.astimezone(UTC)


def _invited(unit: Unit, case: CaseObject, by: Known, written: str) -> tuple[Known, ...] | Outcome:
    """Everybody somebody names, each once; or whom they cannot ask."""
    found: dict[str, Known] = {}
    for name in filter(None, (part.strip() for part in written.replace(";", ",").split(","))):
        person = person_called(name)
        group = group_named(name.lstrip("@").strip('"“”')) if person is None else None
        named = (person,) if person else members(group) if group else ()
        others = [one for one in named if one.id != by.id]
        told = reached(unit, case.row.case, by, others)
        if not named or len(told) < len(others):
            text = gettext("“%(name)s” cannot be asked: nobody is called so, or sees this case.")
            return invalid("to", text % {"name": name})
        found |= {one.id: one for one in told}
    if not 0 < len(found) <= MOST:
        return invalid("to", gettext("Ask at least one other person, and at most %(most)s.")
                       % {"most": MOST})  # fmt: skip
    return tuple(found.values())


def _meeting(unit: Unit, case: CaseObject, id: str) -> Meeting:
    """A meeting that was offered."""
    return next(one for one in meetings_of(unit.tx, case.row.case) if one.id == id)


def _keep(
    unit: Unit, case: CaseObject, meeting: Meeting, type: str, more: Body, *, tell_them: bool = True
) -> None:
    """Keep a meeting as it is now, say so on the case, and have its people told."""
    before = meetings_of(unit.tx, case.row.case)
    others = tuple(one for one in before if one.id != meeting.id)
    body = {"meeting": meeting.id, "starts": meeting.starts, **more}
    stream = unit.stream(stream_of(case.row.case))
    stream.record(type, body)
    stream.keep(Meetings(meetings=(*others, meeting)))
    log = unit.open(case.row.case)
    log.record(type, body)
    if tell_them:
        notice = MeetingNotice(case=case.row.case, meeting=meeting.id, sequence=meeting.sequence)
        log.post("meeting", notice, key=f"meeting:{meeting.id}:{meeting.sequence}")


def _title(telling: Telling, body: Body) -> str:
    found = telling.contents.get(body["content"])
    return "" if found is None or found.erased else found.body.decode("utf-8", "replace")


def _told(text: str) -> Teller:
    def line(telling: Telling, entry: Entry, body: Body) -> Line:
        at = moment_of(datetime.fromisoformat(body["starts"]), entry.envelope.at)
        return Line(text=gettext(text) % {"title": _title(telling, body), "time": at})

    return line


def _answered(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = ANSWERS.get(body["answer"], ANSWERS[ACCEPTED])[1]
    return Line(text=gettext(words) % {"title": _title(telling, body)})


tell(
    {
        "meeting.arranged": _told(gettext_noop("arranged a meeting “%(title)s”: %(time)s")),
        "meeting.moved": _told(gettext_noop("moved the meeting “%(title)s” to %(time)s")),
        "meeting.cancelled": _told(gettext_noop("called off the meeting “%(title)s” of %(time)s")),
        "meeting.answered": _answered,
    }
)
