"""The short way of a variable against a constant answers what the general way answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from genba.expressions import Compiled, compile_expression, to_feel

OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
CONSTANTS = ("1", "0.1", "-5", "1e30", '"a"', '""', "true", "null", '@"2024-01-01"')
VALUES = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-6, 6),
    some.integers(10**30 - 2, 10**36),
    some.floats(),
    some.sampled_from(["", "a", "b", [], [1], {"a": 1}, 0.1, -5.0, 10**30, object()]),
    some.decimals(allow_nan=False, allow_infinity=False, places=3).map(to_feel),
)


@pytest.mark.parametrize("operator", OPERATORS)
@given(constant=some.sampled_from(CONSTANTS), value=VALUES)
def test_both_ways_agree(operator: str, constant: str, value: object) -> None:
    short = compile_expression(f"x {operator} {constant}")
    general = compile_expression(f"{{v: x, r: v {operator} {constant}}}.r")
    assert isinstance(short, Compiled)
    assert isinstance(general, Compiled)
    one, other = short.evaluate({"x": value}), general.evaluate({"x": value})
    assert one.value is other.value
    said = [warning.message for warning in other.warnings]
    assert [warning.message for warning in one.warnings] == said


def test_what_is_not_there_is_told() -> None:
    compiled = compile_expression("x > 1")
    assert isinstance(compiled, Compiled)
    assert [warning.message for warning in compiled.evaluate({}).warnings] == [
        "there is no variable 'x'",
        "no order between null and number",
    ]
