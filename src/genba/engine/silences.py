"""Where the drawing does not say how, and a person therefore decides.

Rules of this file: one table of checks over compiled nodes; each finding carries the drawing's own
words. `genba check` lists them, the cards show them; what runs by itself is not here.
"""

from collections.abc import Callable, Iterator, Mapping

from genba.engine.graph import GraphNode
from genba.engine.surroundings import Surroundings
from genba.notation.model import (
    ACTIVITY_KINDS,
    SUB_PROCESS_KINDS,
    EventKind,
    MultiInstance,
    NodeKind,
    Problem,
)

Nodes = Mapping[str, GraphNode]
Finding = tuple[str, str, str]  # rule, message, advice


def silences_of(around: Surroundings, nodes: Nodes) -> tuple[Problem, ...]:
    """All silent places of a process, in drawing order."""
    return tuple(
        Problem(
            severity="silent",
            rule=rule,
            message=message,
            position=node.drawn.position,
            element=node.id,
            advice=advice,
        )
        for node in nodes.values()
        for check in _CHECKS
        for rule, message, advice in check(node, around)
    )


def _automation(node: GraphNode, around: Surroundings) -> Iterator[Finding]:
    if node.note == "external":
        yield (
            "silent.no-topic",
            f"“{node.label}” is for an external worker and names no topic: a person does it.",
            "Write the topic (camunda:topic) that workers ask for.",
        )
        return
    unsure = node.job is not None and not node.job.sure
    if (node.behaviour in ("task", "rule") or unsure) and node.note:
        yield (
            "silent.not-connected",
            f"“{node.label}” names {node.note}, which is not connected: a person does it.",
            "Connect the automation, or leave it to people.",
        )


# What one writes when a step is to run by itself.
_SERVICE = "Name what does it when it is to run by itself: genba:function, genba:http, or a topic."
_HOW = {
    NodeKind.SERVICE_TASK: _SERVICE,
    NodeKind.SEND_TASK: _SERVICE,
    NodeKind.BUSINESS_RULE_TASK: "Name a decision when a rule is to make it.",
    NodeKind.SCRIPT_TASK: "Write a FEEL expression when it is to run by itself.",
}


def _content(node: GraphNode, around: Surroundings) -> Iterator[Finding]:
    if node.behaviour != "task" or node.note:
        return
    if node.kind in SUB_PROCESS_KINDS:
        yield (
            "silent.collapsed",
            f"The drawing does not say what happens inside “{node.label}”: it is one task.",
            "Draw the steps inside when they matter.",
        )
    elif node.kind is NodeKind.CALL_ACTIVITY and node.does is node.drawn:
        called = node.called or "nothing"
        yield (
            "silent.called",
            f"“{node.label}” calls {called}, which is not in this file: it is one task.",
            "Add the called process to the file, or leave it to people.",
        )
    elif node.does.kind in (
        NodeKind.SERVICE_TASK,
        NodeKind.SCRIPT_TASK,
        NodeKind.BUSINESS_RULE_TASK,
        NodeKind.SEND_TASK,
    ):
        yield (
            "silent.implementation",
            f"The drawing does not say how “{node.label}” is done: a person does it.",
            _HOW.get(node.does.kind, "Give it an implementation when it is to run by itself."),
        )
    elif node.kind in (NodeKind.TASK, NodeKind.MANUAL_TASK):
        yield (
            "silent.task",
            f"The drawing does not say how “{node.label}” is done: "
            f"somebody of “{node.people.role}” does it.",
            "Nothing to do, or give it a type when it is to run by itself.",
        )


def _choice(node: GraphNode, around: Surroundings) -> Iterator[Finding]:
    if node.simple or node.kind is NodeKind.EVENT_BASED_GATEWAY:
        return
    open_ = [flow for flow in node.outgoing if flow.condition is None]
    silent = [flow for flow in open_ if flow.words or node.kind not in ACTIVITY_KINDS]
    silent = [flow for flow in silent if flow.id != node.default]
    if len(silent) > 1 or any(flow.words for flow in silent) or len(silent) == len(node.outgoing):
        ways = ", ".join(f"“{flow.label}”" for flow in silent)
        yield (
            "silent.choice",
            f"The drawing does not say how “{node.label}” is decided ({ways}): a person does.",
            "Write conditions on the flows when it is to be decided by data.",
        )


def _events(node: GraphNode, around: Surroundings) -> Iterator[Finding]:
    for trigger in node.triggers:
        if not trigger.ask or (
            node.kind is NodeKind.START_EVENT and node.scope == around.process.id
        ):
            continue
        if trigger.kind is EventKind.TIMER:
            yield (
                "silent.time",
                f"“{trigger.label}” is a time nobody can compute: a person says when it is up.",
                'Write a duration such as PT24H or P3D, or words such as "after 3 days".',
            )
        elif trigger.kind is EventKind.CONDITIONAL and trigger.condition is not None:
            continue
        else:
            yield (
                "silent.event",
                f"“{trigger.label or node.label}” happens outside: a person may say that it has.",
                "Nothing to do: a message or signal of that name is also heard.",
            )


def _repetition(node: GraphNode, around: Surroundings) -> Iterator[Finding]:
    repeated = node.repetition
    if repeated is None:
        return
    if repeated.many:
        if repeated.cardinality is None and repeated.collection is None:
            yield (
                "silent.count",
                f"The drawing does not say how many times “{node.label}” is done: a person does.",
                "Give a number or a collection.",
            )
    elif (
        repeated.condition is None
        and not isinstance(repeated.drawn, MultiInstance)
        and repeated.drawn.maximum is None
    ):
        yield (
            "silent.repeat",
            f"The drawing does not say how often “{node.label}” is repeated: a person does.",
            "Give a loop condition or a maximum.",
        )


def _handlers(node: GraphNode, around: Surroundings) -> Iterator[Finding]:
    if node.kind is not NodeKind.BOUNDARY_EVENT:
        return
    undoes = any(trigger.kind is EventKind.COMPENSATE for trigger in node.triggers)
    linked = any(node.id in (a.source, a.target) for a in around.process.associations)
    if undoes and not linked and not node.outgoing:
        yield (
            "silent.handler",
            f"Nothing says how “{node.label}” is undone: compensation passes it by.",
            "Connect the event to a compensation activity with an association.",
        )


_CHECKS: tuple[Callable[[GraphNode, Surroundings], Iterator[Finding]], ...] = (
    _automation,
    _content,
    _choice,
    _events,
    _repetition,
    _handlers,
)
