"""From events to rows: what lists and loops look at.

Rules of this file: one table, event type -> function. Everything here follows from the log; it
decides nothing and asks nobody but `naming`: whom a drawing means by a name. What must happen
elsewhere leaves as an outbox row whose key is the seq of its event, so that it is posted once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from genba.engine import ballot_events as ballots
from genba.engine import events as e
from genba.engine import promise_events as promised
from genba.engine import suspension_events as suspension
from genba.engine.commands import FireTimer
from genba.engine.graph import TOPIC, Graph
from genba.engine.incidents import BY_HAND, GO_ON, RETRY
from genba.engine.state import Work
from genba.engine.urgency import urgency
from genba.engine.values import WorkId, WorkKind
from genba.journal.contract import Transaction
from genba.journal.records import (
    CaseRow,
    Envelope,
    NewOutbox,
    SubscriptionRow,
    TimerRow,
    WorkRow,
)
from genba.notation.model import NodeKind
from genba.runtime.notices import CardNotice, Ended, JobNotice, Nudging, Withdrawal
from genba.runtime.recording import write

JOB = "job"  # rows that are done here; those of workers are of the kind "topic/…"
MACHINE = "machine"  # whose a work is that no person is asked for
HEARD = ("message", "signal")  # what comes from outside the case; the rest it hears by itself


class Scene(Struct, frozen=True, kw_only=True):
    """What a projection sees besides the event."""

    tx: Transaction
    row: CaseRow
    graph: Graph
    envelope: Envelope
    naming: Callable[[str], str] = str
    events: Sequence[e.Event] = ()  # of the act
    posts: list[NewOutbox] = []  # what must happen elsewhere, in order
    works: Mapping[WorkId, Work] = {}  # those open after the events

    def sends_back(self, work: str) -> bool:
        """Whether a work ends because its step was sent back."""
        return any(isinstance(one, e.StepSentBack) and one.work == work for one in self.events)

    def waiting(self, work: str) -> Work | None:
        """A work that is still open."""
        return self.works.get(WorkId(work))

    def person(self, name: str | None) -> str:
        """The id of who is called so; "" for nobody: the work is then open to its role."""
        return self.naming(name) if name else ""

    def post(self, kind: str, body: Struct, seq: int) -> None:
        """Leave something to do after commit."""
        new = NewOutbox(kind=kind, body=write(body), key=f"{kind}:{seq}", due=self.envelope.at)
        self.posts.append(new)

    def card(self, work: str, what: str, seq: int) -> None:
        """Tell the channels about a work."""
        self.post("card", CardNotice(case=self.row.case, work=work, what=what), seq)


def project(
    tx: Transaction,
    row: CaseRow,
    graph: Graph,
    *,
    envelope: Envelope,
    naming: Callable[[str], str] = str,
    events: Sequence[e.Event],
    after: int,
    works: Mapping[WorkId, Work],
) -> None:
    """Write the rows that follow from `events`, the first of which has seq `after` + 1.

    `works` are those that are open after them.
    """
    scene = Scene(
        tx=tx,
        row=row,
        graph=graph,
        envelope=envelope,
        naming=naming,
        events=events,
        works=works,
    )
    for seq, event in enumerate(events, start=after + 1):
        row_of = PROJECTIONS.get(type(event))
        if row_of is not None:
            row_of(scene, event, seq)
    tx.post(row.case, scene.posts)


def _work_opened(scene: Scene, event: e.WorkOpened, seq: int) -> None:
    scene.tx.open_work(
        WorkRow(
            case=scene.row.case,
            work=event.work,
            kind=event.kind.value,
            node=event.node,
            title=scene.graph.label(event.node),
            role=event.role,
            assignee=MACHINE if event.kind is WorkKind.JOB else scene.person(event.assignee),
            users=tuple(filter(None, map(scene.person, event.users))),
            groups=event.groups,
            due=event.due,
            priority=event.priority,
            opened_at=scene.envelope.at,
            silent=event.silent,
            later=event.later,
            delay=event.delay,
            rank=urgency(scene.envelope.at, event.due, event.priority, event.delay).at,
        )
    )
    if event.topic and not event.assignee:
        _ask_machine(scene, event.work, event.node, event.element, event.topic)
    if event.kind is not WorkKind.JOB:
        _set_nudges(scene, event.work, event.remind, event.escalate, event.later)
        if event.later is None:
            scene.card(event.work, "opened", seq)


def _set_nudges(
    scene: Scene,
    work: str,
    remind: datetime | None = None,
    escalate: datetime | None = None,
    later: datetime | None = None,
) -> None:
    """Leave what is to happen to a work at its times; each is asked again then whether it holds."""
    for what, time in (("remind", remind), ("escalate", escalate), ("return", later)):
        if time is not None:
            body = write(Nudging(work=work, what=what, time=time))
            key = f"nudge:{work}:{what}:{time.isoformat()}"
            scene.posts.append(NewOutbox(kind="nudge", body=body, key=key, due=time))


def _work_promised(scene: Scene, event: promised.WorkPromised, seq: int) -> None:
    if (row := scene.tx.work(scene.row.case, event.work)) is not None:
        rank = urgency(row.opened_at, event.due, event.priority, row.delay).at
        scene.tx.revise_work(replace(row, due=event.due, priority=event.priority, rank=rank))


def _work_postponed(scene: Scene, event: promised.WorkPostponed, seq: int) -> None:
    """Put off; or back, and whoever is asked is told again."""
    if (row := scene.tx.work(scene.row.case, event.work)) is not None:
        scene.tx.revise_work(replace(row, later=event.until))
    if event.until is None:
        scene.card(event.work, "returned", seq)
        _set_nudges(scene, event.work, event.remind, event.escalate)
    else:
        _set_nudges(scene, event.work, later=event.until)


def _work_reminded(scene: Scene, event: promised.WorkReminded, seq: int) -> None:
    day = event.at.date().isoformat()
    body = CardNotice(
        case=scene.row.case, work=event.work, what="reminded", by=event.by or "", day=day
    )
    scene.post("card", body, seq)
    if event.by is None:  # a person's reminder leaves what was set as it was
        _set_nudges(scene, event.work, remind=event.remind)


def _work_escalated(scene: Scene, event: promised.WorkEscalated, seq: int) -> None:
    if event.to:
        scene.tx.assign_work(scene.row.case, event.work, event.to)
    elif (row := scene.tx.work(scene.row.case, event.work)) is not None:
        scene.tx.revise_work(replace(row, groups=event.groups))
    scene.card(event.work, "escalated", seq)


def job_key(work: str) -> str:
    """The key of the row that asks a machine for a work."""
    return f"job:{work}"


def kind_of(topic: str) -> str:
    """The kind of the rows that workers of a topic ask for."""
    return f"{TOPIC}/{topic}"


def _ask_machine(scene: Scene, work: str, node: str, element: str, topic: str) -> None:
    """Leave a work to whoever does its topic."""
    body = JobNotice(work=work, node=node, element=element)
    way, _, name = topic.partition(":")
    kind = kind_of(name) if way == TOPIC else JOB
    new = NewOutbox(kind=kind, body=write(body), key=job_key(work), due=scene.envelope.at)
    scene.posts.append(new)


def _no_job(scene: Scene, node: str, work: str) -> None:
    """No machine needs to do it any more."""
    drawn = scene.graph.nodes.get(node)
    if drawn is None or drawn.job is None:
        return
    for row in scene.tx.outbox(scene.row.case):
        if row.key == job_key(work):
            scene.tx.settle(row)


def _work_assigned(scene: Scene, event: e.WorkAssigned, seq: int) -> None:
    to, waiting = scene.person(event.to), scene.waiting(event.work)
    if waiting is not None and waiting.topic:  # a machine and a person never do the same
        if event.to:
            _no_job(scene, waiting.node, event.work)
        else:
            _ask_machine(scene, event.work, waiting.node, waiting.element, waiting.topic)
            to = MACHINE if waiting.kind is WorkKind.JOB else ""
    scene.tx.assign_work(scene.row.case, event.work, to)
    given = to not in ("", MACHINE, scene.envelope.actor)
    scene.card(event.work, "handed" if given else "assigned", seq)


def _work_revised(scene: Scene, event: e.WorkRevised, seq: int) -> None:
    """It is asked in other words; when others are asked, they are told."""
    row = scene.tx.work(scene.row.case, event.work)
    if row is None:
        return
    users = tuple(filter(None, map(scene.person, event.users)))
    scene.tx.revise_work(
        replace(
            row,
            node=event.node,
            title=scene.graph.label(event.node),
            role=event.role,
            users=users,
            groups=event.groups,
        )
    )
    others = (event.role, users, event.groups) != (row.role, row.users, row.groups)
    if others and not row.assignee:
        scene.card(event.work, "opened", seq)


def _work_passed(
    scene: Scene, event: ballots.WorkDelegated | ballots.WorkReturned, seq: int
) -> None:
    scene.tx.assign_work(scene.row.case, event.work, scene.person(event.to))
    scene.card(event.work, "handed", seq)


def _work_completed(scene: Scene, event: e.WorkCompleted, seq: int) -> None:
    _close(scene, event.work, event.by, "completed", seq)
    _no_job(scene, event.node, event.work)
    if RETRY in event.chosen:  # an incident: what was given up is tried again …
        scene.tx.take_up(scene.row.case, event.work, due=scene.envelope.at)
    elif GO_ON in event.chosen or BY_HAND in event.chosen:  # … or nobody waits for it any more
        scene.tx.let_go(scene.row.case, event.work)
        scene.tx.take_up(scene.row.case, event.work, due=scene.envelope.at)  # what cannot be let go


def _work_cancelled(scene: Scene, event: e.WorkCancelled, seq: int) -> None:
    outcome = "sent-back" if scene.sends_back(event.work) else "cancelled"
    _close(scene, event.work, None, outcome, seq)
    _no_job(scene, event.node, event.work)


def _error_raised(scene: Scene, event: e.ErrorRaised, seq: int) -> None:
    _close(scene, event.work, event.by, "error", seq)
    _no_job(scene, event.node, event.work)


def _close(scene: Scene, work: str, by: str | None, outcome: str, seq: int) -> None:
    scene.tx.close_work(
        scene.row.case,
        work,
        at=scene.envelope.at,
        by=by or scene.envelope.actor,
        outcome=outcome,
        channel=scene.envelope.channel,
    )
    scene.card(work, "closed", seq)


def _timer_set(scene: Scene, event: e.TimerSet, seq: int) -> None:
    scene.tx.set_timer(TimerRow(case=scene.row.case, timer=event.timer, due=event.due))


def _timer_gone(scene: Scene, event: e.TimerFired | e.TimerCancelled, seq: int) -> None:
    scene.tx.drop_timer(scene.row.case, event.timer)


def _command_kept(scene: Scene, event: suspension.CommandKept, seq: int) -> None:
    """A time that came while the case is on hold has come: it waits in the case."""
    if isinstance(event.command, FireTimer):
        scene.tx.drop_timer(scene.row.case, event.command.timer)


def _subscription_opened(scene: Scene, event: e.SubscriptionOpened, seq: int) -> None:
    if event.kind not in HEARD:
        return
    scene.tx.subscribe(
        SubscriptionRow(
            case=scene.row.case,
            subscription=event.subscription,
            kind=event.kind,
            name=event.name,
            node=event.node,
            key=event.key or "",
        )
    )


def _subscription_closed(scene: Scene, event: e.SubscriptionClosed, seq: int) -> None:
    scene.tx.unsubscribe(scene.row.case, event.subscription)


def _message_sent(scene: Scene, event: e.MessageSent, seq: int) -> None:
    scene.post("message", event, seq)


def _signal_thrown(scene: Scene, event: e.SignalThrown, seq: int) -> None:
    scene.post("signal", event, seq)


def _escalation_thrown(scene: Scene, event: e.EscalationThrown, seq: int) -> None:
    """Tell the case that called this one (§10.5.7)."""
    if scene.row.parent:
        scene.post("escalation", event, seq)


def _case_called(scene: Scene, event: e.CaseCalled, seq: int) -> None:
    scene.post("call", event, seq)


def _element_cancelled(scene: Scene, event: e.ElementCancelled, seq: int) -> None:
    """The case a cancelled call activity waits for is not needed any more (§13.3.4)."""
    node = scene.graph.nodes.get(event.node)
    if node is not None and node.kind is NodeKind.CALL_ACTIVITY:
        scene.post("withdraw", Withdrawal(element=event.element), seq)


def _case_ended(scene: Scene, event: e.CaseCompleted | e.CaseCancelled, seq: int) -> None:
    """Tell the case that called this one."""
    if scene.row.parent:
        error = getattr(event, "error", None)
        body = Ended(case=scene.row.case, element=scene.row.parent_element, error=error)
        scene.post("finish", body, seq)


PROJECTIONS: dict[type[Any], Callable[[Scene, Any, int], None]] = {
    e.WorkOpened: _work_opened,
    e.WorkAssigned: _work_assigned,
    e.WorkRevised: _work_revised,
    ballots.WorkDelegated: _work_passed,
    ballots.WorkReturned: _work_passed,
    promised.WorkPromised: _work_promised,
    promised.WorkPostponed: _work_postponed,
    promised.WorkReminded: _work_reminded,
    promised.WorkEscalated: _work_escalated,
    e.WorkCompleted: _work_completed,
    e.WorkCancelled: _work_cancelled,
    e.ErrorRaised: _error_raised,
    e.TimerSet: _timer_set,
    e.TimerFired: _timer_gone,
    e.TimerCancelled: _timer_gone,
    suspension.CommandKept: _command_kept,
    e.SubscriptionOpened: _subscription_opened,
    e.SubscriptionClosed: _subscription_closed,
    e.MessageSent: _message_sent,
    e.SignalThrown: _signal_thrown,
    e.EscalationThrown: _escalation_thrown,
    e.CaseCalled: _case_called,
    e.ElementCancelled: _element_cancelled,
    e.CaseCompleted: _case_ended,
    e.CaseCancelled: _case_ended,
}
