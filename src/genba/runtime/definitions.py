"""Deployed drawings: from bytes to versions, and from versions to what the engine runs.

Rules of this file: a drawing that cannot be run is refused here, in words, and leaves nothing
behind. A version is immutable, so that what is compiled of it can be kept.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from msgspec import Struct

from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.journal.contract import Conflict
from genba.journal.records import Deployment, ProcessVersion
from genba.notation.check import check_notation
from genba.notation.model import Definitions, Problem
from genba.notation.reading import read_bpmn
from genba.runtime.almanacs import almanac_for
from genba.runtime.automation import missing_machines
from genba.runtime.decisions import bind
from genba.runtime.installation import Installation
from genba.runtime.machines import man
from genba.runtime.schedules import schedule_starts

GRAPHS = 200  # compiled versions kept in memory
DRAWINGS = 100
TRIES = 5  # how often a deployment is kept again when somebody else was faster

K = TypeVar("K")
V = TypeVar("V")


class Deployed(Struct, frozen=True, kw_only=True):
    """What a deployment brought.

    `silences` are the places the drawing leaves to people, `missing` the machines it names that
    are not there.
    """

    deployment: Deployment
    versions: tuple[ProcessVersion, ...]
    silences: tuple[Problem, ...] = ()
    missing: tuple[Problem, ...] = ()


class UnknownVersion(LookupError):
    """There is no such process or version."""


def deploy(inst: Installation, data: bytes, file: str, by: str) -> Deployed | tuple[Problem, ...]:
    """Keep a BPMN file and give each of its processes a new version.

    The same bytes again give the same deployment. Refused: all problems of severity "refused",
    in file order.
    """
    drawing = read_bpmn(data, file)
    if isinstance(drawing, tuple):
        return drawing
    graphs, refused = _compiled(drawing)
    if refused:
        return refused
    digest = sha256(data).hexdigest()
    deployment = Deployment(
        id=digest[:32], file=file, digest=digest, source=data, at=inst.clock.now(), by=by
    )
    for left in reversed(range(TRIES)):
        try:
            stored, versions = _keep(inst, deployment, graphs)
            break
        except Conflict:  # somebody else deployed at the same time
            if not left:
                raise
    inst.wake()
    silences = tuple(problem for graph in graphs.values() for problem in graph.silences)
    missing = tuple(problem for graph in graphs.values() for problem in missing_machines(graph))
    return Deployed(deployment=stored, versions=tuple(versions), silences=silences, missing=missing)


def _keep(
    inst: Installation, deployment: Deployment, graphs: dict[str, Graph]
) -> tuple[Deployment, list[ProcessVersion]]:
    with inst.journal.writing() as tx:
        versions = tx.deploy(deployment, [(key, graph.name) for key, graph in graphs.items()])
        for version in versions:
            if tx.versions(version.key)[0] == version:
                schedule_starts(
                    tx,
                    graphs[version.key],
                    version.key,
                    inst.clock.now(),
                    almanac_for(tx, inst.zone),
                )
        return tx.deployment(deployment.id) or deployment, versions


def _compiled(drawing: Definitions) -> tuple[dict[str, Graph], tuple[Problem, ...]]:
    """The processes of a drawing, compiled, or why it cannot be run."""
    refused = [p for p in check_notation(drawing) if p.severity == "refused"]
    graphs: dict[str, Graph] = {}
    if not refused:
        for process in drawing.processes:
            if process.nodes:  # a pool without any is an outside party
                graph = compile_process(drawing, process.id)
                if isinstance(graph, Graph):
                    graphs[process.id] = graph
                else:
                    refused += graph
    return graphs, tuple(refused)


def graph(inst: Installation, key: str, version: int) -> Graph:
    """A version as the engine runs it, with the decisions and machines of now.

    Raises UnknownVersion.
    """
    found = kept(inst, inst.graphs, (key, version), GRAPHS, lambda: _compile(inst, key, version))
    return man(inst, bind(inst, found, (key, version)), (key, version))


def file_definitions(inst: Installation, key: str, version: int) -> Definitions:
    """The whole drawing a version belongs to. Raises UnknownVersion."""
    with inst.journal.reading() as reading:
        row = reading.process_version(key, version)
    if row is None:
        raise UnknownVersion(f"there is no version {version} of process {key}")
    return kept(inst, inst.drawings, row.deployment, DRAWINGS, lambda: _read(inst, row.deployment))


def _read(inst: Installation, deployment: str) -> Definitions:
    with inst.journal.reading() as reading:
        found = reading.deployment(deployment)
    if found is None:
        raise UnknownVersion(f"there is no deployment {deployment}")
    drawing = read_bpmn(found.source, found.file)
    if isinstance(drawing, tuple):
        raise UnknownVersion(f"{found.file} cannot be read any more: {drawing[0].message}")
    return drawing


def _compile(inst: Installation, key: str, version: int) -> Graph:
    compiled = compile_process(file_definitions(inst, key, version), key)
    if not isinstance(compiled, Graph):
        message = compiled[0].message
        raise UnknownVersion(f"version {version} of {key} cannot be run any more: {message}")
    return compiled


def kept(
    inst: Installation, cache: OrderedDict[K, V], key: K, most: int, make: Callable[[], V]
) -> V:
    """From the cache, least recently used dropped; made outside the lock."""
    with inst.caching:
        if key in cache:
            cache.move_to_end(key)
            return cache[key]
    made = make()
    with inst.caching:
        cache[key] = made
        while len(cache) > most:
            cache.popitem(last=False)
    return made
