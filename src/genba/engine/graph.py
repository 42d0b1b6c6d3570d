"""The compiled form of one process: what `decide` and `apply` look things up in.

Rules of this file: immutable data and look-ups only. `compilation` builds it, once per deployed
version; nothing in it depends on a case. Nodes and flows refer to each other by id.
"""

from collections.abc import Mapping as MappingOf
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from genba.engine.calling import Call
from genba.engine.ruling import Asked, Rule
from genba.engine.timing import When
from genba.engine.values import FlowId, NodeId
from genba.expressions import Compiled
from genba.notation.model import (
    Definitions,
    EventKind,
    Form,
    MultiInstance,
    Node,
    NodeKind,
    Problem,
    Process,
    StandardLoop,
)


class Datum(Struct, frozen=True):
    """Data called by its name, whatever characters that has (data associations, `camunda:in`)."""

    name: str

    def value(self, context: MappingOf[str, Any]) -> Any:
        """What the context holds under the name; None if nothing."""
        return context.get(self.name)


FUNCTION, HTTP, TOPIC, CODE = "function", "http", "topic", "code"

Value = str | Compiled | Datum  # literal text, or something to evaluate


class GraphFlow(Struct, frozen=True, kw_only=True):
    """A sequence flow; `condition` only if it can be run, `words` if it is only said."""

    id: FlowId
    source: NodeId
    target: NodeId
    label: str
    condition: Compiled | None = None
    words: str = ""
    parks: bool = False  # tokens wait here, before a join


class Trigger(Struct, frozen=True, kw_only=True):
    """One event definition of a catching or throwing event, as this engine runs it.

    `ask` is whether a person may say that it has happened: always, unless the time can be
    computed or something inside the drawing throws it.
    """

    kind: EventKind | None  # None: an event that does not say what it waits for
    label: str
    name: str = ""
    code: str | None = None
    when: When | None = None
    when_expression: Compiled | None = None
    zone: str = ""  # the zone and the calendar the drawing gives for this time
    calendar: str = ""
    condition: Compiled | None = None
    key: Compiled | None = None
    ask: bool = False
    sender: str = ""
    activity: NodeId | None = None  # compensation of one activity only


class Send(Struct, frozen=True, kw_only=True):
    """A message that leaves when a node completes: over a message flow, or by name."""

    name: str
    flow: str | None = None
    target: str | None = None
    key: Compiled | None = None


class People(Struct, frozen=True, kw_only=True):
    """Who a work is for: the role, and what the drawing says beyond it."""

    role: str
    assignee: Value | None = None
    users: tuple[Value, ...] = ()
    groups: tuple[Value, ...] = ()
    due: Value | None = None
    follow_up: Value | None = None
    priority: Value | None = None
    remind: Value | None = None
    escalate: Value | None = None
    escalate_to: Value | None = None
    delay: Value | None = None
    skills: tuple[str, ...] = ()
    plain: bool = True  # nothing beyond the role


class Throw(Struct, frozen=True, kw_only=True):
    """What the instances of a multi-instance activity throw; `when` a condition is true (§10.3.8).

    `triggers` is empty for the default signal, which only the boundary of the activity hears.
    """

    when: Compiled | None = None
    triggers: tuple[Trigger, ...] = ()


class Repetition(Struct, frozen=True, kw_only=True):
    """Loop or multi-instance of an activity, with what can be computed of it (§10.3.8)."""

    drawn: StandardLoop | MultiInstance
    many: bool  # multi-instance, not a standard loop
    sequential: bool = True
    condition: Compiled | None = None  # loop condition or completion condition
    cardinality: Compiled | None = None
    collection: Compiled | Datum | None = None
    output: Compiled | None = None
    behavior: str = "All"
    throws: tuple[Throw, ...] = ()


class Job(Struct, frozen=True):
    """What a machine may do at a step, as the drawing names it.

    `way`: "function" (installed beside Genba), "http" (a call), "topic" (whoever asks for it), or
    "code" (of another system: done where a function of that name is installed).
    """

    way: str
    name: str
    call: Call | None = None
    retries: int | None = None  # how often it is tried again, where the drawing says

    @property
    def sure(self) -> bool:
        """Whether the drawing speaks of Genba's own machines: then nobody else is asked."""
        return self.way in (FUNCTION, HTTP)


