"""The doors in and out: Python and JSON to FEEL and back."""

import datetime as python
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from genba.expressions import (
    Compiled,
    Range,
    compile_expression,
    read_json,
    to_feel,
    to_json,
    write_json,
)
from genba.expressions.values import NUMBERS

JSON = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(10**33), 10**33)
    | some.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
    | some.text(some.characters(codec="utf-8")),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(max_size=5), inner),
    max_leaves=20,
)


@given(JSON)
def test_json_round_trip(value: Any) -> None:
    assert to_feel(to_json(to_feel(value))) == to_feel(value)
    assert read_json(json.dumps(value)) == to_feel(value)


@given(some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_numbers_keep_their_digits(value: Decimal) -> None:
    number = NUMBERS.create_decimal(value)
    assert read_json(write_json(number)) == number


def test_whole_numbers_become_ints() -> None:
    assert repr(to_json(to_feel(2.0))) == "2"
    assert repr(to_json(to_feel(0.1))) == "0.1"
    assert type(to_json(Decimal("0.3333333333333333333333333333333333"))) is Decimal


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_null(value: object) -> None:
    assert to_feel(value) is None


def test_a_number_too_large_is_null() -> None:
    assert to_feel(10**6000) is not None
    assert to_feel(10**7000) is None
    assert to_feel(10**70000) is None


def test_other_values() -> None:
    assert to_json(to_feel(python.date(2024, 1, 2))) == "2024-01-02"
    assert to_json(to_feel(python.timedelta(hours=1.5))) == "PT1H30M"
    assert to_json(to_feel((1, {"a": 2}))) == [1, {"a": 2}]
    assert to_json(Range(Decimal(1), None, True, False))["start"] == 1
    with pytest.raises(TypeError, match="no FEEL counterpart"):
        to_feel(object())
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested"):
        to_feel(endless)


def test_a_context_may_hold_plain_python() -> None:
    compiled = compile_expression('n + 1 > 2.5 and items[id = 2].when[1] < @"2025-01-01"')
    assert isinstance(compiled, Compiled)
    context = {"n": 2, "items": [{"id": 2, "when": python.date(2024, 1, 1)}]}
    assert compiled.value(context) is True


def test_a_context_value_without_counterpart_is_null_with_a_warning() -> None:
    compiled = compile_expression("thing = null")
    assert isinstance(compiled, Compiled)
    evaluation = compiled.evaluate({"thing": object()})
    assert evaluation.value is True
    assert "thing" in evaluation.warnings[0].message
