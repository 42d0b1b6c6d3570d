"""Patterns: agreement with Python's `re` where the dialects are one, and XPath's own parts."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from genba.expressions.outcome import Budget, BudgetExceeded, Fault, Run
from genba.expressions.regex import compile_pattern

ATOMS = some.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c]"])
PATTERNS = some.recursive(
    ATOMS,
    lambda inner: some.one_of(
        some.tuples(inner, inner).map("".join),
        some.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        some.tuples(inner, some.sampled_from(["*", "+", "?", "{1,2}", "*?", "+?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


def account() -> Run:
    return Run(Budget(steps=10**7))


@given(PATTERNS, some.text("abc", max_size=8))
def test_agrees_with_python(pattern: str, text: str) -> None:
    # Engines differ on repeating a group that lazily took nothing, as in ((b)*?)*.
    assume(not re.search(r"[*+?}]\?.*\)[*+?{]", pattern))
    ours = compile_pattern(pattern, "", account()).search(text, account())
    theirs = re.search(pattern, text)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert (ours.start, ours.end) == theirs.span()


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("[A-Z-[OI]]", "", "OIX", "X"),
        (r"\p{Lu}+", "", "abCDe", "CD"),
        (r"\P{L}", "", "ab1", "1"),
        (r"\p{IsGreek}", "", "aβ", "β"),
        (r"(.)\1", "", "abccd", "cc"),
        (r"\i\c*", "", "1-ab-2", "ab-2"),
        ("a b", "x", "ab", "ab"),
        ("a.c", "q", "abc a.c", "a.c"),
        ("^b$", "m", "a\nb\nc", "b"),
        ("a.b", "s", "a\nb", "a\nb"),
        ("a.b", "", "a\nb", None),
        ("HELLO", "i", "say hello", "hello"),
        ("[^q]", "i", "Q", None),
        (r"\d{2,3}?", "", "12345", "12"),
        (r"[\d\-]+", "", "x1-2", "1-2"),
    ],
)
def test_search(pattern: str, flags: str, text: str, found: str | None) -> None:
    match = compile_pattern(pattern, flags, account()).search(text, account())
    assert (None if match is None else text[match.start : match.end]) == found


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[",
        "a**",
        "*",
        "a{2,1}",
        r"\b",
        r"\1",
        r"\p{Xx}",
        "[]",
        "[z-a]",
        "a{",
        "\\",
        "(" * 99,
    ],
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(Fault):
        compile_pattern(pattern, "", account())


def test_no_pattern_runs_away() -> None:
    run = Run(Budget(steps=50_000))
    pattern = compile_pattern(r"(a*)*(a*)*\1\2b", "", run)
    with pytest.raises(BudgetExceeded):
        pattern.search("a" * 40, run)


def test_without_references_time_grows_with_the_text() -> None:
    run = Run(Budget(steps=50_000))
    assert compile_pattern("(a|aa)+$", "", run).search("a" * 1000 + "b", run) is None
