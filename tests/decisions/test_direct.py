"""The short way of a decision answers what the long way answers, and only where it can."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genba.decisions import Decided, Model, decide
from genba.expressions import Budget
from tests.decisions import models
from tests.decisions.test_properties import CELLS, SIMPLE

TYPES = st.sampled_from(["", "number", "string", "boolean", "Any", "tSmall", "list"])
POLICIES = st.sampled_from(["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "COLLECT SUM"])
OUTPUTS = st.sampled_from(["1", '"a"', "true", "null", "-2", "x", "[1]", "-", 'date("2024-01-01")'])
VALUES = st.sampled_from(
    [
        *(None, True, False, 0, 1, 2, 2.5, -1, 10**34, 10**40, float("nan"), "a", "b", "", [1]),
        *(Decimal("2.5"), Decimal("1e6000"), Decimal("sNaN"), Decimal("1." + "1" * 40), {}, b"a"),
    ]
)
SMALL = (
    '<itemDefinition name="tSmall"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..2]</text></allowedValues></itemDefinition>"
)
ROWS = st.lists(
    st.tuples(st.one_of(CELLS, SIMPLE), st.one_of(CELLS, SIMPLE), OUTPUTS), min_size=1, max_size=6
)


def drawn(
    rows: list[tuple[str, str, str]], policy: str, types: tuple[str, ...], columns: int
) -> Model:
    box = models.table(
        [models.column("x", types[0]), models.column("y", types[1])],
        [models.output(name) for name in ("p", "q")[:columns]],
        [models.row((one, two), [out] * columns) for one, two, out in rows],
        policy,
    )
    return models.compiled(
        SMALL,
        models.given("x", types[2]),
        models.given("y", types[3]),
        models.decision("d", box, needs=["x", "y"], type_="" if columns == 2 else types[4]),
    )


@settings(deadline=None, max_examples=400)
@given(
    ROWS,
    POLICIES,
    st.tuples(TYPES, TYPES, TYPES, TYPES, TYPES),
    st.integers(1, 2),
    st.lists(st.dictionaries(st.sampled_from("xyz"), VALUES), min_size=1, max_size=5),
)
def test_the_short_way_decides_as_the_long_way(
    rows: list[tuple[str, str, str]],
    policy: str,
    types: tuple[str, ...],
    columns: int,
    given: list[dict[str, Any]],
) -> None:
    model = drawn(rows, policy, types, columns)
    for inputs in given:
        long = decide(model, "d", inputs, budget=Budget())
        assert repr(decide(model, "d", inputs)) == repr(long)
        assert repr(decide(model, "d", inputs)) == repr(long)


ONE = [("< 2", '"a"', "17"), ("-", '"b"', "-3"), ("> 5", "-", "x"), ("[3..4]", '"c"', "null")]


@pytest.mark.parametrize(
    ("x", "y", "short"),
    [(1, "a", True), (9.5, "b", False), (1, "b", True), (6, "a", False), (3, "c", False)],
)
def test_plain_tables_have_a_short_way(x: float, y: str, short: bool) -> None:
    model = drawn(ONE, "UNIQUE", ("number", "string", "", "", ""), 1)
    long = models.decided(model, "d", x=x, y=y)
    way = model.short["d"]
    assert way is not None
    assert way({"x": x, "y": y}) == (long if short else None)


def test_a_row_of_several_outputs_is_the_callers_own() -> None:
    model = drawn(ONE, "FIRST", ("", "", "", "", ""), 2)
    found = [models.decided(model, "d", x=1, y="a") for _ in range(3)]
    assert model.short["d"] is not None
    found[1].value["p"] = "changed"
    assert found[2].value == {"p": 17, "q": 17}
    assert isinstance(decide(model, "d", {"x": 1, "y": "a"}), Decided)
    assert models.decided(model, "d", x=1, y="a").value == {"p": 17, "q": 17}
