"""Messages between cases, and to outside parties (BPMN §9.3, §10.5.5).

Rules of this file: where a message goes is said by `engine.collaboration`, from the drawing alone;
here the cases meant are found. Between several that could take it, nobody guesses: a message that
has no one receiver is put on the log of its sender, and asked about while that runs.
"""

from collections.abc import Callable

from msgspec.structs import asdict

from genba.engine.collaboration import Delivery, Way, route
from genba.engine.commands import Deliver, Fail
from genba.engine.events import MessageSent
from genba.engine.gathering import Arrived
from genba.engine.incidents import NOWHERE
from genba.engine.state import Case
from genba.engine.values import CaseStatus
from genba.journal.contract import CaseQuery
from genba.journal.records import CaseRow, OutboxRow
from genba.notation.model import EventKind
from genba.runtime.definitions import file_definitions
from genba.runtime.gathering import Waiting, begin
from genba.runtime.notices import PartyNotice
from genba.runtime.starts import must, starts_by, version_beside
from genba.runtime.unit import OpenCase, Unit

UNDELIVERED = "message.undelivered"
MOST_CASES = 100  # of one process in one collaboration that are looked at


def send(unit: Unit, row: OutboxRow, sent: MessageSent) -> None:
    """Take a message that left a case to where it goes."""
    sender = unit.open(row.case)
    drawing = file_definitions(unit.inst, sender.row.process, sender.row.version)
    to = route(drawing, sent, sender.row.process)
    _WAYS[to.way](unit, sender, sent, to)


def _start(unit: Unit, sender: OpenCase, sent: MessageSent, to: Delivery) -> None:
    """The message begins a case of the same collaboration."""
    _begin(unit, sender, sent, to.process, to.node)


def _begin(
    unit: Unit, sender: OpenCase, sent: MessageSent, process: str, node: str | None
) -> OpenCase | Waiting:
    together = sender.row.collaboration
    version = version_beside(unit.tx, sender.row, process)
    arrived = _arrived(unit, sent, together)
    return must(begin(unit, process, node, arrived, version=version, collaboration=together))


def _arrived(unit: Unit, sent: MessageSent, together: str = "") -> Arrived:
    return Arrived(
        kind=EventKind.MESSAGE,
        at=unit.now,
        name=sent.name,
        key=sent.key,
        together=together,
        data=sent.data,
    )


def _deliver(unit: Unit, sender: OpenCase, sent: MessageSent, to: Delivery) -> None:
    """The message goes to the case of a process in the same collaboration.

    A message drawn to the edge of a pool begins its process, once. One drawn to a node inside is
    for that node: where no case runs it begins none, because only a start event begins (§13.2),
    and two pools would begin each other for ever.
    """
    found = _receiver(unit, sender.row, sent, to)
    if found is not None:
        found.command(_arriving(unit, sender, sent, to.node))
    elif to.start is not None and _to_the_edge(sent, to) and not _begun(unit, sender.row, to):
        case = _begin(unit, sender, sent, to.process, to.start)
        if isinstance(case, Waiting):
            return
        if to.node not in (None, to.start) and not _takes_messages(case, to.start):
            case.command(_arriving(unit, sender, sent, to.node))
    else:
        _undelivered(sender, sent, f"no case of {to.name} runs")
        _ask(sender, sent, f"no case of {to.name} runs")


def _to_the_edge(sent: MessageSent, to: Delivery) -> bool:
    return sent.target is not None and sent.target != to.node


def _begun(unit: Unit, sender: CaseRow, to: Delivery) -> bool:
    query = CaseQuery(process=to.process, collaboration=sender.collaboration)
    return unit.tx.count_cases(query) > 0


def _takes_messages(case: OpenCase, start: str) -> bool:
    """Whether the start event is a message start event: then the message is used up by it."""
    return any(t.kind is EventKind.MESSAGE for t in case.graph.node(start).triggers)


def _receiver(unit: Unit, sender: CaseRow, sent: MessageSent, to: Delivery) -> OpenCase | None:
    """The case that waits longest for it, else the newest that runs, the sender itself last."""
    query = CaseQuery(
        process=to.process,
        collaboration=sender.collaboration,
        status=CaseStatus.RUNNING.value,
        limit=MOST_CASES,
    )
    running = [unit.open(row.case) for row in unit.tx.cases(query)]
    if not running:
        return None
    waiting = [case for case in running if _waits(case.state, sent, to)]
    others = [case for case in waiting or running if case.row.case != sender.case]
    choice = others or waiting or running
    return choice[-1] if waiting else choice[0]


def _waits(state: Case, sent: MessageSent, to: Delivery) -> bool:
    return any(
        waiting.kind == "message"
        and (waiting.node == to.node if to.node is not None else waiting.name == sent.name)
        and (sent.key is None or waiting.key in (None, sent.key))
        for waiting in state.subscriptions.values()
    )


def _party(unit: Unit, sender: OpenCase, sent: MessageSent, to: Delivery) -> None:
    """An outside party: written to when the drawing gives its address; else only shown."""
    if to.address:
        notice = PartyNotice(
            case=sender.row.case,
            party=to.name,
            address=to.address,
            name=sent.name,
            data=sent.data,
        )
        sender.post("party", notice, key=f"party:{unit.envelope.key}")


def _nowhere(unit: Unit, sender: OpenCase, sent: MessageSent, to: Delivery) -> None:
    """The drawing does not say: whoever waits for this name and key, or begins by it (§8.4.2)."""
    waiting = unit.tx.subscribers("message", sent.name, sent.key) if sent.name else []
    exact = [row for row in waiting if sent.key is not None and row.key == sent.key]
    cases = {row.case for row in exact or waiting if row.case != sender.row.case}
    if len(cases) == 1:
        unit.open(cases.pop()).command(_arriving(unit, sender, sent, None))
        return
    begun = starts_by(unit, EventKind.MESSAGE, sent.name) if sent.name and not cases else []
    if len(begun) == 1:
        process, node = begun[0]
        must(begin(unit, process, node, _arrived(unit, sent)))
        return
    _undelivered(sender, sent, "several could take it" if cases or begun else "nobody waits for it")
    if cases or begun:
        _ask(sender, sent, "several could take it")


def _arriving(unit: Unit, sender: OpenCase, sent: MessageSent, node: str | None) -> Deliver:
    return Deliver(
        at=unit.now,
        name=sent.name,
        node=node,  # type: ignore[arg-type]
        key=sent.key,
        data=sent.data,
        sender=sender.graph.name,
        fill=sent.fill,
    )


def _undelivered(sender: OpenCase, sent: MessageSent, why: str) -> None:
    sender.record(UNDELIVERED, {"name": sent.name, "node": sent.node, "why": why})


def _ask(sender: OpenCase, sent: MessageSent, why: str) -> None:
    """Ask on the sender what to do, where it still runs: the drawing means somebody to get it."""
    label = sender.graph.label(sent.node)
    message = f"“{label}”: the message “{sent.name or label}” was not delivered: {why}."
    sender.command(
        Fail(
            at=sender.unit.now,
            rule=NOWHERE.rule,
            message=message,
            node=sent.node,
            given=asdict(sent),
        )
    )


_WAYS: dict[Way, Callable[[Unit, OpenCase, MessageSent, Delivery], None]] = {
    Way.START: _start,
    Way.DELIVER: _deliver,
    Way.PARTY: _party,
    Way.NOWHERE: _nowhere,
}
