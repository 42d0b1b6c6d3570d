"""Who is there to do jobs: functions installed here, and topics somebody has asked for.

Rules of this file: which machines there are is found out each time a case is worked on, as with
decisions, and never changes what has been opened. A topic is served from the first time a worker
asks for it on; that is kept, because the worker may be gone for a while.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from weakref import WeakKeyDictionary

from genba.engine.graph import FUNCTION, TOPIC, Graph
from genba.journal.contract import Reading
from genba.journal.records import Answer
from genba.runtime.functions import names as function_names
from genba.runtime.installation import Installation

MOST = 200
"""Graphs kept in memory, the newest."""


class _Kept:
    """What is known for one installation: topics that are served, graphs with their machines."""

    def __init__(self) -> None:
        self.served: set[str] = set()
        self.graphs: OrderedDict[Hashable, tuple[frozenset[str], Graph, Graph]] = OrderedDict()


_KEPT: WeakKeyDictionary[Installation, _Kept] = WeakKeyDictionary()
_KEEPING = Lock()


def _kept(inst: Installation) -> _Kept:
    with _KEEPING:
        return _KEPT.setdefault(inst, _Kept())


def man(inst: Installation, graph: Graph, named: Hashable) -> Graph:
    """A graph, by what it is kept under, with the machines there are now."""
    jobs = graph.jobs
    if not jobs:
        return graph
    installed = function_names()
    machines = {f"{FUNCTION}:{job.name}" for job in jobs if job.name in installed}
    asked = {job.name for job in jobs if job.way == TOPIC and job.name not in installed}
    machines |= {f"{TOPIC}:{name}" for name in _served(inst, asked)}
    there = frozenset(machines)
    graphs = _kept(inst).graphs
    kept = graphs.get(named)
    if kept is not None and kept[0] == there and kept[1] is graph:
        return kept[2]
    made = graph.with_machines(there)
    with _KEEPING:
        graphs[named] = (there, graph, made)
        while len(graphs) > MOST:
            graphs.popitem(last=False)
    return made


def _served(inst: Installation, asked: set[str]) -> set[str]:
    """Those of some topics somebody has asked for."""
    known = _kept(inst).served
    unknown = asked - known
    if unknown:
        with inst.journal.reading() as reading:
            known |= {topic for topic in unknown if is_served(reading, topic)}
    return asked & known


def is_served(reading: Reading, topic: str) -> bool:
    """Whether a worker has ever asked for a topic."""
    return reading.answer(_key(topic)) is not None


def serve(inst: Installation, topics: tuple[str, ...], by: str) -> None:
    """Somebody asks for these topics: from now on their jobs are not asked of people."""
    with inst.journal.reading() as reading:
        new = [topic for topic in dict.fromkeys(topics) if not is_served(reading, topic)]
    for topic in new:
        with inst.journal.writing() as tx:
            if tx.answer(_key(topic)) is None:
                now = inst.clock.now()
                tx.remember(Answer(key=_key(topic), actor=by, digest="", body=b"", at=now))


def _key(topic: str) -> str:
    return f"served:{topic}"
