"""Reading texts: names with spaces and operators, literals, comments, problems with a place."""

from collections.abc import Callable

import pytest

from genba.expressions import Compiled, Evaluation, Problem, compile_expression

Feel = Callable[..., object]


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("Monthly Salary * 12", {"Monthly Salary": 10}, 120),
        ("a-b + 1", {"a-b": 1, "a": 50, "b": 7}, 2),
        ("a - b", {"a-b": 1, "a": 50, "b": 7}, 43),
        ("date and place", {"date and place": 3}, 3),
        ("in stock and true", {"in stock": True}, True),
        ("item 2 + 1", {"item 2": 5}, 6),
        ("foo+bar*2", {"foo+bar": 3}, 6),
        ("Été + _x + ?", {"Été": 1, "_x": 2, "?": 3}, 6),
        ("🐎", {"🐎": 1}, 1),
        ("date", {"date": 4}, 4),
        ("count > 3", {"count": 4}, True),
        ("count([1, 2])", {"count": 4}, 2),
        ("order.net total", {"order": {"net total": 9}}, 9),
        ("orders[net total > 5].id", {"orders": [{"net total": 9, "id": 1}]}, [1]),
        ("for the item in [1, 2] return the item + 1", {}, [2, 3]),
        ("some big thing in [1] satisfies big thing = 1", {}, True),
        ("{first key: 1, b: first key + 1}.b", {}, 2),
        ('{"a+b": 1}.a+b', {}, 1),
        ("1 // one\n+ /* two\nlines */ 2", {}, 3),
        ("\u00a01\u3000+\t2", {}, 3),
    ],
)
def test_names_and_spaces(
    feel: Feel, text: str, variables: dict[str, object], expected: object
) -> None:
    assert feel(text, **variables) == expected


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (r'"a\"b\\c\n\t"', 'a"b\\c\n\t'),
        (r'"\u00e9\U01F40E\uD83D\uDC0E"', "é🐎🐎"),
        (r'"\uD83D"', "\ufffd"),
        ('"a\ud800b\ud83d\ude00"', "a\ufffdb\U0001f600"),
        (r'"\d"', "\\d"),
        ('"a\nb"', "a\nb"),
    ],
)
def test_strings(feel: Feel, literal: str, expected: str) -> None:
    assert feel(literal) == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "expected"),
        ("1 +", 1, 4, "expected"),
        ("1 +\n  * 2", 2, 3, "expected"),
        ('"open', 1, 1, "closing quote"),
        ("/* open", 1, 1, "no end"),
        ("a $ b", 1, 3, "no meaning"),
        ("(1", 1, 3, "')'"),
        ("if a then b", 1, 12, "'else'"),
        ("{a: 1, a: 2}", 1, 8, "two entries"),
        ('@"2024-02-30"', 1, 1, "no date"),
        ("f(a: 1, 2)", 1, 2, "all arguments"),
        ("1 2", 1, 3, "operator"),
        ("then", 1, 1, "expected"),
        ('function(a) external {java: {class: "x"}}', 1, 13, "call code"),
        ("1e9999", 1, 1, "too large"),
        ("(" * 100, 1, 61, "deep"),
        ("x" * 60_000, 1, 1, "characters"),
    ],
    ids=lambda value: str(value)[:16],
)
def test_problems_have_a_place(text: str, line: int, column: int, words: str) -> None:
    problem = compile_expression(text)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message
    assert problem.text == text
    assert f"line {line}" in problem.in_words()


def test_free_names() -> None:
    compiled = compile_expression(
        "sum(for i in items return i.x + rate) + net total", names=["net total"]
    )
    assert isinstance(compiled, Compiled)
    assert compiled.names == {"items", "rate", "net total"}


def test_warnings_have_a_place(evaluation: Callable[..., Evaluation]) -> None:
    found = evaluation('[1 + "a", missing, 2 < "b"]')
    assert found.value == [None, None, None]
    assert [warning.offset for warning in found.warnings] == [3, 10, 21]


def test_a_long_sum_is_not_deep(feel: Feel) -> None:
    assert feel("+".join(["1"] * 5000)) == 5000
    assert feel(" and ".join(["true"] * 5000)) is True
    assert feel(" and ".join(["1 instance of number"] * 500)) is True
