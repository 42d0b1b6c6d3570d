"""Four eyes: who may not decide a step, though it is offered to them.

Rules of this file: a pure question about a person and what others have done; asked at offering, at
performing, and of whoever somebody wants to give a work to. A deputy is two people here: neither
of them may be the one the rule keeps out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from genba.notation.model import FourEyes
from genba.people.directory import Known


class Hindrance(Struct, frozen=True):
    """Why somebody may not: "requester", "step" (`of` is which), or "group"."""

    rule: str
    of: str = ""


def both(known: Known) -> frozenset[str]:
    """Whoever acts: the person, and the one they stand for."""
    return frozenset({known.id, known.stands_for} - {""})


def hindrance(
    known: Known,
    eyes: FourEyes | None,
    *,
    requester: str,
    hands: Mapping[Any, Sequence[str]],
    decides: bool,
) -> Hindrance | None:
    """What keeps somebody from deciding a step; None when nothing does.

    `hands` are those who did the steps the rule names. Where a step `decides` (it approves or
    rejects), a deputy is kept from what either of the two asked for, whatever the drawing says.
    """
    who = both(known)
    asked = requester in who
    if asked and known.stands_for and decides:
        return Hindrance("requester")
    if eyes is None:
        return None
    if asked and eyes.requester:
        return Hindrance("requester")
    for step in eyes.steps:
        if who.intersection(hands.get(step, ())):
            return Hindrance("step", step)
    if eyes.groups and not set(eyes.groups).intersection(known.groups):
        return Hindrance("group", ", ".join(eyes.groups))
    return None
