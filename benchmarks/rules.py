"""The rules that are measured: a condition of a process, and decision tables.

Rules of this file: the same rules for every engine; an engine that has no decision tables gets the
conditions of the rows, and takes the first that holds, as a program using it would do. What a run
must answer goes with the model, and every runner checks it.
"""

import json
from functools import partial

from benchmarks.models import Measured

CONDITION = 'amount > 1000 and country = "DE"'
COUNTRIES = 10
"""Rows with the same bounds, one for each country."""
STEP = 100
WITH_TABLES = ("genba", "drools")

HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="benchmark"'
    ' namespace="http://genba.dev/benchmark">'
    '<inputData id="amount" name="amount"><variable name="amount" typeRef="number"/></inputData>'
    '<inputData id="country" name="country"><variable name="country" typeRef="string"/></inputData>'
    '<decision id="tariff" name="tariff"><variable name="tariff" typeRef="number"/>'
    '<informationRequirement><requiredInput href="#amount"/></informationRequirement>'
    '<informationRequirement><requiredInput href="#country"/></informationRequirement>'
    '<decisionTable id="t" hitPolicy="FIRST">'
    '<input id="c1"><inputExpression typeRef="string"><text>country</text></inputExpression>'
    "</input>"
    '<input id="c2"><inputExpression typeRef="number"><text>amount</text></inputExpression>'
    "</input>"
    '<output id="o" typeRef="number"/>'
)
FOOT = "</decisionTable></decision></definitions>"


def bounds(row: int) -> tuple[str, int, int]:
    """What a row takes: a country, and amounts from a bound to below another."""
    low = row // COUNTRIES * STEP
    return f"C{row % COUNTRIES}", low, low + STEP


def condition(dialect: str) -> str:
    """The condition, as JSON with the variables it is evaluated with."""
    return json.dumps({"text": CONDITION, "inputs": {"amount": 1200, "country": "DE"}})


def table(dialect: str, rows: int = 200) -> str:
    """A table of rows with an equality and a range, and the inputs of the row in its middle."""
    country, low, _ = bounds(rows // 2)
    inputs = {"amount": low + 1, "country": country}
    if dialect in WITH_TABLES:
        return json.dumps({"dmn": HEAD + "".join(map(_rule, range(rows))) + FOOT, "inputs": inputs})
    return json.dumps({"rows": [_condition(row) for row in range(rows)], "inputs": inputs})


def _rule(row: int) -> str:
    country, low, high = bounds(row)
    cells = (f'"{country}"', f"[{low}..{high})")
    entries = "".join(
        f'<inputEntry id="i{row}_{index}"><text>{cell}</text></inputEntry>'
        for index, cell in enumerate(cells)
    )
    output = f'<outputEntry id="o{row}"><text>{row}</text></outputEntry>'
    return f'<rule id="r{row}">{entries}{output}</rule>'


def _condition(row: int) -> str:
    country, low, high = bounds(row)
    return f'country = "{country}" and amount >= {low} and amount < {high}'


TABLES = {rows: partial(table, rows=rows) for rows in (20, 200, 2_000)}
ROWS = (
    Measured("compile the condition", "compile", condition, 0),
    Measured("evaluate the condition, compiled before", "evaluate", condition, 0),
    Measured("compile and evaluate the condition", "both", condition, 0),
    Measured("compile a table of 200 rows", "compile-table", TABLES[200], 0),
    *(
        Measured(f"decide with a table of {rows} rows", "decide", draw, rows // 2, rows)
        for rows, draw in TABLES.items()
    ),
)
