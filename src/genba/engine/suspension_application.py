"""Event -> state for a case on hold; part of `application.APPLY`, by the rules of that file."""

from collections.abc import Callable
from typing import Any

from genba.engine.graph import Graph
from genba.engine.state import Case
from genba.engine.suspension_events import CaseContinued, CaseSuspended, CommandKept


def _suspended(_graph: Graph, case: Case, _event: CaseSuspended) -> None:
    case.suspended = True


def _continued(_graph: Graph, case: Case, _event: CaseContinued) -> None:
    case.suspended, case.kept_back = False, []


def _kept(_graph: Graph, case: Case, event: CommandKept) -> None:
    case.kept_back = [*case.kept_back, event.command]


APPLY_SUSPENSION: dict[type[Any], Callable[[Graph, Case, Any], None]] = {
    CaseSuspended: _suspended,
    CaseContinued: _continued,
    CommandKept: _kept,
}
