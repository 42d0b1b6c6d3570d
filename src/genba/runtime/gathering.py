"""Beginning a case by an event: at once, or when all the triggers of its start event have come.

Rules of this file: what has arrived of a start event that waits for all its triggers is kept in a
stream of that event, "start:PROCESS:NODE", in the transaction that brought it. One that is full
takes nothing more: what comes is refused and tried again, as every delivery is. When the last
trigger has come the case begins in the same transaction, with what all of them brought.
"""

from msgspec import Struct
from msgspec.structs import replace

from genba.engine.commands import Rejected
from genba.engine.gathering import Arrived, Half, gather, gathers
from genba.engine.graph import Graph
from genba.engine.values import Data, NodeId
from genba.expressions import to_json
from genba.journal.contract import Reading
from genba.journal.records import CaseId
from genba.notation.model import EventKind
from genba.runtime.definitions import graph
from genba.runtime.streams import read_state
from genba.runtime.unit import OpenCase, Unit

KIND = "start"
ARRIVED = "start.arrived"
BEGUN = "start.begun"
DROPPED = "start.dropped"
MOST = 100  # starts of one event that wait, each with what it has


class Gathering(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The starts of one event that wait for more, the oldest first."""

    halves: tuple[Half, ...] = ()


class Waiting(Struct, frozen=True, kw_only=True):
    """Nothing has begun yet: the start that waits for more."""

    half: Half


class _Arrival(Struct, frozen=True, kw_only=True):
    """Something has come for a start. What it brought is in the state until the case has it."""

    half: int
    kind: str
    name: str
    key: str | None


class _Begun(Struct, frozen=True, kw_only=True):
    half: int
    case: CaseId


class _Dropped(Struct, frozen=True, kw_only=True):
    half: int


def stream_of(process: str, node: str) -> str:
    """Where what has arrived for a start event is kept."""
    return f"{KIND}:{process}:{node}"


def waiting_starts(reading: Reading, process: str) -> dict[str, tuple[Half, ...]]:
    """The starts of a process that wait for more, by start event."""
    found = {}
    for row in reading.streams(KIND, mark=f"process:{process}"):
        kept = read_state(row, Gathering)
        if kept is not None and kept.halves:
            found[row.id.removeprefix(stream_of(process, ""))] = kept.halves
    return found


def begin(
    unit: Unit,
    process: str,
    node: str | None,
    arrived: Arrived,
    *,
    version: int | None = None,
    collaboration: str | None = None,
) -> OpenCase | Waiting | Rejected:
    """Something has happened that begins a case, or is a part of what does.

    Raises UnknownVersion when there is no such process or version.
    """
    if version is None:
        versions = unit.tx.versions(process)
        version = versions[0].version if versions else None
    compiled = graph(unit.inst, process, version) if version is not None else None
    if compiled is None or version is None or node is None or not gathers(compiled, node):
        return unit.start_case(
            process, version=version, node=node, data=arrived.data, collaboration=collaboration
        )
    return _gather(unit, compiled, version, NodeId(node), arrived, collaboration)


def _gather(
    unit: Unit,
    compiled: Graph,
    version: int,
    node: NodeId,
    arrived: Arrived,
    collaboration: str | None,
) -> OpenCase | Waiting | Rejected:
    process = compiled.process.id
    stream = unit.stream(stream_of(process, node))
    kept = stream.state(Gathering) or Gathering()
    label = compiled.label(node)
    arrived = _keyed(compiled, arrived)
    half, halves = gather(compiled, node, version, kept.halves, arrived)
    if half is None:
        return Rejected(rule="start.else", message=f"“{label}” waits for nothing of that kind.")
    if len(halves) > MOST:
        message = f"{MOST} starts at “{label}” wait for the rest of what begins them already."
        return Rejected(rule="start.full", message=message)
    waits = half in halves
    case = None if waits else _start(unit, process, node, half, collaboration)
    if isinstance(case, Rejected):
        return case
    stream.record(
        ARRIVED,
        _Arrival(
            half=half.number, kind=str(arrived.kind or ""), name=arrived.name, key=arrived.key
        ),
    )
    if case is not None:
        stream.record(BEGUN, _Begun(half=half.number, case=case.id))
    stream.keep(Gathering(halves=halves), marks=(f"process:{process}",))
    return case or Waiting(half=half)


def _start(
    unit: Unit, process: str, node: NodeId, half: Half, collaboration: str | None
) -> OpenCase | Rejected:
    return unit.start_case(
        process,
        version=half.version,
        node=node,
        data=half.data,
        collaboration=half.together or collaboration,
    )


def _keyed(compiled: Graph, arrived: Arrived) -> Arrived:
    """A message carries the key that its properties say, where it comes with none (§8.4.2)."""
    carried = compiled.keys.get(arrived.name) if arrived.kind is EventKind.MESSAGE else None
    if arrived.key is not None or carried is None:
        return arrived
    value: Data | object = to_json(carried.evaluate(arrived.data, now=arrived.at).value)
    return arrived if value is None else replace(arrived, key=str(value))


def drop(unit: Unit, process: str, node: str, number: int) -> bool:
    """A start that waits for more is given up, with what it has; False if it does not wait."""
    stream = unit.stream(stream_of(process, node))
    kept = stream.state(Gathering) or Gathering()
    left = tuple(half for half in kept.halves if half.number != number)
    if left == kept.halves:
        return False
    stream.record(DROPPED, _Dropped(half=number))
    stream.keep(Gathering(halves=left))
    return True
