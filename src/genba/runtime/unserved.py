"""Jobs that no worker takes: after a declared time somebody is asked, and the job waits on.

Rules of this file: nothing is taken from a worker that comes after all: what it does closes the
question. Who says "try again" waits for one more such time.
"""

from datetime import datetime

from genba.engine.commands import Fail
from genba.engine.incidents import UNSERVED
from genba.engine.values import WorkId
from genba.journal.contract import Transaction
from genba.journal.records import Envelope, NewOutbox, OutboxRow
from genba.runtime.installation import Installation
from genba.runtime.jobs import again
from genba.runtime.notices import JobNotice, read_notice
from genba.runtime.unit import UnknownCase, open_unit


def ask_about_unserved(inst: Installation, at: datetime) -> int:
    """Ask about every job that has waited longer than the installation's patience; how many."""
    if inst.patience is None:
        return 0
    with inst.journal.reading() as reading:
        rows = reading.unserved(at - inst.patience, at)
    for row in rows:
        again(lambda row=row: _ask(inst, row, at))  # type: ignore[misc]
    return len(rows)


def _ask(inst: Installation, row: OutboxRow, at: datetime) -> None:
    envelope = Envelope(at=at, channel="system", machine=True, act="unserved", key=row.key)
    with open_unit(inst, envelope) as unit:
        _wait_on(unit.tx, row, at)
        notice = read_notice(row)
        assert isinstance(notice, JobNotice)
        try:
            case = unit.open(row.case)
        except UnknownCase:
            return
        work = case.state.works.get(WorkId(notice.work))
        if work is None:
            return
        label, topic = case.graph.label(work.node), row.kind.partition("/")[2]
        message = f"“{label}” waits for a worker of “{topic}”, and none has taken it."
        asked = Fail(
            at=at, rule=UNSERVED.rule, message=message, node=work.node, element=work.element
        )
        case.command(asked)  # refused where it is on hold, or asked already


def _wait_on(tx: Transaction, row: OutboxRow, at: datetime) -> None:
    """The job waits from now on again, unless a worker has just taken it."""
    tx.settle(row)
    tx.post(row.case, [NewOutbox(kind=row.kind, body=row.body, key=row.key, due=at)])
