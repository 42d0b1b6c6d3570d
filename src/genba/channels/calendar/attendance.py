"""What a calendar program says of a meeting, by mail (iTIP, RFC 5546; iMIP, RFC 6047).

Rules of this file: pure; a mail or an invitation in, an answer or a calendar file out. Only a REPLY
to a meeting of ours says something; whatever else a calendar sends is a mail like any other.
"""

from datetime import datetime
from email import message_from_bytes
from email.policy import default

from icalendar import Calendar, Component, Event, vCalAddress, vText
from msgspec import Struct

from genba.channels.calendar.entries import PRODUCT, printable

PREFIX = "meeting-"
SAID = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
SPOKEN = {answer: partstat for partstat, answer in SAID.items()}
LARGEST = 200_000  # bytes of a calendar part


class Answer(Struct, frozen=True, kw_only=True):
    """What somebody's calendar answers: to which meeting, which version of it, and what."""

    meeting: str
    answer: str
    sequence: int


class Invitation(Struct, frozen=True, kw_only=True):
    """What one person's calendar is told of a meeting."""

    meeting: str
    title: str
    place: str
    words: str
    url: str
    starts: datetime
    ends: datetime
    at: datetime
    sequence: int
    cancelled: bool
    site: str
    answers_to: str  # the address a calendar answers to, which knows whose it is
    domain: str
    name: str
    address: str
    answer: str = ""

    @property
    def method(self) -> str:
        """What the calendar is asked to do with it."""
        return "CANCEL" if self.cancelled else "REQUEST"


def invitation(invited: Invitation) -> str:
    """The calendar file of an invitation: one meeting, one person, nobody else's address."""
    event = Event()
    event.add("uid", f"{PREFIX}{invited.meeting}@{invited.domain}")
    event.add("dtstamp", invited.at)
    event.add("dtstart", invited.starts)
    event.add("dtend", invited.ends)
    event.add("sequence", invited.sequence)
    event.add("status", "CANCELLED" if invited.cancelled else "CONFIRMED")
    event.add("summary", printable(invited.title))
    event.add("description", printable(invited.words))
    event.add("url", invited.url)
    if invited.place:
        event.add("location", printable(invited.place))
    organizer = vCalAddress(f"mailto:{invited.answers_to}")
    organizer.params["CN"] = vText(printable(invited.site))
    event.add("organizer", organizer, encode=False)
    person = vCalAddress(f"mailto:{invited.address}")
    person.params["CN"] = vText(printable(invited.name))
    person.params["PARTSTAT"] = vText(SPOKEN.get(invited.answer, "NEEDS-ACTION"))
    person.params["RSVP"] = vText("TRUE")
    event.add("attendee", person, encode=False)
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", invited.method)
    made.add_component(event)
    return bytes(made.to_ical()).decode()


def answer_in(mail: bytes) -> Answer | None:
    """The answer of a calendar in a mail; None where there is none, or more than one."""
    found = []
    for part in message_from_bytes(mail, policy=default).walk():
        if part.get_content_type() != "text/calendar":
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and len(body) <= LARGEST:
            found += _answers(body)
    unlike = {(one.meeting, one.answer, one.sequence) for one in found}
    return found[0] if len(unlike) == 1 else None


def _answers(body: bytes) -> list[Answer]:
    try:
        file = Calendar.from_ical(body)
    except (ValueError, IndexError, KeyError, TypeError):
        return []
    if not isinstance(file, Calendar) or str(file.get("METHOD", "")).upper() != "REPLY":
        return []
    return [one for event in file.walk("VEVENT") for one in _answer(event)]


def _answer(event: Component) -> list[Answer]:
    uid, attendees = str(event.get("UID", "")), event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if not uid.startswith(PREFIX) or len(attendees) != 1:
        return []
    said = SAID.get(str(getattr(attendees[0], "params", {}).get("PARTSTAT", "")).upper())
    sequence = event.get("SEQUENCE", 0)
    if said is None or not isinstance(sequence, int):
        return []
    meeting = uid.removeprefix(PREFIX).partition("@")[0]
    return [Answer(meeting=meeting, answer=said, sequence=max(0, int(sequence)))]
