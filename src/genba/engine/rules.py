"""What this engine refuses to run, by rule.

Rules of this file: a refusal names the place and says what to do. Whatever is not refused here is
run or listed as silent: nothing is ignored.
"""

import re
from collections.abc import Callable, Iterator

from genba.engine.call_reading import compile_call
from genba.engine.decision_results import MAPPINGS
from genba.engine.ruling import asked_at
from genba.engine.surroundings import Surroundings, begins, thrown_by_instances
from genba.notation.model import EventKind, MultiInstance, Node, NodeKind, Problem, StandardLoop

THROWN_BY_INSTANCES = frozenset(
    {EventKind.SIGNAL, EventKind.ESCALATION, EventKind.ERROR, EventKind.MESSAGE}
)
_BELOW = re.compile(r"=?\s*-\s*\d+")


def refusals(around: Surroundings) -> tuple[Problem, ...]:
    """Everything that forbids running the process, in drawing order."""
    if not around.process.nodes:
        return (
            Problem(
                severity="refused",
                rule="run.empty",
                message=f"“{around.name}” has nothing to do in it.",
                position=around.process.position,
                element=around.process.id,
                advice="Draw at least one activity or event.",
            ),
        )
    return tuple(_found(around))


def _found(around: Surroundings) -> Iterator[Problem]:
    for node in around.process.nodes:
        for check in _CHECKS:
            reason = check(node, around)
            if reason is not None:
                rule, message, advice = reason
                yield Problem(
                    severity="refused",
                    rule=rule,
                    message=message,
                    position=node.position,
                    element=node.id,
                    advice=advice,
                )


Reason = tuple[str, str, str] | None


def _mapped(node: Node, around: Surroundings) -> Reason:
    """What is to be kept of a decision must be one of the words there are."""
    asked = asked_at(node)
    if asked is None or not asked.mapping or asked.mapping in MAPPINGS:
        return None
    return (
        "run.decision-mapping",
        f"“{node.name or node.id}” keeps “{asked.mapping}” of a decision, which means nothing.",
        f"Write one of {', '.join(MAPPINGS)} as camunda:mapDecisionResult.",
    )


def _ends(node: Node, around: Surroundings) -> Reason:
    """Flows must not leave their scope (§7.6.1): a token would not know where it lives."""
    known = {flow.id for flow in around.process.flows}
    for foreign in (*node.incoming, *node.outgoing):
        if foreign not in known:
            return (
                "run.flow-scope",
                f"The flow {foreign} at “{node.name or node.id}” is not drawn in this process.",
                "Draw it in the process it belongs to.",
            )
    scopes = {other.id: other.scope for other in around.process.nodes}
    for flow in around.process.flows:
        if flow.source == node.id and scopes.get(flow.target) != node.scope:
            return (
                "run.flow-scope",
                f"The flow {flow.id} of “{node.name or node.id}” leaves its sub-process.",
                "End the flow inside, and go on from the sub-process itself.",
            )
    return None


def _inside(node: Node, around: Surroundings) -> Reason:
    """What is drawn inside must be able to begin (§10.3.5); an empty one is a task of people."""
    inside = around.inside.get(node.id, ())
    if not any(inner.incoming for inner in inside) or any(begins(inner) for inner in inside):
        return None
    return (
        "run.no-start-inside",
        f"Nothing begins inside “{node.name or node.id}”: every step there waits for another one.",
        "Draw a start event inside.",
    )


def _boundary(node: Node, around: Surroundings) -> Reason:
    if node.kind is not NodeKind.BOUNDARY_EVENT:
        return None
    if not any(other.id == node.attached_to for other in around.process.nodes):
        return (
            "run.boundary-attached",
            f"The boundary event “{node.name or node.id}” sits on nothing.",
            "Attach it to an activity.",
        )
    return None


def _caught(node: Node, around: Surroundings) -> Reason:
    """What only a throw can mean cannot be waited for in the middle of a flow (Table 10.93)."""
    never = {EventKind.COMPENSATE, EventKind.CANCEL, EventKind.TERMINATE}
    if node.kind is not NodeKind.INTERMEDIATE_CATCH_EVENT or not node.events:
        return None
    if all(event.kind in never for event in node.events):
        return (
            "run.catch-kind",
            f"“{node.name or node.id}” waits for {node.events[0].kind.value}, which never comes.",
            "Throw it there, or catch it at the boundary of an activity.",
        )
    return None


