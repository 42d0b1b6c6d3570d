"""What keeps the mails of a case in one thread, in every mail program.

Rules of this file: pure text. The subject never changes (some programs thread by it); every mail
refers to a root that is made from the case alone (the others thread by References, RFC 5322,
3.6.4). Message-IDs are made from what the mail is about, so sending the same mail twice is the
same mail. A Message-ID is never a secret.
"""

import hashlib
import re

from msgspec import Struct

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_IDENTIFIER = re.compile(r"<[^<>\s]{1,250}>")
_REFERENCES_KEPT = 10


class Thread(Struct, frozen=True, kw_only=True):
    """The threading headers of one mail."""

    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]


def one_line(text: str, length: int = 200) -> str:
    """Text fit for a header: one line, no control characters, not longer than `length`."""
    plain = _CONTROL.sub(" ", text).strip()
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"


def root_id(case: str, domain: str) -> str:
    """The thread of a case: a Message-ID nothing is ever sent under."""
    return f"<case.{_digest(case)}@{domain}>"


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail made for this key: the same key, the same mail."""
    return f"<card.{_digest(key)}@{domain}>"


def card_thread(*, subject: str, case: str, key: str, domain: str) -> Thread:
    """The headers of a mail that we begin."""
    root = root_id(case, domain)
    return Thread(
        subject=one_line(subject) or "Genba",
        message_id=message_id(key, domain),
        in_reply_to=root,
        references=(root,),
    )


def answer_thread(
    *, subject: str, case: str, key: str, domain: str, received_id: str, received_references: str
) -> Thread:
    """The headers of a mail that answers one we got: in its thread and in that of the case."""
    root = (root_id(case, domain),) if case else ()
    before = identifiers(received_references)
    theirs = identifiers(received_id)[:1]
    chain = [*root, *(known for known in before if known not in root), *theirs]
    kept = tuple(dict.fromkeys([*chain[:1], *chain[1:][-_REFERENCES_KEPT:]]))
    return Thread(
        subject=one_line(subject) or "Genba",
        message_id=message_id(key, domain),
        in_reply_to=theirs[0] if theirs else (root[0] if root else ""),
        references=kept,
    )


def identifiers(header: str) -> tuple[str, ...]:
    """The Message-IDs in a header, those that look like one."""
    return tuple(_IDENTIFIER.findall(header))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
