"""What is said of conditions that cannot hold, of flows never taken, and of names misspelt."""

import pytest

from genba.engine.condition_check import check_conditions
from tests.engine.drawing import compiled, flows, tasks

FORM = (
    '<startEvent id="s"><extensionElements><camunda:formData>'
    '<camunda:formField id="amount" type="long"/>'
    '<camunda:formField id="urgent" type="boolean"/>'
    '<camunda:formField id="way" type="enum"><camunda:value id="air"/><camunda:value id="sea"/>'
    "</camunda:formField></camunda:formData></extensionElements></startEvent>"
)


def said(*conditions: str, default: bool = False, kind: str = "exclusive") -> list[tuple[str, str]]:
    """Element and words for a gateway with these conditions, and a default flow if there is one."""
    ways = [f"t{number}" for number, _ in enumerate(conditions, 1)]
    drawn = [f"g > {way} : = {text}" for way, text in zip(ways, conditions, strict=True)]
    ends = 'default="g_other"' if default else ""
    gateway = f'{FORM}<{kind}Gateway id="g" name="Which?" {ends}/>'
    others = ["other"] if default else []
    ways += others
    graph = compiled(
        gateway, tasks(*ways), flows("s > g", *drawn, *(f"g > {one}" for one in others))
    )
    return [(one.rule, one.message) for one in check_conditions(graph)]


def test_conditions_without_fault_have_nothing_said_about_them() -> None:
    assert said("amount < 10", "amount >= 10") == []
    assert said("urgent", "urgent = false", default=True) == []
    assert said('way = "air" and amount > 5', default=True) == []
    assert said("count(list) > 1 and amount > 3", "order.sum > amount") == []


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ('amount = "high"', '"high" never matches amount, which is a number'),
        ('way = "rail"', '"rail" never matches way, whose allowed values are others'),
        (
            "urgent and amount > 5 and amount < 3",
            "(5..3) never matches amount, as it holds no value",
        ),
        ("urgent > 3", "> 3 never matches urgent, which is a boolean"),
    ],
)
def test_a_condition_that_never_holds(condition: str, why: str) -> None:
    found = said(condition, default=True)
    words = f"The flow “g_t1” from “Which?” can never hold: {why}."
    assert ("feel.never", words) in found


def test_a_flow_that_is_never_taken() -> None:
    words = "is never taken: the flows before it take all it takes."
    found = said("amount > 5", "amount > 9", default=True)
    assert found == [("feel.unreachable", f"The flow “g_t2” from “Which?” {words}")]
    assert said("amount > 9", "amount > 5", default=True) == []
    assert said("amount > 5", "amount > 9 or urgent", default=True) == []
    assert said("amount > 5", "amount > 9", default=True, kind="inclusive") == []


def test_values_without_a_way() -> None:
    assert said("amount < 5", "amount > 5") == [
        ("feel.gap", "“Which?” has no way for amount is 5.")
    ]
    assert said("amount < 5", "amount > 5", default=True) == []
    assert said('way = "air"', 'way = "sea"') == []
    assert said('other = "air"', 'other = "sea"') == []  # nobody says what else it can be
    assert said("amount < 5", "amount > f(3)") == []  # who knows what it takes


def test_a_misspelt_name() -> None:
    found = said("amout > 5", default=True)
    words = "The flow “g_t1” from “Which?” asks for amout, which nothing in the drawing writes."
    assert found == [("feel.unknown-name", words)]
    assert said("weather = 5", default=True) == []  # may come from outside
