"""What happens to the promises of a work: due date, priority, putting off, reminders, escalation.

Rules of this file: frozen data only, part of `events.Event`.
"""

from datetime import datetime

from msgspec import Struct

from genba.engine.values import NodeId, WorkId


class WorkPromised(Struct, frozen=True, tag="work-promised", kw_only=True, gc=False):
    """It is to be done by another time, or is more or less important than before."""

    work: WorkId
    node: NodeId
    due: datetime | None
    priority: int


class WorkPostponed(Struct, frozen=True, tag="work-postponed", kw_only=True, gc=False):
    """It is put off `until` an instant; None: it is back, and its clocks begin anew."""

    work: WorkId
    node: NodeId
    until: datetime | None
    remind: datetime | None = None
    escalate: datetime | None = None


class WorkReminded(Struct, frozen=True, tag="work-reminded", kw_only=True, gc=False):
    """Who is asked is reminded, by a person or (`by` None) as declared; `remind`: when next."""

    work: WorkId
    node: NodeId
    at: datetime
    remind: datetime | None = None
    by: str | None = None


class WorkEscalated(Struct, frozen=True, tag="work-escalated", kw_only=True, gc=False):
    """Nobody took it in time: it is given to a person (`to`), or offered to more teams."""

    work: WorkId
    node: NodeId
    to: str | None = None
    groups: tuple[str, ...] = ()  # all it is offered to now, beside its role
