"""What the acts that change a case share: the reason, the rules, the answer.

Rules of this file: a change is made by `runtime.changing`; here stands who may make it, which
waivers hold, and what is said of it before and after.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta

from genba.acts.card import JsonSchema
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, not_done
from genba.acts.schemas import one_of, schema_of
from genba.acts.words import keep, utter
from genba.cases.changing_wording import effects_of, why_not
from genba.cases.objects import CaseObject, TaskObject
from genba.cases.reasons import picks, remember
from genba.cases.rights import DECIDING, is_theirs
from genba.cases.waivers import granted
from genba.changes.horizon import ahead, asked
from genba.changes.vocabulary import Change, Place, Refusal
from genba.engine.graph import Graph
from genba.engine.state import Case
from genba.engine.values import CaseStatus, ElementId, NodeId
from genba.journal.records import Content
from genba.people.directory import Known, names_of
from genba.people.separation import hindrance
from genba.runtime.changing import make_change
from genba.runtime.installation import current
from genba.runtime.unit import OpenCase, Unit

REASON = gettext_noop("Why")
Reason = Annotated[str, Meta(title=REASON, min_length=1, max_length=200)]
Maybe = Annotated[str, Meta(title=REASON, max_length=200)]


def runs(case: CaseObject, by: Known) -> bool:
    """A case that runs, and a member."""
    return case.row.status == CaseStatus.RUNNING and not by.is_guest


def may_change(case: CaseObject, by: Known) -> bool:
    """Who started a case, whose team takes part in it, with whom it is shared to act in,
    who administers."""
    if not runs(case, by):
        return False
    own = case.row.started_by == by.id or by.is_administrator or case.grants(by, "act")
    return own or bool({node.people.role for node in case.graph.nodes.values()} & set(by.groups))


def may_change_task(task: TaskObject, by: Known) -> bool:
    """Who may do an open step may also leave the path there; questions are answered instead."""
    if task.asked is None or not runs(task.case, by):
        return False
    own = task.case.state.elements[task.asked.element].node == task.asked.node
    return own and bool(asked(task.case.graph, [NodeId(task.row.node)])) and is_theirs(task, by)


def change(
    unit: Unit,
    case: CaseObject,
    by: Known,
    what: Change,
    *,
    step: str,
    why: str,
    message: str,
    said_at: str = "",
) -> Outcome:
    """Make a change, with its reason; or say by which rule it is not made.

    With `said_at`, a step, the reason is said in the conversation there; else it stands beside the
    change only, and is the next one's pick.
    """
    opened = unit.open(case.row.case)
    before = opened.graph
    held = _held_back(opened, by, what)
    waivers = granted(unit.tx, case.row.case)
    if held is not None and held.node not in waivers:
        return _refused(held)
    content = ""
    if said_at:
        content, _told = utter(unit, opened, by, why, node=said_at)
    elif why.strip():
        words = Content(case=case.row.case, id="", kind="words", body=why.strip().encode())
        content = keep(unit, opened, words)
        remember(unit, case.row.process, why)
    found = make_change(unit, opened, what, step=step, reason=content, waivers=waivers)
    if isinstance(found, Refusal):
        return _refused(found)
    people = names_of({one.person for one in found.notices if one.person})
    unit.tx.follow(case.row.case, by.id)
    return done(message, effects=effects_of(found, before, people), undo="case.undo-change")


def _refused(refusal: Refusal) -> Outcome:
    return not_done(why_not(refusal))


def _held_back(opened: OpenCase, by: Known, what: Change) -> Refusal | None:
    """Nobody leaves out the decision on what they asked for themselves (four eyes)."""
    node = getattr(what, "node", None)
    drawn = opened.graph.nodes.get(node or "")
    if drawn is None or type(what).__name__ not in ("SkipStep", "ReplaceWho", "ReplaceWhat"):
        return None
    stopped = hindrance(
        by,
        drawn.drawn.deciding.four_eyes,
        requester=opened.row.started_by,
        hands=opened.state.hands,
        decides=bool(DECIDING.intersection(drawn.drawn.acts)),
    )
    if stopped is None:
        return None
    return Refusal(
        rule="case.four-eyes",
        words="“%(step)s” is decided by somebody else than you.",
        values={"step": drawn.label},
        node=drawn.id,
        may_waive=True,
        waiver=drawn.people.role,
    )


# --- forms -----------------------------------------------------------------------------------


def form(case: CaseObject, input: Any, **properties: JsonSchema) -> JsonSchema:
    """The form of a change: its own fields, some with choices, and the reasons given before."""
    schema = schema_of(input)
    named = {name: {**schema["properties"][name], **rule} for name, rule in properties.items()}
    merged = {**schema["properties"], **named}
    with current().journal.reading() as reading:
        known = picks(reading, case.row.process)
    if known and "reason" in merged:
        merged["reason"] = {**merged["reason"], "examples": list(known)}
    return {**schema, "properties": merged}


def steps_field(graph: Graph, nodes: tuple[NodeId, ...], default: str = "") -> JsonSchema:
    """A field that picks one of these steps."""
    rule = one_of((id, graph.label(id)) for id in nodes)
    return {**rule, "default": default} if default else rule


def places_field(words: dict[Place, str]) -> JsonSchema:
    """A field that picks where something new stands, in these words."""
    return one_of((place.value, gettext(said)) for place, said in words.items())


def coming(graph: Graph, state: Case) -> tuple[NodeId, ...]:
    """The steps that are open or may still come."""
    return asked(graph, ahead(graph, state))


def fresh_id(case: CaseObject) -> NodeId:
    """The id of the next step that is added to a case."""
    number = len(case.state.path) + 1
    while f"own{number}" in case.graph.nodes:
        number += 1
    return NodeId(f"own{number}")


def element_of(task: TaskObject) -> ElementId:
    """The visit a task is about."""
    assert task.asked is not None
    return task.asked.element


def label_of(task: TaskObject) -> str:
    """What the step of a task is called."""
    return task.case.graph.label(task.row.node)
