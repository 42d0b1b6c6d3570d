"""Answers to a mail, in the same thread, once, and never to a machine.

Rules of this file: an answer goes to the registered address of a known person and nowhere else.
What is posted here is sent by `outbound` after commit. A mail is dealt with once: the mark that
says so and its answer are one transaction. Of answers that nobody asked for a person gets few:
`MOST` says how many per card and day (RFC 3834, 2: a responder must not be a flood).
"""

from enum import StrEnum

from django.utils.translation import gettext as _
from msgspec import Struct

from genba.acts.card import Card
from genba.acts.inbound import Outcome
from genba.acts.tokens import issue
from genba.channels.mail.addresses import reply_address
from genba.channels.mail.letters import Letter
from genba.channels.mail.posting import LINK_DAYS, post, remember, remembered
from genba.channels.mail.rendering import Envelope, card_mail, plain_mail
from genba.channels.mail.sent import Sent
from genba.channels.mail.site import Site, site
from genba.channels.mail.threads import Thread, answer_thread, card_thread
from genba.journal.contract import Transaction
from genba.people.directory import Known
from genba.runtime.installation import Installation, current


class Limit(StrEnum):
    """What an answer is, where one must not get many of its kind."""

    FAILED = "error"  # it says that something did not work
    DOUBT = "doubt"  # it asks what was meant
    HELD = "held"  # it asks whether a mail is theirs
    ASKED = "asked"  # it asks for what is missing, of somebody who is sure to have written


# How many of them a person gets per card and day.
MOST: dict[Limit, int] = {Limit.FAILED: 1, Limit.DOUBT: 1, Limit.HELD: 3, Limit.ASKED: 20}


class Matter(Struct, frozen=True, kw_only=True):
    """The mail being dealt with: who it is from (a known person) and what it is about.

    `token` is the secret it came to, "" when it did not come to one.
    """

    letter: Letter
    person: Known
    key: str  # of this mail at this address
    token: str = ""
    to_desk: bool = False  # it came to our plain address, and was known by what it answers
    card: Card | None = None


def dealt_with(key: str) -> bool:
    """Whether this mail was dealt with before."""
    return remembered(current(), f"done:{key}")


def finish(key: str) -> None:
    """Mark a mail as dealt with, without an answer."""
    with current().journal.writing() as tx:
        remember(tx, f"done:{key}")


def answer(matter: Matter, text: str, limit: Limit | None = None, *, again: bool = False) -> None:
    """Answer a mail and mark it as dealt with.

    `limit`: of such answers a person gets few a day. `again`: the card is shown again, so that
    one can mend it at once.
    """
    inst, place = current(), site()
    link = _link(inst, place, matter) if matter.card else ""
    envelope = _envelope(inst, place, matter, link)
    message = (
        card_mail(matter.card, envelope, opening=text)
        if again and matter.card
        else plain_mail(f"{text}\n{link}" if link else text, envelope)
    )
    with inst.journal.writing() as tx:
        if not remember(tx, f"done:{matter.key}"):
            return
        if limit is not None and not _few_today(inst, tx, matter, limit):
            return
        key = f"answer:{matter.key}"
        post(inst, tx, key, message.as_bytes(), envelope, _sent(matter, envelope))
    inst.wake()


def cannot_send() -> str:
    """The words for a mail from an address that is not the reader's."""
    return _(
        "A mail came to an address that was made for you, but not from your own address. "
        "Nothing was done. If it was you, write from the address this mail came to."
    )


def not_kept(refused: Outcome) -> str:
    """The words for a part of a mail that was refused while the rest was done."""
    why = " ".join(refused.errors.values()) or refused.message
    return _("Not all of your mail could be kept: %(why)s") % {"why": why}


def _sent(matter: Matter, envelope: Envelope) -> Sent:
    card = matter.card
    return Sent(
        address=envelope.address,
        subject=envelope.thread.subject,
        person=matter.person.id,
        object=card.object if card else "",
        object_id=card.id if card else "",
        case=card.case if card else "",
    )


def _envelope(inst: Installation, place: Site, matter: Matter, link: str) -> Envelope:
    card, letter = matter.card, matter.letter
    thread = (
        answer_thread(
            subject=card.subject,
            case=card.case,
            key=f"answer:{matter.key}",
            domain=place.domain,
            received_id=letter.message_id,
            received_references=letter.references,
        )
        if card and letter.sender == matter.person.address
        else _own_thread(place, matter)
    )
    return Envelope(
        site=place,
        name=matter.person.name,
        address=matter.person.address,
        thread=thread,
        at=inst.clock.now(),
        reply_to=reply_address(matter.token, place.domain) if matter.token else "",
        link=link,
        automatic="auto-replied",
    )


def _own_thread(place: Site, matter: Matter) -> Thread:
    subject = matter.card.subject if matter.card else matter.letter.subject or place.name
    case = matter.card.case if matter.card else matter.key
    return card_thread(subject=subject, case=case, key=f"answer:{matter.key}", domain=place.domain)


def _link(inst: Installation, place: Site, matter: Matter) -> str:
    assert matter.card is not None
    card = matter.card
    token = issue(inst, matter.person.id, card.object, card.id, "link", LINK_DAYS)
    return f"{place.url}/m/{token}"


def _few_today(inst: Installation, tx: Transaction, matter: Matter, limit: Limit) -> bool:
    about = f"{matter.card.object}:{matter.card.id}" if matter.card else "desk"
    today = f"{limit}:{matter.person.id}:{about}:{inst.clock.now():%Y-%m-%d}"
    return any(remember(tx, f"{today}:{number}") for number in range(MOST[limit]))
