"""The state of a case from its events, across the versions it ran in.

Rules of this file: `case-started` names the first version, every migration the next one: the graph
of a version applies from there on. Nothing is decided.
"""

from collections.abc import Callable, Iterable

from genba.engine import events as e
from genba.engine.application import apply
from genba.engine.graph import Graph
from genba.engine.state import Case, new_case

Moved = e.CaseStarted | e.CaseMigrated | e.MigrationReverted


def replay(
    graph_of: Callable[[str, int], Graph], events: Iterable[e.Event], case_id: str = ""
) -> Case:
    """The case after these events; `graph_of` gives a version of a process."""
    case = new_case(case_id)
    graph: Graph | None = None
    for event in events:
        if isinstance(event, Moved):
            graph = graph_of(event.process, event.version)
        if graph is None:
            raise ValueError("the log of a case begins with its start")
        apply(graph, case, event)
    return case
