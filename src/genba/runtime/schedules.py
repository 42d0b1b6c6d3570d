"""Timer start events: a process that starts by itself, again and again (BPMN §10.5.2).

Rules of this file: a timetable is an outbox row of the installation (case ""), known by process,
start event and what its timer says. Deploying a drawing whose timer says the same changes
nothing; one that says something else, or nothing, ends the old timetable when it comes due.
Dates that were past when the drawing was deployed are not caught up.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from genba.engine.almanac import Almanac, Place
from genba.engine.graph import Graph, Trigger
from genba.engine.timing import At, Due, When, first, following, instant_of
from genba.journal.contract import Transaction
from genba.journal.records import Answer, CaseId, NewOutbox, OutboxRow
from genba.notation.model import EventKind
from genba.runtime.notices import Timetable
from genba.runtime.recording import write

NOBODY = CaseId("")


def schedule_starts(
    tx: Transaction, graph: Graph, process: str, now: datetime, almanac: Almanac
) -> None:
    """Begin the timetables of a version that was just deployed."""
    running = {
        (table.process, table.node, table.digest)
        for row in tx.outbox(NOBODY)
        if row.kind == "timetable"
        for table in (msgspec.json.decode(row.body, type=Timetable),)
    }
    for node, definition, when in _timers(graph):
        digest = _digest(when)
        place = _place(almanac, graph, node, graph.node(node).triggers[definition])
        if (process, node, digest) in running or _past(when, place, now):
            continue
        due = first(when, now, place)
        if due is None or not _once(tx, f"{process}:{node}:{digest}", due.left, now):
            continue
        table = Timetable(
            process=process,
            node=node,
            definition=definition,
            digest=digest,
            due=due.at,
            left=due.left,
            base=due.base,
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


def _past(when: When, place: Place, now: datetime) -> bool:
    return isinstance(when, At) and instant_of(when.instant, place, when.zone) < now


def _place(almanac: Almanac, graph: Graph, node: str, trigger: Trigger) -> Place:
    process = graph.process
    return almanac.at(
        zone=trigger.zone or process.zone,
        calendar=trigger.calendar or process.calendar,
        team=graph.node(node).people.role,
    )


def _digest(when: When) -> str:
    """What a timer says; the same as before times had zones and working hours, without them."""
    plain = msgspec.to_builtins(when)
    if not plain["zone"]:
        del plain["zone"]
    if (span := plain.get("span")) is not None:
        span["seconds"] += span.pop("days") * 86_400
        if not span["working"]:
            del span["working"]
    for name in ("instant", "start", "end"):
        moment = getattr(when, name, None)
        if moment is not None and moment.tzinfo is None:
            plain[name] = msgspec.to_builtins(moment.replace(tzinfo=UTC))
    return sha256(
        msgspec.json.encode(plain, enc_hook=repr) + type(when).__name__.encode()
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


def carry_on(
    tx: Transaction, row: OutboxRow, graph: Graph | None, now: datetime, almanac: Almanac
) -> None:
    """A start has been made (or none is wanted any more): the next one takes its place."""
    tx.settle(row)
    table = msgspec.json.decode(row.body, type=Timetable)
    trigger = trigger_of(graph, table) if graph is not None else None
    if graph is None or trigger is None or trigger.when is None:
        return
    place = _place(almanac, graph, table.node, trigger)
    after = following(trigger.when, Due(table.due, table.left, table.base), now, place)
    if after is not None:
        later = msgspec.structs.replace(table, due=after.at, left=after.left, base=after.base)
        tx.post(NOBODY, [as_row(later)])
