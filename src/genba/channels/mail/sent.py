"""Which mail was about what, for whom: found again by its Message-ID, or the address it returns to.

Rules of this file: written in the transaction that posts the mail; never a right. Who knows a
Message-ID has proved nothing; who sent an answer is proved elsewhere.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from genba.channels.mail.addresses import bounce_value
from genba.journal.contract import Transaction
from genba.journal.records import Answer
from genba.runtime.installation import current

_LOOKED_AT = 12  # Message-IDs of one answer, newest first


class Sent(Struct, frozen=True, kw_only=True):
    """One mail of ours: to whom, and the card it showed ("" where it showed none)."""

    address: str
    subject: str
    person: str = ""
    object: str = ""
    object_id: str = ""
    case: str = ""


def remember_sent(tx: Transaction, message_id: str, sent: Sent) -> None:
    """Keep what a mail is about; the same mail twice is the same."""
    key = _key(bounce_value(message_id))
    if tx.answer(key) is None:
        body = msgspec.json.encode(sent)
        tx.remember(Answer(key=key, actor="", digest="", body=body, at=current().clock.now()))


def sent_back(value: str) -> Sent | None:
    """The mail whose envelope sender had this value (of a `Purpose.BOUNCE`)."""
    with current().journal.reading() as reading:
        kept = reading.answer(_key(value))
    return msgspec.json.decode(kept.body, type=Sent) if kept else None


def sent_before(identifiers: Iterable[str]) -> Sent | None:
    """The newest mail of ours among these Message-IDs, oldest first."""
    newest = tuple(identifiers)[::-1][:_LOOKED_AT]
    found = (sent_back(bounce_value(one)) for one in newest)
    return next((one for one in found if one is not None), None)


def _key(value: str) -> str:
    return f"mail-sent:{value.casefold()}"
