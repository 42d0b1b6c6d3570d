"""Expressions of older models: the plain ones become FEEL, the others say why not."""

import pytest

from genba.expressions import Compiled, Problem, compile_expression, to_feel, translate_juel

PLAIN = [
    ("${amount > 1000 && country == 'DE'}", {"amount": 1200, "country": "DE"}, True),
    ("${amount > 1000 && country == 'DE'}", {"amount": 1200, "country": "FR"}, False),
    ("#{a eq 1 or b ne 2 and not c}", {"a": 2, "b": 3, "c": False}, True),
    ("${a lt 1 || a ge 3}", {"a": 3}, True),
    ("${approved}", {"approved": True}, True),
    ("${!approved}", {"approved": False}, True),
    ("${!approved}", {}, True),
    ("${!(a == 1)}", {"a": 2}, True),
    ("${not empty name}", {"name": "x"}, True),
    ("${empty name}", {}, True),
    ("${empty name}", {"name": ""}, True),
    ("${empty list}", {"list": []}, True),
    ("${empty list}", {"list": [1]}, False),
    ("${a ? 'yes' : 'no'}", {"a": False}, "no"),
    ("${a == 1 ? 'x' : a == 2 ? 'y' : 'z'}", {"a": 2}, "y"),
    ("${order.customer.name == \"O'Hara\"}", {"order": {"customer": {"name": "O'Hara"}}}, True),
    ("${x.equals('a')}", {"x": "a"}, True),
    ("${!x.equals('a')}", {"x": "b"}, True),
    ("${items[0].id}", {"items": [{"id": 7}]}, 7),
    ("${map['a key']}", {"map": {"a key": 7}}, 7),
    ("${(a + 1) * 2 - b / 2}", {"a": 1, "b": 2}, 3),
    ("${a % 3 == 1}", {"a": 7}, True),
    ("${-a < 0}", {"a": 7}, True),
    ("${a > 1 == true}", {"a": 7}, True),
    ("${a == null}", {}, True),
    ("${name}: ${price} \"euro\"", {"name": "Ink", "price": 5}, 'Ink: 5 "euro"'),
    ("Dear ${name}", {}, "Dear "),
    ("no expression", {}, "no expression"),
    ("'it''s'", {}, "'it''s'"),
    ("", {}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "variables", "expected"), PLAIN)
def test_meaning(text: str, variables: dict[str, object], expected: object) -> None:
    feel = translate_juel(text)
    assert isinstance(feel, str), feel
    compiled = compile_expression(feel)
    assert isinstance(compiled, Compiled), (feel, compiled)
    evaluation = compiled.evaluate({name: to_feel(value) for name, value in variables.items()})
    assert evaluation.value == expected, feel


def test_plain_conditions_stay_readable() -> None:
    assert translate_juel("${a == 1 && b != 'x'}") == 'a = 1 and b != "x"'
    assert translate_juel("${approved}") == "approved"


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("${bean.call(a)}", 8, "method 'call'"),
        ("${execution.getVariable('x') == 1}", 3, "old engine"),
        ("${task.assignee}", 3, "old engine"),
        ("${now()}", 3, "calls 'now'"),
        ("${list.size() > 0}", 8, "method 'size'"),
        ("${fn:length(x)}", 3, "calls 'fn'"),
        ("${a[b]}", 5, "fixed position"),
        ("${if}", 3, "word of FEEL"),
        ("${1 + return}", 7, "word of FEEL"),
        ("${a[}", 5, "fixed position"),
        ("${a[1.5]}", 5, "whole number"),
        ("${empty empty a}", 9, "a path only"),
        ("a" * 10_001, 1, "characters"),
        ("${a = 1}", 5, "no meaning"),
        ("${a", 1, "closing brace"),
        ("${}", 3, "expected"),
        ("${a b}", 5, "not expected"),
        ("${(a}", 5, "expected"),
        ("${" + "!" * 99 + "a}", 43, "deep"),
        ("${" + "a ? b : " * 30 + "c}", 1, "for FEEL"),
        ("${a" + " % 2" * 99 + "}", 1, "for FEEL"),
        ("${" + "(" * 99 + "a}", 43, "deep"),
    ],
    ids=lambda value: str(value)[:16],
)
def test_refusal(text: str, column: int, words: str) -> None:
    problem = translate_juel(text)
    assert isinstance(problem, Problem), problem
    assert words in problem.message
    assert problem.column == column
