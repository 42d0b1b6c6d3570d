"""Gateways and conditional flows: conditions, defaults, people's choices (§13.4)."""

import pytest

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.values import Option, WorkKind
from tests.engine.drawing import AT, Play, compiled, flows, tasks

XOR = '<exclusiveGateway id="x" name="Which?"/>'
OR = '<inclusiveGateway id="x" name="Which?"/>'


def test_exclusive_without_conditions_is_a_choice_by_name() -> None:
    play = Play(
        XOR,
        tasks("a"),
        '<exclusiveGateway id="y"/>',
        tasks("b", "c"),
        '<sequenceFlow id="f" name="the first" sourceRef="x" targetRef="a"/>',
        flows("x > y", "y > b", "y > c"),
    )
    work = play.case.works[play.work("x")]
    assert work.kind is WorkKind.CHOICE
    assert work.silent
    assert not work.many
    assert work.options == (Option("f", "the first"), Option("x_y", "b / c"))
    play.do("x", "x_y")
    assert play.open == ["choice:y"]


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [((), "choice.none"), (("nothing",), "choice.unknown"), (("x_a", "x_b"), "choice.many")],
)
def test_answers_that_do_not_fit_change_nothing(chosen: tuple[str, ...], rule: str) -> None:
    play = Play(XOR, tasks("a", "b"), flows("x > a", "x > b"))
    command = c.CompleteWork(at=AT, work=play.work("x"), chosen=chosen)
    assert play.refuse(command) == rule


def test_exclusive_takes_the_first_true_condition_then_the_default() -> None:
    body = (
        '<exclusiveGateway id="x" default="x_c"/>',
        tasks("a", "b", "c"),
        flows("x > a : = n > 10", "x > b : = n > 5", "x > c"),
    )
    assert Play(*body, data={"n": 11}).open == ["a"]
    assert Play(*body, data={"n": 6}).open == ["b"]
    assert Play(*body, data={"n": 1}).open == ["c"]


def test_no_true_condition_and_no_default_is_asked_never_lost() -> None:
    play = Play(XOR, tasks("a", "b"), flows("x > a : = n > 10", "x > b : = n > 5"), data={"n": 1})
    assert any(isinstance(x, e.IncidentRaised) and x.rule == "run.no-way" for x in play.log)
    assert play.open == ["incident:x"]
    play.do("x", "x_b")
    assert play.open == ["b"]


def test_a_condition_about_unknown_data_is_a_plain_choice() -> None:
    play = Play(XOR, tasks("a", "b"), flows("x > a : = n > 10", "x > b : = n <= 10"))
    assert not any(isinstance(event, e.IncidentRaised) for event in play.log)
    assert "n > 10" in play.case.works[play.work("x")].note


def test_the_one_flow_without_a_condition_means_otherwise() -> None:
    body = (XOR, tasks("a", "b"), flows("x > a : = n > 10", "x > b"))
    assert Play(*body, data={"n": 11}).open == ["a"]
    assert Play(*body, data={"n": 1}).open == ["b"]


def test_comparing_data_nobody_has_given_is_a_plain_choice_too() -> None:
    play = Play(XOR, tasks("a", "b"), flows('x > a : = ok = "yes"', 'x > b : = ok = "no"'))
    assert not any(isinstance(event, e.IncidentRaised) for event in play.log)
    assert play.open == ["choice:x"]


def test_a_condition_about_unknown_data_does_not_mean_otherwise() -> None:
    play = Play(XOR, tasks("a", "b"), flows("x > a : = n > 10", "x > b"))
    assert [option.id for option in play.case.works[play.work("x")].options] == ["x_a", "x_b"]


def test_words_in_a_condition_are_the_label_of_a_choice() -> None:
    play = Play(XOR, tasks("a", "b"), flows("x > a : the customer agrees", "x > b : he does not"))
    labels = [option.label for option in play.case.works[play.work("x")].options]
    assert labels == ["the customer agrees", "he does not"]


@pytest.mark.parametrize("text", ["yes", "approved or rejected", "Service Level == 'Premium'"])
def test_what_is_not_clearly_a_formula_is_words(text: str) -> None:
    graph = compiled(XOR, tasks("a", "b"), flows(f"x > a : {text}", "x > b"))
    assert graph.flows["x_a"].condition is None
    assert graph.flows["x_a"].words == text


