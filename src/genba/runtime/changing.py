"""One case changed: foreseen, made, taken back.

Rules of this file: what a change does is `changes.foresight`, here and when it is made, so that
what is shown before is what happens. `change.made` on the log holds the change, the path before and
after, and where the reason is; words are never in it. Undoing restores what was, as long as
nothing has happened since; later an edit may be taken off the path where the way has not come yet.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from genba.changes import vocabulary as v
from genba.changes.foresight import Foreseen, foresee, judge
from genba.changes.planning import Making, Planned
from genba.changes.structure import own_graph
from genba.engine import events as e
from genba.engine.application import apply
from genba.engine.commands import Redirect, Rejected
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.hindrances import Plan, hindrances
from genba.engine.replaying import replay
from genba.engine.state import Case
from genba.engine.values import Data, NodeId
from genba.journal.contract import Reading
from genba.journal.records import CaseRow, Entry
from genba.runtime.decisions import bind
from genba.runtime.definitions import file_definitions
from genba.runtime.installation import Installation
from genba.runtime.notices import CardNotice
from genba.runtime.paths import graph_on, library
from genba.runtime.putting_back import put_back_rows
from genba.runtime.recording import entries_of, read_event, tag
from genba.runtime.unit import OpenCase, Unit

S = TypeVar("S", bound=Struct)
MADE = "change.made"
UNDONE = "change.undone"
NEVER: frozenset[NodeId] = frozenset()

# What has left the case when a change was made cannot be called back.
_LEFT = (e.MessageSent, e.SignalThrown, e.CaseCalled, e.EscalationThrown, e.CaseCompleted)


class Made(Struct, frozen=True, kw_only=True):
    """A case was changed; `reason` is a content of the case, `step` what the change is about."""

    change: v.Change
    step: str
    reason: str = ""
    before: list[Data] = []
    after: list[Data] = []
    waived: tuple[str, ...] = ()


class Undone(Struct, frozen=True, kw_only=True):
    """A change was taken back: that of the entry `made`."""

    made: int
    change: v.Change
    step: str


class Last(Struct, frozen=True, kw_only=True):
    """The last change of a case that still holds, and what has happened since."""

    seq: int
    made: Made
    before: tuple[Entry, ...]
    own: tuple[e.Event, ...]
    since: tuple[e.Event, ...]


def making(inst: Installation, row: CaseRow) -> Making:
    """How the graph of a case's version is made with edits."""

    def make(edits: tuple[v.Edit, ...]) -> Graph | v.Refusal:
        drawing = file_definitions(inst, row.process, row.version)
        made = own_graph(drawing, row.process, edits, library(inst))
        if isinstance(made, v.Refusal):
            return made
        return bind(inst, made, (row.process, row.version))

    return make


def make_change(
    unit: Unit,
    case: OpenCase,
    change: v.Change,
    *,
    step: str,
    reason: str = "",
    waivers: frozenset[NodeId] = NEVER,
) -> Foreseen | v.Refusal:
    """Change a case; `reason` is the id of a content. A refusal leaves the case as it is."""
    found = foresee(
        case.graph,
        case.state,
        change,
        at=unit.now,
        by=unit.envelope.actor or None,
        make=making(unit.inst, case.row),
        waivers=waivers,
    )
    if isinstance(found, v.Refusal):
        return found
    command = found.planned.command
    path = command.path if isinstance(command, Redirect) and command.path is not None else None
    case.record(
        MADE,
        Made(
            change=change,
            step=step,
            reason=reason,
            before=list(case.state.path),
            after=list(case.state.path) if path is None else path,
            waived=tuple(found.waived),
        ),
    )
    answer = case.command(command)
    assert not isinstance(answer, Rejected)  # it was foreseen on this very state
    return found


def last_change(reading: Reading, row: CaseRow) -> Last | None:
    """The change that would be undone; None where there is none.

    This walks the log of the case: undoing is rare and no step.
    """
    entries = list(entries_of(reading, row.case))
    undone = {_read(entry, Undone).made for entry in entries if entry.type == UNDONE}
    found = [i for i, one in enumerate(entries) if one.type == MADE and one.seq not in undone]
    if not found:
        return None
    at = found[-1]
    act = entries[at].envelope
    after = [entry for entry in entries[at:] if entry.type != UNDONE]
    return Last(
        seq=entries[at].seq,
        made=_read(entries[at], Made),
        before=tuple(entries[:at]),
        own=tuple(_events(entry for entry in after if entry.envelope == act)),
        since=tuple(_events(entry for entry in after if entry.envelope != act)),
    )


