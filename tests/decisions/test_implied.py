"""Tables whose inputs nobody has drawn."""

import pytest

from genba.decisions import compile_decisions, imply_inputs, inputs_of
from tests.decisions.models import (
    column,
    decided,
    decision,
    given,
    literal,
    model_text,
    output,
    read,
    row,
    table,
)


def limits(expression: str, *parts: str, needs: tuple[str, ...] = ()) -> bytes:
    box = table([column(expression, "number")], [output("way")], [row(["> 5"], ['"board"'])])
    return model_text(*parts, decision("Limits", box, needs=needs))


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("amount", [("amount", "number")]),
        ("Purchase amount", [("Purchase amount", "number")]),
        ("amount * count(parts)", [("amount", "Any"), ("parts", "Any")]),
        ("order.amount", [("order", "Any")]),
        ("5", []),
    ],
)
def test_what_a_column_names_becomes_input(expression: str, inputs: list[tuple[str, str]]) -> None:
    model = compile_decisions(imply_inputs(read(limits(expression))))
    assert model.problems == ()
    assert [(one.name, one.shape) for one in inputs_of(model, "Limits")] == inputs


def test_a_table_decides_by_what_it_names() -> None:
    model = compile_decisions(imply_inputs(read(limits("Purchase amount"))))
    assert decided(model, "Limits", **{"Purchase amount": 6}).value == "board"


def test_what_is_drawn_stays_as_it_is() -> None:
    drawn = read(limits("amount", given("amount", "number"), needs=("amount",)))
    assert imply_inputs(drawn) is drawn
    by_other = read(limits("Sum", decision("Sum", literal("1 + 1"))))
    assert imply_inputs(by_other) is by_other
