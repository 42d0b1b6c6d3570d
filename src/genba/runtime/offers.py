"""What can happen next in a rehearsal, and who picks.

Rules of this file: data and one protocol. Whoever answers for the people is a `Chooser`
(`choosing`): a seed, a list, or somebody asked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from genba.engine.graph import Graph
from genba.engine.values import Data, NodeId, Option, TimerId, WorkId, WorkKind
from genba.notation.model import Form


class Offer(Struct, frozen=True, kw_only=True):
    """Something that could happen next: a work somebody could do, or a timer that comes due.

    `optional` events need not happen for the case to go on. `expected` are those options (or "",
    the event itself) that a message within the file may still bring.
    """

    case: int
    process: str
    node: NodeId
    label: str
    kind: WorkKind | None  # None: a timer
    work: WorkId | None = None
    timer: TimerId | None = None
    role: str = ""
    options: tuple[Option, ...] = ()
    many: bool = False
    note: str = ""
    due: datetime | None = None
    optional: bool = False
    expected: frozenset[str] = frozenset()
    form: Form | None = None


def is_expected(offer: Offer) -> bool:
    """Whether an offer would better be left to a message that may still come."""
    if not offer.expected:
        return False
    return len(offer.expected) >= max(1, len(offer.options))


class Choice(Struct, frozen=True, kw_only=True):
    """What a chooser wants: which offer, and the answer to it. `stop` ends the rehearsal."""

    offer: int = 0
    chosen: tuple[str, ...] = ()
    data: Data = {}
    stop: bool = False


class Chooser(Protocol):
    """Who answers for the people."""

    def choose(self, offers: tuple[Offer, ...], graphs: Mapping[int, Graph]) -> Choice:
        """Pick one of the offers (never empty); `graphs` are those of the cases, by number."""
        ...
