"""What an event waits for or throws, as this engine runs it.

Rules of this file: one `EventDefinition` in, one `Trigger` out. A person may always say that an
event has happened, unless its time can be computed, or something inside the drawing throws it.
"""

from collections.abc import Iterator

from genba.engine.conditions import read_condition, read_expression, read_key, read_value
from genba.engine.graph import Datum, Throw, Trigger
from genba.engine.surroundings import Surroundings
from genba.engine.time_texts import read, working
from genba.engine.timing import When
from genba.engine.values import NodeId
from genba.expressions import Compiled
from genba.notation.model import (
    EventDefinition,
    EventKind,
    Expression,
    MultiInstance,
    Node,
    NodeKind,
)

# Thrown from inside: asked of people only where nothing inside throws it (§10.5.6).
PROPAGATED = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.CANCEL})
_CATCHING = frozenset(
    {NodeKind.START_EVENT, NodeKind.INTERMEDIATE_CATCH_EVENT, NodeKind.BOUNDARY_EVENT}
)


def triggers_of(node: Node, around: Surroundings) -> tuple[Trigger, ...]:
    """The triggers of an event or receive task, in file order."""
    sender = ", ".join(dict.fromkeys(around.party(flow.source) for flow in around.sent_to(node.id)))
    if node.kind is NodeKind.RECEIVE_TASK:
        return (_received(node, around, sender),)
    if node.events:
        return tuple(_trigger(node, event, around, sender) for event in node.events)
    if node.kind is NodeKind.START_EVENT and sender:
        return (_received(node, around, sender),)
    if node.kind in (NodeKind.INTERMEDIATE_CATCH_EVENT, NodeKind.BOUNDARY_EVENT):
        when = read(node.name)
        if isinstance(when, Datum) or when is None:
            return (Trigger(kind=None, label=node.name, ask=True, sender=sender),)
        return (Trigger(kind=EventKind.TIMER, label=node.name, when=when),)
    return ()


def throws_of(node: Node, loop: MultiInstance, around: Surroundings) -> Iterator[Throw]:
    """What the instances of a multi-instance activity throw as they complete (§10.3.8)."""
    if loop.behavior == "Complex":
        for rule in loop.complex:
            triggers = tuple(_trigger(node, event, around, "") for event in rule.events)
            yield Throw(when=read_condition(rule.condition, around.names), triggers=triggers)
    elif loop.behavior in ("None", "One"):
        event = loop.none_event if loop.behavior == "None" else loop.one_event
        yield Throw(triggers=(_trigger(node, event, around, ""),) if event is not None else ())


def _received(node: Node, around: Surroundings, sender: str) -> Trigger:
    flows = around.sent_to(node.id)
    name = node.message_name or next((flow.name for flow in flows if flow.name), "")
    return Trigger(
        kind=EventKind.MESSAGE,
        label=node.name or name,
        name=name or node.id,
        key=awaited_key(name, node.correlation_key, around),
        ask=True,
        sender=sender,
    )


def _trigger(node: Node, event: EventDefinition, around: Surroundings, sender: str) -> Trigger:
    when, when_expression = _when(node, event, around)
    name = event.name or (event.ref if event.kind is EventKind.SIGNAL else "") or ""
    if not name and event.kind is EventKind.MESSAGE:
        name = next((flow.name for flow in around.sent_to(node.id) if flow.name), "") or node.id
    if not name and event.kind in (EventKind.SIGNAL, EventKind.LINK):
        name = node.name
    return Trigger(
        kind=event.kind,
        label=_label(node, event, name),
        name=name,
        code=event.code,
        when=when,
        when_expression=when_expression,
        zone=node.zone,
        calendar=node.calendar,
        condition=read_condition(event.condition, around.names),
        key=awaited_key(name, event.correlation_key, around),
        ask=_asks(node, event, around, timed=when is not None or when_expression is not None),
        sender=sender,
        activity=NodeId(event.activity_ref) if event.activity_ref is not None else None,
    )


def awaited_key(name: str, own: Expression | None, around: Surroundings) -> Compiled | None:
    """The key a message of this name is awaited with: its own, or as the process subscribes."""
    found = around.correlation(name) if own is None else None
    if found is not None:
        return read_key(found.awaited, around.names)
    return read_expression(own, around.names)


def sent_key(name: str, own: Expression | None, around: Surroundings) -> Compiled | None:
    """The key a message of this name is sent with: its own, or what it carries (§8.4.2)."""
    found = around.correlation(name) if own is None else None
    if found is not None:
        return read_key(found.sent, around.names)
    return read_expression(own, around.names)


def carried_keys(around: Surroundings) -> dict[str, Compiled]:
    """What tells apart the messages that come from outside, by name."""
    found = {one.message: read_key(one.sent, around.names) for one in around.process.correlations}
    return {message: key for message, key in found.items() if key is not None}


def _label(node: Node, event: EventDefinition, name: str) -> str:
    """The words of the drawing for one event definition; its own where there are several."""
    written = _written_time(event)
    said = event.condition.text.strip() if event.condition is not None else ""
    own = name if name != node.id else ""
    if len(node.events) > 1:
        return own or said or written or node.name or event.kind.value
    return node.name or own or said or written


def _written_time(event: EventDefinition) -> str:
    if event.timer is None:
        return ""
    parts = (event.timer.date, event.timer.duration, event.timer.cycle)
    return next((part.text.strip() for part in parts if part is not None and part.text), "")


def _when(
    node: Node, event: EventDefinition, around: Surroundings
) -> tuple[When | None, Compiled | None]:
    """The time of a timer event: computed, to be evaluated, or neither (words)."""
    if event.kind is not EventKind.TIMER:
        return None, None
    written = _written_time(event)
    value = read_value(written, around.names) if written else node.name
    if isinstance(value, Compiled):
        return None, value
    when = read(value) if isinstance(value, str) else None
    # With a calendar of its own a time that can be is working time.
    return (working(when) or when if when is not None and node.calendar else when), None


def _asks(node: Node, event: EventDefinition, around: Surroundings, *, timed: bool) -> bool:
    if node.kind not in _CATCHING or event.kind in (EventKind.COMPENSATE, EventKind.LINK):
        return False
    if event.kind is EventKind.TIMER:
        return not timed
    if event.kind in PROPAGATED and node.kind is not NodeKind.INTERMEDIATE_CATCH_EVENT:
        scope = node.attached_to or around_of(node, around)
        return not around.throws(scope, event.kind, event.code)
    return True


def around_of(start: Node, around: Surroundings) -> str:
    """The scope an event sub-process listens in, given its start event."""
    for node in around.process.nodes:
        if node.id == start.scope:
            return node.scope
    return start.scope
