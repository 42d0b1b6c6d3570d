"""Properties: the index answers what the cells answer, the check what trying every value answers,
and nothing hostile raises or runs for long.
"""

import itertools
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genba.decisions import Decided, Unknown, check_decisions, compile_decisions, decide
from genba.expressions import Compiled, compile_unary_tests, to_feel
from genba.notation.dmn import Definitions, read_dmn
from tests.decisions import models

NUMBERS = st.sampled_from(["0", "1", "2", "2.5", "-1"])
TEXTS = st.sampled_from(['"a"', '"b"', '""'])
RANGES = st.tuples(
    st.sampled_from("[("), NUMBERS, st.just(".."), NUMBERS, st.sampled_from("])")
).map("".join)
OPEN = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), NUMBERS).map(" ".join)
CONDITIONS = st.sampled_from(
    ["? > 1", "1 < ?", "? = 2", '? != "a"', "? in [1..2]", "? between 0 and 1", "? * 2 > 3"]
)
SIMPLE = st.one_of(
    NUMBERS, TEXTS, RANGES, OPEN, st.sampled_from(["true", "false", "null", '@"2024-01-01"'])
)
LISTS = st.lists(st.one_of(SIMPLE, CONDITIONS), min_size=1, max_size=3).map(", ".join)
CELLS = st.one_of(
    st.just("-"), SIMPLE, CONDITIONS, LISTS, LISTS.map("not({})".format), st.just("[1, 2]")
)
VALUES = st.sampled_from(
    [None, True, False, 0, 1, 1.5, 2, 2.5, -1, "a", "b", "", "z", [1, 2], [1], {}]
)


def passes(cell: str, value: object) -> bool:
    test = compile_unary_tests(cell)
    assert isinstance(test, Compiled), cell
    return test.evaluate({"?": to_feel(value)}).value is True


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), st.lists(VALUES, min_size=2))
def test_the_index_of_a_table_answers_what_its_cells_answer(
    rows: list[tuple[str, str]], values: list[object]
) -> None:
    box = models.table(
        [models.column("x"), models.column("y")],
        [models.output()],
        [models.row(cells, [str(n)]) for n, cells in enumerate(rows)],
        "RULE ORDER",
    )
    model = models.compiled(
        models.given("x"), models.given("y"), models.decision("d", box, needs=["x", "y"])
    )
    for x, y in itertools.pairwise(values):
        expected = [n for n, (one, two) in enumerate(rows) if passes(one, x) and passes(two, y)]
        found = models.decided(model, "d", x=x, y=y)
        assert (found.value or []) == [Decimal(n) for n in expected]
        assert [one.row - 1 for one in found.matched] == expected


GRID = [Decimal(n) / 4 for n in range(-8, 16)]
NUMERIC = st.one_of(
    st.just("-"),
    NUMBERS,
    RANGES,
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), NUMBERS).map(" ".join),
    st.lists(st.one_of(NUMBERS, RANGES), min_size=1, max_size=2).map(", ".join),
    st.tuples(NUMBERS, NUMBERS).map(lambda pair: f"not({', '.join(pair)})"),
)
LOGICAL = st.sampled_from(["-", "true", "false"])


def numeric_table(rows: list[tuple[str, str]], policy: str) -> set[str]:
    """The rules the check speaks of."""
    box = models.table(
        [models.column("x", "number"), models.column("y", "boolean")],
        [models.output()],
        [models.row(cells, [str(n)]) for n, cells in enumerate(rows)],
        policy,
    )
    model = models.compiled(
        models.given("x"), models.given("y"), models.decision("d", box, needs=["x", "y"])
    )
    return {problem.rule for problem in check_decisions(model)}


def matching(rows: list[tuple[str, str]]) -> list[list[int]]:
    """The rows that match at each point of the grid; the grid lies finer than the constants."""
    tested = {cell: [passes(cell, value) for value in GRID] for cell, _ in rows}
    return [
        [n for n, (one, two) in enumerate(rows) if tested[one][place] and passes(two, truth)]
        for place in range(len(GRID))
        for truth in (True, False)
    ]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(NUMERIC, LOGICAL), min_size=1, max_size=5))
def test_the_check_says_what_trying_every_value_says(rows: list[tuple[str, str]]) -> None:
    hits = matching(rows)
    unique = numeric_table(rows, "UNIQUE")
    assert ("dmn.overlap" in unique) == any(len(one) > 1 for one in hits)
    assert ("dmn.gap" in unique) == any(not one for one in hits)
    decisive = {one[0] for one in hits if one}
    never = {n for n in range(len(rows)) if not any(n in one for one in hits)}
    first = numeric_table(rows, "FIRST")
    assert ("dmn.unreachable" in first) == bool(set(range(len(rows))) - decisive - never)
    assert ("dmn.never" in first) == bool(never)


SAMPLE = models.model_text(
    '<itemDefinition name="t"><itemComponent name="a"><typeRef>number</typeRef>'
    "</itemComponent></itemDefinition>",
    models.given("x", "t"),
    models.decision(
        "d",
        models.table(
            [models.column("x.a", "number", "[0..9]")],
            [models.output("", '"a", "b"', '"b"')],
            [models.row(["[1..5]"], ['"a"']), models.row(["> 3"], ['"b"'])],
            "OUTPUT ORDER",
        ),
        needs=["x"],
    ),
    models.decision(
        "e", models.literal("for i in 1..count(d) return d[i] + x"), decisions=["d"], needs=["x"]
    ),
)


def try_everything(data: bytes, inputs: dict[str, Any]) -> None:
    definitions = read_dmn(data)
    if not isinstance(definitions, Definitions):
        assert definitions
        return
    model = compile_decisions(definitions)
    check_decisions(model)
    for name in (*model.decisions, *model.services):
        assert isinstance(decide(model, name, inputs), (Decided, Unknown))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(SAMPLE) - 1),
    st.integers(0, 40),
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from([b"-", b"]", b"..", b"function(x) x", b"for i in 1..999999999 return i"]),
    ),
    st.dictionaries(st.sampled_from(["x", "d"]), st.one_of(VALUES, st.just({"a": 4}))),
)
def test_no_file_and_no_input_makes_it_raise(
    place: int, size: int, put: bytes, inputs: dict[str, Any]
) -> None:
    try_everything(SAMPLE[:place] + put + SAMPLE[place + size :], inputs)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_makes_it_raise(cell: str, expression: str) -> None:
    cell, expression = (
        "".join(c for c in text if c >= " " and c.isprintable()) for text in (cell, expression)
    )
    box = models.table([models.column("x")], [models.output()], [models.row([cell], ["1"])])
    parts = (
        models.given("x"),
        models.decision("d", box, needs=["x"]),
        models.decision("e", models.literal(expression), needs=["x"], decisions=["d"]),
    )
    try_everything(models.model_text(*parts), {"x": 3})


def test_what_costs_too_much_ends_in_a_refusal() -> None:
    costly = (
        "for i in 1..1000000000 return i",
        "count(for i in 1..40000, j in 1..40000 return i)",
        'string join(for i in 1..40000 return "aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaa")',
    )
    for text in costly:
        model = models.compiled(models.decision("d", models.literal(text)))
        found = models.decided(model, "d")
        assert found.value is None
        assert found.exhausted is not None
