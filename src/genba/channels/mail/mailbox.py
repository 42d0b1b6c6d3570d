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
    first: str  # the first line of its text


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


def kept(folder: Path, address: str = "", most: int = 200) -> list[Kept]:
    """The newest mails for an address (of everybody for ""), newest first."""
    found: list[Kept] = []
    for file in sorted(folder.glob("*.eml"), reverse=True):
        message = open_kept(folder, file.stem) if not address or _is_for(file, address) else None
        if message is not None:
            found.append(describe(file.stem, message))
        if len(found) >= most:
            break
    return found


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
        first=_first_line(message),
        reply_to=plain_address(str(message.get("Reply-To", "") or message.get("From", ""))),
    )


def _is_for(file: Path, address: str) -> bool:
    """Whether a mail was kept for an address: told by the lines that `keep` put in front."""
    mark = b"X-Genba-Kept-For: " + _plain(address) + b"\r\n"
    with file.open("rb") as opened:
        return mark in opened.read(4000)


def _first_line(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    lines = str(body.get_content()).splitlines() if body else []
    return next((line.strip() for line in lines if line.strip()), "")


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
