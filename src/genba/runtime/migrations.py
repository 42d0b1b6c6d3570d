"""Cases of one version that go on in another: seen beforehand, done, taken back.

Rules of this file: what becomes of a case is judged by `changes.verdicts`, here and when it is
done, so that a preview and the deed say the same. Nothing moves by itself: a new version never
touches a case that runs. Going back to the version a case came from restores what it was, as long
as nothing has happened in it since; afterwards the way back is a migration like any other.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from genba.changes.mapping import Mapping, propose
from genba.changes.verdicts import Fate, Verdict, command, judge
from genba.engine import events as e
from genba.engine.application import apply
from genba.engine.commands import Rejected
from genba.engine.graph import Graph
from genba.engine.hindrances import Hindrance
from genba.engine.migration import revert
from genba.engine.replaying import replay
from genba.engine.state import Case
from genba.engine.values import Data, NodeId
from genba.journal.contract import Reading
from genba.journal.records import CaseRow, Entry
from genba.runtime.definitions import UnknownVersion, graph
from genba.runtime.installation import Installation
from genba.runtime.paths import graph_of, graph_on
from genba.runtime.putting_back import put_back_rows
from genba.runtime.recording import entries_of, read_event, read_snapshot, tag, up_to_date
from genba.runtime.unit import OpenCase, Unit

PAGE = 500
STAYED = "migration.stayed@2"  # on the log of a case that was to go on elsewhere and could not

Chosen = dict[NodeId, NodeId]


class Stayed(Struct, frozen=True, kw_only=True):
    """A case was to go on in another version, and cannot without somebody."""

    version: int
    fate: str
    reasons: tuple[tuple[str, str], ...]  # the rule, and the step it is about


class Judged(Struct, frozen=True, kw_only=True):
    """A case and what would become of it."""

    row: CaseRow
    verdict: Verdict


class Preview(Struct, frozen=True, kw_only=True):
    """What would become of every case of a version."""

    process: str
    version: int
    to: int
    mapping: Mapping
    cases: tuple[Judged, ...]

    def of(self, fate: Fate) -> tuple[Judged, ...]:
        """The cases of one fate."""
        return tuple(one for one in self.cases if one.verdict.fate is fate)


class _Came(Struct, frozen=True):
    """The last migration of a case: its event, the state before it, and whether it is fresh."""

    event: e.CaseMigrated
    before: tuple[e.Event, ...]
    fresh: bool  # nothing has happened since


def preview(inst: Installation, process: str, version: int, to: int, at: datetime) -> Preview:
    """Judge every running case of a version. Raises UnknownVersion."""
    old, new = graph(inst, process, version), graph(inst, process, to)
    mapping = propose(old, new)
    judged: list[Judged] = []
    with inst.journal.reading() as reading:
        for row in _running(reading, process, version):
            verdict = _judge(inst, reading, row, (old, new), to, at, {}, mapping)
            judged.append(Judged(row=replace(row, state=b""), verdict=verdict))
    return Preview(process=process, version=version, to=to, mapping=mapping, cases=tuple(judged))


def verdict_on(
    inst: Installation, reading: Reading, row: CaseRow, to: int, at: datetime, chosen: Chosen
) -> Verdict:
    """What would become of one case. Raises UnknownVersion."""
    old, new = graph(inst, row.process, row.version), graph(inst, row.process, to)
    return _judge(inst, reading, row, (old, new), to, at, chosen, None)


def move(
    unit: Unit, case: OpenCase, to: int, *, by: str = "", chosen: Chosen | None = None
) -> Verdict:
    """Let a case go on in another version, or back in the one it came from.

    When it cannot, the case stays as it is and its log says why. Raises UnknownVersion.
    """
    inst, row = unit.inst, case.row
    graphs = _own(inst, row, case.state, to) if case.state.path else None
    if case.state.path and graphs is None:
        verdict = _has_own_path(case.graph, graph(inst, row.process, to))
        case.record(STAYED, _stayed(verdict, to))
        return verdict
    new = graphs[1] if graphs is not None else graph(inst, row.process, to)
    came = _came(unit.tx, row) if to < row.version else None
    if came is not None and came.fresh and came.event.before == to and not chosen:
        _put_back(inst, case, new, came)
        return Verdict(fate=Fate.FINE, mapping=propose(case.graph, new))
    verdict = judge(
        case.graph,
        new,
        case.state,
        at=unit.now,
        version=to,
        chosen={**_inverse(came), **(chosen or {})},
    )
    if verdict.fate is Fate.FINE:
        answer = case.migrate(new, command(verdict, at=unit.now, version=to, by=by or None))
        assert not isinstance(answer, Rejected)  # it was judged on this very state
    else:
        case.record(STAYED, _stayed(verdict, to))
    return verdict


def _stayed(verdict: Verdict, to: int) -> Stayed:
    return Stayed(
        version=to,
        fate=verdict.fate.value,
        reasons=tuple((reason.rule, reason.node) for reason in verdict.reasons),
    )


def _running(reading: Reading, process: str, version: int) -> Iterator[CaseRow]:
    after = ""
    while rows := reading.running_in(process, version, after, PAGE):
        yield from rows
        after = rows[-1].case


def _own(inst: Installation, row: CaseRow, state: Case, to: int) -> tuple[Graph, Graph] | None:
    """Both versions with the changes of a case; None when they do not fit the other version."""
    try:
        return graph_of(inst, row, state), graph_on(inst, row.process, to, state.path)
    except UnknownVersion:
        return None


def _has_own_path(old: Graph, new: Graph) -> Verdict:
    reason = Hindrance("migrate.path", NodeId(""))
    return Verdict(fate=Fate.CANNOT, mapping=propose(old, new), reasons=(reason,))


def _judge(
    inst: Installation,
    reading: Reading,
    row: CaseRow,
    versions: tuple[Graph, Graph],
    to: int,
    at: datetime,
    chosen: Chosen,
    mapping: Mapping | None,
) -> Verdict:
    old, new = versions
    state = read_snapshot(row.state)
    if state.path:
        graphs = _own(inst, row, state, to)
        if graphs is None:
            return _has_own_path(old, new)
        old, new = graphs
        mapping = None
    came = _came(reading, row) if to < row.version else None
    if came is not None and came.fresh and came.event.before == to and not chosen:
        return Verdict(fate=Fate.FINE, mapping=mapping or propose(old, new))
    known = {**_inverse(came), **chosen}
    return judge(old, new, state, at=at, version=to, chosen=known or None, mapping=mapping)


def _inverse(came: _Came | None) -> Chosen:
    """What the last migration called otherwise, the other way round; only what is unambiguous."""
    if came is None:
        return {}
    names = list(came.event.nodes.values())
    return {now: was for was, now in came.event.nodes.items() if names.count(now) == 1}


def _came(reading: Reading, row: CaseRow) -> _Came | None:
    """How a case came to the version it runs in; None when it began there.

    This walks the log of the case, as reverting is rare and no step.
    """
    entries = [entry for entry in _log(reading, row) if read_event(entry) is not None]
    found = [i for i, entry in enumerate(entries) if entry.type == tag_of(e.CaseMigrated)]
    back = [i for i, entry in enumerate(entries) if entry.type == tag_of(e.MigrationReverted)]
    if not found or (back and back[-1] > found[-1]):
        return None
    first = found[-1]
    act = entries[first].envelope
    moved = read_event(entries[first])
    assert isinstance(moved, e.CaseMigrated)
    before = (read_event(entry) for entry in entries[:first])
    return _Came(
        moved,
        tuple(event for event in before if event is not None),
        all(entry.envelope == act for entry in entries[first:]),
    )


def tag_of(event: type[Struct]) -> str:
    """The stored name of a type of event."""
    return str(event.__struct_config__.tag)


def _log(reading: Reading, row: CaseRow) -> Iterator[Entry]:
    return map(up_to_date, entries_of(reading, row.case))


def _put_back(inst: Installation, case: OpenCase, old: Graph, came: _Came) -> None:
    """Make the case what it was before its migration: state, works, timers, subscriptions."""

    def graph_then(process: str, version: int, path: list[Data]) -> Graph:
        return graph_on(inst, case.row.process, version, path)

    before = replay(graph_then, came.before, case.state.id)
    after: Case = case.state
    event = revert(after, before)
    put_back_rows(case, after, before, old)
    case.turn_to(old, before.version)
    apply(old, case.state, event)
    case.record(tag(event), event)
