"""The measured rules are the same for every engine, and Genba answers them right."""

import json

import pytest

from benchmarks.models import Measured
from benchmarks.rules import ROWS
from benchmarks.runners.feel import MEASUREMENTS, compile_table, compile_text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_every_row_is_answered(row: Measured) -> None:
    MEASUREMENTS[row.what](row.draw("genba"), row.steps)()


def test_a_wrong_answer_is_noticed() -> None:
    row = next(row for row in ROWS if row.what == "decide")
    with pytest.raises(RuntimeError, match="is right"):
        MEASUREMENTS["decide"](row.draw("genba"), row.steps + 1)()


def test_the_conditions_of_the_rows_decide_as_the_table() -> None:
    row = next(row for row in ROWS if row.what == "decide")
    drawn = json.loads(row.draw("bkflow-feel"))
    held = [compile_text(text).evaluate(drawn["inputs"]).value for text in drawn["rows"]]
    assert held.index(True) == row.steps
    assert compile_table(json.loads(row.draw("drools"))["dmn"]).problems == ()
