"""Events of the promises of a work, applied to the state: part of `application`.

Rules of this file: as there; nothing is decided.
"""

from collections.abc import Callable
from typing import Any

from genba.engine.graph import Graph
from genba.engine.promise_events import WorkEscalated, WorkPostponed, WorkPromised, WorkReminded
from genba.engine.state import Case


def _promised(graph: Graph, case: Case, event: WorkPromised) -> None:
    work = case.works[event.work]
    work.due, work.priority = event.due, event.priority


def _postponed(graph: Graph, case: Case, event: WorkPostponed) -> None:
    work = case.works[event.work]
    work.later, work.remind, work.escalate = event.until, event.remind, event.escalate


def _reminded(graph: Graph, case: Case, event: WorkReminded) -> None:
    work = case.works[event.work]
    others = {by: at for by, at in work.reminded.items() if by != (event.by or "")}
    work.reminded = {**others, event.by or "": event.at}
    work.remind = event.remind


def _escalated(graph: Graph, case: Case, event: WorkEscalated) -> None:
    work = case.works[event.work]
    work.escalate = None
    if event.to:
        work.assignee = event.to
    else:
        work.groups = event.groups


APPLY_PROMISES: dict[type[Any], Callable[[Graph, Case, Any], None]] = {
    WorkPromised: _promised,
    WorkPostponed: _postponed,
    WorkReminded: _reminded,
    WorkEscalated: _escalated,
}
