"""Business rule tasks: the deployed decision is made, and the event says why."""

from typing import Any

import pytest

from genba.decisions import compile_decisions, imply_inputs
from genba.engine import events as e
from genba.engine.application import apply
from genba.engine.graph import Graph
from genba.engine.ruling import Asked, rule_of
from genba.engine.state import new_case
from genba.engine.values import WorkId, WorkKind
from genba.notation.dmn import Definitions, read_dmn
from tests.decisions.models import column, decision, model_text, output, row, table
from tests.engine.drawing import Play, compiled, flows, refused, tasks

_FLOWS = flows("s > b > g", "g > e", "g > board : = discount >= 10", "board > e2").replace(
    'sourceRef="g" targetRef="e"', 'sourceRef="g" targetRef="e" name="small"'
)
_BODY = (
    '<startEvent id="s"/><businessRuleTask id="b" name="Set discount"><extensionElements>'
    '<zeebe:calledDecision decisionId="Discount" resultVariable="discount"/>'
    "</extensionElements></businessRuleTask>"
    '<exclusiveGateway id="g" default="g_e"/><endEvent id="e"/><endEvent id="e2"/>',
    tasks("board"),
    _FLOWS,
)
_ROWS = (
    row(["> 5000", '"new"'], ["10"]),
    row(["<= 5000", "-"], ["0"]),
    row(["> 9000", '"known"'], ["ask"]),
)


def rules(*rows: str, outputs: tuple[str, ...] = (output("rebate"),), policy: str = "FIRST") -> Any:
    """The rule at "b": a table over amount and supplier, whose inputs nobody has drawn."""
    box = table([column("amount", "number"), column("supplier")], list(outputs), list(rows), policy)
    definitions = read_dmn(model_text(decision("Discount", box)), "m.dmn")
    assert isinstance(definitions, Definitions)
    whole = imply_inputs(definitions)
    rule = rule_of(whole, compile_decisions(whole), "Discount", 4)
    assert rule is not None
    return {"b": rule}


def bound(*rows: str, **given: Any) -> Graph:
    return compiled(*_BODY).with_rules(rules(*(rows or _ROWS), **given))


def made(play: Play) -> e.DecisionMade:
    return next(event for event in play.log if isinstance(event, e.DecisionMade))


def test_the_decision_is_made_and_says_why() -> None:
    play = Play(graph=bound(), data={"amount": 6000, "supplier": "new"})
    event = made(play)
    assert (event.key, event.version, event.value, event.result) == ("Discount", 4, 10, "discount")
    assert [(one.row, one.words) for one in event.rows] == [
        (1, "row 1: amount over 5,000 and supplier is new")
    ]
    assert event.inputs == {"amount": 6000, "supplier": "new"}
    assert play.case.data["discount"] == 10
    assert play.open == ["board"]


def test_replay_needs_no_rule() -> None:
    play = Play(graph=bound(), data={"amount": 10, "supplier": "new"})
    graph, replayed = compiled(*_BODY), new_case("c")
    for event in play.log:
        apply(graph, replayed, event)
    assert play.ended
    assert replayed == play.case


def test_a_row_that_says_ask_is_a_task_with_a_question() -> None:
    play = Play(graph=bound(), data={"amount": 9500, "supplier": "known"})
    assert made(play).asks
    assert play.open == ["b"]
    work = play.case.works[WorkId(play.work("b"))]
    assert (work.kind, work.silent) == (WorkKind.TASK, True)
    form = play.graph.form("b")
    assert form is not None
    assert [field.id for field in form.fields] == ["discount"]
    play.do("b", by="p1", discount=12)
    assert play.open == ["board"]


def test_a_table_without_a_word_asks() -> None:
    play = Play(graph=bound(), data={"amount": 6000, "supplier": "known"})
    assert made(play).asks
    assert made(play).rows == ()
    assert play.open == ["b"]


def test_a_rule_that_is_not_deployed_is_a_task_as_before() -> None:
    graph = compiled(*_BODY)
    assert graph.node("b").asks == Asked("Discount")
    assert [one.rule for one in graph.silent("b")] == ["silent.not-connected"]
    assert bound().silent("b") == ()
    play = Play(graph=graph)
    assert play.open == ["b"]
    assert not any(isinstance(event, e.DecisionMade) for event in play.log)


