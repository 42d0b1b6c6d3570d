"""Evaluating in one word: `feel("1 + 2")`. A problem or an exhausted budget fails the test."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.expressions import Compiled, DateTime, Evaluation, Value, compile_expression, to_feel
from genba.expressions.iso import read_date_time

Evaluate = Callable[..., Any]
NOW = read_date_time("2024-05-06T07:08:09Z")


def evaluation_of(text: str, **variables: object) -> Evaluation:
    compiled = compile_expression(text, variables.keys())
    assert isinstance(compiled, Compiled), compiled
    context = {name: to_feel(value) for name, value in variables.items()}
    assert isinstance(NOW, DateTime)
    evaluation = compiled.evaluate(context, now=NOW)
    assert evaluation.exhausted is None, evaluation.exhausted
    return evaluation


@pytest.fixture
def evaluation() -> Callable[..., Evaluation]:
    """Evaluates a text with variables given as Python values."""
    return evaluation_of


@pytest.fixture
def feel() -> Callable[..., Value]:
    """The value of a text with variables given as Python values."""
    return lambda text, **variables: evaluation_of(text, **variables).value


@pytest.fixture
def agree() -> Callable[[str, str], None]:
    """Asserts that two texts have the same value of the same type."""

    def check(text: str, expected: str) -> None:
        got, wanted = evaluation_of(text), evaluation_of(expected).value
        assert (type(got.value), got.value) == (type(wanted), wanted), (text, got)

    return check
