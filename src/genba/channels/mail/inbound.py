"""A mail that arrived: whom it is for, whether a person wrote it, and who deals with it.

Rules of this file: the order is the security. Automatic mail ends here, before anything is
looked up; then the sender's assurance; then the address it came to. Each recipient address is
dealt with by itself. A mail nobody vouches for is dealt with once more, as sure, when its person
has confirmed it (`confirming`).
"""

from django.utils.translation import override
from msgspec import Struct

from genba.acts.card import Assurance
from genba.acts.tokens import resolve
from genba.channels.mail.addresses import Purpose, Recipient, read_recipient
from genba.channels.mail.answering import Limit, Matter, answer, dealt_with
from genba.channels.mail.assurance import Evidence, assure
from genba.channels.mail.confirming import decline, release, waiting
from genba.channels.mail.letters import Letter, open_letter
from genba.channels.mail.posting import note
from genba.channels.mail.replies import reply, reply_in_thread
from genba.channels.mail.returned import alive, came_back
from genba.channels.mail.site import site
from genba.channels.mail.starting import start, where_to_start
from genba.people.directory import Known, by_address, known


class Arrival(Struct, frozen=True, kw_only=True):
    """A mail with its envelope. `local`: it was handed in by a program on this machine."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    local: bool = False


def receive(arrival: Arrival) -> None:
    """Deal with a mail, for each of its recipients. Raises only for bugs and a broken journal."""
    letter = open_letter(arrival.raw, arrival.sender)
    found = {read_recipient(address, site().domain) for address in arrival.recipients}
    for recipient in sorted(found, key=lambda one: (one.purpose, one.value)):
        _receive(letter, recipient, arrival.local)


def _receive(letter: Letter, recipient: Recipient, local: bool) -> None:
    if recipient.purpose is Purpose.BOUNCE:
        came_back(letter, recipient.value)
        return
    if letter.automatic:
        note(letter, outcome="automatic", detail=letter.automatic)
        return
    with override(_language(letter, recipient)):
        if recipient.purpose is Purpose.ACT and (held := waiting(recipient.value)):
            _confirmation(letter, recipient.value, *held)
            return
        evidence = Evidence(letter=letter, site=site(), local=local, recipient=recipient)
        level, why = assure(evidence)
        if level < Assurance.CHANNEL:
            note(letter, outcome="unproven", detail=why)
        else:
            alive(letter.sender)
        _deal(letter, recipient, level)


def _deal(letter: Letter, recipient: Recipient, level: Assurance) -> None:
    match recipient.purpose:
        case Purpose.ACT:
            reply(letter, recipient.value, level)
        case Purpose.START:
            start(letter, recipient.value, level)
        case Purpose.DESK:
            _desk(letter, level)
        case _:
            note(letter, outcome="unknown-object", detail="not an address of ours")


def _confirmation(letter: Letter, secret: str, person: Known, stream: str) -> None:
    """An answer to the question whether a mail is theirs: then that mail is dealt with."""
    held = release(letter, person, stream)
    if held is None:
        note(letter, outcome="not-confirmed", person=person.id)
        decline(letter, person, secret, stream)
        return
    note(letter, outcome="confirmed", person=person.id)
    _deal(open_letter(held.raw, held.sender), held.recipient, Assurance.CHANNEL)


def _language(letter: Letter, recipient: Recipient) -> str:
    row = resolve(recipient.value, "reply") if recipient.purpose is Purpose.ACT else None
    asked = waiting(recipient.value) if recipient.purpose is Purpose.ACT else None
    person = known(row.person) if row else asked[0] if asked else by_address(letter.sender)
    return person.locale if person else "en"


def _desk(letter: Letter, level: Assurance) -> None:
    """A mail to our plain address: an answer to a card, or somebody is told what to write to."""
    if reply_in_thread(letter, level):
        return
    person = by_address(letter.sender) if letter.sender else None
    key = f"{letter.key}:desk"
    note(letter, outcome="unknown-object", detail="desk", person=person.id if person else "")
    if person is not None and not dealt_with(key):
        answer(Matter(letter=letter, person=person, key=key), where_to_start(), Limit.FAILED)