def _link(node: Node, around: Surroundings) -> Reason:
    throws = any(event.kind is EventKind.LINK for event in node.events)
    if not throws or node.kind is not NodeKind.INTERMEDIATE_THROW_EVENT or node.outgoing:
        return None
    if link_targets(node, around):
        return None
    return (
        "run.link-target",
        f"The link “{node.name or node.id}” leads nowhere: no link of that name is caught here.",
        "Draw the catching link event with the same name.",
    )


def link_targets(node: Node, around: Surroundings) -> list[str]:
    """The catching ends of a throwing link in its scope (§10.5.5): those of the same name.

    Where none has it, and exactly one catching link and one name of throwing links are left without
    a partner, these belong together: many tools do not write the names of links.
    """
    thrown = _link_names(node)
    inside = around.inside.get(node.scope, ())
    links = [other for other in inside if _link_names(other)]
    caught = [link for link in links if link.kind is NodeKind.INTERMEDIATE_CATCH_EVENT]
    found = [link.id for link in caught if _link_names(link) & thrown]
    if found or not thrown:
        return found
    throws = [_link_names(link) for link in links if link not in caught]
    single = [link for link in caught if not any(_link_names(link) & names for names in throws)]
    lonely = [names for names in throws if not any(_link_names(link) & names for link in caught)]
    together = len(single) == 1 and all(names == thrown for names in lonely)
    return [single[0].id] if together else []


def _link_names(node: Node) -> set[str]:
    """What a link event goes by; empty if it is none."""
    return {event.name or node.name for event in node.events if event.kind is EventKind.LINK}


def _quantity(node: Node, around: Surroundings) -> Reason:
    """Quantities are at least one (§10.3.1, Table 10.3)."""
    if node.start_quantity < 1 or node.completion_quantity < 1:
        return (
            "run.quantity",
            f"“{node.name or node.id}” takes or gives less than one token.",
            "Make startQuantity and completionQuantity 1 or more.",
        )
    return None


def _behaviour(node: Node, around: Surroundings) -> Reason:
    """What instances throw is caught at the boundary of their activity (§10.3.8)."""
    loop = node.loop
    if not isinstance(loop, MultiInstance):
        return None
    if loop.behavior not in ("All", "None", "One", "Complex"):
        return (
            "run.multi-instance-behavior",
            f"“{node.name or node.id}” has the behavior {loop.behavior}, which BPMN does not know.",
            "Make it None, One, All or Complex.",
        )
    for event in thrown_by_instances(node):
        if event.kind not in THROWN_BY_INSTANCES:
            return (
                "run.multi-instance-event",
                f"The instances of “{node.name or node.id}” throw {event.kind.value}, which "
                "nothing at its boundary can catch.",
                "Throw a signal, an escalation or an error.",
            )
    return None


def _times(node: Node, around: Surroundings) -> Reason:
    """Nothing is done less than never (§10.3.8)."""
    loop = node.loop
    if isinstance(loop, StandardLoop):
        below = loop.maximum is not None and loop.maximum < 0
    else:
        number = loop.cardinality if loop is not None else None
        below = number is not None and _BELOW.fullmatch(number.text.strip()) is not None
    if not below:
        return None
    return (
        "run.times",
        f"“{node.name or node.id}” is to be done less than zero times.",
        "Give a number of times that is zero or more.",
    )


def waits_for_all(node: Node) -> bool:
    """Whether a node is a gateway after which all events must happen."""
    return node.kind is NodeKind.EVENT_BASED_GATEWAY and node.event_gateway_type == "Parallel"


def _parallel_gateway(node: Node, around: Surroundings) -> Reason:
    """Only a gateway that begins the case may wait for all its events (Table 10.116)."""
    if waits_for_all(node) and node.incoming:
        return (
            "run.parallel-event-gateway",
            f"The gateway “{node.name or node.id}” waits for all its events, which only one that "
            "begins the process may.",
            "Draw a parallel gateway before the events instead.",
        )
    return None


def _call(node: Node, around: Surroundings) -> Reason:
    """A call of a web service says where to, and how, in a way nothing can change later."""
    drawn = node.implementation.http if node.implementation is not None else None
    problem = compile_call(drawn, around.names) if drawn is not None else None
    if not isinstance(problem, str):
        return None
    return (
        "run.call",
        f"“{node.name or node.id}” cannot be called: {problem}.",
        "See the guide on service work for how a call is written.",
    )


_CHECKS: tuple[Callable[[Node, Surroundings], Reason], ...] = (
    _ends,
    _inside,
    _boundary,
    _caught,
    _link,
    _behaviour,
    _times,
    _parallel_gateway,
    _quantity,
    _call,
    _mapped,
)
