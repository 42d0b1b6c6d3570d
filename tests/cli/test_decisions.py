"""`genba decide` and `genba check` of DMN files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.decisions.models import column, decision, given, literal, model_text, output, row, table

Genba = Callable[..., Any]
ROWS = [
    row(["< 100", "-"], ['"auto"']),
    row(["[100..5000]", 'not("new")'], ['"lead"']),
    row(["> 5000", '"new"'], ['"board"']),
]


@pytest.fixture
def approval(tmp_path: Path) -> Path:
    """A file with one table, which leaves two gaps."""
    box = table([column("amount", "number"), column("supplier", "string")], [output()], ROWS)
    path = tmp_path / "approval.dmn"
    path.write_bytes(
        model_text(
            given("amount", "number"),
            given("supplier", "string"),
            decision("Approval", box, needs=["amount", "supplier"]),
        )
    )
    return path


def test_a_decision_says_its_value_and_why(genba: Genba, approval: Path) -> None:
    answer = genba("decide", approval, "--input", "amount=6000", "--input", "supplier=new")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        'Approval = "board"',
        "  Approval, row 3: amount over 5,000 and supplier is new",
    ]


def test_json_holds_value_rows_and_version(genba: Genba, approval: Path) -> None:
    answer = genba("decide", approval, "--input", "amount=1e3", "--input", "supplier=old", "--json")
    told = json.loads(answer.out)
    assert told["value"] == "lead"
    assert told["matched"][0]["row"] == 2
    assert told["inputs"] == {"amount": 1000, "supplier": "old"}
    assert len(told["version"]) == 64


def test_what_is_missing_is_a_warning(genba: Genba, approval: Path) -> None:
    answer = genba("decide", approval, "--input", "amount=1")
    assert 'Approval = "auto"' in answer.out
    assert "no value was given for supplier" in answer.out


@pytest.mark.parametrize("option", [["--input", "colour=red"], ["--decision", "Nothing"]])
def test_what_there_is_not_is_one_sentence(genba: Genba, approval: Path, option: list[str]) -> None:
    answer = genba("decide", approval, *option)
    assert answer.code == 2
    assert "there is" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_dates_may_be_typed_plainly(genba: Genba, tmp_path: Path) -> None:
    path = tmp_path / "due.dmn"
    path.write_bytes(
        model_text(
            given("due", "date"), decision("late", literal('due < @"2026-01-01"'), needs=["due"])
        )
    )
    assert "late = true" in genba("decide", path, "--input", "due=2025-12-31").out


def test_check_tells_of_gaps_in_tables(genba: Genba, approval: Path) -> None:
    answer = genba("check", approval)
    assert answer.code == 0
    assert "runs as drawn, 1 decision" in answer.out
    assert "no row for amount over 5,000 and supplier is not new" in answer.out


def test_check_refuses_a_function_in_java(genba: Genba, tmp_path: Path) -> None:
    path = tmp_path / "java.dmn"
    path.write_bytes(model_text(decision("d", '<functionDefinition kind="Java"/>')))
    answer = genba("check", path, "--json")
    assert answer.code == 1
    assert json.loads(answer.out)["rule"] == "dmn.external"
