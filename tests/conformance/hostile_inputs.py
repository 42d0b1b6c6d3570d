"""Inputs nobody would write: the same ones for the same seed, number and texts to start from.

Rules of this file: an input is made from its number alone, so any of a million can be made again;
every kind is in the table `KINDS` with its share.
"""

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from genba.expressions.library import BUILTINS


class Hostile(NamedTuple):
    """An input: which kind it is, the text, and whether it is one of the older language."""

    kind: str
    text: str
    old: bool = False


TEXTS = (
    'amount > 1000 and country = "DE"',
    "for i in 1..3, j in [i, 2] return {a: i, b: a + j}.b",
    'some x in [1, 2] satisfies x in (<2, [3..4], "a")',
    'if date("2024-02-29") < today() then -1 else {a b: 2, c: a b ** 2}.c',
    "(function(a: number, b) if a > 0 then a + b else null)(b: 1, a: 2)",
    'replace("aab", "(a)(a)", "$2$1") + string(@"P1DT2H")',
    "[{a: 1}, {a: 2}][a > 1].a instance of list<number>",
    'not("a", "b"), < 3, ]1..2[, @"2024-01-01T10:00:00@Europe/Paris"',
    "${amount > 1000 && country == 'DE' ? a.b[0] : empty c}",
    "Dear ${name}, #{not (a eq 1)}",
)
WORDS = (
    *("1", "2.5", ".5", "-3", '"a"', '"(a+)+b"', "true", "null", "x", "y", "item", "?", "partial"),
    *("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in", "between", "..", "->"),
    *("(", ")", "[", "]", "{", "}", ",", ":", ".", "if", "then", "else", "for", "return", "not"),
    *("some", "every", "satisfies", "function", "instance of", "number", "list<", "context<"),
    *('@"2024-02-29"', '@"P1M"', '@"10:00:00Z"', '@"', '"', "'", "/*", "*/", "//", "\\", "\0"),
    *("1e6000", "99999999999999999999999999999999999", "{a: 1}", "a b", "é", "\ud800", "\u2028"),
    *("${", "#{", "&&", "||", "==", "%", "empty", "'x'", "external", "a.b", "date and time"),
    *sorted(BUILTINS),
)
VALUES = (
    *("1", "-1", "0", "0.5", "1e6000", "-1e-6000", "99999999999", "null", "true", "x", "y"),
    *('"a"', '""', '"P1D"', '"[1..2]"', '"2024-01-01"', "[]", "[1, 2]", "[[1], null]", "{a: 1}"),
    *("[1..3]", "(< 5)", "function(a, b) a", "sum", '@"2024-01-01"', '@"999999999-12-31"'),
    *('@"P999999999Y"', '@"10:00:00@Europe/Paris"', '@"2024-01-01T10:00:00Z"', '@"-P5D"'),
    *('[{key: "a", value: 1}]', '"(a|a)*b"', '"\\\\p{L}+[^-]{0,99}"', "[1..1000000000]"),
)
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "in", "and", "or")
REPEATED = (
    *("(", "[", "{a:", "-", "not(", "1..", "a.", "[1][", "if true then ", "for i in ", "f("),
    *("function() ", "x instance of list<", "1 in ", "and ", '"', "\\", "a b ", "1+", "@", "/*"),
    *("${", "${!", "${(", "${a?", "1 between 0 and ", "every i in [1] satisfies ", "some x in "),
)
COSTLY = (
    "for i in 1..{n} return {e}",
    "for a in 1..{n}, b in 1..{n}, c in 1..{n} return {e}",
    "some i in 1..{n} satisfies every j in 1..{n} satisfies i + j < 0",
    "(function(f) f(f))(function(f) [f(f), {e}])",
    "sort(for i in 1..{n} return -i, function(a, b) a < b)",
    "{{l: for i in 1..{n} return {e}, r: l[count(l[item = {e}]) > 0]}}.r",
    '{{s: "ab", t: s+s+s+s+s+s+s+s, u: t+t+t+t+t+t+t+t, v: for i in 1..{n} return u + {e}}}.v',
    'for i in 1..{n} return replace("aaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*" + string(i), "b")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaa{n}", "((a|aa)+)+$b")',
    "{{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b], r: [c,c,c] = [c,{e}]}}.r",
    "flatten(for i in 1..{n} return for j in 1..i return {e})",
    "exp({n}) ** {n} + {e} / {n} ** -{n}",
    "for i in 1..{n} return sum(partial)",
    'string join(for i in 1..{n} return "{e}")',
)


def known_texts(data: Path) -> list[str]:
    """Expressions of the shared models to start from, with those of this file."""
    found = set(TEXTS)
    for path in sorted(data.glob("dmn-tck/*/*/*.dmn")):
        words = path.read_text(encoding="utf-8", errors="replace")
        found.update(re.findall(r"<(?:\w+:)?text>(.*?)</", words, re.DOTALL))
    for path in sorted(data.glob("bpmn/**/*.bpmn")):
        words = path.read_text(encoding="utf-8", errors="replace")
        found.update(re.findall(r"<(?:\w+:)?conditionExpression[^>]*>(.*?)</", words, re.DOTALL))
        found.update(re.findall(r'[$#]\{[^}"<]*\}', words))
    return sorted(html.unescape(text) for text in found)


