"""The built-in mailbox: what was sent while there is no mail server, one file a mail.

Rules of this file: only the listener puts mail in; nothing here acts. A mail is readable by
whoever can open the demo, so the mailbox exists only while no relay is configured.
"""

import os
import re
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path

from msgspec import Struct

from genba.channels.mail.addresses import plain_address
from genba.channels.mail.reading import plain_header

_NAME = re.compile(r"[0-9]{10,20}-[0-9]{1,8}-[0-9]{1,8}")
_MOST = 2000  # mails kept; the oldest go
_numbers = count()


class Kept(Struct, frozen=True, kw_only=True):
    """One mail of the mailbox, as the list shows it."""

    name: str
    to: tuple[str, ...]
    subject: str
    at: datetime
    reply_to: str


def keep(folder: Path, raw: bytes, recipients: list[str]) -> str:
    """Store a mail for its recipients; gives its name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns()}-{os.getpid()}-{next(_numbers)}"
    head = b"".join(b"X-Genba-Kept-For: " + _plain(to) + b"\r\n" for to in recipients)
    part = folder / f".{name}.part"
    part.write_bytes(head + raw)
    part.rename(folder / f"{name}.eml")
    for old in sorted(folder.glob("*.eml"))[:-_MOST]:
        old.unlink(missing_ok=True)
    return name


def kept(folder: Path, address: str = "") -> list[Kept]:
    """The mails for an address (all of them for ""), newest first."""
    wanted = address.casefold()
    mails = (_kept(file) for file in sorted(folder.glob("*.eml"), reverse=True))
    return [mail for mail in mails if not wanted or wanted in mail.to]


def open_kept(folder: Path, name: str) -> EmailMessage | None:
    """One mail by its name."""
    path = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return message if isinstance(message, EmailMessage) else None


def describe(name: str, message: EmailMessage) -> Kept:
    """A mail as the list shows it."""
    return Kept(
        name=name,
        to=tuple(str(value).casefold() for value in message.get_all("X-Genba-Kept-For", [])),
        subject=plain_header(str(message.get("Subject", ""))),
        at=_date(name, message),
        reply_to=plain_address(str(message.get("Reply-To", "") or message.get("From", ""))),
    )


def _kept(file: Path) -> Kept:
    raw = file.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return describe(file.stem, message)


def _date(name: str, message: EmailMessage) -> datetime:
    """When a mail was written; when it came, if it does not say."""
    try:
        written = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        written = None
    if written is None or written.tzinfo is None:
        return datetime.fromtimestamp(int(name.partition("-")[0]) / 1_000_000_000, UTC)
    return written


def _plain(address: str) -> bytes:
    return plain_address(address).encode("utf-8", "replace")