class GraphNode(Struct, frozen=True, kw_only=True):
    """A flow node ready to run. `behaviour` names its entry in `elements.BEHAVIOURS`."""

    id: NodeId
    kind: NodeKind
    scope: NodeId
    behaviour: str
    label: str
    drawn: Node
    does: Node  # what is done: the node itself, or the global task it calls
    people: People
    incoming: tuple[GraphFlow, ...] = ()
    outgoing: tuple[GraphFlow, ...] = ()
    quantity: int = 1  # tokens it gives to each flow
    simple: bool = False  # leaves by all flows: nothing to evaluate or ask
    default: FlowId | None = None
    parks: bool = False  # tokens wait before it
    boundary: tuple[NodeId, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    interrupting: bool = True
    all_of: bool = False  # parallel multiple
    broadcasts: bool = False  # throws a signal
    sends: tuple[Send, ...] = ()
    inputs: tuple[tuple[str, Value], ...] = ()
    outputs: tuple[tuple[str, Value], ...] = ()
    closed: bool = False  # only what is mapped leaves it (vendor mappings)
    script: Compiled | None = None
    result: str | None = None
    repetition: Repetition | None = None
    handler: NodeId | None = None  # compensation handler, or compensation event sub-process
    called: str | None = None
    link: NodeId | None = None  # catching end of a link
    activation: Compiled | None = None
    completion: Compiled | None = None
    note: str = ""  # the automation that is not connected
    asks: Asked | None = None  # the decision that is made here
    job: Job | None = None  # what a machine may do here


class Scope(Struct, frozen=True, kw_only=True):
    """The process itself or a sub-process: how it begins, and what may take it over."""

    id: NodeId
    starts: tuple[NodeId, ...] = ()
    event_starts: tuple[NodeId, ...] = ()  # start events of its event sub-processes
    nodes: tuple[NodeId, ...] = ()


class Join(Struct, frozen=True, kw_only=True):
    """A node before which tokens wait: which of its flows each node can still reach.

    `reach` maps a node to a bit set over `flows`, along paths that do not visit the join
    (§13.4.3).
    """

    node: NodeId
    flows: tuple[FlowId, ...]
    reach: MappingOf[NodeId, int]


class Graph(Struct, frozen=True, kw_only=True):
    """One process, compiled."""

    definitions: Definitions
    process: Process
    name: str
    nodes: MappingOf[str, GraphNode]
    flows: MappingOf[str, GraphFlow]
    scopes: MappingOf[str, Scope]
    joins: MappingOf[str, tuple[Join, ...]]  # by scope, in drawing order
    start_nodes: tuple[NodeId, ...] = ()
    together: MappingOf[str, tuple[NodeId, ...]] = {}  # starts -> what else must then happen
    silences: tuple[Problem, ...] = ()
    keys: MappingOf[str, Compiled] = {}  # of messages that carry their key, by name (§8.4.2)
    conditional: bool = False  # some event waits for the case's own data
    asks: MappingOf[NodeId, Asked] = {}  # nodes that make a deployed decision
    jobs: tuple[Job, ...] = ()  # what other machines than Genba's may do here
    straight: MappingOf[NodeId, FlowId] = {}  # nodes a token only passes -> the flow it leaves by
    watched: frozenset[str] = frozenset()  # steps that the four-eyes rule of another one looks at
    rules: MappingOf[str, Rule] = {}  # the deployed decisions of nodes; the others are asked
    machines: frozenset[str] = frozenset()  # who is there now: "function:…", "topic:…"

    def node(self, node_id: str) -> GraphNode:
        """The node with this id. Raises KeyError: ids come from the drawing or its events."""
        return self.nodes[node_id]

    def label(self, node_id: str) -> str:
        """What people call a node: its name, else what follows from the drawing."""
        node = self.nodes.get(node_id)
        return node.label if node is not None else self.name

    def form(self, node_id: str) -> Form | None:
        """The form the drawing gives for a task or a start event."""
        node = self.nodes.get(node_id)
        if node is None:
            return None
        drawn = node.drawn.form or node.does.form
        if drawn is not None or node_id not in self.rules:
            return drawn
        return self.rules[node_id].form(node.result)

    def with_rules(self, rules: MappingOf[str, Rule]) -> "Graph":
        """The same process with deployed decisions at the nodes that ask for them."""
        silences = tuple(
            one
            for one in self.silences
            if one.rule != "silent.not-connected" or one.element not in rules
        )
        return replace(self, rules=rules, silences=silences)

    def with_machines(self, machines: frozenset[str]) -> "Graph":
        """The same process where these functions and topics are served."""
        silences = tuple(
            one
            for one in self.silences
            if one.rule != "silent.not-connected"
            or topic_of(self.nodes[one.element].job, machines) not in machines
        )
        return replace(self, machines=machines, silences=silences)

    def silent(self, node_id: str) -> tuple[Problem, ...]:
        """What the drawing does not say about this node."""
        return tuple(problem for problem in self.silences if problem.element == node_id)


def topic_of(job: Job | None, machines: frozenset[str]) -> str:
    """Who may do a job: "function:…", "http:…" or "topic:…"; "" for nobody but a person."""
    if job is None:
        return ""
    function = f"{FUNCTION}:{job.name}"
    if job.way == HTTP:
        return f"{HTTP}:{job.name}"[:200]
    if job.way == FUNCTION or function in machines:
        return function
    return f"{TOPIC}:{job.name}" if job.way == TOPIC else ""


def is_manned(node: GraphNode, machines: frozenset[str]) -> bool:
    """Whether a machine does a step: one of Genba's own, or one that is there now."""
    return node.job is not None and (node.job.sure or topic_of(node.job, machines) in machines)


def literal(value: Value | None, context: MappingOf[str, Any]) -> Any:
    """The value of a literal or an expression in `context`; None when there is none."""
    return value if value is None or isinstance(value, str) else value.value(context)