def undo_last(unit: Unit, case: OpenCase) -> Made | v.Refusal:
    """Take the last change back, or say what depends on it."""
    last = last_change(unit.tx, case.row)
    if last is None:
        return v.Refusal(rule="change.none", words="There is no change to undo.")
    left = any(isinstance(event, _LEFT) for event in last.own)
    if not last.since and not left:
        _restore(unit, case, last)
    else:
        refusal = _take_off(unit, case, last)
        if refusal is not None:
            return refusal
    case.record(UNDONE, Undone(made=last.seq, change=last.made.change, step=last.made.step))
    return last.made


def _restore(unit: Unit, case: OpenCase, last: Last) -> None:
    """The case as it was, with its works; ids that were given since are not given again."""
    inst, row = unit.inst, case.row

    def graph_then(_process: str, version: int, path: list[Data]) -> Graph:
        return graph_on(inst, row.process, version, path)

    before = replay(graph_then, _events(last.before), case.state.id)
    after: Case = case.state
    before.counter = max(before.counter, after.counter)
    graph = graph_on(inst, row.process, row.version, before.path)
    put_back_rows(case, after, before, graph)
    changed = [(work, "closed") for work in after.works if work not in before.works]
    changed += [(work, "opened") for work in before.works if work not in after.works]
    case.turn_to(graph, row.version)
    event = e.ChangeUndone(state=before)
    apply(graph, case.state, event)
    case.record(tag(event), event)
    for work, what in changed:
        notice = CardNotice(case=row.case, work=work, what=what)
        case.post("card", notice, key=f"card:{case.seq}:{work}")


def _take_off(unit: Unit, case: OpenCase, last: Last) -> v.Refusal | None:
    """Take an edit off the path, if the case has not come to where it was made."""
    change = last.made.change
    if not isinstance(change, v.EDITS) or last.made.after != case.state.path:
        return _depends(last)
    path = last.made.before
    graph = making(unit.inst, case.row)(v.read_changes(path))
    if isinstance(graph, v.Refusal) or _came_there(case.graph, graph, last):
        return _depends(last)
    same = Plan(
        old=case.graph,
        new=graph,
        nodes={id: id for id in map(NodeId, graph.nodes)},
        flows={flow.id: flow.id for flow in graph.flows.values()},
    )
    if hindrances(same, case.state):
        return _depends(last)
    command = Redirect(at=unit.now, path=path, by=unit.envelope.actor or None)
    after = msgspec.msgpack.decode(msgspec.msgpack.encode(case.state), type=Case)
    told = decide(graph, after, command)
    if isinstance(told, Rejected):
        return _depends(last)
    planned = Planned(graph=graph, command=command)
    found = judge(case.graph, case.state, planned, after, told, at=unit.now, waivers=NEVER)
    if isinstance(found, v.Refusal):
        return found
    answer = case.command(command)
    assert not isinstance(answer, Rejected)
    return None


def _came_there(now: Graph, without: Graph, last: Last) -> bool:
    """Whether anything was begun since at what the change touched."""
    change = last.made.change
    touched = {id for id in now.nodes if id not in without.nodes}
    touched |= {str(getattr(change, "node", "")), str(getattr(change, "id", ""))}
    events = (*last.own, *last.since)
    return any(isinstance(event, e.ElementStarted) and event.node in touched for event in events)


def _depends(last: Last) -> v.Refusal:
    return v.Refusal(
        rule="change.depends",
        words="The case has gone on since “%(step)s” was changed.",
        values={"step": last.made.step},
    )


def _events(entries: Iterable[Entry]) -> Iterator[e.Event]:
    for entry in entries:
        event = read_event(entry)
        if event is not None:
            yield event


def _read(entry: Entry, type: type[S]) -> S:
    return msgspec.json.decode(entry.body, type=type)
