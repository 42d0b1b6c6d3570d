"""What a person wrote in a mail: the first own line, the own text, the files.

Rules of this file: pure and total: no mail, however broken, raises here. Nothing is decided; the
first own line is what `verbs` may act on, so it is read strictly: when in doubt there is none.
"""

import re
import unicodedata
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from msgspec import Struct

from genba.channels.mail.markup import text_of_html
from genba.channels.mail.quoting import attribution, is_quoted, is_signature

_TEXT_KEPT = 200_000  # characters of a body that are read
_INVISIBLE = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REACTION = "text/vnd.google.email-reaction+json"
_MOST_PARTS = 200
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # what names of files do without


class Attachment(Struct, frozen=True, kw_only=True):
    """A file somebody sent."""

    name: str
    media_type: str
    body: bytes


class Reading(Struct, frozen=True, kw_only=True):
    """A mail as a person wrote it.

    `first` is the first own line and the only one that may act, "" when it is not certain that
    the line is the writer's own. `rest` is the own text below it; `own` is all of it.
    `below` is True when the own text stands under a quotation. `reaction` is True for a mail
    that is only an emoji a mail program sent.
    """

    first: str = ""
    rest: str = ""
    own: str = ""
    below: bool = False
    reaction: bool = False
    attachments: tuple[Attachment, ...] = ()


def read(message: Message) -> Reading:
    """Read a mail: its own text without what it quotes, and its files."""
    parts = [part for _count, part in zip(range(_MOST_PARTS), _walk(message), strict=False)]
    text = _body(parts)
    reading = read_text(text)
    return Reading(
        first=reading.first,
        rest=reading.rest,
        own=reading.own,
        below=reading.below,
        reaction=any(part.get_content_type() == _REACTION for part in parts),
        attachments=_attachments(parts),
    )


def _walk(message: Message) -> Iterator[Message]:
    """The parts of a mail, not those of a mail inside it: those are somebody else's words."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting += reversed([one for one in inside if isinstance(one, Message)])


def read_text(text: str) -> Reading:
    """Read a plain text body: what is the writer's own in it."""
    lines = [line.rstrip() for line in _clean(text).split("\n")]
    top, cut = _above(lines)
    if any(line.strip() and not is_quoted(line) for line in top):
        own, below = _trim(_without_last_quotation(top)), _begins_quoted(top)
        first = _first_own(top)
    else:
        under = _below(lines, cut)
        own, below = _trim(under), True
        first = _first_own(under) if _stands_apart(lines, under) else ""
    return Reading(first=first, rest=_after(own, first), own="\n".join(own), below=below)


def _above(lines: list[str]) -> tuple[list[str], int]:
    """The lines above the first head of a quotation or signature, and where that stands."""
    for at in range(len(lines)):
        if attribution(lines, at) or is_signature(lines[at]):
            return lines[:at], at
    return lines, len(lines)


def _below(lines: list[str], cut: int) -> list[str]:
    """The own lines under a quotation at the top: after its last quoted line."""
    if cut < len(lines) and is_signature(lines[cut]):
        return []
    start = cut + (attribution(lines, cut) if cut < len(lines) else 0)
    seen = False
    for at in range(start, len(lines)):
        if is_quoted(lines[at]):
            seen = True
        elif lines[at].strip() and not seen:
            return []  # an unmarked quotation: nobody can tell whose words these are
        elif lines[at].strip():
            return _above(lines[at:])[0]
    return []


def _stands_apart(lines: list[str], under: list[str]) -> bool:
    """Whether a blank line parts the own text from the quotation: else it may be its end."""
    if not under:
        return False
    at = next((n for n, line in enumerate(lines) if lines[n : n + len(under)] == under), 0)
    return at > 0 and not lines[at - 1].strip() and not under[0][:1].isspace()


def _without_last_quotation(lines: list[str]) -> list[str]:
    """Own words that end in a quotation: it is what they answer, and nobody needs it twice."""
    end = len(lines)
    while end > 0 and (not lines[end - 1].strip() or is_quoted(lines[end - 1])):
        end -= 1
    return lines[:end]