@pytest.mark.parametrize("text", ["amount > 10", 'kind = "A"', "true", "${!ok}", "= ok", "not(ok)"])
def test_what_is_clearly_a_formula_is_run(text: str) -> None:
    graph = compiled(XOR, tasks("a", "b"), flows(f"x > a : {text}", "x > b"))
    assert graph.flows["x_a"].condition is not None


def test_inclusive_without_conditions_is_one_or_more() -> None:
    play = Play(OR, tasks("a", "b", "z"), flows("x > a", "x > b", "x > z"))
    assert play.case.works[play.work("x")].many
    play.do("x", "x_z", "x_a")
    assert play.open == ["a", "z"]  # in drawing order, whatever the order of the answer


def test_inclusive_evaluates_what_it_can_and_asks_the_rest() -> None:
    play = Play(OR, tasks("a", "b"), flows("x > a : = n > 1", "x > b"), data={"n": 2})
    assert [o.id for o in play.case.works[play.work("x")].options] == ["x_b"]
    play.do("x")
    assert play.open == ["a"]


def test_inclusive_default_only_if_nothing_else() -> None:
    body = (
        '<inclusiveGateway id="x" default="x_c"/>',
        tasks("a", "b", "c"),
        flows("x > a : = n > 1", "x > b : = n > 2", "x > c"),
    )
    assert Play(*body, data={"n": 3}).open == ["a", "b"]
    assert Play(*body, data={"n": 0}).open == ["c"]


def test_conditional_flows_of_a_task() -> None:
    play = Play(tasks("t", "a", "b"), flows("t > a", "t > b : = n > 1"), data={"n": 0})
    play.do("t", n=2)
    assert play.open == ["a", "b"]


def test_words_on_the_flow_of_a_task_are_asked_when_it_is_done() -> None:
    play = Play(tasks("t", "a", "b"), flows("t > a", "t > b : if needed"))
    play.do("t")
    assert play.open == ["choice:t"]
    play.do("t")
    assert play.open == ["a"]


def test_parallel_fork_and_join() -> None:
    play = Play(
        '<parallelGateway id="f"/><parallelGateway id="j"/>',
        tasks("a", "b", "z"),
        flows("f > a > j", "f > b > j", "j > z"),
    )
    play.do("b")
    assert play.open == ["a"]
    play.do("a")
    assert play.open == ["z"]
    play.do("z")
    assert play.ended
    assert play.visited("j") == 1


def test_event_based_gateway_takes_what_happens_first() -> None:
    body = (
        '<startEvent id="s"/><eventBasedGateway id="g"/>',
        '<intermediateCatchEvent id="m" name="Answer"><messageEventDefinition/>'
        "</intermediateCatchEvent>",
        '<intermediateCatchEvent id="t" name="Later"><timerEventDefinition>'
        "<timeDuration>P2D</timeDuration></timerEventDefinition></intermediateCatchEvent>",
        tasks("a", "b"),
        flows("s > g > m > a", "g > t > b"),
    )
    play = Play(*body)
    (work,) = play.case.works.values()
    assert (work.kind, work.options) == (WorkKind.HAPPENED, (Option("m", "Answer"),))
    play.do("g", "m")
    assert play.open == ["a"]
    assert not play.case.timers
    play = Play(*body)
    play.wait(days=2)
    assert play.open == ["b"]
    assert not play.case.subscriptions
    play = Play(*body)
    play.deliver("m", node="m", data={"x": 1})
    assert play.open == ["a"]
    assert play.case.data == {"x": 1}


def test_complex_gateway_opens_early_once_and_takes_what_comes_later() -> None:
    play = Play(
        '<parallelGateway id="f"/><complexGateway id="j"><activationCondition>'
        "= activationCount >= 2</activationCondition></complexGateway>",
        tasks("a", "b", "k", "z"),
        flows("f > a > j", "f > b > j", "f > k > j", "j > z"),
    )
    play.do("a")
    assert play.open == ["b", "k"]
    play.do("b")
    assert play.open == ["k", "z"]
    play.do("z")
    assert not play.ended
    play.do("k")
    assert play.ended
    assert play.visited("z") == 1


def test_complex_gateway_is_a_choice_and_joins() -> None:
    play = Play(
        '<complexGateway id="x"/><complexGateway id="j"/>',
        tasks("a", "b", "c", "z"),
        flows("x > a > j", "x > b > j", "x > c > j", "j > z"),
    )
    play.do("x", "x_a", "x_c")
    play.do("a")
    assert play.open == ["c"]
    play.do("c")
    assert play.open == ["z"]
