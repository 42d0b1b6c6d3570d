"""Cells of decision tables: the tested value is `?` (DMN 1.5, rules 7 to 14)."""

import pytest

from genba.expressions import Compiled, Problem, compile_unary_tests, to_feel


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", 1, True),
        ("-", None, True),
        ("1", 1, True),
        ("1, 2", 2, True),
        ("1, 2", 3, False),
        ("< 5", 4, True),
        (">= 5, 1", 1, True),
        ("[1..3]", 3, True),
        ("(1..3)", 3, False),
        ("]1..3[", 2, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ('"a", "b"', "b", True),
        ("? > 3", 4, True),
        ("? > 3", 2, False),
        ("odd(?)", 3, True),
        ("not(odd(?))", 3, False),
        ("[1, 2, 3]", 2, True),
        ("limit", 7, True),
        ("< limit", 6, True),
        ("null", None, True),
        ("true", True, True),
        ("true", False, False),
        ("= 2", 2, True),
        ("!= 2", 3, True),
        ("-1", -1, True),
        ('starts with(?, "a")', "abc", True),
        ("< 5", "x", False),
    ],
)
def test_cell(cell: str, value: object, expected: bool) -> None:
    compiled = compile_unary_tests(cell, ["limit"])
    assert isinstance(compiled, Compiled), compiled
    assert compiled.value({"?": to_feel(value), "limit": to_feel(7)}) is expected


@pytest.mark.parametrize("cell", ["", "1,", "not(1", "- 1 -", "[1..", "< "])
def test_wrong_cell(cell: str) -> None:
    assert isinstance(compile_unary_tests(cell), Problem)
