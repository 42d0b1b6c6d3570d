"""Where a case is in its drawing, and the way it came: a view of the log.

Rules of this file: read-only; computed from the log alone, so that it is the same page before
and after a restart. The drawing itself is the deployed file, byte for byte.
"""

from msgspec import Struct, json
from msgspec.structs import replace

from genba.changes import MoveStep, SkipStep, read_changes
from genba.engine.values import Data
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Entry
from genba.runtime.recording import entries_of, up_to_date


class Trace(Struct, frozen=True, kw_only=True):
    """What the page marks: nodes being worked on, nodes left behind, flows taken."""

    open: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # drawn, and not done in this case
    changed: tuple[str, ...] = ()  # drawn otherwise in this case: something is added or replaced


class Step(Struct):
    """The few members of a log body that a drawing needs."""

    element: str = ""
    node: str = ""
    flow: str = ""
    via: str | None = None  # the flow a node was reached by, where that is not an event of its own


class Renamed(Struct):
    """What another version of the drawing calls otherwise."""

    nodes: dict[str, str] = {}
    flows: dict[str, str] = {}


class Marks(Struct):
    """The marks while the log is read; `before` are those before the last migration."""

    running: dict[str, str] = {}  # element to node
    done: dict[str, None] = {}
    taken: dict[str, None] = {}
    before: "Marks | None" = None


_ENDS = frozenset({"element-completed", "element-cancelled"})


def trace(reading: Reading, case: CaseId) -> Trace:
    """The marks of a case on the drawing of the version it runs in, from its whole log."""
    marks = Marks()
    for entry in entries_of(reading, case):
        marks = follow(up_to_date(entry), marks)
    running = set(marks.running.values())
    return Trace(
        open=tuple(dict.fromkeys(marks.running.values())),
        done=tuple(node for node in marks.done if node not in running),
        taken=tuple(marks.taken),
    )


def with_own_path(trace: Trace, path: list[Data]) -> Trace:
    """The marks of a drawing on which the case goes its own way; what is added is not drawn."""
    edits = read_changes(path)
    left_out = [edit.node for edit in edits if isinstance(edit, SkipStep | MoveStep)]
    changed = [getattr(edit, "at", None) or getattr(edit, "node", "") for edit in edits]
    return replace(
        trace,
        left_out=tuple(dict.fromkeys(left_out)),
        changed=tuple(node for node in dict.fromkeys(changed) if node not in left_out),
    )


def follow(entry: Entry, marks: Marks) -> Marks:
    """The marks after one more entry of the log."""
    if entry.type == "element-started":
        step = json.decode(entry.body, type=Step)
        marks.running[step.element] = step.node
        if step.via:
            marks.taken[step.via] = None
    elif entry.type in _ENDS:
        step = json.decode(entry.body, type=Step)
        node = marks.running.pop(step.element, step.node)
        if entry.type == "element-completed":
            marks.done[node] = None
    elif entry.type == "flow-taken":
        marks.taken[json.decode(entry.body, type=Step).flow] = None
    elif entry.type == "case-migrated":
        return _renamed(marks, json.decode(entry.body, type=Renamed))
    elif entry.type == "migration-reverted":  # nothing has happened in between
        return marks.before or marks
    return marks


def _renamed(marks: Marks, names: Renamed) -> Marks:
    """The same marks, as the version the case goes on in calls what they mark."""
    return Marks(
        running={element: names.nodes.get(node, node) for element, node in marks.running.items()},
        done=dict.fromkeys(names.nodes.get(node, node) for node in marks.done),
        taken=dict.fromkeys(names.flows.get(flow, flow) for flow in marks.taken),
        before=marks,
    )
