"""Mail that came back: its address is marked, and somebody who can do something hears of it.

Rules of this file: nothing a report says acts on a case. Where an address is gone, nothing more
is sent there until a proven mail comes from it or a week has passed; then one mail tries again.
Whoever started the case hears of it, else the administrators: once per person, case and day, and
never at an address that is marked itself.
"""

import hashlib
from datetime import datetime, timedelta
from email import message_from_bytes

from django.utils.translation import gettext as _
from django.utils.translation import override
from msgspec import Struct

from genba.acts.objects import card_for
from genba.acts.tokens import issue
from genba.channels.mail.addresses import reply_address
from genba.channels.mail.letters import Letter
from genba.channels.mail.posting import REPLY_DAYS, note, post, remember
from genba.channels.mail.rendering import Envelope as Headers
from genba.channels.mail.rendering import card_mail, plain_mail
from genba.channels.mail.reports import Report, read_report
from genba.channels.mail.sent import Sent, sent_back
from genba.channels.mail.site import site
from genba.channels.mail.threads import card_thread
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Envelope
from genba.people.directory import Known, administrators, known
from genba.runtime.installation import Installation, current
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

KIND = "address"
DAYS = 7  # nothing is sent to an address for so long after it was found to be gone


class Marked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of an address: when mail came back from it last, and why; "" for a good one."""

    status: str = ""
    at: datetime | None = None
    person: str = ""
    times: int = 0


def came_back(letter: Letter, value: str) -> None:
    """Deal with what came to the return address of a mail."""
    sent, report = sent_back(value), read_report(message_from_bytes(letter.raw))
    person = sent.person if sent else ""
    status = report.status if report else ""
    if sent is None or report is None or not report.failed:
        outcome = "delayed" if report else "automatic"
        note(letter, outcome=outcome, detail=status or letter.automatic, person=person)
        return
    note(letter, outcome="undeliverable", detail=f"{status} {report.said}", person=person)
    failed(sent, report)


def failed(sent: Sent, report: Report) -> None:
    """A mail of ours cannot arrive: mark its address where that is gone, and tell somebody."""
    inst = current()
    if report.gone:
        _mark(inst, sent.address, Marked(status=report.status, person=sent.person))
    tell(inst, sent, report.said or report.status)


def is_gone(address: str, reading: Reading) -> bool:
    """Whether nothing is sent to an address at the moment."""
    kept = read_state(reading.stream(_stream(address)), Marked)
    if kept is None or kept.at is None or not kept.status:
        return False
    return current().clock.now() - kept.at < timedelta(days=DAYS)


def alive(address: str) -> None:
    """A proven mail came from an address: mail reaches whoever reads it there."""
    inst = current()
    with inst.journal.reading() as reading:
        kept = read_state(reading.stream(_stream(address)), Marked)
    if kept is not None and kept.status:
        _mark(inst, address, Marked())


def tell(inst: Installation, sent: Sent, why: str = "") -> None:
    """Tell whoever can do something that a person was not reached, once per case and day."""
    missing = known(sent.person) if sent.person else None
    name = missing.name if missing else sent.address
    for person in _concerned(inst, sent):
        with override(person.locale):
            text = _(
                "A mail to %(name)s (%(address)s) about “%(subject)s” could not be delivered: "
                "%(why)s Nobody has read it there. Ask somebody else, or have the address mended."
            ) % {
                "name": name,
                "address": sent.address,
                "subject": sent.subject,
                "why": (why or _("mail to this address comes back")).strip().rstrip(".") + ".",
            }
            _send(inst, person, sent, text)


def _concerned(inst: Installation, sent: Sent) -> tuple[Known, ...]:
    """Who started the case; the administrators where nobody did, or it is who was not reached."""
    with inst.journal.reading() as reading:
        case = reading.case(CaseId(sent.case)) if sent.case else None
        starter = known(case.started_by) if case and case.started_by else None
        for people in ((starter,) if starter else (), administrators()):
            reached = tuple(
                one
                for one in people
                if one.id != sent.person and one.address and not is_gone(one.address, reading)
            )
            if reached:
                return reached
    return ()


def _send(inst: Installation, person: Known, sent: Sent, text: str) -> None:
    place, now = site(), inst.clock.now()
    about = hashlib.sha256(f"{sent.address}:{sent.case}".encode()).hexdigest()[:20]
    key = f"returned:{about}:{person.id}:{now:%Y-%m-%d}"
    card = card_for("case", sent.case, person) if sent.case else None
    subject = card.subject if card else sent.subject
    headers = Headers(
        site=place,
        name=person.name,
        address=person.address,
        thread=card_thread(subject=subject, case=sent.case or key, key=key, domain=place.domain),
        at=now,
        reply_to=_reply_to(inst, person, sent.case) if card else "",
        link=f"{place.url}{card.url}" if card else "",
    )
    message = card_mail(card, headers, opening=text) if card else plain_mail(text, headers)
    with inst.journal.writing() as tx:
        if remember(tx, key):
            told = Sent(
                address=person.address,
                subject=subject,
                person=person.id,
                object=card.object if card else "",
                object_id=card.id if card else "",
                case=card.case if card else "",
            )
            post(inst, tx, key, message.as_bytes(), headers, told)
    inst.wake()


def _reply_to(inst: Installation, person: Known, case: str) -> str:
    token = issue(inst, person.id, "case", case, "reply", REPLY_DAYS)
    return reply_address(token, site().domain)


def _mark(inst: Installation, address: str, marked: Marked) -> None:
    now, id = inst.clock.now(), _stream(address)
    envelope = Envelope(at=now, channel="mail", key=f"{id}:{now.isoformat()}")
    with open_unit(inst, envelope) as unit:
        stream = unit.stream(id)
        before = stream.state(Marked) or Marked()
        times = before.times + 1 if marked.status else 0
        kept = Marked(status=marked.status, at=now, person=marked.person, times=times)
        stream.record("address.gone" if marked.status else "address.alive", kept)
        stream.keep(kept, marks=("gone",) if marked.status else ())


def _stream(address: str) -> str:
    """The stream of an address, which does not hold the address itself."""
    return f"{KIND}:{hashlib.sha256(address.casefold().encode()).hexdigest()[:32]}"
