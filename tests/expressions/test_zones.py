"""Zone ids with the offsets whoever evaluates hands in, and types of a model."""

import pytest

from genba.expressions import Compiled, Evaluation, compile_expression
from genba.expressions.outcome import DEFAULT, Run
from genba.expressions.syntax import TypeRef
from genba.expressions.types import convert

HOUR = 3600


def offset_of(zone: str, seconds: int) -> int | None:
    """Two zones, one with a summer that lasts the second half of 1970."""
    if zone == "Europe/Here":
        return 2 * HOUR if 182 * 24 * HOUR < seconds < 365 * 24 * HOUR else HOUR
    return {"Asia/There": 6 * HOUR}.get(zone)


def evaluate(text: str, *, zones: bool = True) -> Evaluation:
    compiled = compile_expression(text)
    assert isinstance(compiled, Compiled)
    return compiled.evaluate({}, zones=offset_of if zones else None)


@pytest.mark.parametrize(
    "text",
    [
        '@"1970-01-10T06:00:00@Asia/There" = @"1970-01-10T01:00:00@Europe/Here"',
        '@"1970-08-10T06:00:00@Asia/There" = @"1970-08-10T02:00:00@Europe/Here"',
        '@"1970-01-01T00:00:00@Europe/Here" = @"1969-12-31T23:00:00Z"',
        '@"1970-06-30T00:00:00@Europe/Here" + @"P10D" = @"1970-07-09T22:00:00Z"',
        '@"1970-01-01T00:00:00@Asia/There" < @"1970-01-01T00:00:00@Europe/Here"',
        'date and time("1970-08-10T00:00:00@Europe/Here").time offset = @"PT2H"',
        'date and time(@"1970-08-10", @"00:00:00@Europe/Here") = @"1970-08-09T22:00:00Z"',
        'date and time("99999-01-01T00:00:00@Asia/There").year = 99999',
    ],
)
def test_moments_of_zones_are_moments(text: str) -> None:
    assert evaluate(text).value is True


def test_without_offsets_zones_cannot_be_compared() -> None:
    text = '@"1970-01-10T06:00:00@Asia/There" = @"1970-01-10T01:00:00@Europe/Here"'
    found = evaluate(text, zones=False)
    assert found.value is None
    assert found.warnings


@pytest.mark.parametrize(
    "text", ['@"1970-01-01T00:00:00@Europe/None"', 'time("10:00:00@Europe/None")']
)
def test_a_zone_there_is_not_is_null(text: str) -> None:
    found = evaluate(text)
    assert found.value is None
    assert "no time zone" in found.warnings[0].message


def test_times_are_equal_to_the_second_and_ordered_to_the_nanosecond() -> None:
    assert evaluate('time("10:30:00.0001") = time("10:30:00.0002")').value is True
    assert evaluate('time("10:30:00.0001") < time("10:30:00.0002")').value is True


def test_a_single_value_is_no_range() -> None:
    assert evaluate("(= 10) = [10..10]").value is False
    assert evaluate("(= 10) = (= 10)").value is True
    assert evaluate("10 in (= 10)").value is True


def test_conversion_goes_one_step() -> None:
    run = Run(DEFAULT)
    number = TypeRef("number")
    assert convert(["a"], TypeRef("string"), run) == (True, "a")
    assert convert([["a"]], TypeRef("string"), run) == (False, None)
    assert convert("a", number, run) == (False, None)
    assert convert(None, number, run) == (True, None)
    types = {"t": TypeRef("list", (TypeRef("t"),))}
    assert convert([[], [[]]], TypeRef("t"), run, types) == (True, [[], [[]]])
    assert convert([["a"]], TypeRef("t"), run, types) == (False, None)
