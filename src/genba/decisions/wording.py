"""Cells, rows and columns in words: what a card says of a decision.

Rules of this file: words for what `cells` could read; any other cell is told as it is written.
English, like the texts of the standard; a translation works on `MatchedRule.conditions`.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from genba.decisions.cells import Cell, Span
from genba.expressions.iso import write_date, write_date_time, write_days, write_months, write_time
from genba.expressions.temporal import (
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)
from genba.expressions.values import Value, write_number
from genba.notation.dmn.model import DecisionTable, Input

MOST_WORDS = 80
"""Characters of a label or a cell told as it is written."""


def label(column: Input) -> str:
    """What people call an input column: its label, else its expression."""
    return _short(column.label or column.expression.text) or "the input"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS - 1]}…"


def _number(value: Decimal) -> str:
    text = write_number(value)
    whole, point, rest = text.partition(".")
    digits = whole.lstrip("-")
    if len(digits) > 3 and len(digits) < 30:
        whole = f"{'-' if whole.startswith('-') else ''}{int(digits):,}"
    return whole + point + rest


_VALUES: dict[type, Callable[..., str]] = {
    Decimal: _number,
    bool: lambda value: "yes" if value else "no",
    str: lambda value: _short(value) or "empty",
    Date: write_date,
    Time: write_time,
    DateTime: write_date_time,
    DaysTimeDuration: write_days,
    YearsMonthsDuration: write_months,
}


def value_in_words(value: Value) -> str:
    """A constant of a cell, for people."""
    return _VALUES[type(value)](value)


def span_in_words(span: Span) -> str:
    """`over 5,000`, `from 1 to 10`, `new`."""
    low = None if span.low is None else value_in_words(span.low)
    high = None if span.high is None else value_in_words(span.high)
    dated = span.kind in (Date, DateTime, Time)
    if span.is_point and low is not None:
        return low
    if low is None:
        word = ("up to" if span.high_included else "before") if dated else None
        return f"{word or ('at most' if span.high_included else 'under')} {high}"
    if high is None:
        word = ("from" if span.low_included else "after") if dated else None
        return f"{word or ('at least' if span.low_included else 'over')} {low}"
    start = f"{'from' if span.low_included else 'after' if dated else 'over'} {low}"
    end = f"to {'' if span.high_included else 'before ' if dated else 'under '}{high}"
    return f"{start} {end}"


def cell_in_words(name: str, cell: Cell | None, written: str) -> str:
    """One condition: `amount is over 5,000`, `supplier is new`; "" when anything is taken."""
    if cell is None:
        return f"{name}: {_short(written)}"
    if cell.takes_all:
        return ""
    told = [span_in_words(span) for span in cell.spans]
    if cell.null:
        told.append("missing")
    words = " or ".join(told) if len(told) < 3 else f"{', '.join(told[:-1])} or {told[-1]}"
    plain = len(cell.spans) == 1 and not cell.null and not cell.spans[0].is_point
    if cell.negated:
        return f"{name} is not {words}"
    return f"{name} {words}" if plain else f"{name} is {words}"


def row_in_words(table: DecisionTable, row: int, cells: Sequence[Cell | None]) -> str:
    """A row's conditions: `row 4: amount over 5,000 and supplier is new`."""
    rule = table.rules[row]
    told = [
        cell_in_words(label(column), cell, text.text)
        for column, cell, text in zip(table.inputs, cells, rule.inputs, strict=False)
    ]
    words = " and ".join(one for one in told if one) or "in every case"
    return f"row {row + 1}: {words}"
