"""The addresses mail comes back to, and what each of them means.

Rules of this file: pure text. A secret in an address is 26 base32 characters in lower case, so it
survives software that changes the case of addresses and stays far below the 64 octets a local
part may have (RFC 5321, 4.5.3.1.1).
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from email.utils import parseaddr
from enum import StrEnum

from msgspec import Struct

_TOKEN = re.compile(r"[a-z2-7]{26}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH = 40


class Purpose(StrEnum):
    """What a mail to one of our addresses is for."""

    ACT = "act"  # a reply to a card: carries its secret
    START = "start"  # starts a case of the named process
    BOUNCE = "bounce"  # the envelope sender of what we send: failure reports come here
    DESK = "genba"  # the plain address in From: no card is meant
    NOBODY = ""  # not ours


class Recipient(Struct, frozen=True):
    """One envelope recipient, understood: its purpose and what stands after the plus sign."""

    purpose: Purpose
    value: str = ""


def plain_address(value: str) -> str:
    """The bare address in lower case, without display name; "" when there is none."""
    address = parseaddr(value)[1].strip()
    return address.casefold() if "@" in address else ""


def reply_address(token: str, domain: str) -> str:
    """Where a reply to the card of this secret goes."""
    return f"act+{token}@{domain}"


def start_address(slug: str, domain: str) -> str:
    """Where a mail goes that starts a case of the process of this slug."""
    return f"start+{slug}@{domain}"


def bounce_address(message_id: str, domain: str) -> str:
    """The envelope sender of one mail: a report to it says which mail failed."""
    return f"bounce+{bounce_value(message_id)}@{domain}"


def bounce_value(message_id: str) -> str:
    """What the return address of a mail carries of its Message-ID."""
    digest = hashlib.sha256(message_id.encode()).digest()[:15]
    return base64.b32encode(digest).decode().lower()


def desk_address(domain: str) -> str:
    """The address our mail is from. People are meant to reply to the reply address instead."""
    return f"genba@{domain}"


def read_recipient(address: str, domain: str) -> Recipient:
    """What a mail to this address means, whatever the case of its letters."""
    local, _, host = plain_address(address).rpartition("@")
    if host != domain.casefold():
        return Recipient(Purpose.NOBODY)
    name, _, value = local.partition("+")
    if name == Purpose.ACT:
        known = Purpose.ACT if _TOKEN.fullmatch(value) else Purpose.NOBODY
        return Recipient(known, value)
    if name == Purpose.START:
        return Recipient(Purpose.START if value else Purpose.NOBODY, value)
    if name == Purpose.BOUNCE:
        return Recipient(Purpose.BOUNCE, value)
    return Recipient(Purpose.DESK if name == Purpose.DESK else Purpose.NOBODY)


def start_slugs(keys: Iterable[str]) -> dict[str, str]:
    """The slug of each process key; keys that would share one each get a digest added."""
    plain = {key: _slug(key) for key in keys}
    shared = {slug for slug in plain.values() if list(plain.values()).count(slug) > 1}
    return {key: _exact(key, slug) if slug in shared else slug for key, slug in plain.items()}


def process_of(slug: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The process keys a start address names: one, none, or several when it is ambiguous."""
    known = tuple(keys)
    exact = tuple(key for key, own in start_slugs(known).items() if own == slug)
    return exact or tuple(key for key in known if _slug(key) == slug)


def _slug(key: str) -> str:
    short = _NOT_SLUG.sub("-", key.casefold()).strip("-")[:_SLUG_LENGTH].strip("-")
    return short or _exact(key, "process")


def _exact(key: str, slug: str) -> str:
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"
