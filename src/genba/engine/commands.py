"""Everything one may ask of a case.

Rules of this file: frozen data only. A command carries all that the engine must not know by
itself: the instant (`at`, aware UTC) and who asks (`by`, an opaque person id, or None for the
system). Deciding is `decision`; a command that cannot be obeyed is answered with a `Rejected`.
"""

from datetime import datetime

from msgspec import Struct

from genba.engine.values import Data, ElementId, FlowId, NodeId, TimerId, WorkId


class Start(Struct, frozen=True, tag="start", kw_only=True):
    """Start a case at `node` (default: the process's none start event)."""

    at: datetime
    version: int = 1
    node: NodeId | None = None
    data: Data = {}
    by: str | None = None


class CompleteWork(Struct, frozen=True, tag="complete", kw_only=True):
    """Do what a work asks: with data, and with the chosen options where it offers some.

    REPEAT is answered with chosen ("again",) or ("enough",); COUNT with data {"count": n}; PICK
    with node ids or ("enough",); INCIDENT with ("retry",) or ("go-on",), data is set first.
    """

    at: datetime
    work: WorkId
    data: Data = {}
    chosen: tuple[str, ...] = ()
    by: str | None = None
    behalf: str | None = None  # for whom, where a deputy does it


class RaiseError(Struct, frozen=True, tag="raise-error", kw_only=True):
    """What a task asks for failed in a way the drawing may know: an error of BPMN (§10.5.6)."""

    at: datetime
    work: WorkId
    code: str
    data: Data = {}
    by: str | None = None


class AssignWork(Struct, frozen=True, tag="assign", kw_only=True):
    """Give a work to a person, or back to its role (`to` None)."""

    at: datetime
    work: WorkId
    to: str | None
    by: str | None = None


class DelegateWork(Struct, frozen=True, tag="delegate", kw_only=True):
    """Give a work to somebody whose answer comes back to `by` for the final word."""

    at: datetime
    work: WorkId
    to: str
    by: str


class AddSigner(Struct, frozen=True, tag="add-signer", kw_only=True):
    """Ask somebody else to answer a task too: "before", "after" or "beside" this work."""

    at: datetime
    work: WorkId
    to: str
    place: str
    by: str | None = None


class Promise(Struct, frozen=True, tag="promise", kw_only=True):
    """A work is to be done by another time (None: by none), and is so important (0 to 100)."""

    at: datetime
    work: WorkId
    due: datetime | None
    priority: int
    by: str | None = None


class Postpone(Struct, frozen=True, tag="postpone", kw_only=True):
    """Put a work off until an instant; None brings it back now."""

    at: datetime
    work: WorkId
    until: datetime | None
    by: str | None = None


class Remind(Struct, frozen=True, tag="remind", kw_only=True):
    """A person reminds of a work those who are asked."""

    at: datetime
    work: WorkId
    by: str


class Nudge(Struct, frozen=True, tag="nudge", kw_only=True):
    """The time of a work that was set before has come: "remind", "escalate" or "return".

    `time` is the instant it was set for: where it is another one by now, nothing happens. `to` is
    the person the work is escalated to; without one it is offered to the team it names.
    """

    at: datetime
    work: WorkId
    what: str
    time: datetime
    to: str | None = None


class SendBack(Struct, frozen=True, tag="send-back", kw_only=True):
    """Cancel a work and open an earlier step again: `to`, or the step done last before it."""

    at: datetime
    work: WorkId
    to: NodeId | None = None
    reason: str = ""
    by: str | None = None


class FireTimer(Struct, frozen=True, tag="fire", kw_only=True):
    """The time of a timer has come."""

    at: datetime
    timer: TimerId


class Deliver(Struct, frozen=True, tag="deliver", kw_only=True):
    """A message has arrived for this case.

    `node` names the receiving node when a message flow says so; else `name` (and `key`) match a
    subscription. With no one waiting yet it is kept until somebody does.
    """

    at: datetime
    name: str
    node: NodeId | None = None
    key: str | None = None
    data: Data = {}
    sender: str = ""
    fill: bool = False  # data only fills what the case does not know (see MessageSent.fill)


