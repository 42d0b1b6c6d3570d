"""A mail as it arrived, taken apart once: who claims to have sent it, what it says, its identity.

Rules of this file: pure and total: any bytes give a `Letter`. Header access goes through here,
with the old forgiving parser, because broken headers are what attackers and old servers send.
"""

import hashlib
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from msgspec import Struct

from genba.channels.mail.addresses import plain_address
from genba.channels.mail.automatic import why_automatic
from genba.channels.mail.reading import Reading, plain_header, read
from genba.channels.mail.threads import one_line

_IDENTITY = ("From", "To", "Cc", "Subject", "Date", "Message-ID")


class Letter(Struct, frozen=True, kw_only=True):
    """One received mail.

    `sender` is the one address in From, "" when there is none or more than one (a mail that says
    two things says nothing). `key` is the same for the same mail delivered again. `automatic` is
    why we think a machine wrote it, "" for a person.
    """

    sender: str
    name: str
    subject: str
    message_id: str
    references: str
    in_reply_to: str
    key: str
    automatic: str
    checks: tuple[str, ...]  # Authentication-Results, topmost first
    reading: Reading
    raw: bytes
    returns_to: str  # the envelope sender; "" for none


def open_letter(raw: bytes, envelope_sender: str) -> Letter:
    """Take a mail apart; `envelope_sender` is the MAIL FROM, "" for none."""
    message = message_from_bytes(raw)
    name, sender = _sender(message)
    return Letter(
        sender=sender,
        name=name,
        subject=one_line(plain_header(_header(message, "Subject"))),
        message_id=_header(message, "Message-ID").strip(),
        references=_header(message, "References"),
        in_reply_to=_header(message, "In-Reply-To"),
        key=_key(message, raw),
        automatic=why_automatic(message, envelope_sender),
        checks=tuple(str(value) for value in message.get_all("Authentication-Results", [])),
        reading=read(message),
        raw=raw,
        returns_to=envelope_sender,
    )


def _sender(message: Message) -> tuple[str, str]:
    values = [str(value) for value in message.get_all("From", [])]
    if len(values) != 1 or "\n" in values[0].replace("\n ", " ").replace("\n\t", " ").strip():
        return "", ""
    found = [(name, plain_address(address)) for name, address in getaddresses(values)]
    if len(found) != 1 or not found[0][1] or "Sender" in message:
        # RFC 5322, 3.6.2: Sender says that somebody else sent it for the one in From.
        senders = getaddresses([str(value) for value in message.get_all("Sender", [])])
        same = [plain_address(address) for _name, address in senders]
        if len(found) != 1 or same != [found[0][1]]:
            return "", ""
    return one_line(plain_header(found[0][0]), 150), found[0][1]


def _key(message: Message, raw: bytes) -> str:
    """Identity of a mail: its Message-ID and content, without the trace of how it came."""
    digest = hashlib.sha256()
    for name in _IDENTITY:
        for value in message.get_all(name, []):
            digest.update(f"{name}:{value}\n".encode("utf-8", "surrogateescape"))
    normal = raw.replace(b"\r\n", b"\n")
    digest.update(normal.partition(b"\n\n")[2].rstrip())
    return digest.hexdigest()


def _header(message: Message, name: str) -> str:
    return str(message.get(name, ""))
