"""FEEL's built-in functions as one table (DMN 1.5, 10.3.4). Rows come from the modules of this
folder.
"""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from genba.expressions.library import (
    contexts,
    conversions,
    lists,
    moments,
    numbers,
    ranges,
    statistics,
    strings,
)
from genba.expressions.library.table import Builtin, call_builtin
from genba.expressions.outcome import Run
from genba.expressions.values import Function, Value

__all__ = ["BUILTINS", "SECTIONS", "call_builtin", "function_value", "reference_table"]

SECTIONS: dict[str, tuple[Builtin, ...]] = {
    "Conversion": conversions.TABLE,
    "String": strings.TABLE,
    "Number": numbers.TABLE,
    "List": lists.TABLE,
    "Statistics and booleans": statistics.TABLE,
    "Context": contexts.TABLE,
    "Date and time": moments.TABLE,
    "Range": ranges.TABLE,
}

BUILTINS: dict[str, tuple[Builtin, ...]] = {
    name: tuple(rows)
    for table in SECTIONS.values()
    for name, rows in groupby(table, key=lambda row: row.name)
}
"""Every built-in by name, with all its shapes; shapes of one name stand together in their table."""


def function_value(name: str) -> Function:
    """A built-in as a value, to pass to another function."""
    parameters, call, bind = _callable(name)
    return Function(name, parameters, call, bind=bind)


@cache
def _callable(name: str) -> tuple[tuple[str, ...], Callable[..., Value], Callable[..., Any]]:
    """What every value of a built-in shares: its parameters, how it is called, how named."""
    rows = BUILTINS[name]

    def call(run: Run, *arguments: Value) -> Value:
        return call_builtin(run, rows, arguments)

    def bind(given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        for row in rows:
            order = tuple(parameter.name for parameter in row.parameters)
            if set(given) == set(order[: len(given)]):
                return tuple(given[key] for key in order[: len(given)])
        return None

    return tuple(parameter.name for parameter in rows[0].parameters), call, bind


def reference_table() -> str:
    """The built-ins as Markdown, one table per section; the reference page holds exactly this."""
    parts = []
    for section, table in SECTIONS.items():
        lines = [f"### {section}", "", "| function | parameters |", "| --- | --- |"]
        for row in table:
            signature = row.signature.replace("|", "or")
            lines.append(f"| `{row.name}` | {signature or 'none'} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
