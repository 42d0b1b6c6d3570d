"""Nothing anybody writes makes compiling or evaluating raise, and nothing exceeds the budget."""

from hypothesis import given, settings
from hypothesis import strategies as some

from genba.expressions import (
    Budget,
    Compiled,
    Evaluation,
    Problem,
    compile_expression,
    compile_unary_tests,
    to_json,
    translate_juel,
)
from genba.expressions.library import BUILTINS

SMALL = Budget(steps=3_000, size=300, depth=20, text=3_000)
WORDS = [
    *("1", "2.5", "-3", '"a"', '"(a+)+b"', "true", "null", "x", "y", "item", "?", "partial"),
    *("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in", "between", ".."),
    *("(", ")", "[", "]", "{", "}", ",", ":", ".", "->", "if", "then", "else", "for", "return"),
    *("some", "every", "satisfies", "function", "instance of", "number", "list<", ">", "not"),
    *('@"2024-02-29"', '@"P1M"', '@"PT1H"', '@"10:00:00Z"', "1e6000", "999999999", "{a: 1}"),
    *BUILTINS,
]
CONTEXT = {"x": 5, "y": [1, "a", None, {"a": 2}], "?": 3}
CALLS = some.tuples(
    some.sampled_from(sorted(BUILTINS)),
    some.lists(
        some.sampled_from(
            [
                *("1", "-1", "0", "0.5", "1e6000", "-1e-6000", "99999999999", "null", "true"),
                *('"a"', '""', '"P1D"', '"[1..2]"', '"2024-01-01"', "[]", "[1, 2]", "[[1], null]"),
                *('["a", "b"]', "{a: 1}", "[1..3]", "(< 5)", "function(a, b) a", "sum"),
                *(
                    '@"2024-01-01"',
                    '@"999999999-12-31"',
                    '@"P999999999Y"',
                    '@"10:00:00@Europe/Paris"',
                ),
                *('@"2024-01-01T10:00:00Z"', '@"-P5D"', '[{key: "a", value: 1}]'),
            ]
        ),
        max_size=4,
    ),
).map(lambda call: f"{call[0]}({', '.join(call[1])})")


def survive(text: str) -> None:
    for compiled in (compile_expression(text, CONTEXT), compile_unary_tests(text, CONTEXT)):
        if isinstance(compiled, Problem):
            assert 0 <= compiled.offset <= len(text)
            continue
        assert isinstance(compiled, Compiled)
        evaluation = compiled.evaluate(CONTEXT, SMALL)
        assert isinstance(evaluation, Evaluation)
        to_json(evaluation.value)


@given(some.text(max_size=60))
def test_any_text(text: str) -> None:
    survive(text)
    assert isinstance(translate_juel(text), (str, Problem))
    assert isinstance(translate_juel("${" + text + "}"), (str, Problem))


@settings(max_examples=400)
@given(some.lists(some.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_words(text: str) -> None:
    survive(text)


OLD_WORDS = [
    *("a", "b.c", "[", "]", "(", ")", "1", "'x'", '"y"', "&&", "||", "!", "not", "empty", "?", ":"),
    *("==", "!=", "<", "ge", "+", "-", "%", ".", ",", "equals", "${", "}", "#{", "text", "\\"),
]


@settings(max_examples=400)
@given(some.lists(some.sampled_from(OLD_WORDS), max_size=12).map(" ".join))
def test_any_old_words(text: str) -> None:
    translated = translate_juel("${" + text + "}")
    if isinstance(translated, str):
        assert isinstance(compile_expression(translated), Compiled), translated


@settings(max_examples=600)
@given(CALLS)
def test_any_call(text: str) -> None:
    survive(text)


@settings(max_examples=300)
@given(CALLS, CALLS, some.sampled_from(["+", "-", "*", "/", "**", "=", "<", "in", "and"]))
def test_any_operation(left: str, right: str, operator: str) -> None:
    survive(f"{left} {operator} {right}")


@given(some.text("aAbB01 .*+?|()[]{}^$-\\,pLdwsiPn", max_size=16), some.text("aAb1", max_size=9))
def test_any_pattern(pattern: str, text: str) -> None:
    quoted = pattern.replace("\\", "\\\\")
    survive(f'[matches("{text}", "{quoted}", "i"), replace("{text}", "{quoted}", "$1")]')
    survive(f'split("{text}", "{quoted}")')
