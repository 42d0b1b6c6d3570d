"""Everything that can have happened in a case.

Rules of this file:

1. Frozen, tagged, never subclassed. The tag is the stored name: it never changes meaning; a new
   meaning is a new tag.
2. An event says what happened, not what to do next. `apply` turns it into state, the runtime
   into rows and messages; replaying the same events gives the same state.
3. Who, when, through which channel and why are the journal's envelope, not repeated here,
   except `by` where later decisions of the engine need it.
"""

from datetime import datetime

from msgspec import Struct

from genba.engine.values import (
    Data,
    ElementId,
    FlowId,
    NodeId,
    Option,
    SubscriptionId,
    TimerId,
    WorkId,
    WorkKind,
)


class CaseStarted(Struct, frozen=True, tag="case-started", kw_only=True):
    process: str
    version: int
    node: NodeId | None
    data: Data
    by: str | None = None


class CaseCompleted(Struct, frozen=True, tag="case-completed", kw_only=True):
    pass


class CaseCancelled(Struct, frozen=True, tag="case-cancelled", kw_only=True):
    reason: str


class ElementStarted(Struct, frozen=True, tag="element-started", kw_only=True):
    element: ElementId
    node: NodeId
    scope: ElementId
    via: FlowId | None = None


class ElementCompleted(Struct, frozen=True, tag="element-completed", kw_only=True):
    element: ElementId
    node: NodeId


class ElementCancelled(Struct, frozen=True, tag="element-cancelled", kw_only=True):
    element: ElementId
    node: NodeId


class FlowTaken(Struct, frozen=True, tag="flow-taken", kw_only=True):
    """A token goes over a sequence flow (it may then wait at a join)."""

    flow: FlowId
    scope: ElementId


class WorkOpened(Struct, frozen=True, tag="work-opened", kw_only=True):
    """Somebody is asked something.

    `role` is the group that may take it; `silent` is True where the drawing does not say how
    and a person therefore decides. `sender` names the party a message is expected from.
    """

    work: WorkId
    kind: WorkKind
    node: NodeId
    element: ElementId
    role: str
    assignee: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    many: bool = False
    due: datetime | None = None
    priority: int = 50
    silent: bool = False
    sender: str = ""
    note: str = ""  # e.g. the incident's message, or the automation that is not connected


class WorkAssigned(Struct, frozen=True, tag="work-assigned", kw_only=True):
    work: WorkId
    to: str | None


class WorkCompleted(Struct, frozen=True, tag="work-completed", kw_only=True):
    work: WorkId
    node: NodeId
    chosen: tuple[str, ...] = ()
    by: str | None = None


class WorkCancelled(Struct, frozen=True, tag="work-cancelled", kw_only=True):
    work: WorkId
    node: NodeId
    why: str = ""


class StepSentBack(Struct, frozen=True, tag="step-sent-back", kw_only=True):
    work: WorkId
    node: NodeId
    to: NodeId
    reason: str


class DataChanged(Struct, frozen=True, tag="data-changed", kw_only=True):
    scope: ElementId
    values: Data


class TimerSet(Struct, frozen=True, tag="timer-set", kw_only=True):
    timer: TimerId
    node: NodeId
    element: ElementId
    due: datetime


class TimerFired(Struct, frozen=True, tag="timer-fired", kw_only=True):
    timer: TimerId


class TimerCancelled(Struct, frozen=True, tag="timer-cancelled", kw_only=True):
    timer: TimerId


class SubscriptionOpened(Struct, frozen=True, tag="subscription-opened", kw_only=True):
    """The case waits for a message or a signal of this name (and correlation key)."""

    subscription: SubscriptionId
    kind: str  # "message" or "signal"
    name: str
    node: NodeId
    element: ElementId
    key: str | None = None


class SubscriptionClosed(Struct, frozen=True, tag="subscription-closed", kw_only=True):
    subscription: SubscriptionId


class MessageSent(Struct, frozen=True, tag="message-sent", kw_only=True):
    """A message leaves the case: over a message flow (`flow`), or by name and key only."""

    name: str
    node: NodeId
    flow: str | None = None
    target: str | None = None  # node or participant id at the end of the message flow
    key: str | None = None
    data: Data = {}


class MessageReceived(Struct, frozen=True, tag="message-received", kw_only=True):
    """A message reached this case; `kept` when nobody waits for it yet."""

    name: str
    node: NodeId | None
    key: str | None
    data: Data
    sender: str
    kept: bool


class SignalThrown(Struct, frozen=True, tag="signal-thrown", kw_only=True):
    name: str
    data: Data = {}


class CaseCalled(Struct, frozen=True, tag="case-called", kw_only=True):
    """A call activity asks for a case of another process; it waits in `element`."""

    element: ElementId
    process: str
    data: Data = {}


class IncidentRaised(Struct, frozen=True, tag="incident-raised", kw_only=True):
    """The engine could not go on here; the token stays, a work of kind INCIDENT is open."""

    element: ElementId
    node: NodeId
    rule: str
    message: str
