"""The same state under other names: nodes and flows as another version calls them.

Rules of this file: names are replaced everywhere they stand in a case, and nothing else is
changed; what has no other name keeps its own.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from genba.engine.commands import Deliver, Waiting
from genba.engine.state import Case, Element, Record
from genba.engine.values import FlowId, NodeId

Nodes = Mapping[NodeId, NodeId]
Flows = Mapping[FlowId, FlowId]


def rename(case: Case, nodes: Nodes, flows: Flows) -> None:
    """Call nodes and flows otherwise, everywhere in a case."""
    for element in case.elements.values():
        _rename_element(element, nodes, flows)
    for asked in (case.works, case.timers, case.subscriptions):
        for one in asked.values():
            one.node = nodes.get(one.node, one.node)
    for kept in case.kept.values():
        if kept.node is not None:
            kept.node = nodes.get(kept.node, kept.node)
    case.kept_back = [_renamed(one, nodes) for one in case.kept_back]
    done: dict[NodeId, str | None] = {}
    for node, by in case.done.items():
        done.pop(nodes.get(node, node), None)
        done[nodes.get(node, node)] = by
    case.done = done


def _renamed(waiting: Waiting, nodes: Nodes) -> Waiting:
    """A message that is meant for a node is meant for the same one."""
    if isinstance(waiting, Deliver) and waiting.node is not None:
        return replace(waiting, node=nodes.get(waiting.node, waiting.node))
    return waiting


def _rename_element(element: Element, nodes: Nodes, flows: Flows) -> None:
    element.node = nodes.get(element.node, element.node)
    tokens: dict[FlowId, int] = {}
    for flow, count in element.tokens.items():
        tokens[flows.get(flow, flow)] = tokens.get(flows.get(flow, flow), 0) + count
    element.tokens = tokens
    element.resetting = {
        nodes.get(node, node): [flows.get(flow, flow) for flow in late]
        for node, late in element.resetting.items()
    }
    element.seen = {nodes.get(node, node): seen for node, seen in element.seen.items()}
    _rename_records(element.records, nodes)
    _rename_records(element.plan or [], nodes)


def _rename_records(records: list[Record], nodes: Nodes) -> None:
    for record in records:
        record.node = nodes.get(record.node, record.node)
        _rename_records(record.inner, nodes)
