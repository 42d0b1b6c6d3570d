"""From a drawing to a `Graph`, or to the reasons why it cannot be run.

Rules of this file: done once per deployed version; nothing here knows a case. Which behaviour a
node gets is the "as drawn" decision: automation we can run is run, whatever the drawing leaves
open becomes a question to a person, and is listed in `Graph.silences`.
"""

from msgspec.structs import replace

from genba.engine.call_reading import compile_call
from genba.engine.conditions import (
    is_foreign,
    read_condition,
    read_expression,
    read_source,
    read_value,
)
from genba.engine.graph import (
    CODE,
    FUNCTION,
    HTTP,
    TOPIC,
    Datum,
    Graph,
    GraphFlow,
    GraphNode,
    Job,
    Join,
    People,
    Repetition,
    Scope,
    Send,
    Value,
)
from genba.engine.labels import Labels
from genba.engine.reachability import join_of, predecessors
from genba.engine.rules import link_targets, refusals, waits_for_all
from genba.engine.ruling import asked_at
from genba.engine.silences import silences_of
from genba.engine.straight import find_straight
from genba.engine.surroundings import Surroundings, begins
from genba.engine.triggers import carried_keys, sent_key, throws_of, triggers_of
from genba.engine.values import FlowId, NodeId
from genba.expressions import Compiled
from genba.notation.document import Position
from genba.notation.model import (
    ACTIVITY_KINDS,
    GATEWAY_KINDS,
    SUB_PROCESS_KINDS,
    Assignment,
    Definitions,
    EventKind,
    ImplementationKind,
    MultiInstance,
    Node,
    NodeKind,
    Problem,
    Process,
    SequenceFlow,
)

# The behaviour of each kind; those of activities are decided in `_activity`.
BEHAVIOUR_OF: dict[NodeKind, str] = {
    NodeKind.EXCLUSIVE_GATEWAY: "exclusive",
    NodeKind.INCLUSIVE_GATEWAY: "inclusive",
    NodeKind.PARALLEL_GATEWAY: "parallel",
    NodeKind.COMPLEX_GATEWAY: "complex",
    NodeKind.EVENT_BASED_GATEWAY: "event-gateway",
    NodeKind.START_EVENT: "start",
    NodeKind.END_EVENT: "throw",
    NodeKind.INTERMEDIATE_THROW_EVENT: "throw",
    NodeKind.INTERMEDIATE_CATCH_EVENT: "catch",
    NodeKind.BOUNDARY_EVENT: "boundary",
    NodeKind.RECEIVE_TASK: "receive",
}
_JOINS = frozenset(
    {NodeKind.PARALLEL_GATEWAY, NodeKind.INCLUSIVE_GATEWAY, NodeKind.COMPLEX_GATEWAY}
)
_BY_MACHINES = frozenset(
    {
        NodeKind.SERVICE_TASK,
        NodeKind.SEND_TASK,
        NodeKind.BUSINESS_RULE_TASK,
        NodeKind.SCRIPT_TASK,
    }
)
_WAYS: dict[ImplementationKind, str] = {
    ImplementationKind.FUNCTION: FUNCTION,
    ImplementationKind.HTTP: HTTP,
    ImplementationKind.JOB: TOPIC,
    ImplementationKind.CODE: CODE,
}
_CHOOSING = frozenset(
    {NodeKind.EXCLUSIVE_GATEWAY, NodeKind.INCLUSIVE_GATEWAY, NodeKind.COMPLEX_GATEWAY}
)


def compile_process(definitions: Definitions, process_id: str) -> Graph | tuple[Problem, ...]:
    """Compile one process of a file; the problems that forbid it if it cannot be run."""
    process = next((drawn for drawn in definitions.processes if drawn.id == process_id), None)
    if process is None:
        return (
            Problem(
                severity="refused",
                rule="run.no-process",
                message=f"The file has no process {process_id!r}.",
                position=Position(1, 1),
                element=process_id,
                advice="Name one of its processes: "
                + ", ".join(drawn.id for drawn in definitions.processes),
            ),
        )
    around = Surroundings(definitions, process)
    refused = refusals(around)
    if refused:
        return refused
    graph = _Compiler(around).graph()
    return graph if graph.start_nodes else (_no_start(around),)


