"""Deployed decisions: from bytes to versions, and from versions to what runs at a step.

Rules of this file: a file that cannot be run whole is refused in words and leaves nothing behind.
A version is immutable and kept compiled. Which version a step means is found out each time a case
is worked on: the latest may have changed meanwhile.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from msgspec import Struct

from genba.decisions import Model, compile_decisions, imply_inputs
from genba.engine.graph import Graph
from genba.engine.ruling import DEPLOYMENT, LATEST, VERSION, Asked, Rule, rule_of
from genba.journal.contract import Reading
from genba.journal.records import DecisionVersion, Deployment
from genba.notation.dmn import Definitions, Import, read_dmn
from genba.notation.document import Position
from genba.notation.model import Problem
from genba.runtime.installation import Installation

MOST = 100
"""Files and graphs kept in memory, the newest."""
K = TypeVar("K")
V = TypeVar("V")
Imported = Callable[[Import], Definitions | None]
Bound = tuple[tuple[str, str, int], ...]
"""For each step that has one: the step, the key of its decision and the version."""


class DecisionsDeployed(Struct, frozen=True, kw_only=True):
    """What a deployment of a DMN file brought."""

    deployment: Deployment
    versions: tuple[DecisionVersion, ...]


class DecisionFile(Struct, frozen=True, eq=False):
    """A deployed file, read and compiled."""

    definitions: Definitions
    model: Model


class _Kept:
    """What is compiled for one installation: files by deployment, bound graphs by version."""

    def __init__(self) -> None:
        self.files: OrderedDict[str, DecisionFile] = OrderedDict()
        self.graphs: OrderedDict[tuple[str, int], tuple[Bound, Graph, Graph]] = OrderedDict()


_KEPT: WeakKeyDictionary[Installation, _Kept] = WeakKeyDictionary()
_KEEPING = Lock()


def _kept(inst: Installation) -> _Kept:
    with _KEEPING:
        return _KEPT.setdefault(inst, _Kept())


def _keep(cache: OrderedDict[K, V], key: K, value: V) -> None:
    with _KEEPING:
        cache[key] = value
        while len(cache) > MOST:
            cache.popitem(last=False)


class UnknownDecision(LookupError):
    """There is no such decision or version."""


def read_decisions(
    data: bytes, file: str, imported: Imported | None = None
) -> DecisionFile | tuple[Problem, ...]:
    """Read and compile a DMN file; everything that keeps it from running, if anything does.

    `imported` finds the models it imports.
    """
    drawn = read_dmn(data, file)
    if isinstance(drawn, tuple):
        return drawn
    definitions = imply_inputs(drawn)
    model = compile_decisions(definitions, imported)
    refused = tuple(problem for problem in model.problems if problem.severity == "refused")
    return refused or DecisionFile(definitions, model)


def deploy_decisions(
    inst: Installation, data: bytes, file: str, by: str
) -> DecisionsDeployed | tuple[Problem, ...]:
    """Keep a DMN file and give each of its decisions and services a new version.

    A file of knowledge models alone (6.3.9) is a library others import: it has versions itself,
    under the id of its definitions. The same bytes again give the same deployment.
    """
    with inst.journal.reading() as reading:
        read = read_decisions(data, file, _deployed_by(reading, inst.clock.now()))
    if isinstance(read, tuple):
        return read
    drawn = read.definitions
    named = [(one.id, one.name) for one in drawn.decisions]
    named += [(one.id, one.name) for one in drawn.services]
    if not named and drawn.knowledge:
        named = [(drawn.id or drawn.namespace, drawn.name)]
    if not named:
        return (_nothing_in(file),)
    digest = sha256(data).hexdigest()
    deployment = Deployment(
        id=digest[:32], file=file, digest=digest, source=data, at=inst.clock.now(), by=by
    )
    with inst.journal.writing() as tx:
        versions = tx.deploy_decisions(deployment, named)
        kept = tx.deployment(deployment.id) or deployment
    inst.wake()
    return DecisionsDeployed(deployment=kept, versions=tuple(versions))


def _nothing_in(file: str) -> Problem:
    return Problem(
        severity="refused",
        rule="dmn.nothing",
        message=f"{file} holds no decision and no knowledge model.",
        position=Position(1, 1),
        element="",
        advice="Draw a decision with a table.",
    )


def _deployed_by(reading: Reading, at: datetime) -> Imported:
    """Finds an imported model by its namespace among the decisions deployed by then, the latest.

    A version keeps running with the models there were when it was deployed.
    """

    def find(one: Import) -> Definitions | None:
        newest = [_version_at(reading, latest.key, at) for latest in reading.decisions()]
        rows = sorted((row for row in newest if row), key=lambda row: row.at, reverse=True)
        for id in dict.fromkeys(row.deployment for row in rows):
            deployment = reading.deployment(id)
            drawn = read_dmn(deployment.source, deployment.file) if deployment else ()
            if isinstance(drawn, Definitions) and drawn.namespace == one.namespace:
                return imply_inputs(drawn)
        return None

    return find


def _version_at(reading: Reading, key: str, at: datetime) -> DecisionVersion | None:
    return next((row for row in reading.decision_versions(key) if row.at <= at), None)


def rule(inst: Installation, reading: Reading, row: DecisionVersion) -> Rule:
    """A version, ready to be made. Raises UnknownDecision."""
    file = decision_file(inst, reading, row)
    found = rule_of(file.definitions, file.model, row.key, row.version)
    if found is None:
        raise UnknownDecision(f"version {row.version} of {row.key} is not in its file")
    return found


def _rule_or_none(inst: Installation, reading: Reading, row: DecisionVersion) -> Rule | None:
    """The rule of a version; None, so that a person is asked, where it cannot be run any more."""
    try:
        return rule(inst, reading, row)
    except UnknownDecision:
        return None


def decision_file(inst: Installation, reading: Reading, row: DecisionVersion) -> DecisionFile:
    """The file a version came with, compiled. Raises UnknownDecision."""
    files = _kept(inst).files
    kept = files.get(row.deployment)
    if kept is not None:
        return kept
    deployment = reading.deployment(row.deployment)
    if deployment is None:
        raise UnknownDecision(f"there is no deployment {row.deployment}")
    imported = _deployed_by(reading, deployment.at)
    read = read_decisions(deployment.source, deployment.file, imported)
    if isinstance(read, tuple):
        raise UnknownDecision(f"{deployment.file} cannot be run any more: {read[0].message}")
    _keep(files, row.deployment, read)
    return read


def library(inst: Installation, reading: Reading, row: DecisionVersion) -> Definitions | None:
    """The file of a version that is a library: it decides nothing itself; None where it does.

    Raises UnknownDecision.
    """
    drawn = decision_file(inst, reading, row).definitions
    return None if drawn.decisions or drawn.services else drawn


def bind(inst: Installation, graph: Graph, version: tuple[str, int]) -> Graph:
    """The graph of a version (key and number) with the decisions its steps mean now."""
    asked = graph.asks
    if not asked:
        return graph
    graphs = _kept(inst).graphs
    with inst.journal.reading() as reading:
        deployed = reading.process_version(*version)
        at = inst.clock.now() if deployed is None else deployed.at
        found = {node: row for node, one in asked.items() if (row := version_of(reading, one, at))}
        bound = tuple((node, row.key, row.version) for node, row in found.items())
        kept = graphs.get(version)
        if kept is not None and kept[0] == bound and kept[1] is graph:
            return kept[2]
        rules = {node: _rule_or_none(inst, reading, row) for node, row in found.items()}
        made = graph.with_rules({node: one for node, one in rules.items() if one is not None})
    _keep(graphs, version, (bound, graph, made))
    return made


def version_of(reading: Reading, asked: Asked, at: datetime) -> DecisionVersion | None:
    """The version a step means, None while there is none.

    "deployment": the one in force when the drawing was deployed, else the first after it.
    """
    versions = reading.decision_versions(asked.key)
    if asked.binding == LATEST:
        return versions[0] if versions else None
    if asked.binding == DEPLOYMENT:
        before = [one for one in versions if one.at <= at]
        return before[0] if before else (versions[-1] if versions else None)
    if asked.binding == VERSION:
        return next((one for one in versions if one.version == asked.version), None)
    return None