class Hear(Struct, frozen=True, tag="hear", kw_only=True):
    """A signal was thrown somewhere (§10.5.5: broadcast)."""

    at: datetime
    name: str
    data: Data = {}


class SetData(Struct, frozen=True, tag="set-data", kw_only=True):
    """Change the case's data; conditional events are looked at again."""

    at: datetime
    data: Data
    by: str | None = None


class Finish(Struct, frozen=True, tag="finish", kw_only=True):
    """A called case has ended; `element` is the calling activity waiting for it.

    `given` is what it was begun with: what it left as it was is not handed back, so that it does
    not undo what others have written meanwhile.
    """

    at: datetime
    element: str
    data: Data = {}
    given: Data = {}
    error: str | None = None


class Escalate(Struct, frozen=True, tag="escalate", kw_only=True):
    """A called case escalates, and nothing in it catches that; it goes on meanwhile."""

    at: datetime
    element: str
    code: str | None = None
    name: str = ""
    data: Data = {}


class Fail(Struct, frozen=True, tag="fail", kw_only=True):
    """Something the case asked for could not be done outside of it: somebody is asked.

    `node` and `element` say where it was asked for, as far as known; `rule` is a stable id. Whoever
    answers "retry" lets it be tried again outside; "go-on" lets the element that waits go on.
    """

    at: datetime
    rule: str
    message: str
    node: str = ""
    element: str = ""
    given: Data = {}  # what trying again needs, where that is not kept outside


class Entry(Struct, frozen=True, kw_only=True):
    """A node that is begun in a scope; its work goes to `to`, if that is given."""

    node: NodeId
    scope: ElementId
    to: str | None = None


class Token(Struct, frozen=True, kw_only=True):
    """A token that waits on a flow of a scope, before a join."""

    flow: FlowId
    scope: ElementId


class Redirect(Struct, frozen=True, tag="redirect", kw_only=True):
    """Let a case go another way, decided on the graph that is made with `path`.

    In this order: the path is another one (None: the same), data is changed, elements are ended
    with all that is inside, tokens are taken from flows and put on others, nodes are begun. A scope
    in which nothing is left then ends.
    """

    at: datetime
    path: list[Data] | None = None
    data: Data = {}
    cancel: tuple[ElementId, ...] = ()
    clear: tuple[Token, ...] = ()
    put: tuple[Token, ...] = ()
    begin: tuple[Entry, ...] = ()
    reason: str = ""
    by: str | None = None


class Cancel(Struct, frozen=True, tag="cancel", kw_only=True):
    """End the case now: everything open is cancelled."""

    at: datetime
    reason: str = ""
    by: str | None = None


class Suspend(Struct, frozen=True, tag="suspend", kw_only=True):
    """Put a case on hold: nothing of it moves until `Continue`."""

    at: datetime
    by: str | None = None


class Continue(Struct, frozen=True, tag="continue", kw_only=True):
    """Let a case on hold go on; what came meanwhile is worked off, in order."""

    at: datetime
    by: str | None = None


# What a case on hold keeps until it goes on.
Waiting = CompleteWork | RaiseError | FireTimer | Deliver | Hear | Finish | Escalate | Nudge

Command = (
    Start
    | CompleteWork
    | RaiseError
    | AssignWork
    | DelegateWork
    | AddSigner
    | Promise
    | Postpone
    | Remind
    | Nudge
    | SendBack
    | FireTimer
    | Deliver
    | Hear
    | SetData
    | Finish
    | Escalate
    | Fail
    | Redirect
    | Suspend
    | Continue
    | Cancel
)


class Rejected(Struct, frozen=True, tag="rejected", kw_only=True):
    """A command that was not obeyed, as a value: a stable rule id and plain words.

    `rule` examples: "case.ended", "work.gone", "choice.unknown", "choice.none", "data.invalid".
    """

    rule: str
    message: str