def test_what_cannot_be_decided_is_an_incident_that_data_mends() -> None:
    play = Play(graph=bound(), data={"supplier": "new"})
    assert play.open == ["incident:b"]
    raised = next(event for event in play.log if isinstance(event, e.IncidentRaised))
    assert raised.rule == "run.decision"
    assert "no value was given for amount" in raised.message
    play.do("b", "retry", amount=7000)
    assert play.case.data["discount"] == 10


def test_two_rows_under_unique_are_an_incident() -> None:
    rows = (row(["> 1", "-"], ["1"]), row(["> 2", "-"], ["2"]))
    play = Play(graph=bound(*rows, policy="UNIQUE"), data={"amount": 3, "supplier": "new"})
    assert play.open == ["incident:b"]


def test_several_outputs_are_written_by_name_when_the_drawing_names_none() -> None:
    body = (_BODY[0].replace(' resultVariable="discount"', ""), *_BODY[1:])
    both = (output("discount"), output("why"))
    rule = rules(row(["-", "-"], ["20", '"always"']), outputs=both)
    play = Play(graph=compiled(*body).with_rules(rule), data={"amount": 3, "supplier": "new"})
    assert play.case.data["discount"] == 20
    assert play.case.data["why"] == "always"


def test_allowed_outputs_are_offered_to_the_person() -> None:
    outputs = (output("way", allowed='"board","none","ask"'),)
    graph = bound(row(["-", "-"], ['"ask"']), outputs=outputs)
    form = graph.form("b")
    assert form is not None
    assert form.fields[0].options == (("board", "board"), ("none", "none"))


def test_the_implementation_attribute_names_a_decision() -> None:
    body = '<businessRuleTask id="b" implementation="rules.dmn#Discount"/>'
    assert compiled(body).node("b").asks == Asked("Discount")
    assert (
        compiled('<businessRuleTask id="b" implementation="##WebService"/>').node("b").asks is None
    )


MAPPED = (
    '<businessRuleTask id="b" name="Set discount" camunda:decisionRef="Discount"'
    ' camunda:resultVariable="found" camunda:mapDecisionResult="{}"/>'
)
BOTH = {"rebate": 10, "why": "new"}
ONE, TWO = (output("rebate"),), (output("rebate"), output("why"))


@pytest.mark.parametrize(
    ("mapping", "outputs", "policy", "kept"),
    [
        ("singleEntry", ONE, "FIRST", 10),
        ("singleResult", ONE, "FIRST", {"rebate": 10}),
        ("singleResult", TWO, "FIRST", {"rebate": 10, "why": "new"}),
        ("collectEntries", ONE, "FIRST", [10]),
        ("collectEntries", ONE, "RULE ORDER", [10, 20]),
        ("resultList", ONE, "FIRST", [{"rebate": 10}]),
        (
            "resultList",
            TWO,
            "RULE ORDER",
            [{"rebate": 10, "why": "new"}, {"rebate": 20, "why": "x"}],
        ),
    ],
)
def test_the_drawing_says_what_is_kept(
    mapping: str, outputs: tuple[str, ...], policy: str, kept: Any
) -> None:
    cells = (["10", '"new"'], ["20", '"x"'])
    rows = [row(["-", "-"], one[: len(outputs)]) for one in cells]
    graph = compiled(MAPPED.format(mapping)).with_rules(
        rules(*rows, outputs=outputs, policy=policy)
    )
    play = Play(graph=graph, data={"amount": 1, "supplier": "new"})
    assert play.case.data["found"] == kept
    assert made(play).value == kept


@pytest.mark.parametrize(
    ("mapping", "outputs", "policy", "why"),
    [
        ("singleEntry", TWO, "FIRST", "2 outputs, and the drawing wants a single value"),
        ("singleResult", ONE, "RULE ORDER", "2 results, and the drawing wants one"),
    ],
)
def test_a_value_the_drawing_has_no_room_for_is_an_incident(
    mapping: str, outputs: tuple[str, ...], policy: str, why: str
) -> None:
    rows = [row(["-", "-"], ["10", '"new"'][: len(outputs)])] * 2
    graph = compiled(MAPPED.format(mapping)).with_rules(
        rules(*rows, outputs=outputs, policy=policy)
    )
    play = Play(graph=graph, data={"amount": 1, "supplier": "new"})
    raised = next(event for event in play.log if isinstance(event, e.IncidentRaised))
    assert why in raised.message


def test_a_word_that_keeps_nothing_is_refused() -> None:
    (problem,) = refused(MAPPED.format("singleEntree"))
    assert problem.rule == "run.decision-mapping"
    assert "singleEntry, singleResult, collectEntries, resultList" in problem.advice
