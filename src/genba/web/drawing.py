"""Where a case is in its drawing, and the way it came: a view of the log.

Rules of this file: read-only; computed from the log alone, so that it is the same page before
and after a restart. The drawing itself is the deployed file, byte for byte.
"""

from msgspec import Struct, json

from genba.journal.contract import Reading
from genba.journal.records import CaseId, Entry


class Trace(Struct, frozen=True, kw_only=True):
    """What the page marks: nodes being worked on, nodes left behind, flows taken."""

    open: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


class Step(Struct):
    """The few members of a log body that a drawing needs."""

    element: str = ""
    node: str = ""
    flow: str = ""
    via: str | None = None  # the flow a node was reached by, where that is not an event of its own


_ENDS = frozenset({"element-completed", "element-cancelled"})
_BATCH = 5000


def trace(reading: Reading, case: CaseId) -> Trace:
    """The marks of a case, from its whole log."""
    running: dict[str, str] = {}
    done: dict[str, None] = {}
    taken: dict[str, None] = {}
    seq = 0
    while batch := reading.log(case, after=seq, limit=_BATCH):
        for entry in batch:
            follow(entry, running, done, taken)
        seq = batch[-1].seq
    return Trace(
        open=tuple(dict.fromkeys(running.values())),
        done=tuple(node for node in done if node not in running.values()),
        taken=tuple(taken),
    )


def follow(
    entry: Entry, running: dict[str, str], done: dict[str, None], taken: dict[str, None]
) -> None:
    """Take one entry of the log into account."""
    if entry.type == "element-started":
        step = json.decode(entry.body, type=Step)
        running[step.element] = step.node
        if step.via:
            taken[step.via] = None
    elif entry.type in _ENDS:
        step = json.decode(entry.body, type=Step)
        node = running.pop(step.element, step.node)
        if entry.type == "element-completed":
            done[node] = None
    elif entry.type == "flow-taken":
        taken[json.decode(entry.body, type=Step).flow] = None
