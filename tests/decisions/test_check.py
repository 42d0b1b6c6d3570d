"""What the check of decision tables says, in which words, and when it cannot tell."""

from collections.abc import Sequence

import pytest

from genba.decisions import check_decisions
from tests.decisions.models import column, compiled, decision, given, output, row, table

LEVEL = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
    '<allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>'
)


def said(
    rows: Sequence[str],
    *,
    types: Sequence[str] = ("number",),
    policy: str = "UNIQUE",
    outputs: Sequence[str] = (output(),),
) -> list[tuple[str, str]]:
    """Rule and words of everything said about a table with inputs x, y, ..."""
    names = "xyz"[: len(types)]
    columns = [column(name, type_) for name, type_ in zip(names, types, strict=True)]
    box = table(columns, outputs, rows, policy)
    model = compiled(LEVEL, *(given(name) for name in names), decision("d", box, needs=names))
    return [(one.rule, one.message.removeprefix("d: ")) for one in check_decisions(model)]


def test_a_table_without_fault_has_nothing_said_about_it() -> None:
    assert said([row(["< 5"], ["1"]), row([">= 5"], ["2"])]) == []


@pytest.mark.parametrize(
    ("types", "rows", "expected"),
    [
        (
            ("number",),
            [["< 5"], ["> 5"]],
            [("dmn.gap", "no row for x is 5")],
        ),
        (
            ("number",),
            [["<= 5"], ["[5..9]"], ["> 9"]],
            [("dmn.overlap", "rows 1 and 2 both match x is 5, under hit policy U")],
        ),
        (
            ("tLevel",),
            [['"low"']],
            [("dmn.gap", "no row for x is high")],
        ),
        (
            ("string", "boolean"),
            [['"a"', "-"], ['not("a")', "true"]],
            [("dmn.gap", "no row for x is not a and y is no")],
        ),
        (
            ("date",),
            [['< date("2024-01-01")'], ['>= date("2025-01-01")']],
            [("dmn.gap", "no row for x from 2024-01-01 to before 2025-01-01")],
        ),
        (
            ("number",),
            [["-"], ['"high"']],
            [("dmn.never", 'row 2: "high" never matches x, which is a number')],
        ),
        (
            ("number",),
            [["-"], ["[5..1]"]],
            [("dmn.never", "row 2: [5..1] never matches x, as it holds no value")],
        ),
        (
            ("tLevel",),
            [['"low"'], ['"high"'], ['"middle"']],
            [("dmn.never", 'row 3: "middle" never matches x, whose allowed values are others')],
        ),
        (
            ("number",),
            [["< 5"], [">= 5"], ["? = abs(?) + 1"]],
            [
                (
                    "dmn.cannot-tell",
                    "cannot tell whether rows overlap or leave a gap: "
                    "row 3 tests more than values and ranges",
                )
            ],
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_cells(
    types: Sequence[str], rows: Sequence[Sequence[str]], expected: list[tuple[str, str]]
) -> None:
    assert said([row(cells, ["1"]) for cells in rows], types=types) == expected


def test_a_default_output_leaves_no_gap() -> None:
    assert said([row(["1"], ["1"])], outputs=[output(default="0")]) == []


def test_rows_never_reached() -> None:
    rows = [row(["< 5"], ['"a"']), row([">= 5"], ['"a"']), row(["[1..9]"], ['"b"'])]
    assert said(rows, policy="FIRST") == [
        ("dmn.unreachable", "row 3 can never decide: the rows before it take all it takes")
    ]
    ranked = [output("", '"a", "b"')]
    assert said(rows, policy="PRIORITY", outputs=ranked) == [
        ("dmn.unreachable", "row 3 can never decide: rows of a higher priority take all")
    ]


def test_under_a_only_rows_that_differ_are_told() -> None:
    rows = [row(["-"], ["1"]), row(["< 5"], ["1"]), row(["> 5"], ["2"])]
    assert said(rows, policy="ANY") == [
        (
            "dmn.differ",
            "rows 1 and 3 both match x over 5 with different outputs, under hit policy A",
        )
    ]
    assert said(rows, policy="COLLECT") == []


def test_what_is_missing_is_no_value_of_a_row_before() -> None:
    types = ("number", "number")
    rows = [row(["< 5", "-"], ["1"]), row([">= 5", "not(null)"], ["2"]), row(["-", "-"], ["3"])]
    assert "dmn.unreachable" not in [rule for rule, _ in said(rows, types=types, policy="FIRST")]
    rows[1] = row([">= 5", "-"], ["2"])
    assert "dmn.unreachable" in [rule for rule, _ in said(rows, types=types, policy="FIRST")]
    rows[0] = row(["< 5", "null"], ["1"])
    assert said(rows, types=types, policy="FIRST") == []


def test_what_is_missing_is_a_place_where_a_cell_asks_for_it() -> None:
    rows = [row(["null"], ["1"]), row(["< 5"], ["2"]), row([">= 5"], ["3"])]
    assert said(rows) == []
    rows[0] = row(["not(null)"], ["1"])
    told = dict(said(rows))
    assert told["dmn.overlap"] == "rows 1 and 3 both match x at least 5, under hit policy U"
    assert told["dmn.gap"] == "no row for x is missing"
    rows = [row(["not(null)"], ["1"]), row(["null"], ["2"])]
    assert said(rows) == []
    assert said([row(['"a", null'], ["1"])], types=("string",)) == [
        ("dmn.gap", "no row for x is not a or missing")
    ]