def make(seed: int, number: int, texts: Sequence[str] = TEXTS) -> Hostile:
    """The input of that number."""
    dice = Random(seed << 32 | number)
    kind, maker = dice.choice(_LOTS)
    text = maker(dice, texts)
    return Hostile(kind, text, "${" in text or "#{" in text or dice.random() < 0.05)


def _mutated(dice: Random, texts: Sequence[str]) -> str:
    text = dice.choice(texts)
    for _ in range(dice.randint(1, 4)):
        text = dice.choice(_CHANGES)(dice, text, texts)
    return text


def _drop(dice: Random, text: str, texts: Sequence[str]) -> str:
    start = dice.randint(0, len(text))
    return text[:start] + text[start + dice.randint(1, 8) :]


def _repeat(dice: Random, text: str, texts: Sequence[str]) -> str:
    start = dice.randint(0, len(text))
    part = text[start : start + dice.randint(1, 12)]
    return text[:start] + part * dice.choice((2, 2, 3, 50)) + text[start:]


def _insert(dice: Random, text: str, texts: Sequence[str]) -> str:
    start = dice.randint(0, len(text))
    return text[:start] + dice.choice(WORDS) + text[start:]


def _replace(dice: Random, text: str, texts: Sequence[str]) -> str:
    start = dice.randint(0, len(text))
    return text[:start] + chr(dice.choice(_CHARACTERS)) + text[start + 1 :]


def _splice(dice: Random, text: str, texts: Sequence[str]) -> str:
    other = dice.choice(texts)
    return text[: dice.randint(0, len(text))] + other[dice.randint(0, len(other)) :]


_CHANGES = (_drop, _repeat, _insert, _insert, _replace, _splice)
_CHARACTERS = (*range(128), 0xA0, 0xE9, 0x2028, 0xD800, 0xDFFF, 0xFFFF, 0x1F600, 0x10FFFF)


def _soup(dice: Random, texts: Sequence[str]) -> str:
    return dice.choice((" ", " ", "")).join(dice.choices(WORDS, k=dice.randint(1, 24)))


def _old(dice: Random, texts: Sequence[str]) -> str:
    return "${" + _soup(dice, texts) + "}"


def _noise(dice: Random, texts: Sequence[str]) -> str:
    return "".join(map(chr, dice.choices(_CHARACTERS, k=dice.randint(0, 60))))


def _call(dice: Random, texts: Sequence[str]) -> str:
    arguments = ", ".join(dice.choices(VALUES, k=dice.randint(0, 4)))
    return f"{dice.choice(_NAMES)}({arguments})"


_NAMES = sorted(BUILTINS)


def _grammatical(dice: Random, texts: Sequence[str]) -> str:
    return _grown(dice, dice.randint(1, 5))


def _grown(dice: Random, height: int) -> str:
    """A text of the grammar: the shapes are drawn, their parts grown again."""
    if height == 0:
        return dice.choice(VALUES)
    shape = dice.choice(_SHAPES)
    parts = [_grown(dice, height - 1 if index == 0 else 0) for index in range(shape.count("{}"))]
    dice.shuffle(parts)
    return shape.format(*parts, o=dice.choice(OPERATORS), f=dice.choice(_NAMES))


_SHAPES = (
    *("({}) {o} ({})", "{} {o} {}", "{f}({})", "{f}({}, {})", "{f}({}, {}, {})", "-({})"),
    *("if {} then {} else {}", "for i in {} return {}", "some x in {} satisfies {}", "[{}, {}]"),
    *("{{a: {}, b: {}}}.a", "{}[{}]", "{} between {} and {}", "{} in ({}, {})", "[{}..{}]"),
    *("(function(x, y) {})({}, {})", "{} instance of list<number>", "every x in {} satisfies {}"),
    *("{}.year", "{} in >= {}", "for i in {}..{} return {}", "{{x: {}, y: {}}}", "{} = {}"),
)


def _deep(dice: Random, texts: Sequence[str]) -> str:
    part = "".join(dice.choices(REPEATED, k=dice.randint(1, 2)))
    return part * dice.choice((20, 61, 200, 3_000)) + dice.choice(VALUES)


def _costly(dice: Random, texts: Sequence[str]) -> str:
    size = dice.choice((9, 300, 49_999, 10**9, 10**30))
    return dice.choice(COSTLY).format(n=size, e=dice.choice(VALUES))


Maker = Callable[[Random, Sequence[str]], str]
KINDS: dict[str, tuple[int, Maker]] = {
    "mutated": (400, _mutated),
    "soup": (170, _soup),
    "old": (90, _old),
    "noise": (50, _noise),
    "call": (120, _call),
    "grammatical": (130, _grammatical),
    "deep": (16, _deep),
    "costly": (24, _costly),
}
"""Shares in a thousand: what is costly for everybody is rare, so that a million fit in an hour."""

_LOTS = tuple((kind, maker) for kind, (share, maker) in KINDS.items() for _ in range(share))
