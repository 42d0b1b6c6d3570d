"""What a delivery report says: that a mail cannot arrive, or that it is late, or something else.

Rules of this file: pure and total. A report in the form of RFC 3464 is read by its fields; of
others the status code in the text is taken (RFC 3463, else the three digits of RFC 5321), else
what the subject says. What says nothing of it is no failure: an out-of-office note
comes back the same way.
"""

import re
from email.message import Message

from msgspec import Struct

from genba.channels.mail.reading import text_of

_READ = 20_000  # characters of a text that is searched
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])(5[0-5]\d|4[25]\d)[ -](?=[^\d])")
_NOBODY = re.compile(
    r"user (is )?unknown|unknown (user|recipient|address|local part)|no such (user|address|"
    r"recipient|mailbox|account)|(mailbox|user|recipient|address|account)( address)? "
    r"(does(n't| not) exist|not found|unavailable|unknown|rejected|is disabled|has been disabled)|"
    r"invalid (recipient|mailbox|address|user)|host (or domain name )?(unknown|not found)|"
    r"unrouteable|address (does not|couldn't)|not our customer|no mailbox here",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delay|still being retried|warning.*(could not|not yet)", re.IGNORECASE)
_SAID_SO = re.compile(
    r"undeliver(ed|able)|returned mail|delivery (status notification|fail)|mail (delivery )?fail|"
    r"failure notice|(could|can) ?not be delivered|could not send|delayed for more than",
    re.IGNORECASE,
)
# Of RFC 3463: the mailbox or its host is not there, or takes nothing any more.
_GONE = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4", "4.1"}


class Report(Struct, frozen=True, kw_only=True):
    """A mail that failed for good or is late. `gone`: nothing can reach this address as it is."""

    failed: bool
    gone: bool = False
    status: str = ""  # "5.1.1", or three digits
    recipient: str = ""  # as the report names it; may be another than we wrote to
    said: str = ""  # what the other server said, one line


def read_report(message: Message) -> Report | None:
    """What a delivery report says; None for a mail that is none."""
    blocks = [
        block
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if "Action" in block
    ]
    if not blocks:
        return _in_words(message)
    found = (_fields(block) for block in blocks)
    return next((one for one in found if one is not None), None)


def of_refusal(code: int, said: str) -> Report:
    """The same for a server that refuses a mail while it is handed over."""
    return _judged(str(code), "", said, failed=code >= 500)


def _blocks(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _fields(block: Message) -> Report | None:
    action = str(block.get("Action", "")).strip().casefold()
    if action not in ("failed", "delayed"):
        return None
    status = _STATUS.search(str(block.get("Status", "")))
    who = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
    said = str(block.get("Diagnostic-Code", ""))
    return _judged(status[0] if status else "", who, said, failed=action == "failed")


def _in_words(message: Message) -> Report | None:
    text = next(
        (text_of(part) for part in message.walk() if part.get_content_type() == "text/plain"), ""
    )[:_READ]
    status, code = _STATUS.search(text), _CODE.search(text)
    subject = str(message.get("Subject", ""))
    found = status[0] if status else code[1] if code else ""
    nobody = _NOBODY.search(text)
    if not found and not nobody and not _SAID_SO.search(f"{subject}\n{text[:1000]}"):
        return None
    sign = (found,) if found else (nobody[0],) if nobody else ()
    line = next((one for one in text.splitlines() if any(part in one for part in sign)), "")
    failed = not _DELAYED.search(subject) and (not found or found.startswith("5"))
    return _judged(found, "", line or text[:300], failed=failed)


def _judged(status: str, recipient: str, said: str, *, failed: bool) -> Report:
    words = " ".join(said.split())[:300]
    inner = _STATUS.search(words)
    if len(status) == 3 and inner:
        status = inner[0]
    class_, _, detail = status.partition(".")
    gone = failed and (detail in _GONE if detail else bool(_NOBODY.search(words)))
    gone = gone or (failed and detail in ("0.0", "") and bool(_NOBODY.search(words)))
    return Report(
        failed=failed and class_[:1] != "4",
        gone=gone,
        status=status,
        recipient=recipient.rpartition(";")[2].strip()[:200],
        said=words,
    )
