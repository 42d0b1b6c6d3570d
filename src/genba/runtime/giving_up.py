"""What is not tried any more: asked of a person, on the case it belongs to.

Rules of this file: nothing is ever dropped here. The row is parked with its error, the log of the
case says so, and a running case gets an incident that offers to try again or to go on without it.
What belongs to no case is told to whoever reads the server's own log.
"""

import logging
from datetime import datetime

import msgspec

from genba.engine.commands import Fail, Rejected
from genba.engine.events import WorkOpened
from genba.engine.values import ElementId
from genba.journal.records import Envelope, NewOutbox, OutboxRow, TimerRow
from genba.runtime.installation import Installation
from genba.runtime.notices import Firing, read_notice
from genba.runtime.recording import write
from genba.runtime.unit import OpenCase, Unit, UnknownCase, open_unit

DEATHS = 3  # claims that ended without a word: there is no fourth
DIED = "whoever did it died three times"
GIVEN_UP = "delivery.given-up"

_log = logging.getLogger("genba.runtime")


def give_up(inst: Installation, row: OutboxRow, why: str, at: datetime) -> None:
    """Park a row and ask about it."""
    _log.error("outbox %s %s of case %s is given up: %s", row.kind, row.key, row.case, why)
    envelope = Envelope(at=at, channel="system", machine=True, act="give-up", key=row.key)
    with open_unit(inst, envelope) as unit:
        give_up_in(unit, row, why)


def give_up_in(unit: Unit, row: OutboxRow, why: str) -> None:
    """The same, in a unit that is open already."""
    case = _case_of(unit, row)
    incident = "" if case is None else _ask(case, unit, row, why)
    unit.tx.park(row, incident=incident, error=why)


def park_timer(inst: Installation, timer: TimerRow, at: datetime) -> None:
    """A timer whose firing killed its worker goes on as a row, which is given up at once."""
    key = f"timer:{timer.timer}"
    new = NewOutbox(kind="timer", body=write(Firing(timer=timer.timer)), key=key, due=at)
    with inst.journal.writing() as tx:
        tx.drop_timer(timer.case, timer.timer)
        tx.post(timer.case, [new])
        (row,) = [row for row in tx.outbox(timer.case) if row.key == key]
    give_up(inst, row, DIED, at)


def _case_of(unit: Unit, row: OutboxRow) -> OpenCase | None:
    """The case to ask on, unless there is none."""
    try:
        return unit.open(row.case) if row.case else None
    except UnknownCase:
        return None


def _ask(case: OpenCase, unit: Unit, row: OutboxRow, why: str) -> str:
    """Put it on the log, and open an incident where the case still runs; the work, or ""."""
    case.record(GIVEN_UP, {"kind": row.kind, "key": row.key, "why": why})
    node, element = _place(row)
    message = f"{row.kind}: {why}"
    if element and (waiting := case.state.elements.get(ElementId(element))) is not None:
        message = f"“{case.graph.label(waiting.node)}” could not be done: {why}"
    answer = case.command(
        Fail(at=unit.now, rule="outside.failed", message=message, node=node, element=element)
    )
    if isinstance(answer, Rejected):
        return ""
    opened = [event for event in answer if isinstance(event, WorkOpened)]
    return str(opened[0].work) if opened else ""


def _place(row: OutboxRow) -> tuple[str, str]:
    """Where in the drawing it was asked for, as far as its notice says."""
    try:
        notice = read_notice(row)
    except (KeyError, msgspec.DecodeError):
        return "", ""
    return getattr(notice, "node", None) or "", getattr(notice, "element", None) or ""
