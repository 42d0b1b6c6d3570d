"""Which way a token goes: conditions that can be run, else somebody's choice (§13.4).

Rules of this file: conditions first, in drawing order; then the default flow; then a person. A
token is never lost: where no condition is true and there is no default, somebody chooses.
"""

from collections.abc import Iterable

from msgspec import Struct

from genba.engine.events import WorkOpened
from genba.engine.graph import GraphFlow, GraphNode
from genba.engine.incidents import AGAIN, NO_WAY, WAY, Place, Stuck, raise_incident, stop
from genba.engine.step import Step
from genba.engine.values import ElementId, FlowId, Option, WorkKind
from genba.engine.variables import context, judge
from genba.notation.model import GATEWAY_KINDS, NodeKind

# What the conditions after a complex gateway may ask: is this its start, or its reset (§13.4.5)?
WAITING = "waitingForStart"


class Ways(Struct, frozen=True):
    """The flows of a node, sorted by what is known about them at this moment.

    `taken` are those that are certain, `silent` those nobody has decided yet, `unknown` those whose
    condition speaks of data the case does not have. `met`: some condition is true.
    """

    taken: tuple[GraphFlow, ...]
    silent: tuple[GraphFlow, ...]
    conditioned: tuple[GraphFlow, ...]
    default: GraphFlow | None
    unknown: tuple[GraphFlow, ...]
    met: bool

    def offered(self) -> tuple[GraphFlow, ...]:
        """What somebody may choose from; the default too, unless something is certain (§13.4.3)."""
        open_ = (*self.silent, *self.unknown)
        return open_ if self.met or self.default is None else (*open_, self.default)


def ways(step: Step, id: ElementId, node: GraphNode, place: Place | None = None) -> Ways:
    """Look at every flow of a node: exclusive gateways stop at the first true condition.

    A condition that fails raises Stuck where a `place` is named, and is not known where none is.
    """
    data = context(step.case, id)
    if node.kind is NodeKind.COMPLEX_GATEWAY:
        data = {**data, WAITING: True}
    one = node.kind is NodeKind.EXCLUSIVE_GATEWAY
    taken: list[GraphFlow] = []
    silent: list[GraphFlow] = []
    conditioned: list[GraphFlow] = []
    default: GraphFlow | None = None
    unknown: list[GraphFlow] = []
    met = False
    for flow in node.outgoing:
        if flow.id == node.default:
            default = flow
        elif flow.condition is not None:
            conditioned.append(flow)
            if one and taken:
                continue
            verdict = judge(step, flow.condition, data, place)
            if verdict is None:
                unknown.append(flow)
            if verdict:
                met = True
                taken.append(flow)
        elif flow.words or node.kind in GATEWAY_KINDS:
            silent.append(flow)
        else:
            taken.append(flow)
    return Ways(tuple(taken), tuple(silent), tuple(conditioned), default, tuple(unknown), met)


def choose(step: Step, id: ElementId, node: GraphNode) -> tuple[GraphFlow, ...] | None:
    """The flows to take, or None when somebody is asked."""
    try:
        found = ways(step, id, node, WAY)
    except Stuck as stuck:
        offered = tuple(Option(flow.id, flow.label) for flow in node.outgoing)
        stop(step, id, node, stuck, ways=(AGAIN, *offered))
        return None
    if node.kind is NodeKind.EXCLUSIVE_GATEWAY:
        return _choose_one(step, id, node, found)
    if found.silent:
        _ask(step, id, node, found.offered(), note="")
        return None
    if found.met or (found.taken and found.default is None):
        return found.taken
    if found.default is not None:  # whatever else is certain (§8.4.13: flows without conditions)
        return tuple(flow for flow in node.outgoing if flow in (*found.taken, found.default))
    _ask_all(step, id, node, found)
    return None


def _choose_one(
    step: Step, id: ElementId, node: GraphNode, found: Ways
) -> tuple[GraphFlow, ...] | None:
    if found.taken:
        return found.taken
    if found.conditioned and not found.silent:
        if found.default is not None:
            return (found.default,)
        _ask_all(step, id, node, found)
        return None
    alone = len(found.silent) == 1 and not found.silent[0].words and not found.unknown
    if found.conditioned and found.default is None and alone:
        return found.silent  # the one flow without a condition means: otherwise
    _ask(step, id, node, found.offered(), note="")
    return None


def _ask_all(step: Step, id: ElementId, node: GraphNode, found: Ways) -> None:
    """No condition is true and nothing is the default: a choice, never a lost token."""
    written = "; ".join(
        flow.condition.text.strip() for flow in found.conditioned if flow.condition is not None
    )
    if found.unknown:
        _ask(step, id, node, found.conditioned, note=written)
        return
    offered = tuple(Option(flow.id, flow.label) for flow in found.conditioned)
    message = f"After “{node.label}” no condition is true: {written}"
    raise_incident(step, id, node, NO_WAY, message, ways=(AGAIN, *offered))


def _ask(
    step: Step, id: ElementId, node: GraphNode, offered: Iterable[GraphFlow], *, note: str
) -> None:
    wanted = {flow.id for flow in offered}
    step.emit(
        WorkOpened(
            work=step.work_id(),
            kind=WorkKind.CHOICE,
            node=node.id,
            element=id,
            role=node.people.role,
            options=tuple(
                Option(flow.id, flow.label) for flow in node.outgoing if flow.id in wanted
            ),
            many=node.kind is not NodeKind.EXCLUSIVE_GATEWAY,
            silent=True,
            note=note,
        )
    )


def chosen_flows(
    step: Step, id: ElementId, node: GraphNode, chosen: Iterable[str]
) -> tuple[GraphFlow, ...]:
    """The flows to take once somebody has chosen: theirs, and those that were certain."""
    wanted = {FlowId(flow) for flow in chosen}
    if node.kind is not NodeKind.EXCLUSIVE_GATEWAY:
        wanted |= {flow.id for flow in ways(step, id, node).taken}
    return tuple(flow for flow in node.outgoing if flow.id in wanted)
