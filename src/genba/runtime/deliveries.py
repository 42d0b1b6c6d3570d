"""What one case does to another: signals, calls, ends, withdrawals, late timers, timetables.

Rules of this file: every delivery is a transaction of its own, after the one that caused it, and
is remembered under the key of its outbox row: doing a row twice does it once. A kill in between
is harmless, because the row is settled only afterwards. Messages have their own file, `messages`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from genba.engine.commands import Cancel, Escalate, Finish, FireTimer, Hear, Nudge, Rejected
from genba.engine.events import CaseCalled, CaseStarted, EscalationThrown, SignalThrown
from genba.engine.gathering import Arrived
from genba.engine.values import CaseStatus, Data, TimerId, WorkId
from genba.journal.contract import CaseQuery
from genba.journal.records import Answer, Envelope, NewOutbox, OutboxRow
from genba.notation.model import EventKind
from genba.runtime.almanacs import almanac_for
from genba.runtime.definitions import graph
from genba.runtime.gathering import begin
from genba.runtime.installation import Installation
from genba.runtime.messages import send
from genba.runtime.migrations import move
from genba.runtime.notices import (
    Ended,
    Firing,
    Heard,
    Migration,
    Nudging,
    Timetable,
    Withdrawal,
    read_notice,
)
from genba.runtime.recording import read_event, write
from genba.runtime.schedules import NOBODY, carry_on, trigger_of
from genba.runtime.starts import must, starts_by, version_beside
from genba.runtime.unit import OpenCase, Unit, open_unit

Effect = Callable[[Unit, OutboxRow, Any], None]


def deliver(inst: Installation, row: OutboxRow, effect: Effect, at: datetime) -> None:
    """Do the effect of a row exactly once, in a unit of work of its own."""
    key = f"outbox:{row.case}:{row.key}"
    notice = read_notice(row)
    behalf = getattr(notice, "by", "")  # who asked for it, where that is a person
    envelope = Envelope(at=at, channel="system", machine=True, act=row.kind, key=key, behalf=behalf)
    with open_unit(inst, envelope) as unit:
        if unit.tx.answer(key) is None:
            effect(unit, row, notice)
            unit.tx.remember(Answer(key=key, actor="", digest="", body=b"", at=unit.now))
        if row.kind != "timetable":  # which is settled with its next start
            unit.tx.settle(row, held=True)


def spread_signal(unit: Unit, row: OutboxRow, thrown: SignalThrown) -> None:
    """A signal reaches everybody who waits for it, and starts what starts by it (§10.5.5).

    Each gets a row of its own, so that one who cannot hear does not keep it from the others.
    """
    due = unit.now
    thrower = unit.tx.case(row.case)
    together = thrower.collaboration if thrower else ""
    for waiting in unit.tx.subscribers("signal", thrown.name):
        heard = Heard(name=thrown.name, data=thrown.data)
        key = f"hear:{row.case}:{row.key}"
        unit.tx.post(waiting.case, [NewOutbox(kind="hear", body=write(heard), key=key, due=due)])
    for process, node in starts_by(unit, EventKind.SIGNAL, thrown.name):
        heard = Heard(
            name=thrown.name,
            data=thrown.data,
            process=process,
            node=node,
            collaboration=together,
        )
        key = f"hear:{row.case}:{row.key}:{process}:{node}"
        unit.tx.post(NOBODY, [NewOutbox(kind="hear", body=write(heard), key=key, due=due)])


def hear(unit: Unit, row: OutboxRow, heard: Heard) -> None:
    """One case hears a signal, or one case starts by it."""
    if heard.process:
        kind, together = EventKind.SIGNAL, heard.collaboration or None
        arrived = Arrived(kind=kind, at=unit.now, name=heard.name, data=heard.data)
        must(begin(unit, heard.process, heard.node, arrived, collaboration=together))
    elif (case := still_running(unit, row.case)) is not None:
        case.command(Hear(at=unit.now, name=heard.name, data=heard.data))


def call(unit: Unit, row: OutboxRow, called: CaseCalled) -> None:
    """A call activity starts a case of the process it names, in the same file (§10.3.6)."""
    case = still_running(unit, row.case)
    if case is None or called.element not in case.state.elements:
        return
    must(
        unit.start_case(
            called.process,
            version=version_beside(unit.tx, case.row, called.process),
            data=called.data,
            title=case.row.title,
            collaboration=case.row.collaboration,
            parent=case.row.case,
            parent_element=called.element,
        )
    )


def finish(unit: Unit, row: OutboxRow, ended: Ended) -> None:
    """A called case has ended: its caller goes on with what it brought."""
    child = unit.open(ended.case)
    parent = still_running(unit, child.row.parent)
    if parent is None:
        return
    error = ended.error
    if error is None and child.state.status is CaseStatus.CANCELLED:
        error = "cancelled"
    given = begun_with(unit, child)
    data = child.state.data
    parent.command(Finish(at=unit.now, element=ended.element, data=data, given=given, error=error))


def begun_with(unit: Unit, case: OpenCase) -> Data:
    """The data a case began with; it is the first thing it says."""
    for entry in unit.tx.log(case.id, limit=1):
        event = read_event(entry)
        if isinstance(event, CaseStarted):
            return event.data
    return {}


def escalate(unit: Unit, row: OutboxRow, thrown: EscalationThrown) -> None:
    """A called case escalates: its caller may catch that, and cancel it or go on (§10.5.7)."""
    child = unit.open(row.case)
    parent = still_running(unit, child.row.parent)
    if parent is not None:
        parent.command(
            Escalate(
                at=unit.now,
                element=child.row.parent_element,
                code=thrown.code,
                name=thrown.name,
                data=thrown.data,
            )
        )


def withdraw(unit: Unit, row: OutboxRow, gone: Withdrawal) -> None:
    """A call activity was cancelled: so is the case it waits for."""
    for child in unit.tx.cases(CaseQuery(parent=row.case, status=CaseStatus.RUNNING.value)):
        if child.parent_element == gone.element:
            unit.open(child.case).command(Cancel(at=unit.now, reason="The caller is cancelled."))


def fire(unit: Unit, row: OutboxRow, firing: Firing) -> None:
    """A timer whose firing failed before."""
    fire_timer(unit, row.case, firing.timer)


def go_on(unit: Unit, row: OutboxRow, asked: Migration) -> None:
    """A case goes on in another version; one that cannot any more stays, and says so."""
    case = still_running(unit, row.case)
    if case is not None and case.row.version == asked.version:
        move(unit, case, asked.to, by=asked.by)


def nudge(unit: Unit, row: OutboxRow, notice: Nudging) -> None:
    """The time of a work has come; one that is done, or meant for another time, is forgotten."""
    case = still_running(unit, row.case)
    work = case.state.works.get(WorkId(notice.work)) if case is not None else None
    if case is None or work is None:
        return
    to = unit.inst.naming(work.escalate_to) if notice.what == "escalate" else ""
    case.command(
        Nudge(
            at=unit.now,
            work=WorkId(notice.work),
            what=notice.what,
            time=notice.time,
            to=to or None,
        )
    )


def fire_timer(unit: Unit, case_id: str, timer: str) -> None:
    """A timer has come due. One that does not run any more is forgotten."""
    case = unit.open(case_id)
    answer = case.command(FireTimer(at=unit.now, timer=TimerId(timer)))
    if isinstance(answer, Rejected):
        unit.tx.drop_timer(case.row.case, timer)


def still_running(unit: Unit, case_id: str) -> OpenCase | None:
    """The case, unless it has ended meanwhile."""
    case = unit.open(case_id)
    return case if case.state.status is CaseStatus.RUNNING else None


def start_by_timetable(inst: Installation, row: OutboxRow, at: datetime) -> None:
    """Start a case by its timer start event, then let the next start take its place."""
    table = msgspec.json.decode(row.body, type=Timetable)
    with inst.journal.reading() as reading:
        versions = reading.versions(table.process)
    compiled = graph(inst, table.process, versions[0].version) if versions else None
    wanted = compiled is not None and trigger_of(compiled, table) is not None
    if wanted:
        deliver(inst, row, _start_on_time, at)
    with inst.journal.writing() as tx:
        carry_on(tx, row, compiled if wanted else None, at, almanac_for(tx, inst.zone))


def _start_on_time(unit: Unit, row: OutboxRow, table: Timetable) -> None:
    arrived = Arrived(kind=EventKind.TIMER, at=unit.now, place=table.definition)
    must(begin(unit, table.process, table.node, arrived))


EFFECTS: dict[str, Effect] = {
    "message": send,
    "signal": spread_signal,
    "hear": hear,
    "call": call,
    "escalation": escalate,
    "finish": finish,
    "withdraw": withdraw,
    "timer": fire,
    "migrate": go_on,
    "nudge": nudge,
}
