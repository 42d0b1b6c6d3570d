"""Where a token goes straight through: steps nobody and nothing can stop in between.

Rules of this file: only speed. What happens, and in which order, is what the life of each element
says (`lifecycle`); here two changes of the state that cancel each other are made as one.
"""

from collections.abc import Iterable, Mapping

from genba.engine.graph import GraphFlow, GraphNode
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.values import ElementId, FlowId, NodeId
from genba.engine.variables import context, explain, write

_PASSING = frozenset({"start", "exclusive", "inclusive", "parallel"})


def find_straight(nodes: Mapping[str, GraphNode]) -> dict[NodeId, FlowId]:
    """The nodes that do their work at once, and the one flow over which the token goes on."""
    return {
        node.id: flow.id
        for node in nodes.values()
        for flow in _only(node.outgoing)
        if _is_bare(node) and not flow.parks and nodes[flow.target].repetition is None
    }


def _only(flows: tuple[GraphFlow, ...]) -> Iterable[GraphFlow]:
    return flows if len(flows) == 1 else ()


def _is_bare(node: GraphNode) -> bool:
    """Whether nothing is drawn at a node but what it does: no mapping, message, event, undoing."""
    if node.behaviour not in _PASSING and (node.behaviour != "script" or node.script is None):
        return False
    around = (node.boundary, node.inputs, node.outputs, node.sends)
    undone = (node.repetition, node.handler, node.link)
    return node.simple and node.quantity == 1 and not any(around) and all(u is None for u in undone)


def go_straight(step: Step, id: ElementId, element: Element) -> ElementId:
    """Take a new element's token as far as it goes straight; the element it is then in.

    Others that are to go on first, or a scope that counts its elements, are waited for as always.
    """
    graph, case = step.graph, step.case
    scope = case.elements[element.scope]
    if step.queue or graph.conditional or scope.loop is not None or scope.plan:
        return id
    if element.data or element.records:  # given to this one alone, to undo something
        return id
    nodes, flows, straight = graph.nodes, graph.flows, graph.straight
    at_root = element.scope == case.root
    onward = straight.get(element.node)
    while onward is not None and step.left > 0:
        node = nodes[element.node]
        if node.script is not None:
            known = case.data if at_root else context(case, id)
            value, failed = explain(step, node.script, known)
            if failed is not None:
                break  # an incident, told where it always is
            result = node.result
            write(step, id, {result: value} if result else value if type(value) is dict else {})
        id = step.hand_on(id, element, onward, flows[onward].target)
        step.left -= 1
        onward = straight.get(element.node)
    return id
