"""What becomes of one case in another version: fine, a choice is needed, or it cannot, and why.

Rules of this file: pure. The verdict is found by doing it on a copy of the case, so that a preview
says exactly what will happen. A step that is gone and has something like it in the new version is
a question; whatever else hinders is said with its rule (`engine.hindrances`).
"""

from copy import deepcopy
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from genba.changes.mapping import Mapping, candidates, propose
from genba.engine import events as e
from genba.engine.commands import Rejected
from genba.engine.graph import Graph
from genba.engine.hindrances import Hindrance, Plan, hindrances
from genba.engine.migration import Migrate, migrate
from genba.engine.state import Case
from genba.engine.values import NodeId


class Fate(StrEnum):
    """What can be done with a case."""

    FINE = "fine"
    CHOICE = "choice"
    CANNOT = "cannot"


class Question(Struct, frozen=True):
    """Which of these nodes of the new version is the step the case stands at?"""

    node: NodeId
    options: tuple[NodeId, ...]


class Effect(Struct, frozen=True):
    """What migrating does beside moving the case: a kind, and the node of the new version.

    Kinds: "clock" (a timer starts anew), "message" (it waits for another message), "asked"
    (somebody is asked who was not), "withdrawn" (a question falls away), "role" (another group is
    asked), "goes-on" (the case takes a step by itself).
    """

    kind: str
    node: NodeId


class Verdict(Struct, frozen=True, kw_only=True):
    """What becomes of a case, and how: the mapping that was judged."""

    fate: Fate
    mapping: Mapping
    reasons: tuple[Hindrance, ...] = ()
    questions: tuple[Question, ...] = ()
    effects: tuple[Effect, ...] = ()


def judge(
    old: Graph,
    new: Graph,
    case: Case,
    *,
    at: datetime,
    version: int,
    chosen: dict[NodeId, NodeId] | None = None,
    mapping: Mapping | None = None,
) -> Verdict:
    """The verdict on a case as it is now. `mapping` saves proposing it for every case anew."""
    mapping = propose(old, new, chosen) if mapping is None or chosen else mapping
    plan = Plan(old=old, new=new, nodes=mapping.nodes, flows=mapping.flows)
    reasons = hindrances(plan, case)
    if reasons:
        questions = tuple(
            Question(reason.node, options)
            for reason in reasons
            if reason.rule == "migrate.gone"
            and (options := candidates(old, new, mapping, reason.node))
        )
        asked = {question.node for question in questions}
        open_ = [reason for reason in reasons if reason.node not in asked]
        fate = Fate.CANNOT if open_ else Fate.CHOICE
        return Verdict(
            fate=fate,
            mapping=mapping,
            reasons=tuple(open_) if open_ else reasons,
            questions=() if open_ else questions,
        )
    return _tried(plan, case, mapping, at, version)


def command(verdict: Verdict, *, at: datetime, version: int, by: str | None = None) -> Migrate:
    """What is asked of the engine for a case that is fine."""
    return Migrate(
        at=at, version=version, nodes=verdict.mapping.nodes, flows=verdict.mapping.flows, by=by
    )


def _tried(plan: Plan, case: Case, mapping: Mapping, at: datetime, version: int) -> Verdict:
    """Do it on a copy: a case that would stop right away is not moved."""
    asked = Migrate(at=at, version=version, nodes=mapping.nodes, flows=mapping.flows)
    events = migrate(plan.old, plan.new, deepcopy(case), asked)
    assert not isinstance(events, Rejected)  # every hindrance was looked at before
    stuck = tuple(
        Hindrance("migrate.stuck", event.node)
        for event in events
        if isinstance(event, e.IncidentRaised)
    )
    if stuck:
        return Verdict(fate=Fate.CANNOT, mapping=mapping, reasons=stuck)
    return Verdict(fate=Fate.FINE, mapping=mapping, effects=_effects(events, case))


def _effects(events: tuple[e.Event, ...], case: Case) -> tuple[Effect, ...]:
    found: list[Effect] = []
    closed = {
        case.subscriptions[event.subscription].name
        for event in events
        if isinstance(event, e.SubscriptionClosed) and event.subscription in case.subscriptions
    }
    for event in events:
        match event:
            case e.TimerSet():
                found.append(Effect("clock", event.node))
            case e.SubscriptionOpened() if event.name not in closed:
                found.append(Effect("message", event.node))
            case e.WorkOpened():
                found.append(Effect("asked", event.node))
            case e.WorkCancelled():
                found.append(Effect("withdrawn", event.node))
            case e.WorkRevised() if event.role != case.works[event.work].role:
                found.append(Effect("role", event.node))
            case e.ElementStarted():
                found.append(Effect("goes-on", event.node))
            case _:
                pass
    return tuple(dict.fromkeys(found))
