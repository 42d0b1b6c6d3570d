"""parse ∘ print = identity: a printed tree is read back as the same tree."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as some

from genba.expressions import syntax
from genba.expressions.expression import SPACED
from genba.expressions.outcome import SyntaxFault
from genba.expressions.parser import parse_expression, parse_unary_tests
from genba.expressions.printing import PRINTERS, print_expression
from genba.notation.dmn import read_dmn

SHARED = Path(
    os.environ.get("GENBA_SHARED_DATA") or Path(__file__).parents[2].parent / "shared/data"
)
NAMES = (*SPACED, "Monthly Salary", "a-b", "l")
ATOMS = some.sampled_from(
    [
        *("1", "1.50", "0", "1e3", '"a"', '"\\"q\\n\\u00e9"', '""', "true", "null", "x", "l"),
        *("Monthly Salary", "a-b", "[]", "{}", "item", "?", "-", "unknown name"),
        *('@"2024-02-29"', '@"P1Y2M"', '@"-PT1H0.5S"', '@"10:00:00.001Z"'),
        *('@"2024-01-01T10:00:00+01:00"', '@"2024-01-01T10:00:00@Europe/Paris"'),
    ]
)
SIGNS = ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
TYPES = ["number", "list<string>", "context<a: number, b c: Any>", "function<number> -> boolean"]
TYPES += ["date and time", "range<number>", "function<> -> string", "tPerson"]
FORMS = [
    *("({0} {s} {1} {s} {2})", "{0} {s} {1}", "{0} {s} {1} {t} {2}", "-{0}", "({0})", "-(-{0})"),
    *("if {0} then {1} else {2}", "{0} between {1} and {2}", "[{0}, {1}]", "({0}).a.b c"),
    *("{{a: {0}, b c: {1}}}", '{{"k \\"": {0}}}', "({0})[{1}]", "l[item > {0}][1]", "({0})({1})"),
    *("for x in {0} return {1}", "for i in 1..({0}), j in l return {1}", "sum({0}, {1})"),
    *("some x in {0} satisfies {1}", "every y in {0}, z in {1} satisfies {2}"),
    *("{0} in ({1}, {2})", "{0} in (< {1}, >= {2})", "{0} in [1..{1}]", "({0}) in ({1})"),
    *("[{0}..{1}]", "({0}..{1})", "]{0}..{1}[", "(<= {0})", "(> {0})", "(= {0})", "(!= {0})"),
    *(
        "function(a: {T}, b c) {0}",
        "({0}) instance of {T}",
        "substring(string: {0}, start position: {1})",
    ),
    *("date and time({0})", "not({0})", "{0}, {1}", "not({0}, < {1})", "< {0}", "{0} and not({1})"),
]


def grown(inner: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    parts = (some.sampled_from(FORMS), inner, inner, inner, some.sampled_from(SIGNS))
    return some.tuples(*parts, some.sampled_from(SIGNS), some.sampled_from(TYPES)).map(
        lambda p: p[0].format(p[1], p[2], p[3], s=p[4], t=p[5], T=p[6])
    )


TEXTS = some.recursive(ATOMS, grown, max_leaves=8)
READERS = (parse_expression, parse_unary_tests)


def bare(node: Any) -> Any:
    """A tree without its offsets."""
    if isinstance(node, tuple):
        return tuple(bare(one) for one in node)
    if isinstance(node, msgspec.Struct) and hasattr(syntax, type(node).__name__):
        fields = (name for name in node.__struct_fields__ if name != "at")
        return (type(node).__name__, *(bare(getattr(node, name)) for name in fields))
    return (type(node).__name__, node)


def comes_back(text: str, read: Any) -> None:
    tree = read(text, NAMES)
    printed = print_expression(tree)
    again = read(printed, NAMES)
    assert bare(again) == bare(tree), printed
    assert print_expression(again) == printed


@settings(deadline=None, max_examples=1500)
@given(TEXTS, some.sampled_from(READERS))
@example("(not(x))", parse_unary_tests)
@example("not(x)", parse_unary_tests)
def test_what_is_printed_is_read_as_the_same(text: str, read: Any) -> None:
    try:
        read(text, NAMES)
    except SyntaxFault:
        assume(False)
    comes_back(text, read)


def test_every_kind_of_node_has_a_printer() -> None:
    kinds = set(syntax.Node.__args__) - {syntax.Foreign}
    assert set(PRINTERS) == kinds


def texts_of_the_kit() -> Iterator[str]:
    """Every FEEL text of the suites that can be read by itself."""

    def within(part: Any) -> Iterator[str]:
        if isinstance(part, tuple):
            for one in part:
                yield from within(one)
        elif isinstance(part, msgspec.Struct):
            for name in part.__struct_fields__:
                value = getattr(part, name)
                if name == "text" and isinstance(value, str):
                    yield value
                else:
                    yield from within(value)

    for file in sorted((SHARED / "dmn-tck").rglob("*.dmn")):
        yield from within(read_dmn(file.read_bytes(), file.name))


def test_the_texts_of_the_kit_come_back() -> None:
    if not (SHARED / "dmn-tck").exists():
        pytest.skip(f"not run: {SHARED}/dmn-tck is missing (GENBA_SHARED_DATA names its folder)")
    told = 0
    for text in dict.fromkeys(texts_of_the_kit()):
        for read in READERS:
            try:
                read(text, NAMES)
            except SyntaxFault:
                continue
            comes_back(text, read)
            told += 1
    assert told > 4000
