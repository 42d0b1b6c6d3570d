"""Hostile expressions end in a refusal, as a value; memory and time have one account."""

import sys

import pytest

from genba.expressions import Budget, Compiled, Problem, compile_expression

TENFOLD = ", ".join(
    f"{name}: [{', '.join([before] * 10)}]"
    for before, name in zip("1abcdefg", "abcdefgh", strict=True)
)

EXHAUSTING = {
    "iteration": "for i in 1..1000000000 return i",
    "range": "for i in [1..1000000000] return i",
    "nested loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
    "quantifier": "some i in 1..40000 satisfies some j in 1..40000 satisfies i + j < 0",
    "recursion": "(function(f) f(f))(function(f) f(f))",
    "shared parts": f"{{{TENFOLD}}}",
    "shared parts flattened": f"{{{TENFOLD}, r: count(flatten(h))}}.r",
    "shared parts written": f"{{{TENFOLD}, r: string length(string(h))}}.r",
    "shared parts compared": f"{{{TENFOLD}, r: h = h}}.r",
    "strings": f'for i in 1..40000 return "{"x" * 40_000}" + string(i)',
    "replacement": f'replace("{"a" * 20_000}", "a", "{"b" * 20_000}")',
    "pattern": f'matches("{"a" * 20_000}", "(a+)+$b")',
    "pattern with references": r'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*(a*)*\\1\\2b")',
    "patterns": 'for i in 1..40000 return matches("a", "(a{50}){20}" + string(i))',
    "wrong patterns": 'for i in 1..40000 return matches("a", "(a{50}){50}" + string(i))',
    "powers": "for i in 1..9999 return i ** -1e-6000",
    "sorting": "sort(for i in 1..20000 return -i, function(a, b) a < b)",
    "searching": "{l: for i in 1..9000 return i, r: for i in l return list contains(l, -i)}.r",
    "partial": "for i in 1..40000 return count(partial)",
    "filter": "{l: for i in 1..9000 return i, r: l[count(l[item > 0]) > 0]}.r",
    "context": '(for i in 1..9000 return {a: i})[get value({b: 1}, "b") + a > 0 and false][1]'
    " = (for i in 1..40000 return i)",
    "distinct": "distinct values(for i in 1..9000 return [i])",
}


@pytest.mark.parametrize("text", EXHAUSTING.values(), ids=EXHAUSTING.keys())
def test_refusal(text: str) -> None:
    compiled = compile_expression(text)
    assert isinstance(compiled, Compiled), compiled
    evaluation = compiled.evaluate({})
    assert evaluation.exhausted is not None
    assert evaluation.value is None
    assert compiled.value({}) is None


@pytest.mark.parametrize(
    "text",
    [
        "9 ** 9 ** 9 ** 9 ** 9",
        "1.0000001 ** 99999999999999999",
        "exp(99999999999999)",
        "modulo(1e6000, 3)",
        "decimal(1/3, 99999999999)",
        'duration("P999999999999999999D") * 1e6000',
        'matches("a", "((((a{99}){99}){99}){99})")',
        'number("' + "9" * 20_000 + '")',
    ],
    ids=lambda text: text[:16],
)
def test_a_result_that_does_not_exist_is_null(text: str) -> None:
    compiled = compile_expression(text)
    assert isinstance(compiled, Compiled)
    evaluation = compiled.evaluate({})
    assert evaluation.value is None
    assert evaluation.warnings
    assert evaluation.exhausted is None


@pytest.mark.parametrize(
    "text",
    [
        *("(" * 9000 + "1" + ")" * 9000, "-" * 9000 + "1", "[" * 9000, "{a:" * 9000),
        *("a" + ".a" * 9000, "a" + "[1]" * 9000, "a" + "()" * 9000, "1" + "=1" * 9000),
        *("if true then " * 3000, "for i in 1..2 return " * 2000 + "1", "function(a) " * 3000),
        *("1 instance of " + "list<" * 9000, "1" + " instance of number" * 2000),
        *("f(" * 9000, "not(" * 9000, "some x in " * 4000, "1 in (" * 9000),
    ],
    ids=lambda text: text[:16],
)
def test_deep_texts_are_problems(text: str) -> None:
    assert isinstance(compile_expression(text), Problem)


def test_the_deepest_text_allowed_can_run() -> None:
    for opening, closing in (("(", ")"), ("[", "]"), ("-", ""), ("{a:", "}"), ("abs(", ")")):
        text = opening * 58 + "1" + closing * 58
        compiled = compile_expression(text)
        assert isinstance(compiled, Compiled), compiled
        assert compiled.evaluate({}).exhausted is None


def test_a_caller_deep_in_the_stack_gets_a_value() -> None:
    compiled = compile_expression("[" * 50 + "1" + "]" * 50)
    assert isinstance(compiled, Compiled)

    def descend(levels: int) -> str | None:
        return descend(levels - 1) if levels else compiled.evaluate({}).exhausted

    frame, used = sys._getframe(), 0
    while frame.f_back is not None:
        frame, used = frame.f_back, used + 1
    assert descend(sys.getrecursionlimit() - used - 30) == "nested too deeply"


def test_budgets_are_the_callers() -> None:
    compiled = compile_expression("for i in 1..100 return i")
    assert isinstance(compiled, Compiled)
    assert len(compiled.evaluate({}).value) == 100
    assert compiled.evaluate({}, Budget(steps=50)).exhausted == "more than 50 steps"
    assert "99 elements" in str(compiled.evaluate({}, Budget(size=99)).exhausted)
    text = compile_expression('"abc" + "def"')
    assert isinstance(text, Compiled)
    assert "5 characters" in str(text.evaluate({}, Budget(text=5)).exhausted)
    calls = compile_expression("(function(x) (function(y) y)(x))(1)")
    assert isinstance(calls, Compiled)
    assert calls.evaluate({}).value == 1
    assert "1 nested" in str(calls.evaluate({}, Budget(depth=1)).exhausted)
