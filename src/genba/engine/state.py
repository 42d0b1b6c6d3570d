"""What a case is between two commands: plain data, nothing else.

Rules of this file:

1. Only data: every change is made by `application.apply`, every decision by `decision.decide`.
2. Everything encodes to JSON and MessagePack and back without loss.
3. Nothing here grows with the age of a case: history is the log, and is never walked to step.
   What stays is bounded by what is open now, except records of work that may still have to be
   undone (§10.6) and messages nobody has taken yet.
4. A member that is added has a default, so that every earlier state is read. One that a release
   does not know is refused by it: it would be lost when the state is written again.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from genba.engine.commands import Waiting
from genba.engine.values import (
    CaseStatus,
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


class Work(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """Something open that somebody is asked; the fields are those of `WorkOpened`.

    `returns`: to whom it comes back, latest last, because they delegated it; `proposed` is what
    the last delegate would answer.
    """

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
    note: str = ""
    topic: str = ""
    seat: int | None = None
    returns: list[str] = []
    proposed: Data | None = None
    remind: datetime | None = None  # when it is reminded of next
    escalate: datetime | None = None  # when others are asked, unless somebody has taken it
    escalate_to: str = ""
    later: datetime | None = None  # put off until then
    reminded: dict[str, datetime] = {}  # who reminded and when, latest last; "": declared
    rule: str = ""
    given: Data = {}


class Seat(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """One answer a step needs: of a person, or of anybody of its role (`to` None).

    Seats of one `turn` are asked together, the next turn when they have answered. `by` and
    `behalf` are who answered, `verdict` what: "approved", "rejected" or "done".
    """

    turn: int = 0
    to: str | None = None
    work: WorkId | None = None
    verdict: str = ""
    by: str | None = None
    behalf: str | None = None
    data: Data = {}


class Ballot(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """How a step that several people answer is decided (`notation.model.Votes`)."""

    rule: str
    need: int = 0
    seats: list[Seat] = []


class Timer(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """A timer that is running; `left` is how often it comes again, -1 for ever."""

    node: NodeId
    element: ElementId
    due: datetime
    definition: int = 0
    left: int = 0
    base: datetime | None = None  # what the times of a cycle are counted from


class Subscription(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """A message, signal or condition an element waits for."""

    kind: str
    name: str
    node: NodeId
    element: ElementId
    key: str | None = None
    definition: int = 0
    holds: bool = False  # a condition that is true and has been acted upon


class Kept(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """A message that came before anybody waited for it."""

    name: str
    node: NodeId | None = None
    key: str | None = None
    data: Data = {}
    sender: str = ""
    fill: bool = False


class Record(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """A completed activity that may have to be undone; `inner`: those inside a sub-process."""

    node: NodeId
    data: Data = {}
    inner: list["Record"] = []


class Loop(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """How far a repeated activity is (§10.3.8)."""

    total: int | None = None  # None: nobody knows yet, or a standard loop
    started: int = 0
    done: int = 0
    items: list[Any] | None = None
    outputs: dict[int, Any] = {}


class Element(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """One visit of a node, or a scope with visits inside it.

    `open` holds the ids of its works ("w"), timers ("t") and subscriptions ("s"). `tokens`
    counts the tokens that wait on flows before joins, by flow. `index` is the place of an
    instance in its loop. `plan` is what a compensation still has to undo.
    """

    node: NodeId
    scope: ElementId = ElementId("")
    index: int = 0
    children: dict[ElementId, None] = {}
    tokens: dict[FlowId, int] = {}
    open: list[str] = []
    data: Data = {}
    loop: Loop | None = None
    resetting: dict[NodeId, list[FlowId]] = {}  # complex gateways, and what they still take
    interrupted: bool = False
    enough: bool = False
    seen: dict[NodeId, list[int]] = {}
    records: list[Record] = []
    plan: list[Record] | None = None
    ballot: Ballot | None = None


class Case(Struct, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    """A running instance of a process. `root` is the element of the process itself."""

    id: str = ""
    process: str = ""
    version: int = 0
    status: CaseStatus = CaseStatus.RUNNING
    counter: int = 0
    root: ElementId = ElementId("")
    data: Data = {}
    elements: dict[ElementId, Element] = {}
    works: dict[WorkId, Work] = {}
    timers: dict[TimerId, Timer] = {}
    subscriptions: dict[SubscriptionId, Subscription] = {}
    kept: dict[str, Kept] = {}
    parked: dict[ElementId, None] = {}  # scopes in which a token waits before a join
    done: dict[NodeId, str | None] = {}  # who did each step last, latest last
    hands: dict[NodeId, list[str]] = {}  # all who had one in a step that four-eyes rules look at
    halted: list[ElementId] = []  # begun, but stopped by the step budget
    path: list[Data] = []  # the changes that make this case's own path; the graph is made with them
    error: str | None = None
    suspended: bool = False  # on hold
    kept_back: list[Waiting] = []  # what came while it was, in order


def new_case(case_id: str = "") -> Case:
    """A case before its first command, which must be `Start`."""
    return Case(id=case_id)