def _begins_quoted(lines: list[str]) -> bool:
    return next((is_quoted(line) for line in lines if line.strip()), False)


def _first_own(lines: list[str]) -> str:
    """The first line that is certainly the writer's own.

    Under a quotation that opens the mail it must follow a blank line: a line right after a quoted
    one may be its wrapped end.
    """
    quoted = False
    blank = True
    for line in lines:
        if not line.strip():
            blank = True
        elif is_quoted(line):
            quoted, blank = True, False
        else:
            return "" if quoted and not blank else line.strip()
    return ""


def _trim(lines: list[str]) -> list[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]


def _after(own: list[str], first: str) -> str:
    if not first:
        return "\n".join(own)
    at = next((n for n, line in enumerate(own) if line.strip() == first), -1)
    return "\n".join(_trim(own[at + 1 :]))


def _clean(text: str) -> str:
    plain = unicodedata.normalize("NFC", text[:_TEXT_KEPT])
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return _CONTROL.sub("", _INVISIBLE.sub("", plain))


def _body(parts: list[Message]) -> str:
    """The first text a person would see: plain when there is one with words in it, else HTML."""
    shown = [part for part in parts if not part.is_multipart() and not _is_file(part)]
    for part in shown:
        if part.get_content_type() == "text/plain" and (text := text_of(part)).strip():
            return text
    for part in shown:
        if part.get_content_type() == "text/html":
            return text_of_html(text_of(part))
    return ""


def text_of(part: Message) -> str:
    """The text of one part, also when its charset or encoding is a lie; flowed text is joined."""
    data = _bytes_of(part)
    charset = str(part.get_param("charset", "") or "utf-8")
    for name in (charset, "utf-8", "latin-1"):
        try:
            text = data.decode(name)
            break
        except (LookupError, UnicodeError, ValueError):
            continue
    else:
        text = data.decode("utf-8", "replace")
    if str(part.get_param("format", "") or "").casefold() == "flowed":
        return unflow(text, del_sp=str(part.get_param("delsp", "") or "").casefold() == "yes")
    return text


def unflow(text: str, *, del_sp: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676, 4) and drop its space-stuffing."""
    joined: list[str] = []
    depth_before, soft = -1, False
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        signature = words == "-- "
        if soft and depth == depth_before and not signature:
            joined[-1] += words
        else:
            joined.append(">" * depth + (" " if depth and words else "") + words)
        soft = words.endswith(" ") and not signature
        depth_before = depth
        if soft and del_sp:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def plain_header(value: str) -> str:
    """The text of a header, decoded (RFC 2047) where that is possible."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value


def _bytes_of(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (LookupError, ValueError, AssertionError):  # an encoding that is none
        data = None
    if isinstance(data, bytes):
        return data
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name_of(part))


def _attachments(parts: list[Message]) -> tuple[Attachment, ...]:
    files = []
    for number, part in enumerate(parts, start=1):
        if part.get_content_type() == "message/rfc822":
            files.append(_whole(part, number))
        elif not part.is_multipart() and _is_file(part):
            name = _name_of(part) or f"file-{number}"
            kind = part.get_content_type()
            files.append(Attachment(name=name, media_type=kind, body=_bytes_of(part)))
    return tuple(file for file in files if file.body)


def _whole(part: Message, number: int) -> Attachment:
    """A mail inside a mail, as a file."""
    inside = part.get_payload()
    mail = inside[0] if isinstance(inside, list) and inside else part
    assert isinstance(mail, Message)
    subject = _NO_NAME.sub("", plain_header(str(mail.get("Subject", "")))).strip()[:100]
    name = _name_of(part) or f"{subject or f'mail-{number}'}.eml"
    try:
        body = mail.as_bytes()
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        body = str(mail.get_payload()).encode("utf-8", "replace")
    return Attachment(name=name, media_type="message/rfc822", body=body)


def _name_of(part: Message) -> str:
    try:
        name = plain_header(part.get_filename() or "")
    except (LookupError, ValueError, TypeError):
        return ""
    last = re.split(r"[\\/]", _CONTROL.sub("", name))[-1].strip()
    return last[:150] if last not in (".", "..") else ""
