"""What a channel hands in, and what it gets back.

Rules of this file: data only. A channel turns whatever reached it into an `Inbound`; the one path
(`performance.perform`) turns that into an `Outcome`; the channel renders the outcome. Nothing
channel-specific is decided behind this line, and nothing general before it.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from genba.acts.card import Assurance, Card


class Inbound(Struct, frozen=True, kw_only=True):
    """Somebody wants to do something.

    The person is `person` (already authenticated id, from a session) or `identity` ("mailto:…")
    to be resolved. `token` (a plain secret) or `object` and `object_id` name the target. `key` is
    the idempotency key. `version` is the card's revision when the channel knows it. `sent` is the
    `fingerprint` of a form, for a channel that reads it by the offer of the moment: once the offer
    is closed the same form reads differently, but is still the same.
    """

    channel: str
    assurance: Assurance
    act: str
    given: dict[str, Any] = {}
    key: str
    person: str = ""
    identity: str = ""
    behalf: str = ""
    token: str = ""
    purpose: str = "reply"  # what the token must have been issued for
    object: str = ""
    object_id: str = ""
    version: int | None = None
    versions: tuple[int, ...] | None = None  # it must be one of these, else nothing happens
    locale: str = ""
    machine: bool = False
    scopes: tuple[str, ...] | None = None  # of the token somebody shows; None: no token
    sent: str = ""
    draft: str = ""  # what was typed in this form so far is forgotten once it is done


def fingerprint(parts: Iterable[tuple[str, list[str]]]) -> str:
    """What makes a form the same when it is sent again: its fields, in any order, as written."""
    return hashlib.sha256(msgspec.json.encode(sorted(parts))).hexdigest()


class Verdict(StrEnum):
    """What became of it."""

    DONE = "done"
    REPLAYED = "replayed"  # same key: the first outcome again
    UNKNOWN_PERSON = "unknown-person"
    UNKNOWN_OBJECT = "unknown-object"
    FORBIDDEN = "forbidden"
    GONE = "gone"  # already decided: by whom, when, through what
    STEP_UP = "step-up"  # too little assurance for this act
    INVALID = "invalid"  # the input: `errors` says what, the card is not used up
    REFUSED = "refused"  # a rule of the process or the engine
    CHANGED = "changed"  # it is not as it was when the actor read it, and they wanted to know
    CONFLICT = "conflict"  # the key was used for something else


class Outcome(Struct, frozen=True, kw_only=True):
    """The answer, in the actor's language, with the card as it is now."""

    verdict: Verdict
    message: str
    card: Card | None = None
    errors: dict[str, str] = {}  # field -> what is wrong
    object: str = ""  # what was made, when something was: "case"
    object_id: str = ""  # its id
    undo: str = ""  # act that takes it back, where there is one
    effects: tuple[str, ...] = ()  # what it does beside that, a line each; also before it is done

    @property
    def ok(self) -> bool:
        """True when the act took effect, now or the first time."""
        return self.verdict in (Verdict.DONE, Verdict.REPLAYED)
