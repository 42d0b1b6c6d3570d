"""How sure we are that a mail is from the person in its From, and why.

Rules of this file: pure; one table, first match wins. Rights are not known here. A sender check
is believed only from ourselves or from the one relay that is configured, and only its topmost
header: anybody can write the ones below (RFC 8601, 5).
"""

import re
from collections.abc import Callable

from msgspec import Struct

from genba.acts.card import Assurance
from genba.channels.mail.letters import Letter
from genba.channels.mail.site import Site

_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"\bdmarc\s*=\s*pass\b[^;]*\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_DKIM = re.compile(r"\bdkim\s*=\s*pass\b[^;]*\bheader\.d\s*=\s*([^\s;]+)", re.IGNORECASE)


class Evidence(Struct, frozen=True, kw_only=True):
    """What is known about one mail: its letter, and whether this machine handed it in."""

    letter: Letter
    site: Site
    local: bool


Proof = Callable[[Evidence], bool]


def _no_sender(evidence: Evidence) -> bool:
    return not evidence.letter.sender


def _own_machine(evidence: Evidence) -> bool:
    """A demonstration: only this machine reaches the listener, and nothing is relayed to it."""
    site = evidence.site
    return site.demo and site.mailbox is not None and site.loopback and evidence.local


def _checked(evidence: Evidence) -> bool:
    """The configured relay says that the domain in From vouches for the mail."""
    if not evidence.site.trust or not evidence.letter.checks:
        return False
    top = _COMMENT.sub(" ", " ".join(evidence.letter.checks[0].split()))
    server, _, results = top.partition(";")
    if server.split()[:1] != [evidence.site.trust]:
        return False
    domain = evidence.letter.sender.rpartition("@")[2]
    vouched = [*_DMARC.findall(results), *_DKIM.findall(results)]
    return any(found.casefold().strip('"') == domain for found in vouched)


def _always(evidence: Evidence) -> bool:
    return True


PROOFS: tuple[tuple[str, Proof, Assurance], ...] = (
    ("the mail names no single sender", _no_sender, Assurance.POSSESSION),
    ("it was handed in on this machine", _own_machine, Assurance.CHANNEL),
    ("our relay checked the domain of its sender", _checked, Assurance.CHANNEL),
    ("nobody vouches for its sender", _always, Assurance.POSSESSION),
)


def assure(evidence: Evidence) -> tuple[Assurance, str]:
    """The assurance of a mail and the reason for it."""
    return next((level, why) for why, proof, level in PROOFS if proof(evidence))
