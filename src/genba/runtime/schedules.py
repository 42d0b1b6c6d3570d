"""Timer start events: a process that starts by itself, again and again (BPMN §10.5.2).

Rules of this file: a timetable is an outbox row of the installation (case ""), known by process,
start event and what its timer says. Deploying a drawing whose timer says the same changes
nothing; one that says something else, or nothing, ends the old timetable when it comes due.
Dates that were past when the drawing was deployed are not caught up.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import msgspec

from genba.engine.graph import Graph, Trigger
from genba.engine.timing import At, When, first, following
from genba.journal.contract import Transaction
from genba.journal.records import Answer, CaseId, NewOutbox, OutboxRow
from genba.notation.model import EventKind
from genba.runtime.notices import Timetable
from genba.runtime.recording import write

NOBODY = CaseId("")


def schedule_starts(tx: Transaction, graph: Graph, process: str, now: datetime) -> None:
    """Begin the timetables of a version that was just deployed."""
    running = {
        (table.process, table.node, table.digest)
        for row in tx.outbox(NOBODY)
        if row.kind == "timetable"
        for table in (msgspec.json.decode(row.body, type=Timetable),)
    }
    for node, definition, when in _timers(graph):
        digest = _digest(when)
        if (process, node, digest) in running or (isinstance(when, At) and when.instant < now):
            continue
        due = first(when, now)
        if due is None or not _once(tx, f"{process}:{node}:{digest}", due[1], now):
            continue
        table = Timetable(
            process=process,
            node=node,
            definition=definition,
            digest=digest,
            due=due[0],
            left=due[1],
        )
        tx.post(NOBODY, [as_row(table)])


def _once(tx: Transaction, timer: str, left: int, now: datetime) -> bool:
    """A timetable that ends is begun once for what it says; an endless one whenever it stopped."""
    key = f"timetable:{timer}"
    if left < 0:
        return True
    if tx.answer(key) is not None:
        return False
    tx.remember(Answer(key=key, actor="", digest="", body=b"", at=now))
    return True


def _timers(graph: Graph) -> Iterator[tuple[str, int, When]]:
    for node_id in graph.start_nodes:
        for definition, trigger in enumerate(graph.node(node_id).triggers):
            if trigger.kind is EventKind.TIMER and trigger.when is not None:
                yield node_id, definition, trigger.when


def _digest(when: When) -> str:
    return sha256(
        msgspec.json.encode(when, enc_hook=repr) + type(when).__name__.encode()
    ).hexdigest()


def as_row(table: Timetable) -> NewOutbox:
    """The outbox row of the next start."""
    key = f"timetable:{table.process}:{table.node}:{table.digest[:16]}:{table.due.isoformat()}"
    return NewOutbox(kind="timetable", body=write(table), key=key, due=table.due)


def trigger_of(graph: Graph, table: Timetable) -> Trigger | None:
    """The timer a timetable belongs to, or None when the drawing has changed its mind."""
    if table.node not in graph.start_nodes:
        return None
    triggers = graph.node(table.node).triggers
    if table.definition >= len(triggers):
        return None
    trigger = triggers[table.definition]
    if trigger.when is None or _digest(trigger.when) != table.digest:
        return None
    return trigger


def carry_on(tx: Transaction, row: OutboxRow, trigger: Trigger | None, now: datetime) -> None:
    """A start has been made (or is not wanted any more): the next one takes its place."""
    tx.settle(row)
    table = msgspec.json.decode(row.body, type=Timetable)
    if trigger is None or trigger.when is None:
        return
    after = following(trigger.when, table.due, table.left, now)
    if after is not None:
        tx.post(NOBODY, [as_row(msgspec.structs.replace(table, due=after[0], left=after[1]))])
