"""Redirecting: a case goes another way than it would by itself.

Rules of this file: what is asked for is checked first, against the state as it is; then it is done
in the order `Redirect` says. Whether the case can still finish that way is for whoever asks: see
the folder `changes`.
"""

from genba.engine import events as e
from genba.engine.commands import Redirect, Rejected, Token
from genba.engine.lifecycle import begin, cancel, ended
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.values import ElementId, NodeId, WorkKind


def redirect(step: Step, command: Redirect) -> Rejected | None:
    """Do what a `Redirect` says, or say why it cannot be done."""
    rejected = _refuse(step, command)
    if rejected is not None:
        return rejected
    if command.path is not None:
        step.emit(e.PathChanged(changes=command.path))
    if command.data:
        step.emit(e.DataChanged(scope=step.case.root, values=command.data))
    left: dict[ElementId, Element] = {}
    for id in command.cancel:
        if step.alive(id):  # not ended with one that was named before it
            element = step.case.elements[id]
            cancel(step, id, why=command.reason)
            left[element.scope] = element
    for token in command.clear:
        step.emit(e.FlowCleared(flow=token.flow, scope=token.scope))
    for token in command.put:
        step.emit(e.FlowTaken(flow=token.flow, scope=token.scope))
    for entry in command.begin:
        begin(step, entry.node, entry.scope)
        if entry.to is not None:
            step.later(reassign, step, entry.node, entry.scope, entry.to)
    for scope_id, child in left.items():
        scope = step.case.elements.get(scope_id)
        if scope is not None and not scope.children and not scope.tokens:
            ended(step, scope_id, child)
    return None


def _refuse(step: Step, command: Redirect) -> Rejected | None:
    case, graph = step.case, step.graph
    for id in command.cancel:
        if id not in case.elements or id == case.root:
            return Rejected(rule="redirect.gone", message="It is not open any more.")
        if case.elements[case.elements[id].scope].loop is not None:
            return Rejected(rule="redirect.round", message="One round cannot be left alone.")
    for entry in command.begin:
        node, scope = graph.nodes.get(entry.node), case.elements.get(entry.scope)
        if node is None or scope is None or scope.node != node.scope or scope.loop is not None:
            return Rejected(
                rule="redirect.elsewhere",
                message=f"“{graph.label(entry.node)}” cannot be begun from here.",
            )
    for token in command.put:
        flow, scope = graph.flows.get(token.flow), case.elements.get(token.scope)
        if flow is None or scope is None or not flow.parks:
            return Rejected(rule="redirect.flow", message="Nothing waits there for others.")
    return _refuse_clearing(step, command.clear)


def _refuse_clearing(step: Step, clear: tuple[Token, ...]) -> Rejected | None:
    for token in clear:
        scope = step.case.elements.get(token.scope)
        if scope is None or token.flow not in scope.tokens:
            return Rejected(rule="redirect.flow", message="What waited there has gone on.")
    return None


def reassign(step: Step, to: NodeId, scope: ElementId, performer: str) -> None:
    """Who did the step last gets it again, unless the drawing says who it is for."""
    for key, work in tuple(step.case.works.items()):
        element = step.case.elements[work.element]
        if (
            work.node == to
            and element.scope == scope
            and work.kind is WorkKind.TASK
            and work.assignee is None
        ):
            step.emit(e.WorkAssigned(work=key, to=performer))
            return
