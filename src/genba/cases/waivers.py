"""Waivers: a rule that does not hold for one step of one case, because somebody who may said so.

Rules of this file: what was asked and granted is a stream of its own beside the case ("waiver:ID"),
found by the team that is asked. A waiver is for one step; whoever asked does not grant.
"""

from msgspec import Struct

from genba.cases.objects import CaseObject
from genba.changes.horizon import ahead, asked
from genba.engine.values import NodeId
from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.runtime.streams import read_state
from genba.runtime.unit import Unit

KIND = "waiver"


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody asks that a step may be left out; `team` "" means an administrator."""

    by: str
    team: str


class Waivers(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for, and what was granted by whom, by step."""

    asked: dict[NodeId, Request] = {}
    granted: dict[NodeId, str] = {}


class Settled(Struct, frozen=True):
    """Something became of the waiver for a step."""

    node: str


def waivers_of(reading: Reading, case: str) -> Waivers:
    """The waivers of a case."""
    return read_state(reading.stream(f"{KIND}:{case}"), Waivers) or Waivers()


def granted(reading: Reading, case: str) -> frozenset[NodeId]:
    """The steps of a case that may be left out."""
    return frozenset(waivers_of(reading, case).granted)


def team_of(case: CaseObject, node: NodeId) -> str | None:
    """Who may waive that a step is done; None where no rule demands it."""
    drawn = case.graph.nodes[node]
    if drawn.drawn.mandatory is not None:
        return drawn.drawn.mandatory
    return drawn.people.role if drawn.drawn.deciding.four_eyes is not None else None


def demanded(case: CaseObject) -> tuple[NodeId, ...]:
    """The steps still to come that some rule demands."""
    coming = asked(case.graph, ahead(case.graph, case.state))
    return tuple(node for node in coming if team_of(case, node) is not None)


def may_waive(request: Request, by: Known) -> bool:
    """Whether somebody may grant it: of the team, or an administrator; never who asked."""
    right = by.is_administrator or (bool(request.team) and request.team in by.groups)
    return right and request.by != by.id


def ask_for(unit: Unit, case: str, node: NodeId, request: Request) -> None:
    """Keep that a waiver is asked for."""
    now = waivers_of(unit.tx, case)
    _keep(unit, case, "waiver.asked", node, Waivers({**now.asked, node: request}, now.granted))


def settle(unit: Unit, case: str, node: NodeId, by: str, *, grant: bool) -> Request:
    """Grant or deny what was asked; gives back the request."""
    now = waivers_of(unit.tx, case)
    left = {one: row for one, row in now.asked.items() if one != node}
    given = {**now.granted, node: by} if grant else now.granted
    _keep(unit, case, "waiver.granted" if grant else "waiver.denied", node, Waivers(left, given))
    return now.asked[node]


def _keep(unit: Unit, case: str, type: str, node: NodeId, now: Waivers) -> None:
    stream = unit.stream(f"{KIND}:{case}")
    stream.record(type, Settled(node=node))
    marks = tuple(sorted({f"team:{one.team}" for one in now.asked.values() if one.team}))
    stream.keep(now, marks=marks)
