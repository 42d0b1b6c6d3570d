"""What a change of one case asks of the engine, from where the case stands.

Rules of this file: one function per kind of change, in a table; each answers with a command or with
a `Refusal`. An edit alters the path; what is open where it is made is left and begun anew, so that
it is asked as it is now. Whether it should be done is `rules`; what it does is `foresight`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from genba.changes import vocabulary as v
from genba.changes.horizon import ahead
from genba.engine import commands as c
from genba.engine.graph import Graph, Join
from genba.engine.state import Case
from genba.engine.values import Data, ElementId, FlowId, NodeId
from genba.notation.model import ACTIVITY_KINDS, NodeKind

# The graph of the case's version on a path, or why it cannot be made.
Making = Callable[[tuple[v.Edit, ...]], Graph | v.Refusal]


class Planned(Struct, frozen=True, kw_only=True):
    """What is asked of the engine, and the graph it is decided on."""

    graph: Graph
    command: c.Redirect | c.SendBack | c.Suspend | c.Continue


class _Scene(Struct, frozen=True, kw_only=True):
    graph: Graph
    case: Case
    at: datetime
    by: str | None
    make: Making


def plan(
    graph: Graph, case: Case, change: v.Change, *, at: datetime, by: str | None, make: Making
) -> Planned | v.Refusal:
    """What a change asks for; `graph` is the case's own graph as it is."""
    scene = _Scene(graph=graph, case=case, at=at, by=by, make=make)
    if isinstance(change, v.EDITS):
        return _edit(scene, change)
    found: Planned | v.Refusal = PLAN[type(change)](scene, change)
    return found


# --- edits of the path -----------------------------------------------------------------------


def _edit(scene: _Scene, edit: Any) -> Planned | v.Refusal:
    case = scene.case
    path = [*case.path, *v.write_changes((edit,))]
    made = scene.make(v.read_changes(path))
    if isinstance(made, v.Refusal):
        return made
    cancel, begin = _begun_anew(case, edit)
    anchor = getattr(edit, "at", None) or edit.node
    comes = ahead(made, case) | {entry.node for entry in begin}
    first = getattr(edit, "id", None) or edit.node
    if not begin and first not in comes:
        return v.Refusal(
            rule="change.passed",
            words="The way does not come to “%(step)s” any more.",
            values={"step": scene.graph.label(anchor)},
            node=anchor,
        )
    command = c.Redirect(
        at=scene.at, path=path, cancel=tuple(cancel), begin=tuple(begin), by=scene.by
    )
    return Planned(graph=made, command=command)


def _begun_anew(case: Case, edit: Any) -> tuple[list[ElementId], list[c.Entry]]:
    """What is open where the edit is made: left, and where it begins instead."""
    cancel: list[ElementId] = []
    begin: list[c.Entry] = []
    node: NodeId = getattr(edit, "node", NodeId(""))
    if isinstance(edit, v.SkipStep | v.ReplaceWho | v.ReplaceWhat | v.MoveStep):
        for id in _visits(case, edit.node):
            left = isinstance(edit, v.MoveStep)
            cancel.append(id)
            start = NodeId(f"{node}_left") if left else node
            begin.append(c.Entry(node=start, scope=case.elements[id].scope))
    first: NodeId = getattr(edit, "id", node)
    if getattr(edit, "place", None) is v.Place.BEFORE:
        for id in _visits(case, edit.at):
            cancel.append(id)
            begin.append(c.Entry(node=first, scope=case.elements[id].scope))
    elif getattr(edit, "place", None) is v.Place.BESIDE:
        begin += [
            c.Entry(node=first, scope=case.elements[id].scope) for id in _visits(case, edit.at)
        ]
    return cancel, begin


def _visits(case: Case, node: NodeId) -> Iterator[ElementId]:
    """The visits of a node; a repetition counts once."""
    for id, element in case.elements.items():
        if id == case.root or element.node != node:
            continue
        if case.elements[element.scope].loop is None:
            yield id


# --- moves -----------------------------------------------------------------------------------


def _go_back(scene: _Scene, move: v.GoBack) -> Planned | v.Refusal:
    command = c.SendBack(at=scene.at, work=move.work, to=move.to, by=scene.by)
    return Planned(graph=scene.graph, command=command)


def _outermost(case: Case, id: ElementId) -> ElementId:
    """The repetition a visit belongs to, or the visit itself."""
    scope = case.elements[id].scope
    return scope if scope in case.elements and case.elements[scope].loop is not None else id


