"""Everything that can have happened in a case.

Rules of this file:

1. Frozen, tagged, never subclassed. The tag is the stored name: it never changes meaning; a new
   meaning is a new tag ("work-opened@2"), and `runtime.formats` says how the one before is read.
2. An event says what happened, not what to do next. `apply` turns it into state, the runtime
   into rows and messages; replaying the same events gives the same state.
3. `gc=False`: events never refer to themselves, and there are many.
4. Who, when, through which channel and why are the journal's envelope, not repeated here,
   except `by` where later decisions of the engine need it.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from genba.engine.ballot_events import (
    BallotOpened,
    BallotSettled,
    SignerAdded,
    VoteCast,
    WorkDelegated,
    WorkReturned,
)
from genba.engine.promise_events import (
    WorkEscalated,
    WorkPostponed,
    WorkPromised,
    WorkReminded,
)
from genba.engine.state import Case
from genba.engine.suspension_events import CaseContinued, CaseSuspended, CommandKept
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


class CaseStarted(Struct, frozen=True, tag="case-started", kw_only=True, gc=False):
    process: str
    version: int
    node: NodeId | None
    data: Data
    by: str | None = None


class CaseCompleted(Struct, frozen=True, tag="case-completed", kw_only=True, gc=False):
    """No live token is left; `error` names the error end event nobody caught (§10.5.6)."""

    error: str | None = None


class CaseCancelled(Struct, frozen=True, tag="case-cancelled", kw_only=True, gc=False):
    reason: str


class ElementStarted(Struct, frozen=True, tag="element-started", kw_only=True, gc=False):
    """A node is visited; the token that came straight over the flow `via` is now in it."""

    element: ElementId
    node: NodeId
    scope: ElementId
    via: FlowId | None = None


class ElementCompleted(Struct, frozen=True, tag="element-completed", kw_only=True, gc=False):
    element: ElementId
    node: NodeId


class ElementCancelled(Struct, frozen=True, tag="element-cancelled", kw_only=True, gc=False):
    element: ElementId
    node: NodeId


class FlowTaken(Struct, frozen=True, tag="flow-taken", kw_only=True, gc=False):
    """A token went over a sequence flow and waits there, before a join.

    Where nothing waits the token goes straight on, and `ElementStarted.via` names the flow: the
    flows gone over are those of both events.
    """

    flow: FlowId
    scope: ElementId


class WorkOpened(Struct, frozen=True, tag="work-opened", kw_only=True, gc=False):
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
    topic: str = ""  # the machine that may do it: "function:…", "http:…" or "topic:…"
    seat: int | None = None  # of the step's ballot
    remind: datetime | None = None
    escalate: datetime | None = None  # when others are asked, unless somebody has taken it
    escalate_to: str = ""
    later: datetime | None = None  # nobody is bothered with it before
    delay: str = ""  # what a day of delay costs, as `urgency` reads it
    rule: str = ""  # of an incident: the row of `incidents.PLACES`
    given: Data = {}  # of an incident: what is kept until it is mended


class WorkAssigned(Struct, frozen=True, tag="work-assigned", kw_only=True, gc=False):
    work: WorkId
    to: str | None


class WorkCompleted(Struct, frozen=True, tag="work-completed", kw_only=True, gc=False):
    work: WorkId
    node: NodeId
    chosen: tuple[str, ...] = ()
    by: str | None = None
    behalf: str | None = None  # for whom, where a deputy did it


class WorkCancelled(Struct, frozen=True, tag="work-cancelled", kw_only=True, gc=False):
    work: WorkId
    node: NodeId
    why: str = ""


class StepSentBack(Struct, frozen=True, tag="step-sent-back", kw_only=True, gc=False):
    work: WorkId
    node: NodeId
    to: NodeId
    reason: str


class DataChanged(Struct, frozen=True, tag="data-changed", kw_only=True, gc=False):
    scope: ElementId
    values: Data


class TimerSet(Struct, frozen=True, tag="timer-set", kw_only=True, gc=False):
    timer: TimerId
    node: NodeId
    element: ElementId
    due: datetime
    definition: int = 0  # which of the node's event definitions
    left: int = 0  # how often it comes again after this; -1: for ever
    base: datetime | None = None  # what the times of a cycle are counted from


class TimerFired(Struct, frozen=True, tag="timer-fired", kw_only=True, gc=False):
    timer: TimerId


class TimerCancelled(Struct, frozen=True, tag="timer-cancelled", kw_only=True, gc=False):
    timer: TimerId


class SubscriptionOpened(Struct, frozen=True, tag="subscription-opened", kw_only=True, gc=False):
    """The case waits for a message or a signal of this name (and correlation key).

    Kind "condition" waits for the case's own data: nobody outside needs to look at it.
    """

    subscription: SubscriptionId
    kind: str  # "message", "signal" or "condition"
    name: str
    node: NodeId
    element: ElementId
    key: str | None = None
    definition: int = 0


class SubscriptionClosed(Struct, frozen=True, tag="subscription-closed", kw_only=True, gc=False):
    subscription: SubscriptionId


class MessageSent(Struct, frozen=True, tag="message-sent", kw_only=True, gc=False):
    """A message leaves the case: over a message flow (`flow`), or by name and key only."""

    name: str
    node: NodeId
    flow: str | None = None
    target: str | None = None  # node or participant id at the end of the message flow
    key: str | None = None
    data: Data = {}
    fill: bool = False  # the data is the sender's own: it only fills what the receiver lacks


class MessageReceived(Struct, frozen=True, tag="message-received", kw_only=True, gc=False):
    """A message reached this case; `kept` (as "m" + counter) when nobody waits for it yet."""

    name: str
    node: NodeId | None
    key: str | None
    data: Data
    sender: str
    kept: bool
    fill: bool = False


class MessageTaken(Struct, frozen=True, tag="message-taken", kw_only=True, gc=False):
    """A message that was kept has found the element that waits for it."""

    message: str
    element: ElementId


class SignalThrown(Struct, frozen=True, tag="signal-thrown", kw_only=True, gc=False):
    name: str
    data: Data = {}


class EscalationThrown(Struct, frozen=True, tag="escalation-thrown", kw_only=True, gc=False):
    """Nothing in the case catches an escalation: it is for whoever called the case (§10.5.7)."""

    code: str | None = None
    name: str = ""
    data: Data = {}


class ErrorRaised(Struct, frozen=True, tag="error-raised", kw_only=True, gc=False):
    """What a work asked for has failed with an error: the work is over, its element is not yet."""

    work: WorkId
    node: NodeId
    code: str
    by: str | None = None


class CaseCalled(Struct, frozen=True, tag="case-called", kw_only=True, gc=False):
    """A call activity asks for a case of another process; it waits in `element`."""

    element: ElementId
    process: str
    data: Data = {}


class IncidentRaised(Struct, frozen=True, tag="incident-raised", kw_only=True, gc=False):
    """The engine could not go on here; the token stays, a work of kind INCIDENT is open."""

    element: ElementId
    node: NodeId
    rule: str
    message: str


class DecidedRow(Struct, frozen=True, kw_only=True, gc=False):
    """A row of a decision table that matched; `words` say why.

    `conditions` are the label and the text of each of its cells that says something.
    """

    decision: str
    row: int
    rule: str
    words: str
    conditions: tuple[tuple[str, str], ...] = ()


class DecisionMade(Struct, frozen=True, tag="decision-made", kw_only=True, gc=False):
    """A deployed decision was made for a step: of what, by which rows, in which version.

    `asks`: the rule leaves it to a person, who is asked next; the value is None then. What it
    changes is said by the events after it.
    """

    element: ElementId
    node: NodeId
    key: str
    version: int
    name: str
    inputs: Data
    rows: tuple[DecidedRow, ...]
    value: Any
    result: str
    asks: bool = False


class EventOccurred(Struct, frozen=True, tag="event-occurred", kw_only=True, gc=False):
    """One of several events that must all occur has occurred (parallel multiple, §10.5.5)."""

    element: ElementId
    node: NodeId
    definition: int


class ConditionChanged(Struct, frozen=True, tag="condition-changed", kw_only=True, gc=False):
    """The condition somebody waits for became true, or false again (§10.5.5)."""

    subscription: SubscriptionId
    holds: bool


class ScopeInterrupted(Struct, frozen=True, tag="scope-interrupted", kw_only=True, gc=False):
    """An event took over a running scope: tokens inside are gone, its boundary still works."""

    element: ElementId


class InstancesPlanned(Struct, frozen=True, tag="instances-planned", kw_only=True, gc=False):
    """How often a multi-instance activity runs, and for what: the collection as it is now."""

    element: ElementId
    count: int
    items: list[Any] | None = None


class InstanceOutput(Struct, frozen=True, tag="instance-output", kw_only=True, gc=False):
    """What one instance contributes to the output collection, by its place in it."""

    element: ElementId
    index: int
    value: Any


class CompensationTriggered(
    Struct, frozen=True, tag="compensation-triggered", kw_only=True, gc=False
):
    """The completed activities of `scope` (or `node` of it) are undone, last one first (§10.6).

    Their records move to the throwing `element`, so that each is undone once.
    """

    element: ElementId
    scope: ElementId
    node: NodeId | None = None


class CompensationStep(Struct, frozen=True, tag="compensation-step", kw_only=True, gc=False):
    """The last record `element` holds has no handler: what was done inside it comes next."""

    element: ElementId


class JoinReset(Struct, frozen=True, tag="join-reset", kw_only=True, gc=False):
    """A complex gateway that had opened early has taken the tokens that came later (§13.4.5)."""

    node: NodeId
    scope: ElementId


class StepsHalted(Struct, frozen=True, tag="steps-halted", kw_only=True, gc=False):
    """Too much happened without anybody asked: these elements have begun, and wait to be done."""

    elements: tuple[ElementId, ...]


class StepsResumed(Struct, frozen=True, tag="steps-resumed", kw_only=True, gc=False):
    """The elements that were halted go on."""


class CaseMigrated(Struct, frozen=True, tag="case-migrated", kw_only=True, gc=False):
    """The case goes on in another version of its process.

    Everything that is open keeps its id. `nodes` and `flows` name those that are called otherwise
    there. What is closed, opened or asked otherwise is said by the events after it, which are
    applied with the graph of `version`, as this one.
    """

    process: str
    version: int
    before: int
    nodes: dict[NodeId, NodeId] = {}
    flows: dict[FlowId, FlowId] = {}


class WorkRevised(Struct, frozen=True, tag="work-revised", kw_only=True, gc=False):
    """A work is asked as another version draws it; who has it keeps it."""

    work: WorkId
    node: NodeId
    role: str
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()


class MigrationReverted(Struct, frozen=True, tag="migration-reverted", kw_only=True, gc=False):
    """The case is where it was before it was migrated: nothing has happened in it since.

    `state` is what it was, without the case's own data, which is as it was.
    """

    process: str
    version: int
    before: int
    state: Case


class PathChanged(Struct, frozen=True, tag="path-changed", kw_only=True, gc=False):
    """The case goes its own way from here: all changes to its drawing that now hold.

    What a change says is for the folder `changes`; whoever applies the events after this one does
    so on the graph that is made with it.
    """

    changes: list[Data]


class ChangeUndone(Struct, frozen=True, tag="change-undone", kw_only=True, gc=False):
    """The case is what it was before it was changed: nothing has happened in it since.

    `state` is what it was, with ids that were given since left out for ever.
    """

    state: Case


class FlowCleared(Struct, frozen=True, tag="flow-cleared", kw_only=True, gc=False):
    """A token that waited before a join was taken away."""

    flow: FlowId
    scope: ElementId


Event = (
    CaseStarted
    | CaseCompleted
    | CaseCancelled
    | ElementStarted
    | ElementCompleted
    | ElementCancelled
    | FlowTaken
    | WorkOpened
    | WorkAssigned
    | WorkPromised
    | WorkPostponed
    | WorkReminded
    | WorkEscalated
    | WorkCompleted
    | WorkDelegated
    | WorkReturned
    | BallotOpened
    | SignerAdded
    | VoteCast
    | BallotSettled
    | WorkCancelled
    | StepSentBack
    | DataChanged
    | TimerSet
    | TimerFired
    | TimerCancelled
    | SubscriptionOpened
    | SubscriptionClosed
    | MessageSent
    | MessageReceived
    | MessageTaken
    | SignalThrown
    | EscalationThrown
    | ErrorRaised
    | CaseCalled
    | IncidentRaised
    | DecisionMade
    | EventOccurred
    | ConditionChanged
    | ScopeInterrupted
    | InstancesPlanned
    | InstanceOutput
    | CompensationTriggered
    | CompensationStep
    | JoinReset
    | StepsHalted
    | StepsResumed
    | CaseMigrated
    | WorkRevised
    | MigrationReverted
    | PathChanged
    | ChangeUndone
    | FlowCleared
    | CaseSuspended
    | CaseContinued
    | CommandKept
)
