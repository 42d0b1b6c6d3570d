"""The state of a case from its events, across the versions it ran in.

Rules of this file: `case-started` names the first version, every migration the next one, and
`path-changed` the changes that hold in the case: the graph they make applies from there on. Nothing
is decided.
"""

from collections.abc import Callable, Iterable

from genba.engine import events as e
from genba.engine.application import apply
from genba.engine.graph import Graph
from genba.engine.state import Case, new_case
from genba.engine.values import Data

GraphOf = Callable[[str, int, list[Data]], Graph]
Moved = e.CaseStarted | e.CaseMigrated | e.MigrationReverted


def replay(graph_of: GraphOf, events: Iterable[e.Event], case_id: str = "") -> Case:
    """The case after these events; `graph_of` gives a version of a process on a path."""
    case = new_case(case_id)
    graph: Graph | None = None
    process, version = "", 0
    for event in events:
        if isinstance(event, Moved):
            process, version = event.process, event.version
            path = event.state.path if isinstance(event, e.MigrationReverted) else case.path
            graph = graph_of(process, version, path)
        elif isinstance(event, e.PathChanged):
            graph = graph_of(process, version, event.changes)
        elif isinstance(event, e.ChangeUndone):
            graph = graph_of(process, version, event.state.path)
        if graph is None:
            raise ValueError("the log of a case begins with its start")
        apply(graph, case, event)
    return case
