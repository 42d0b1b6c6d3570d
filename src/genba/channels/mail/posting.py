"""Mail on its way out: the parcel, its row in the outbox, and what is remembered of this channel.

Rules of this file: everything is written in the transaction it is given, once by key. What a mail
is about is kept with it, so that it is known again when it comes back or is answered.
"""

import msgspec
from msgspec import Struct

from genba.channels.mail.addresses import bounce_address
from genba.channels.mail.letters import Letter
from genba.channels.mail.rendering import Envelope
from genba.channels.mail.sent import Sent, remember_sent
from genba.journal.contract import Reading, Transaction
from genba.journal.records import Answer, Attempt, CaseId, NewOutbox
from genba.runtime.installation import Installation, current

LINK_DAYS = 30
REPLY_DAYS = 400


class Parcel(Struct, frozen=True, kw_only=True):
    """A mail ready to go: envelope sender and recipient, and its bytes."""

    sender: str
    recipient: str
    message: bytes


def post(
    inst: Installation, tx: Transaction, key: str, message: bytes, envelope: Envelope, sent: Sent
) -> None:
    """Leave a rendered mail to be sent after commit."""
    remember_sent(tx, envelope.thread.message_id, sent)
    parcel = parcel_of(message, envelope)
    tx.post(CaseId(sent.case), [mail_row(inst, f"mail:{key}", parcel)])


def card_key(task: str, person: str) -> str:
    """The key of the mail that brings a task ("CASE:WORK") to a person for the first time."""
    return f"card:{task}:{person}"


def mailed(reading: Reading, task: str, person: str) -> bool:
    """Whether the card of a task was mailed to a person."""
    return reading.answer(f"mail-once:{card_key(task, person)}") is not None


def note(
    letter: Letter,
    *,
    outcome: str,
    detail: str = "",
    person: str = "",
    about: tuple[str, str] = ("", ""),
) -> None:
    """Keep that a mail was tried, for what never reaches the acts; `about`: object and id."""
    inst = current()
    with inst.journal.writing() as tx:
        tx.note_attempt(
            Attempt(
                at=inst.clock.now(),
                channel="mail",
                identity=f"mailto:{letter.sender}",
                person=person,
                object=about[0],
                object_id=about[1],
                act="",
                outcome=outcome,
                detail=detail,
            )
        )


def mail_row(inst: Installation, key: str, parcel: Parcel) -> NewOutbox:
    """The outbox row that sends a parcel."""
    body = msgspec.json.encode(parcel)
    return NewOutbox(kind="mail", body=body, key=key, due=inst.clock.now())


def parcel_of(message: bytes, envelope: Envelope) -> Parcel:
    """A rendered mail with its envelope: failure reports come to an address of its own."""
    back = bounce_address(envelope.thread.message_id, envelope.site.domain)
    return Parcel(sender=back, recipient=envelope.address, message=message)


def remembered(inst: Installation, key: str) -> bool:
    """Whether something of this channel was done before."""
    with inst.journal.reading() as reading:
        return reading.answer(f"mail-once:{key}") is not None


def remember(tx: Transaction, key: str) -> bool:
    """Mark something of this channel as done; False when it was done before."""
    name = f"mail-once:{key}"
    if tx.answer(name) is not None:
        return False
    tx.remember(Answer(key=name, actor="", digest="", body=b"", at=current().clock.now()))
    return True