def _go_to(scene: _Scene, move: v.GoTo) -> Planned | v.Refusal:
    case, graph = scene.case, scene.graph
    node = graph.nodes.get(move.to)
    if move.element not in case.elements or move.element == case.root:
        return _gone()
    if node is None or node.kind not in ACTIVITY_KINDS or node.drawn.is_for_compensation:
        return v.Refusal(
            rule="change.no-step",
            words="“%(step)s” is no step to go on at.",
            values={"step": graph.label(move.to)},
            node=move.to,
        )
    at = _outermost(case, move.element)
    while at != case.root:
        scope = case.elements[at].scope
        if case.elements[scope].node == node.scope and case.elements[scope].loop is None:
            entry = c.Entry(node=node.id, scope=scope)
            command = c.Redirect(at=scene.at, cancel=(at,), begin=(entry,), by=scene.by)
            return Planned(graph=graph, command=command)
        at = scope
    return v.Refusal(
        rule="change.elsewhere",
        words="“%(step)s” belongs to another part of the way.",
        values={"step": node.label},
        node=node.id,
    )


def _stop(scene: _Scene, move: v.StopBranch) -> Planned | v.Refusal:
    case = scene.case
    if move.element not in case.elements or move.element == case.root:
        return _gone()
    at = _outermost(case, move.element)
    root = case.elements[case.root]
    if len(root.children) == 1 and not root.tokens and _alone(case, at):
        return v.Refusal(
            rule="change.only-branch",
            words="Nothing else is open: stopping “%(step)s” would end the case. Withdraw it then.",
            values={"step": scene.graph.label(case.elements[at].node)},
            node=case.elements[at].node,
        )
    scope = case.elements[at].scope
    put = tuple(c.Token(flow=flow, scope=scope) for flow in _waited_for(scene, at))
    command = c.Redirect(at=scene.at, cancel=(at,), put=put, by=scene.by)
    return Planned(graph=scene.graph, command=command)


def _alone(case: Case, id: ElementId) -> bool:
    """Whether nothing is open beside an element, all the way out."""
    while id != case.root:
        id = case.elements[id].scope
        if len(case.elements[id].children) > 1 or case.elements[id].tokens:
            return False
    return True


def _waited_for(scene: _Scene, id: ElementId) -> Iterator[FlowId]:
    """Ways into joins that only this branch would come by, while others come or wait there."""
    graph, case = scene.graph, scene.case
    element = case.elements[id]
    scope = case.elements[element.scope]
    joins = [j for j in graph.joins.get(scope.node, ()) if _waits_for_all(graph, j)]
    lost = {join.node: _lost(graph, case, id, join) for join in joins}
    for join in joins:
        first = not any(
            other.node != join.node and lost[other.node] and join.reach.get(other.node, 0)
            for other in joins
        )
        if lost[join.node] and first:
            for place, flow in enumerate(join.flows):
                if lost[join.node] & (1 << place):
                    yield flow


def _waits_for_all(graph: Graph, join: Join) -> bool:
    node = graph.nodes[join.node]
    return node.kind is NodeKind.PARALLEL_GATEWAY


def _lost(graph: Graph, case: Case, id: ElementId, join: Join) -> int:
    element = case.elements[id]
    scope = case.elements[element.scope]
    own = join.reach.get(element.node, 0)
    others = 0
    for child in scope.children:
        if child != id:
            others |= join.reach.get(case.elements[child].node, 0)
    for flow in scope.tokens:
        if flow in join.flows:
            others |= 1 << join.flows.index(flow)
        else:
            others |= join.reach.get(graph.flows[flow].target, 0)
    return own & ~others if others else 0


def _set(scene: _Scene, move: v.SetVariables) -> Planned | v.Refusal:
    data: Data = dict(move.values)
    command = c.Redirect(at=scene.at, data=data, by=scene.by)
    return Planned(graph=scene.graph, command=command)


def _suspend(scene: _Scene, _move: v.Suspend) -> Planned | v.Refusal:
    return Planned(graph=scene.graph, command=c.Suspend(at=scene.at, by=scene.by))


def _continue(scene: _Scene, _move: v.Continue) -> Planned | v.Refusal:
    return Planned(graph=scene.graph, command=c.Continue(at=scene.at, by=scene.by))


def _gone() -> v.Refusal:
    return v.Refusal(rule="change.gone", words="It is not open any more.")


PLAN: dict[type[Any], Callable[[_Scene, Any], Planned | v.Refusal]] = {
    v.GoBack: _go_back,
    v.GoTo: _go_to,
    v.StopBranch: _stop,
    v.SetVariables: _set,
    v.Suspend: _suspend,
    v.Continue: _continue,
}
