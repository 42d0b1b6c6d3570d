"""FEEL values as the text `string()` gives, and as FEEL literals (DMN 1.5, 10.3.4.1)."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from genba.expressions import iso
from genba.expressions.outcome import Run
from genba.expressions.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from genba.expressions.values import Function, Range, Value, write_number

_SIMPLE: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    Decimal: write_number,
    Date: iso.write_date,
    Time: iso.write_time,
    DateTime: iso.write_date_time,
    DaysTimeDuration: iso.write_days,
    YearsMonthsDuration: iso.write_months,
    Function: lambda value: value.name or "function",
    type(None): lambda value: "null",
}

_PLAIN_KEY = re.compile(r"[\w?][\w?+*/.'’ -]*")


def quote(text: str) -> str:
    """A FEEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\r", "\\r").replace("\t", "\\t") + '"'


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else quote(key)


def write(value: Value, run: Run, inside: bool = False) -> str:
    """The text of a value; inside lists and contexts strings are quoted."""
    kind = type(value)
    if kind is str:
        text = quote(value) if inside else str(value)
    elif kind is list:
        text = "[" + ", ".join(write(item, run, inside=True) for item in value) + "]"
    elif kind is dict:
        entries = (f"{_key(key)}: {write(item, run, inside=True)}" for key, item in value.items())
        text = "{" + ", ".join(entries) + "}"
    elif kind is Range:
        text = _write_range(value, run)
    else:
        text = _SIMPLE[kind](value)
    run.write(len(text))
    run.spend(1)
    return text


def _write_range(value: Range, run: Run) -> str:
    if value.start is None or value.end is None:
        sign = "<" if value.start is None else ">"
        included = value.end_included if value.start is None else value.start_included
        end = value.end if value.start is None else value.start
        return sign + ("=" if included else "") + " " + write(end, run, inside=True)
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    low, high = write(value.start, run, inside=True), write(value.end, run, inside=True)
    return f"{opening}{low}..{high}{closing}"