def _no_start(around: Surroundings) -> Problem:
    return Problem(
        severity="refused",
        rule="run.no-start",
        message=f"Nothing begins “{around.name}”: every step waits for another one.",
        position=around.process.position,
        element=around.process.id,
        advice="Draw a start event.",
    )


class _Compiler:
    """The walk over one process; lives only while it is compiled."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.process: Process = around.process
        self.drawn = {node.id: node for node in self.process.nodes}
        self.attached: dict[str, list[Node]] = {}
        for node in self.process.nodes:
            if node.attached_to is not None:
                self.attached.setdefault(node.attached_to, []).append(node)
        self.labels = Labels(self.process)
        self.flows = {flow.id: self._flow(flow) for flow in self.process.flows}

    def graph(self) -> Graph:
        nodes = {node.id: self._node(node) for node in self.process.nodes}
        scopes = self._scopes()
        silences = silences_of(self.around, nodes)
        return Graph(
            definitions=self.around.definitions,
            process=self.process,
            name=self.around.name,
            nodes=nodes,
            flows=self.flows,
            scopes=scopes,
            joins=self._joins(nodes),
            start_nodes=self._start_nodes(scopes[self.process.id]),
            together=self._together(),
            silences=silences,
            keys=carried_keys(self.around),
            watched=frozenset(
                one
                for node in self.process.nodes
                if node.deciding.four_eyes is not None
                for one in node.deciding.four_eyes.steps
            ),
            asks={node.id: node.asks for node in nodes.values() if node.asks is not None},
            jobs=tuple(n.job for n in nodes.values() if n.job is not None and not n.job.sure),
            straight=find_straight(nodes),
            conditional=any(t.condition is not None for n in nodes.values() for t in n.triggers),
        )

    def _flow(self, flow: SequenceFlow) -> GraphFlow:
        source, target = self.drawn[flow.source], self.drawn[flow.target]
        condition = read_condition(flow.condition, self.around.names)
        said = flow.condition.text.strip() if flow.condition is not None else ""
        return GraphFlow(
            id=FlowId(flow.id),
            source=NodeId(flow.source),
            target=NodeId(flow.target),
            label=flow.name or (said if condition is None else "") or self.labels.beyond(target)
            if source.kind is not NodeKind.PARALLEL_GATEWAY
            else flow.name,
            condition=condition,
            words=said if condition is None else "",
            parks=_parks(target),
        )

    def _node(self, node: Node) -> GraphNode:
        around = self.around
        node = _left_out(node) if node.skipped else node
        outgoing = tuple(self.flows[flow] for flow in node.outgoing)
        does = self._does(node)
        script = self._script(does)
        attached = () if node.skipped else self.attached.get(node.id, ())
        return GraphNode(
            id=NodeId(node.id),
            kind=node.kind,
            scope=NodeId(node.scope),
            behaviour=self._behaviour(node, script),
            label=self.labels.of(node),
            drawn=node,
            does=does,
            people=self._people(node),
            incoming=tuple(self.flows[flow] for flow in node.incoming),
            outgoing=outgoing,
            quantity=node.completion_quantity,
            simple=_is_simple(node, outgoing),
            default=FlowId(node.default) if node.default is not None else None,
            parks=_parks(node),
            boundary=tuple(NodeId(event.id) for event in attached),
            triggers=triggers_of(node, around),
            interrupting=node.cancel_activity and node.is_interrupting,
            all_of=node.parallel_multiple and len(node.events) > 1,
            broadcasts=any(event.kind is EventKind.SIGNAL for event in node.events),
            sends=() if node.skipped else self._sends(node),
            inputs=self._mappings(node, inward=True),
            outputs=self._mappings(node, inward=False),
            closed=any(m.source.language in ("zeebe", "camunda") for m in node.outputs),
            script=script,
            result=does.implementation.result if does.implementation is not None else None,
            repetition=self._repetition(node),
            handler=None if node.skipped else self._handler(node),
            called=node.called_element,
            link=self._link(node),
            activation=read_condition(node.activation_condition, around.names),
            completion=read_condition(node.completion_condition, around.names),
            note=self._note(does, script),
            asks=asked_at(does),
            job=_job(does, around.names),
        )

    def _behaviour(self, node: Node, script: Compiled | None) -> str:
        if node.skipped:
            return "skipped"
        if node.kind not in ACTIVITY_KINDS or node.kind is NodeKind.RECEIVE_TASK:
            return BEHAVIOUR_OF[node.kind]
        if node.kind in SUB_PROCESS_KINDS:
            if node.triggered_by_event:
                return "event-sub-process"
            if not self._starts(node.id):
                return "task"  # collapsed or empty: somebody does it
            return "ad-hoc" if node.kind is NodeKind.AD_HOC_SUB_PROCESS else "sub-process"
        if node.kind is NodeKind.CALL_ACTIVITY and node.called_element in self.around.drawn:
            return "call"
        if asked_at(self._does(node)) is not None:
            return "rule"
        if script is not None:
            return "script"
        return "task" if _job(self._does(node), self.around.names) is None else "job"

    def _does(self, node: Node) -> Node:
        """The global task a call activity calls (§10.3.6), else the node itself."""
        if node.kind is not NodeKind.CALL_ACTIVITY:
            return node
        called = self.around.definitions.global_nodes
        return next((task for task in called if task.id == node.called_element), node)

    def _script(self, node: Node) -> Compiled | None:
        """The FEEL a task consists of, if that is how the drawing does it."""
        drawn = node.implementation
        if drawn is None or node.kind not in ACTIVITY_KINDS:
            return None
        if drawn.kind not in (ImplementationKind.EXPRESSION, ImplementationKind.SCRIPT):
            return None
        text = drawn.name.strip()
        if "feel" in drawn.language.lower() and not text.startswith("="):
            text = "=" + text
        if not text.startswith(("=", "${", "#{")) or is_foreign(text, ""):
            return None
        value = read_value(text, self.around.names)
        return value if isinstance(value, Compiled) else None

    def _note(self, node: Node, script: Compiled | None) -> str:
        if node.kind not in ACTIVITY_KINDS or script is not None or node.implementation is None:
            return ""
        name = " ".join(node.implementation.name.split())
        return name if len(name) <= 120 else name[:119] + "…"

    def _people(self, node: Node) -> People:
        role = node.lane or self._lane_around(node) or self.around.name
        own, names = node.assignment, self.around.names
        drawn = own if own != Assignment() else self._does(node).assignment
        process = self.process
        remind = drawn.remind or process.remind
        escalate = drawn.escalate or process.escalate
        return People(
            role=role,
            assignee=read_value(drawn.assignee, names),
            users=_values(drawn.users, names),
            groups=_values(drawn.groups, names),
            due=read_value(drawn.due or process.due, names),
            follow_up=read_value(drawn.follow_up, names),
            priority=read_value(drawn.priority, names),
            remind=read_value(remind, names),
            escalate=read_value(escalate, names),
            escalate_to=read_value(drawn.escalate_to or process.escalate_to, names),
            delay=read_value(drawn.delay or process.delay, names),
            skills=drawn.skills,
            plain=drawn == Assignment()
            and not (process.due or remind or escalate or process.delay),
        )

    def _lane_around(self, node: Node) -> str | None:
        """The lane of the activity a boundary event sits on, or of the sub-process around."""
        seen: set[str] = set()
        at: Node | None = node
        while at is not None and at.id not in seen:
            if at.lane:
                return at.lane
            seen.add(at.id)
            at = self.drawn.get(at.attached_to or at.scope)
        return None

    def _sends(self, node: Node) -> tuple[Send, ...]:
        around = self.around
        messages = [event for event in node.events if event.kind is EventKind.MESSAGE]
        throws = node.kind in (NodeKind.INTERMEDIATE_THROW_EVENT, NodeKind.END_EVENT)
        first = messages[0] if messages and throws else None
        name = (first.name if first else None) or node.message_name or ""
        key = sent_key(name, first.correlation_key if first else node.correlation_key, around)
        flows = around.sent_from(node.id)
        if flows:
            return tuple(
                Send(
                    name=flow.message_name or name or flow.name or node.name,
                    flow=flow.id,
                    target=flow.target,
                    key=key,
                )
                for flow in flows
            )
        if node.kind is NodeKind.SEND_TASK or first is not None:
            return (Send(name=name or node.name or node.id, key=key),)
        return ()

    def _mappings(self, node: Node, *, inward: bool) -> tuple[tuple[str, Value], ...]:
        drawn = node.inputs if inward else node.outputs
        read = ((m.target, read_source(m.source, self.around.names)) for m in drawn)
        return tuple((target, source) for target, source in read if source is not None)

    def _repetition(self, node: Node) -> Repetition | None:
        loop, names = node.loop, self.around.names
        if loop is None:
            return None
        if not isinstance(loop, MultiInstance):
            condition = read_condition(loop.condition, names)
            return Repetition(drawn=loop, many=False, condition=condition)
        cardinality = read_source(loop.cardinality, names)
        collection = read_source(loop.collection, names)
        return Repetition(
            drawn=loop,
            many=True,
            sequential=loop.sequential,
            condition=read_condition(loop.completion_condition, names),
            cardinality=cardinality if isinstance(cardinality, Compiled) else None,
            collection=collection if isinstance(collection, (Compiled, Datum)) else None,
            output=read_expression(loop.output_item, names),
            behavior=loop.behavior,
            throws=tuple(throws_of(node, loop, self.around)),
        )

    def _handler(self, node: Node) -> NodeId | None:
        """What undoes an activity: the handler at its boundary, or inside a sub-process (§10.6)."""
        for event in self.attached.get(node.id, ()):
            if any(definition.kind is EventKind.COMPENSATE for definition in event.events):
                for link in self.process.associations:
                    other = link.target if link.source == event.id else link.source
                    if event.id in (link.source, link.target) and other in self.drawn:
                        return NodeId(other)
                for flow in event.outgoing:  # drawn with a sequence flow: not BPMN, yet clear
                    return self.flows[flow].target
        for inner in self.around.inside.get(node.id, ()):
            if inner.triggered_by_event and self._undoes(inner.id):
                return NodeId(inner.id)
        return None

    def _undoes(self, scope: str) -> bool:
        return any(
            event.kind is EventKind.COMPENSATE
            for node in self.around.inside.get(scope, ())
            if node.kind is NodeKind.START_EVENT
            for event in node.events
        )

    def _link(self, node: Node) -> NodeId | None:
        """The catching end of a throwing link: same name, same scope (§10.5.5)."""
        if node.kind is not NodeKind.INTERMEDIATE_THROW_EVENT:
            return None
        catching = link_targets(node, self.around)
        return NodeId(catching[0]) if catching else None

    def _scopes(self) -> dict[str, Scope]:
        owners = [
            self.process.id,
            *(n.id for n in self.process.nodes if n.kind in SUB_PROCESS_KINDS),
        ]
        return {
            owner: Scope(
                id=NodeId(owner),
                starts=self._starts(owner),
                event_starts=tuple(self._event_starts(owner)),
                nodes=tuple(NodeId(node.id) for node in self.around.inside.get(owner, ())),
            )
            for owner in owners
        }

    def _event_starts(self, owner: str) -> list[NodeId]:
        return [
            NodeId(start.id)
            for node in self.around.inside.get(owner, ())
            if node.triggered_by_event
            for start in self.around.inside.get(node.id, ())
            if start.kind is NodeKind.START_EVENT and start.events
        ]

    def _starts(self, owner: str) -> tuple[NodeId, ...]:
        """Where a scope begins: start events, else all that nothing leads to (§10.3.5)."""
        inside = self.around.inside.get(owner, ())
        events = [node for node in inside if node.kind is NodeKind.START_EVENT]
        plain = [node for node in events if not node.events]
        if owner != self.process.id and events:
            return tuple(NodeId(node.id) for node in plain or events)
        if events:
            return tuple(NodeId(node.id) for node in events)
        return tuple(NodeId(node.id) for node in inside if begins(node))

    def _start_nodes(self, root: Scope) -> tuple[NodeId, ...]:
        """Every node a case can be started at: start events, and whatever instantiates."""
        found = list(root.starts)
        for node in self.around.inside.get(self.process.id, ()):
            if node.kind is NodeKind.EVENT_BASED_GATEWAY and not node.incoming:
                found.remove(NodeId(node.id)) if node.id in found else None
                found.extend(self.flows[flow].target for flow in node.outgoing)
            elif node.kind is NodeKind.RECEIVE_TASK and node.instantiate:
                found.append(NodeId(node.id))
        return tuple(dict.fromkeys(found))

    def _together(self) -> dict[str, tuple[NodeId, ...]]:
        """The events of an instantiating parallel gateway: all must happen (Table 10.116)."""
        found: dict[str, tuple[NodeId, ...]] = {}
        for node in self.around.inside.get(self.process.id, ()):
            if waits_for_all(node):
                targets = [self.flows[flow].target for flow in node.outgoing]
                found |= {t: tuple(o for o in targets if o != t) for t in targets}
        return found

    def _joins(self, nodes: dict[str, GraphNode]) -> dict[str, tuple[Join, ...]]:
        into = predecessors(nodes.values())
        joins: dict[str, list[Join]] = {}
        for node in nodes.values():
            if node.parks:
                joins.setdefault(node.scope, []).append(join_of(node, nodes, into))
        return {scope: tuple(found) for scope, found in joins.items()}


def _left_out(node: Node) -> Node:
    """A step that one case leaves out: its tokens pass, as if it had been done at once."""
    bare = replace(node, loop=None, inputs=(), outputs=(), events=(), implementation=None)
    return replace(bare, form=None, called_element=None, message_ref=None, message_name=None)


def _job(node: Node, names: tuple[str, ...]) -> Job | None:
    """What a machine may do at a step; a task drawn for people is theirs (§10.3.3)."""
    named = node.implementation
    if named is None or node.kind not in _BY_MACHINES or named.kind not in _WAYS:
        return None
    name = named.name
    if name.startswith(("${", "#{")) and name.endswith("}"):
        name = name[2:-1].strip()
    if named.http is None:
        return Job(_WAYS[named.kind], name)
    call = compile_call(named.http, names)
    return None if isinstance(call, str) else Job(HTTP, name, call, named.http.retries)


def _parks(node: Node) -> bool:
    """Whether tokens wait before a node: joins, and activities that start on several tokens."""
    if node.start_quantity > 1:
        return True
    return node.kind in _JOINS and len(node.incoming) > 1


def _is_simple(node: Node, outgoing: tuple[GraphFlow, ...]) -> bool:
    """Whether a node leaves by all its flows, with nothing to evaluate or ask."""
    if node.kind is NodeKind.PARALLEL_GATEWAY:
        return True
    if node.kind in GATEWAY_KINDS and len(outgoing) <= 1:
        return True
    if node.kind in _CHOOSING:
        return False
    return not any(flow.condition is not None or flow.words for flow in outgoing)


def _values(texts: tuple[str, ...], names: tuple[str, ...]) -> tuple[Value, ...]:
    read = (read_value(text, names) for text in texts)
    return tuple(value for value in read if value is not None)
