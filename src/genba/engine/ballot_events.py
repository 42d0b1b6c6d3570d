"""What can have happened while several people decide a step, or one hands it to another.

Rules of this file: those of `events`, whose union these belong to.
"""

from msgspec import Struct

from genba.engine.values import Data, ElementId, NodeId, WorkId


class WorkDelegated(Struct, frozen=True, tag="work-delegated", kw_only=True, gc=False):
    """A work is given to somebody, and comes back to `by` for the final word."""

    work: WorkId
    node: NodeId
    to: str
    by: str


class WorkReturned(Struct, frozen=True, tag="work-returned", kw_only=True, gc=False):
    """A delegate has answered: it is back with whoever delegated it, with what is proposed."""

    work: WorkId
    node: NodeId
    to: str
    by: str | None
    data: Data
    behalf: str | None = None


class BallotOpened(Struct, frozen=True, tag="ballot-opened", kw_only=True, gc=False):
    """A step needs several answers; `turns` has the turn of each seat, `to` who is to sit there.

    `work`: the work that was open before somebody was asked to sign too; it takes the first seat.
    """

    element: ElementId
    node: NodeId
    rule: str
    need: int
    turns: tuple[int, ...]
    to: tuple[str | None, ...]
    work: WorkId | None = None


class SignerAdded(Struct, frozen=True, tag="signer-added", kw_only=True, gc=False):
    """Somebody else is to answer too: `place` "before", "after" or "beside" the seat `of`."""

    element: ElementId
    node: NodeId
    of: int
    to: str
    place: str
    by: str | None = None


class VoteCast(Struct, frozen=True, tag="vote-cast", kw_only=True, gc=False):
    """One of the answers a step needs."""

    element: ElementId
    node: NodeId
    seat: int
    verdict: str
    data: Data
    by: str | None = None
    behalf: str | None = None


class BallotSettled(Struct, frozen=True, tag="ballot-settled", kw_only=True, gc=False):
    """The answers decide the step; who has not answered is asked no more."""

    element: ElementId
    node: NodeId
    verdict: str
    approved: int
    rejected: int
    seats: int
