"""Decision tables: hit policies, aggregations, outputs, and why a row matched."""

from decimal import Decimal

import pytest

from genba.expressions import to_feel
from tests.decisions.models import (
    column,
    compiled,
    decided,
    decision,
    given,
    output,
    row,
    table,
)

ROWS = [row(["<= 10"], ["1"]), row(["[5..20]"], ["3"]), row(["> 15"], ["2"])]


def outcome(policy: str, value: float, *, allowed: str = "", default: str = "") -> object:
    box = table([column("x", "number")], [output("", allowed, default)], ROWS, policy)
    model = compiled(given("x", "number"), decision("d", box, needs=["x"]))
    return decided(model, "d", x=value).value


@pytest.mark.parametrize(
    ("policy", "value", "expected"),
    [
        ("UNIQUE", 2, 1),
        ("UNIQUE", 7, None),
        ("UNIQUE", 12, 3),
        ("ANY", 7, None),
        ("FIRST", 7, 1),
        ("FIRST", 17, 3),
        ("PRIORITY", 7, 3),
        ("PRIORITY", 17, 3),
        ("RULE ORDER", 7, [1, 3]),
        ("OUTPUT ORDER", 7, [3, 1]),
        ("OUTPUT ORDER", 17, [3, 2]),
        ("COLLECT", 17, [3, 2]),
        ("COLLECT SUM", 17, 5),
        ("COLLECT COUNT", 17, 2),
        ("COLLECT MIN", 17, 2),
        ("COLLECT MAX", 17, 3),
        ("C", 2, [1]),
    ],
)
def test_hit_policies(policy: str, value: float, expected: object) -> None:
    assert outcome(policy, value, allowed="3, 2, 1") == to_feel(expected)


def test_a_broken_policy_names_the_rows() -> None:
    box = table([column("x", "number")], [output()], ROWS)
    model = compiled(given("x", "number"), decision("d", box, needs=["x"]))
    found = decided(model, "d", x=7)
    assert found.value is None
    assert "rows 1, 2 match" in found.warnings[0].in_words()


def test_what_no_row_takes_is_the_default_or_null() -> None:
    rows = [row(["1"], ['"one"'])]
    for default, policy, expected in (
        ("", "UNIQUE", None),
        ('"other"', "UNIQUE", "other"),
        ('"other"', "COLLECT", ["other"]),
    ):
        box = table([column("x")], [output(default=default)], rows, policy)
        model = compiled(given("x"), decision("d", box, needs=["x"]))
        assert decided(model, "d", x=9).value == expected


def test_several_outputs_make_a_context_and_rank_together() -> None:
    rows = [
        row(["-"], ['"low"', "1"]),
        row(["-"], ['"high"', "2"]),
        row(["-"], ['"high"', "1"]),
    ]
    outputs = [output("risk", '"high", "low"'), output("level", "2, 1")]
    box = table([column("x")], outputs, rows, "OUTPUT ORDER")
    model = compiled(given("x"), decision("d", box, needs=["x"]))
    value = decided(model, "d", x=1).value
    assert [(one["risk"], one["level"]) for one in value] == [
        ("high", Decimal(2)),
        ("high", Decimal(1)),
        ("low", Decimal(1)),
    ]


def test_values_outside_the_allowed_ones_are_null_with_a_warning() -> None:
    box = table([column("x", "string", '"a", "b"')], [output()], [row(["-"], ["1"])])
    model = compiled(given("x", "string"), decision("d", box, needs=["x"]))
    assert decided(model, "d", x="a").value == 1
    refused = decided(model, "d", x="c")
    assert refused.value is None
    assert "allowed values" in refused.warnings[0].message


def test_the_row_that_matched_is_told_in_words() -> None:
    rows = [
        row(["< 100", "-", "-"], ['"auto"']),
        row(["[100..5000]", 'not("new")', "-"], ['"lead"']),
        row(["> 5000", '"new", "unknown"', "true"], ['"board"']),
        row(["? * 2 > 1000", "null", "false"], ['"ask"']),
    ]
    columns = [column("amount", "number"), column("supplier", "string"), column("abroad")]
    box = table(columns, [output()], rows, "FIRST")
    inputs = ("amount", "supplier", "abroad")
    model = compiled(*(given(name) for name in inputs), decision("d", box, needs=inputs))

    def words(**values: object) -> str:
        return decided(model, "d", **values).matched[0].words

    assert words(amount=5) == "row 1: amount under 100"
    assert words(amount=200, supplier="old") == (
        "row 2: amount from 100 to 5,000 and supplier is not new"
    )
    assert words(amount=6000, supplier="new", abroad=True) == (
        "row 3: amount over 5,000 and supplier is new or unknown and abroad is yes"
    )
    assert words(amount=6000, supplier=None, abroad=False) == (
        "row 4: amount: ? * 2 > 1000 and supplier is missing and abroad is no"
    )


def test_what_was_read_and_which_version_is_told() -> None:
    box = table([column("x", "number")], [output()], [row(["-"], ["x + 1"])])
    model = compiled(given("x", "number"), decision("d", box, needs=["x"]))
    found = decided(model, "d", x=[4])
    assert found.inputs == {"x": Decimal(4)}
    assert found.values == {"d": Decimal(5)}
    assert found.version == model.version
    assert len(found.version) == 64


def test_a_cell_that_is_a_condition_holds_whatever_the_input_is() -> None:
    rows = [row(["limit > 3"], ['"high"']), row(["-"], ['"low"'])]
    box = table([column("x", "string")], [output()], rows, "FIRST")
    model = compiled(given("x"), given("limit"), decision("d", box, needs=["x", "limit"]))
    assert decided(model, "d", x="a", limit=5).value == "high"
    assert decided(model, "d", x="a", limit=1).value == "low"


def test_the_rows_after_the_first_decide_nothing() -> None:
    rows = [row(["> 1"], ["1"]), row(["> 2"], ["2"])]
    for policy, matched in (("FIRST", [1]), ("RULE ORDER", [1, 2])):
        box = table([column("x", "number")], [output()], rows, policy)
        model = compiled(given("x", "number"), decision("d", box, needs=["x"]))
        assert [one.row for one in decided(model, "d", x=3).matched] == matched
