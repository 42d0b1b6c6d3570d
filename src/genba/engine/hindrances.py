"""Why a case cannot go on in another version as it is mapped: one function per rule.

Rules of this file: looks at everything that is open in the case, changes nothing. What is closed
or asked anew without loss is no hindrance; a lost token, a lost message or something that could
not be undone any more is. The rules, by id:

| rule | what |
| --- | --- |
| `migrate.ended` | the case is over |
| `migrate.gone` | a step that is under way is not in the other version |
| `migrate.kind` | it is something else there |
| `migrate.scope` | it stands in another sub-process there |
| `migrate.repeated` | it is repeated in another way there |
| `migrate.called` | it calls another process there, and the called case runs |
| `migrate.token` | a token waits before a join that is not there, or has not this way |
| `migrate.join` | a join there would wait for a way that was never begun |
| `migrate.undo` | what was done could not be undone there |
| `migrate.message` | a message that came early is for a step that is not there |
| `migrate.path` | the case goes its own way, and its changes do not fit the other version |
| `migrate.events` | some of several events have happened, and there it waits for others |
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from genba.engine.graph import Graph, GraphNode, Join
from genba.engine.state import Case, Element, Record
from genba.engine.values import CaseStatus, ElementId, FlowId, NodeId, WorkId, WorkKind
from genba.notation.model import NodeKind, StandardLoop


class Hindrance(Struct, frozen=True):
    """One reason: its rule, and the node of the old version it is about ("" for the whole)."""

    rule: str
    node: NodeId
    to: NodeId = NodeId("")


class Plan(Struct, frozen=True, kw_only=True):
    """Two versions, and what of the old one is what of the new one."""

    old: Graph
    new: Graph
    nodes: Mapping[NodeId, NodeId]
    flows: Mapping[FlowId, FlowId]

    def node(self, node: NodeId) -> GraphNode | None:
        """What a node of the old version is in the new one."""
        return self.new.nodes.get(self.nodes.get(node, ""))

    def place(self, node: NodeId) -> NodeId | None:
        """The same for a scope, which may be the process itself."""
        if node == self.old.process.id:
            return NodeId(self.new.process.id)
        return self.nodes.get(node)


def hindrances(plan: Plan, case: Case) -> tuple[Hindrance, ...]:
    """Every reason, each once, in the order of what is open."""
    if case.status is not CaseStatus.RUNNING or not case.root:
        return (Hindrance("migrate.ended", NodeId("")),)
    found: list[Hindrance] = []
    for id, element in case.elements.items():
        if id != case.root:
            found.extend(_of_visit(plan, case, element))
        found.extend(_of_tokens(plan, element))
        found.extend(_of_records(plan, (*element.records, *(element.plan or ()))))
        found.extend(_of_events(plan, element))
    found.extend(
        Hindrance("migrate.message", kept.node)
        for kept in case.kept.values()
        if kept.node is not None and kept.node not in plan.nodes
    )
    if not found:
        found.extend(_of_joins(plan, case))
    return tuple(dict.fromkeys(found))


def _of_visit(plan: Plan, case: Case, element: Element) -> Iterator[Hindrance]:
    was = plan.old.nodes[element.node]
    node = plan.node(element.node)
    if node is None:
        yield Hindrance("migrate.gone", was.id)
        return
    chooses = any(
        case.works[WorkId(i)].kind is WorkKind.CHOICE for i in element.open if i[0] == "w"
    )
    if node.behaviour != was.behaviour or (chooses and not node.outgoing):
        yield Hindrance("migrate.kind", was.id, node.id)
    scope = case.elements[element.scope].node
    if was.scope == scope and node.scope != plan.place(scope):
        yield Hindrance("migrate.scope", was.id, node.id)
    if _repeats(node) != _repeats(was):
        yield Hindrance("migrate.repeated", was.id, node.id)
    if was.behaviour == "call" and element.loop is None and node.called != was.called:
        yield Hindrance("migrate.called", was.id, node.id)


def _repeats(node: GraphNode) -> tuple[bool, bool, bool]:
    repetition = node.repetition
    if repetition is None:
        return (False, False, False)
    return (True, isinstance(repetition.drawn, StandardLoop), repetition.sequential)


def _of_tokens(plan: Plan, element: Element) -> Iterator[Hindrance]:
    late = [flow for flows in element.resetting.values() for flow in flows]
    for flow in (*element.tokens, *late):
        was = plan.old.flows[flow]
        now = plan.new.flows.get(plan.flows.get(flow, ""))
        if now is None or not now.parks or now.target != plan.nodes.get(was.target):
            yield Hindrance("migrate.token", was.target)
    for join in element.resetting:
        node = plan.node(join)
        if node is None or node.activation is None:
            yield Hindrance("migrate.token", join)


def _of_records(plan: Plan, records: tuple[Record, ...]) -> Iterator[Hindrance]:
    for record in records:
        was, node = plan.old.nodes[record.node], plan.node(record.node)
        if node is None or (was.handler is not None and node.handler is None):
            yield Hindrance("migrate.undo", record.node)
        yield from _of_records(plan, tuple(record.inner))


def _of_events(plan: Plan, element: Element) -> Iterator[Hindrance]:
    for id in element.seen:
        node = plan.node(id)
        if node is None or not node.all_of or says(node) != says(plan.old.nodes[id]):
            yield Hindrance("migrate.events", id)


def _of_joins(plan: Plan, case: Case) -> Iterator[Hindrance]:
    """AND joins that some tokens of their scope can reach, but never by all of their flows."""
    for id, element in case.elements.items():
        scope = plan.place(element.node)
        for join in plan.new.joins.get(scope or "", ()):
            node = plan.new.nodes[join.node]
            if node.kind is NodeKind.PARALLEL_GATEWAY and element.loop is None:
                covered = _covered(plan, case, id, join)
                lacks = covered not in (0, (1 << len(join.flows)) - 1)
                if lacks and not _lacked_before(plan, case, id, join):
                    yield Hindrance("migrate.join", join.node)


def _covered(plan: Plan, case: Case, scope: ElementId, join: Join) -> int:
    """Which flows of a join of the new version the tokens of a scope wait on or may come by."""
    element, covered = case.elements[scope], 0
    for flow in element.tokens:
        name = plan.flows[flow]
        if name in join.flows:
            covered |= 1 << join.flows.index(name)
        else:
            covered |= join.reach.get(plan.new.flows[name].target, 0)
    for child in element.children:
        covered |= join.reach.get(plan.nodes[case.elements[child].node], 0)
    return covered


def _lacked_before(plan: Plan, case: Case, scope: ElementId, join: Join) -> bool:
    """Whether the same join could not come together in the old version either."""
    element = case.elements[scope]
    for was in plan.old.joins.get(element.node, ()):
        if plan.nodes.get(was.node) == join.node:
            covered = 0
            for flow in element.tokens:
                if flow in was.flows:
                    covered |= 1 << was.flows.index(flow)
                else:
                    covered |= was.reach.get(plan.old.flows[flow].target, 0)
            for child in element.children:
                covered |= was.reach.get(case.elements[child].node, 0)
            return bool(covered) and covered != (1 << len(was.flows)) - 1
    return False


def says(node: GraphNode) -> tuple[object, ...]:
    """What a node waits for, in a form that can be compared across versions."""
    triggers = tuple(
        (
            trigger.kind,
            trigger.name,
            trigger.code,
            trigger.when,
            trigger.when_expression.text if trigger.when_expression else None,
            trigger.condition.text if trigger.condition else None,
            trigger.key.text if trigger.key else None,
            trigger.ask,
        )
        for trigger in node.triggers
    )
    return (triggers, node.all_of, node.interrupting)
