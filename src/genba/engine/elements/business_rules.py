"""Business rule tasks (§10.3.3): the decision a step is bound to is made here.

Rules of this file: what was decided is an event that keeps inputs, rows and version, so that a
replay never evaluates. A rule that leaves it to people, or that is not deployed, is a person's
task; a rule that fails is an incident.
"""

from typing import Any

from msgspec.structs import replace

from genba.decisions import Decided, decide
from genba.decisions.tables import NO_ROW
from genba.engine.decision_results import Unfit, keep
from genba.engine.events import DecidedRow, DecisionMade
from genba.engine.graph import GraphNode
from genba.engine.incidents import DECISION, raise_incident
from genba.engine.lifecycle import complete
from genba.engine.ruling import ASK, Rule
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.values import ElementId, WorkKind
from genba.engine.variables import context, map_in
from genba.engine.work import open_work
from genba.expressions import to_json

MOST_ROWS = 100
"""Rows kept in an event: a table that collects may match thousands."""


def start_rule(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Make the decision; ask a person where there is none, or where it says so."""
    map_in(step, id, node)
    rule = step.graph.rules.get(node.id)
    if rule is None:
        open_work(step, id, node, WorkKind.TASK, silent=True, note=node.note)
        return
    known = context(step.case, id)
    given = {name: known[name] for name in rule.inputs if name in known}
    decided = decide(rule.model, rule.name, given, now=step.at, zones=step.almanac.offsets)
    assert isinstance(decided, Decided)  # a rule is made for a name of its model
    asks = _asks(decided)
    if not asks and (failure := _failure(decided)):
        message = f"“{node.label}” could not be decided: {failure}"
        raise_incident(step, id, node, DECISION, message)
        return
    made = _made(id, node, rule, decided, asks)
    try:
        made = made if asks else replace(made, value=_kept(made.value, node, rule))
    except Unfit as unfit:
        message = f"“{node.label}” was decided, but {unfit}"
        raise_incident(step, id, node, DECISION, message)
        return
    step.emit(made)
    if asks:
        open_work(step, id, node, WorkKind.TASK, silent=True, note=node.note)
    elif node.result is None and isinstance(made.value, dict):
        complete(step, id, made.value)
    else:
        complete(step, id, {made.result: made.value})


def _made(id: ElementId, node: GraphNode, rule: Rule, decided: Decided, asks: bool) -> DecisionMade:
    return DecisionMade(
        element=id,
        node=node.id,
        key=rule.key,
        version=rule.version,
        name=rule.name,
        inputs=to_json(dict(decided.inputs)),
        rows=tuple(
            DecidedRow(
                decision=one.decision,
                row=one.row,
                rule=one.rule,
                words=one.words,
                conditions=rule.conditions(one),
            )
            for one in decided.matched[:MOST_ROWS]
        ),
        value=None if asks else to_json(decided.value),
        result=node.result or rule.result,
        asks=asks,
    )


def _kept(value: Any, node: GraphNode, rule: Rule) -> Any:
    """What of the value the drawing wants. Raises Unfit."""
    named = rule.outputs[0].name if rule.outputs else ""
    return keep(value, node.asks.mapping if node.asks else "", named or rule.result)


def _asks(decided: Decided) -> bool:
    """Whether a row says "ask", or the table says nothing about these values."""
    if decided.exhausted is not None:
        return False
    if decided.value == ASK or any(_says_ask(row.outputs) for row in decided.matched):
        return True
    warned = any(warning.message != NO_ROW for warning in decided.warnings)
    return decided.value is None and not decided.matched and not warned


def _says_ask(outputs: tuple[str, ...]) -> bool:
    return any(cell.strip().strip('"').strip() == ASK for cell in outputs)


def _failure(decided: Decided) -> str:
    """Why there is no value, "" when there is one."""
    if decided.exhausted is not None:
        return decided.exhausted
    warned = [one for one in decided.warnings if one.message != NO_ROW]
    if decided.value is not None or not warned:
        return ""
    return "; ".join(dict.fromkeys(one.in_words() for one in warned[:3]))
