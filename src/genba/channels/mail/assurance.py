"""How sure we are that a mail is from the person in its From, and why.

Rules of this file: one table, first match wins; nothing is read but the mail, and the key that
signed it. Rights are not known here. A sender check is believed only from ourselves or from the
one relay that is configured, and only its topmost header: anybody can write the ones below
(RFC 8601, 5). That a domain signed a mail is not enough, whoever checked it: see `signatures`.
That a mail came from a machine its domain allows (SPF, and DMARC by SPF alone) says nothing of
who wrote it, and does not count.
"""

import re
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from genba.acts.card import Assurance
from genba.channels.mail.addresses import Recipient
from genba.channels.mail.letters import Letter
from genba.channels.mail.signatures import (
    FindKey,
    Sealed,
    Signature,
    covering,
    is_valid,
    keys_by_name,
    keys_in,
    seal_of,
)
from genba.channels.mail.site import BY_NAME, Site

_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')  # may hold what the sender chose: a local part
_PLAIN = re.compile(r"[\w.-]*")
_DKIM = re.compile(r"\bdkim\s*=\s*pass\b[^;]*\bheader\.d\s*=\s*([^\s;]+)", re.IGNORECASE)


class Evidence(Struct, frozen=True, kw_only=True):
    """What is known about one mail: its letter, the address of ours it is dealt with for, and
    whether this machine handed it in."""

    letter: Letter
    site: Site
    local: bool
    recipient: Recipient


Proof = Callable[[Evidence], bool]


def _no_sender(evidence: Evidence) -> bool:
    return not evidence.letter.sender


def _own_machine(evidence: Evidence) -> bool:
    """A demonstration: only this machine reaches the listener, and nothing is relayed to it."""
    site = evidence.site
    return site.demo and site.mailbox is not None and site.loopback and evidence.local


def _checked(evidence: Evidence) -> bool:
    """The configured relay checked a signature that covers enough."""
    passed = _passed(evidence)
    return any(one.domain in passed for one in _enough(evidence))


def _signed(evidence: Evidence) -> bool:
    """A signature that covers enough is valid; we look up its key ourselves."""
    find = _finding(evidence.site)
    return find is not None and any(
        is_valid(evidence.letter.raw, one, find) for one in _enough(evidence)
    )


def _signed_too_little(evidence: Evidence) -> bool:
    return bool(seal_of(evidence.letter.raw).signatures) and not _enough(evidence)


def _always(evidence: Evidence) -> bool:
    return True


PROOFS: tuple[tuple[str, Proof, Assurance], ...] = (
    ("the mail names no single sender", _no_sender, Assurance.POSSESSION),
    ("it was handed in on this machine", _own_machine, Assurance.CHANNEL),
    ("our relay checked the signature of its sender's domain", _checked, Assurance.CHANNEL),
    ("the domain of its sender signed it, and whom it is to", _signed, Assurance.CHANNEL),
    ("what is signed of it is too little", _signed_too_little, Assurance.POSSESSION),
    ("nobody vouches for its sender", _always, Assurance.POSSESSION),
)


def assure(evidence: Evidence) -> tuple[Assurance, str]:
    """The assurance of a mail and the reason for it."""
    return next((level, why) for why, proof, level in PROOFS if proof(evidence))


def _enough(evidence: Evidence) -> tuple[Signature, ...]:
    sealed: Sealed = seal_of(evidence.letter.raw)
    if sealed.sender != evidence.letter.sender:
        return ()
    return covering(sealed, evidence.recipient, evidence.site.domain)


def _passed(evidence: Evidence) -> set[str]:
    """The domains whose signature the configured relay found valid."""
    if not evidence.site.trust or not evidence.letter.checks:
        return set()
    top = _COMMENT.sub(" ", " ".join(evidence.letter.checks[0].split()))
    top = _QUOTED.sub(lambda found: found[1] if _PLAIN.fullmatch(found[1]) else "", top)
    server, _, results = top.partition(";")
    if server.split()[:1] != [evidence.site.trust]:
        return set()
    return {found.casefold() for found in _DKIM.findall(results)}


def _finding(site: Site) -> FindKey | None:
    if not site.keys:
        return None
    return keys_by_name() if site.keys == BY_NAME else keys_in(Path(site.keys))
