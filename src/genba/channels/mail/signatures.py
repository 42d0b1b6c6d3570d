"""What the domain of a sender signed of a mail (DKIM, RFC 6376), and whether that is enough.

Rules of this file: a valid signature alone proves little. It is enough when the domain of the one
in From made it, when it covers From and the field our address stands in, every time those fields
are there, and the whole body (no `l=`). Otherwise a genuine mail to somebody else could be sent
to us once more, or words added to it. Every signature of that domain must cover as much, since
whoever sends a mail again may add one of any shape. Message-ID is never looked at: nobody signs it.

Fields are read as the library that checks the signature reads them, so that no two parsers can
be told two things. Keys come from the name system, or from a folder of files named as there.
"""

from collections.abc import Callable
from email.utils import getaddresses
from pathlib import Path

import dkim
from dkim.util import InvalidTagValueList
from dns.exception import DNSException
from msgspec import Struct

from genba.channels.mail.addresses import Recipient, plain_address, read_recipient

_SECONDS = 5  # for the name system to answer
_MOST = 5  # signatures of one mail that are looked at
_BROKEN = (
    dkim.DKIMException,
    InvalidTagValueList,
    DNSException,
    ValueError,
    LookupError,
    TypeError,
    OSError,
)

FindKey = Callable[..., bytes | None]


class Signature(Struct, frozen=True, kw_only=True):
    """One signature as it stands in the mail, not checked yet. `place`: counted from the top."""

    place: int
    domain: str
    fields: tuple[str, ...]  # names in lower case, as often as they are signed
    partial: bool  # words may be added behind what it covers


class Sealed(Struct, frozen=True, kw_only=True):
    """The header fields of a mail that say who it is from and to, and its signatures."""

    sender: str  # the one address in From, else ""
    to: tuple[str, ...]
    cc: tuple[str, ...]
    times: dict[str, int]  # how often each of these fields is there
    signatures: tuple[Signature, ...]
    readable: bool = True  # every signature could be read, and there are not absurdly many


def seal_of(raw: bytes) -> Sealed:
    """What a mail says of itself; total: a broken mail has no sender and no signatures."""
    try:
        headers, _body = dkim.rfc822_parse(raw)
    except _BROKEN:
        headers = []
    named: dict[str, list[str]] = {}
    for name, value in headers:
        key = name.strip().lower().decode("ascii", "replace")
        named.setdefault(key, []).append(value.decode("utf-8", "replace"))
    senders = _addresses(named.get("from", []))
    written = named.get("dkim-signature", [])
    signatures = [_signature(place, value) for place, value in enumerate(written[:_MOST])]
    return Sealed(
        sender=senders[0] if len(senders) == 1 and len(named["from"]) == 1 else "",
        to=_addresses(named.get("to", [])),
        cc=_addresses(named.get("cc", [])),
        times={name: len(named.get(name, ())) for name in ("from", "to", "cc")},
        signatures=tuple(one for one in signatures if one is not None),
        readable=len(written) <= _MOST and None not in signatures,
    )


def covering(sealed: Sealed, recipient: Recipient, domain: str) -> tuple[Signature, ...]:
    """The signatures that would be enough, if they are valid; none when one of them covers less.

    `recipient`: which of our addresses (at `domain`) the mail is taken for.
    """
    theirs = sealed.sender.rpartition("@")[2]
    own = tuple(one for one in sealed.signatures if _speaks_for(one.domain, theirs))
    field = _field_of(sealed, recipient, domain)
    if not field or not sealed.readable:
        return ()
    if not all(_covers(one, ("from", field), sealed.times) for one in own):
        return ()
    return own


def is_valid(raw: bytes, signature: Signature, find: FindKey) -> bool:
    """Whether the signature is that of its domain. A key that cannot be found is no signature."""
    try:
        return bool(dkim.DKIM(raw, timeout=_SECONDS).verify(signature.place, dnsfunc=find))
    except _BROKEN:
        return False


def keys_in(folder: Path) -> FindKey:
    """Keys as files: SELECTOR._domainkey.DOMAIN holds what the name system would say."""

    def find(name: bytes, timeout: int = _SECONDS) -> bytes | None:
        wanted = name.decode("ascii").rstrip(".")
        file = folder / wanted
        if "/" in wanted or "\\" in wanted or not file.is_file():
            return None
        return file.read_bytes().strip()

    return find


def keys_by_name() -> FindKey:
    """Keys from the name system (RFC 6376, 3.6.2)."""
    find: FindKey = dkim.get_txt
    return find


def _signature(place: int, value: str) -> Signature | None:
    try:
        tags = dkim.parse_tag_value(value.encode("utf-8", "replace"))
        fields = "".join(tags[b"h"].decode("ascii").split()).lower()
        domain = tags[b"d"].decode("ascii").strip().lower()
    except _BROKEN:
        return None
    return Signature(
        place=place, domain=domain, fields=tuple(fields.split(":")), partial=b"l" in tags
    )


def _speaks_for(domain: str, host: str) -> bool:
    """Whether a domain vouches for the addresses of a host: its own, or below it."""
    return "." in domain and (host == domain or host.endswith(f".{domain}"))


def _field_of(sealed: Sealed, recipient: Recipient, domain: str) -> str:
    """The field in which the address the mail came to stands; "" when it stands in none."""
    for name, addresses in (("to", sealed.to), ("cc", sealed.cc)):
        if any(read_recipient(one, domain) == recipient for one in addresses):
            return name
    return ""


def _covers(signature: Signature, names: tuple[str, ...], times: dict[str, int]) -> bool:
    return not signature.partial and all(
        signature.fields.count(name) >= times[name] > 0 for name in names
    )


def _addresses(values: list[str]) -> tuple[str, ...]:
    found = (plain_address(address) for _name, address in getaddresses(values))
    return tuple(address for address in found if address)
