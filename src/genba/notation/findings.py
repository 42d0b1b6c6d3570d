"""What `check` can say: every rule with its severity, advice and source.

Rules of this file:

1. A table and how a finding is made from a row. The conditions are in `connections` and `triggers`.
2. "refused" only for what truly cannot be run; everything people commonly draw is a warning.
3. A rule id is stable: people silence, translate and search for it.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from genba.notation.document import Position
from genba.notation.model import Definitions, Node, Problem, Process, SequenceFlow


class Rule(Struct, frozen=True):
    """One thing that is checked. `source` is the section of BPMN 2.0.2, or "" for good sense."""

    severity: str
    advice: str
    source: str = ""


RULES: dict[str, Rule] = {
    "bpmn.duplicate-id": Rule(
        "refused", "give each of them its own id (copying XML by hand often causes this)", "8.2.1"
    ),
    "bpmn.flow-crosses": Rule(
        "refused",
        "keep the arrow within one pool and one sub-process; between pools draw a message flow",
        "7.6.1",
    ),
    "bpmn.boundary-host": Rule(
        "refused", "put the event on the border of a task or sub-process", "10.5.4"
    ),
    "bpmn.no-start": Rule(
        "refused", "add a start event, or a step that no arrow leads to", "10.5.2"
    ),
    "bpmn.event-sub-process-start": Rule(
        "refused", "give it one start event that says what sets it off", "10.3.5"
    ),
    "bpmn.event-kind": Rule(
        "refused", "use one of the triggers BPMN allows at this place", "10.5.1, Table 10.93"
    ),
    "bpmn.event-kind-extra": Rule(
        "warning", "remove the triggers BPMN does not allow at this place", "10.5.1, Table 10.93"
    ),
    "bpmn.cancel": Rule(
        "refused", "make the sub-process a transaction, or use another event", "10.5.5"
    ),
    "bpmn.link-target": Rule(
        "refused", "add the catching link event of the same name, or draw the arrow", "10.5.5"
    ),
    "bpmn.link-ambiguous": Rule(
        "refused", "leave one catching link event of that name", "10.5.5"
    ),
    "bpmn.link-source": Rule(
        "warning", "add the throwing link event of the same name", "10.5.5"
    ),
    "bpmn.event-gateway-target": Rule(
        "warning",
        "let each way begin with a catching event or a receive task, or use an exclusive gateway",
        "10.6.6",
    ),
    "bpmn.start-incoming": Rule(
        "warning", "lead the arrow to the step after the start", "10.5.2"
    ),
    "bpmn.end-outgoing": Rule(
        "warning", "use an intermediate event if the process goes on here", "10.5.3"
    ),
    "bpmn.boundary-incoming": Rule(
        "warning", "remove the arrow into the event; the step it is attached to sets it off",
        "10.5.4",
    ),
    "bpmn.boundary-dead-end": Rule(
        "warning", "draw what is done then, or an end event", "10.5.4"
    ),
    "bpmn.compensation-arrow": Rule(
        "warning", "connect the step that undoes it by a dotted line instead", "10.7.1"
    ),
    "bpmn.event-sub-process-arrow": Rule(
        "warning", "remove the arrows, or the dashed border of the sub-process", "10.3.5"
    ),
    "bpmn.event-sub-process-starts": Rule(
        "warning", "leave one start event, or draw one sub-process for each", "10.3.5"
    ),
    "bpmn.inner-start": Rule(
        "warning", "put the trigger before the sub-process, or draw an event sub-process", "10.5.2"
    ),
    "bpmn.link-arrow": Rule("warning", "use either the link or the arrow", "10.5.5"),
    "bpmn.timer-twice": Rule("warning", "leave one of date, duration and cycle", "10.5.5"),
    "bpmn.always-interrupts": Rule(
        "warning", "draw the event with a solid border, or use an escalation", "10.5.4"
    ),
    "bpmn.gateway-dead-end": Rule(
        "warning", "draw where it goes on, or an end event", "10.6.1"
    ),
    "bpmn.unreachable": Rule("warning", "draw an arrow to it, or remove it", ""),
    "bpmn.default-flow": Rule(
        "warning", "mark one of the arrows that leave this step as the default", "8.4.13"
    ),
    "bpmn.condition-unused": Rule(
        "warning", "remove the condition, or use an exclusive or inclusive gateway", "13.4"
    ),
    "bpmn.compensation-handler": Rule(
        "warning", "connect the event with a dotted line to the step that undoes it", "10.7.1"
    ),
    "bpmn.reference": Rule(
        "warning", "declare it in this file, or choose another in your modelling tool", "8.2"
    ),
    "bpmn.pool": Rule("warning", "draw the process of the pool, or leave it empty", "9.3"),
    "bpmn.message-flow": Rule(
        "warning", "connect it to a step or the border of another pool", "9.4"
    ),
    "bpmn.namespace": Rule(
        "warning", 'add xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"', "15.3"
    ),
    "bpmn.vendor": Rule("warning", "say what it did with a step, or remove it", ""),
}  # fmt: skip


class Placed(Protocol):
    """Anything of the model that has an id and a position."""

    @property
    def id(self) -> str: ...
    @property
    def position(self) -> Position: ...


def find(rule: str, message: str, place: Placed) -> Problem:
    """A finding: the words of `message` at `place`, with severity and advice of the rule."""
    row = RULES[rule]
    return Problem(
        severity=row.severity,
        rule=rule,
        message=message,
        position=place.position,
        element=place.id,
        advice=row.advice,
    )


_KIND_WORDS: Mapping[str, str] = {
    "task": "task",
    "callActivity": "call activity",
    "adHocSubProcess": "ad-hoc sub-process",
    "intermediateCatchEvent": "catching event",
    "intermediateThrowEvent": "throwing event",
    "eventBasedGateway": "event-based gateway",
}


def call(node: Node) -> str:
    """A step in words: its kind, and its name when it has one."""
    words = _KIND_WORDS.get(node.kind)
    if words is None:
        parts = (f" {letter.lower()}" if letter.isupper() else letter for letter in node.kind)
        words = "".join(parts).replace("sub process", "sub-process")
    return f"the {words} “{' '.join(node.name.split())}”" if node.name else f"the {words}"


class Scope(Struct, frozen=True):
    """A process or a sub-process: what holds the steps of `nodes` directly."""

    holder: Process | Node
    nodes: tuple[Node, ...]


class Drawing(Struct, frozen=True):
    """A file with the indexes that the rules need."""

    definitions: Definitions
    nodes: Mapping[str, Node]
    flows: Mapping[str, SequenceFlow]
    process_of: Mapping[str, str]
    scopes: tuple[Scope, ...]

    def all_nodes(self) -> Iterator[Node]:
        """Every step, those with a duplicate id included."""
        for process in self.definitions.processes:
            yield from process.nodes


def index(definitions: Definitions) -> Drawing:
    """Index a file for the rules."""
    nodes: dict[str, Node] = {}
    process_of: dict[str, str] = {}
    flows: dict[str, SequenceFlow] = {}
    members: dict[str, list[Node]] = {}
    holders: dict[str, Process | Node] = {}
    for process in definitions.processes:
        holders.setdefault(process.id, process)
        for node in process.nodes:
            nodes.setdefault(node.id, node)
            process_of.setdefault(node.id, process.id)
            holders.setdefault(node.id, node)
            members.setdefault(node.scope, []).append(node)
        flows.update((flow.id, flow) for flow in process.flows)
    scopes = tuple(
        Scope(holder=holders[id], nodes=tuple(inside))
        for id, inside in members.items()
        if id in holders
    )
    return Drawing(definitions, nodes, flows, process_of, scopes)
