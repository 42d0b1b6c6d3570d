"""Invitations on their way out: a meeting of a case, to the calendar of everybody who is asked.

Rules of this file: one mail per person and version of a meeting, once by key, to whoever may still
see the case. Its organiser is an address that knows whose answer it gets, so that a reply of a
calendar comes back like any reply to a card.
"""

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import override

from genba.acts.card import Card
from genba.acts.objects import card_for
from genba.acts.tokens import issue
from genba.cases.meetings import Guest, Meeting, meetings_of, who_comes, words_of
from genba.channels.calendar.attendance import Answer, Invitation, invitation
from genba.channels.mail.addresses import reply_address
from genba.channels.mail.posting import REPLY_DAYS, post, remember, remembered
from genba.channels.mail.rendering import Envelope, moment_in_words, plain_mail
from genba.channels.mail.returned import is_gone
from genba.channels.mail.sent import Sent
from genba.channels.mail.site import site
from genba.channels.mail.threads import card_thread
from genba.journal.records import OutboxRow
from genba.people.directory import Known, known
from genba.runtime.installation import Installation, current
from genba.runtime.notices import MeetingNotice


def connect(inst: Installation) -> None:
    """Let this installation tell people's calendars of meetings."""
    inst.on("meeting", send_meeting, "calendar")


def send_meeting(inst: Installation, row: OutboxRow) -> None:
    """A meeting was arranged, moved or called off: to everybody who is asked."""
    notice = msgspec.json.decode(row.body, type=MeetingNotice)
    with inst.journal.reading() as reading:
        found = [one for one in meetings_of(reading, notice.case) if one.id == notice.meeting]
    if not found or found[0].sequence != notice.sequence:
        return  # what came after it says more
    for guest in found[0].guests:
        person = known(guest.person)
        card = card_for("case", notice.case, person, full=False) if person else None
        if person is not None and card is not None:
            _send(inst, found[0], guest, person, card)


def overtaken(case: str, answer: Answer) -> str:
    """In words, why an answer counts for nothing: it was to a time that is another one by now
    (RFC 5546, 2.1.5)."""
    inst = current()
    with inst.journal.reading() as reading:
        found = [one for one in meetings_of(reading, case) if one.id == answer.meeting]
    if not found or answer.sequence >= found[0].sequence:
        return ""
    words = _("The meeting was moved to %(time)s since: answer for that.")
    return words % {"time": moment_in_words(found[0].starts)}


def _send(inst: Installation, meeting: Meeting, guest: Guest, person: Known, card: Card) -> None:
    key = f"meeting:{meeting.id}:{meeting.sequence}:{person.id}"
    with inst.journal.reading() as reading:
        gone = not person.address or is_gone(person.address, reading)
    if gone or remembered(inst, key):
        return
    place = site()
    reply = reply_address(
        issue(inst, person.id, "case", card.id, "reply", REPLY_DAYS), place.domain
    )
    envelope = Envelope(
        site=place,
        name=person.name,
        address=person.address,
        thread=card_thread(subject=card.subject, case=card.case, key=key, domain=place.domain),
        at=inst.clock.now(),
        reply_to=reply,
    )
    with override(person.locale):
        invited = _invitation(inst, meeting, guest, person, card, envelope)
        message = plain_mail(invited.words, envelope)
    message.add_alternative(
        invitation(invited), subtype="calendar", params={"method": invited.method}
    )
    sent = Sent(
        address=person.address,
        subject=card.subject,
        person=person.id,
        object="case",
        object_id=card.id,
        case=card.case,
    )
    with inst.journal.writing() as tx:
        if remember(tx, key):
            post(inst, tx, key, message.as_bytes(), envelope, sent)
    inst.wake()


def _invitation(
    inst: Installation,
    meeting: Meeting,
    guest: Guest,
    person: Known,
    card: Card,
    envelope: Envelope,
) -> Invitation:
    with inst.journal.reading() as reading:
        title = words_of(reading, card.case, meeting.title)
        where = words_of(reading, card.case, meeting.place)
    url = f"{envelope.site.url}{card.url}"
    organizer = known(meeting.by)
    who = organizer.name if organizer else _("Somebody")
    lines = [
        _opening(meeting, own=meeting.by == person.id) % {"who": who, "title": title},
        moment_in_words(meeting.starts),
        *([where] if where else []),
        card.subject,
        who_comes(meeting),
        "" if meeting.cancelled else _("Answer in your calendar, or on the page:"),
        url,
    ]
    return Invitation(
        meeting=meeting.id,
        title=title,
        place=where,
        words="\n".join(line for line in lines if line),
        url=url,
        starts=meeting.starts,
        ends=meeting.ends,
        at=inst.clock.now(),
        sequence=meeting.sequence,
        cancelled=meeting.cancelled,
        site=envelope.site.name,
        answers_to=envelope.reply_to,
        domain=envelope.site.domain,
        name=person.name,
        address=person.address,
        answer=guest.answer,
    )


def _opening(meeting: Meeting, *, own: bool) -> str:
    if meeting.cancelled:
        return _("The meeting “%(title)s” is called off.")
    if meeting.sequence:
        return _("The meeting “%(title)s” is at another time now.")
    if own:
        return _("You asked for a meeting: “%(title)s”")
    return _("%(who)s asks you to a meeting: “%(title)s”")
