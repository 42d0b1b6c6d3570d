"""Bringing a drawing in: deployed, and the teams its lanes name are there.

Rules of this file: the one door for page and terminal. Teams are made after the deployment is
committed, outside the unit of work.
"""

from genba.acts.registry import acts, load_acts
from genba.cases.drawn_times import unknown_times
from genba.notation import read_bpmn
from genba.notation.dmn import is_dmn
from genba.notation.model import Problem
from genba.people.directory import ensure_groups
from genba.runtime import definitions
from genba.runtime.decisions import DecisionsDeployed, deploy_decisions
from genba.runtime.definitions import Deployed
from genba.runtime.installation import Installation


def deploy_file(
    inst: Installation, data: bytes, file: str, by: str
) -> Deployed | DecisionsDeployed | tuple[Problem, ...]:
    """Deploy a drawing or a DMN file, whichever it is; the problems when it is refused."""
    if is_dmn(data):
        return deploy_decisions(inst, data, file, by)
    return deploy_drawing(inst, data, file, by)


def deploy_drawing(
    inst: Installation, data: bytes, file: str, by: str
) -> Deployed | tuple[Problem, ...]:
    """Deploy a file and make its teams; the problems when it is refused."""
    unknown = (*unknown_acts(data, file), *unknown_times(data, file))
    if unknown:
        return unknown
    made = definitions.deploy(inst, data, file, by)
    if isinstance(made, tuple):
        return made
    for version in made.versions:
        ensure_groups(roles_of(inst, version.key, version.version))
    return made


def unknown_acts(data: bytes, file: str) -> tuple[Problem, ...]:
    """What a drawing asks for with `genba:acts` or `genba:reason` that nobody could do here."""
    drawing = read_bpmn(data, file)
    if isinstance(drawing, tuple):
        return ()  # said when it is deployed
    load_acts()
    known = {one.name for one in acts() if one.object == "task"}
    return tuple(
        Problem(
            severity="refused",
            rule="genba.acts",
            message=f"“{node.name or node.id}” asks for “{name}”, which is no act on a task here.",
            position=node.position,
            element=node.id,
            advice="write approve, reject, changes or complete, or an act that `genba acts` lists",
        )
        for process in drawing.processes
        for node in process.nodes
        for name in dict.fromkeys((*node.acts, *node.deciding.reasons))
        if name not in known
    )


def roles_of(inst: Installation, key: str, version: int) -> tuple[str, ...]:
    """The roles of a process: who its works are for, and who may start it."""
    graph = definitions.graph(inst, key, version)
    roles = {node.people.role for node in graph.nodes.values()}
    return tuple(sorted({*roles, *graph.process.starter_groups} - {""}))
