"""What the rows that matched come to: the hit policies and aggregations (DMN 1.5, 8.2.11).

Rules of this file: one function a policy, in one table. Each gets the matching rows in their order
and how to read a row's output; a policy that is broken by the rows is null with a warning.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from msgspec import Struct

from genba.expressions.arithmetic import calculate
from genba.expressions.equality import equal, order
from genba.expressions.outcome import Fault, Run
from genba.expressions.values import Value, type_name


class Matched(Struct, frozen=True):
    """The rows that matched (indices from 0), and what a policy may ask of them."""

    run: Run
    rows: Sequence[int]
    output: Callable[[int], Value]
    ranks: Callable[[Value], tuple[int, ...]]
    """Where the parts of an output stand in their lists of output values; lower is first."""


def _words(rows: Sequence[int]) -> str:
    return ", ".join(str(row + 1) for row in rows)


def _unique(matched: Matched) -> Value:
    if len(matched.rows) > 1:
        return matched.run.warn(f"hit policy U, but rows {_words(matched.rows)} match", 0)
    return matched.output(matched.rows[0])


def _any(matched: Matched) -> Value:
    first, *others = (matched.output(row) for row in matched.rows)
    if all(equal(first, other, matched.run) is True for other in others):
        return first
    return matched.run.warn(f"hit policy A, but rows {_words(matched.rows)} differ", 0)


def _first(matched: Matched) -> Value:
    return matched.output(matched.rows[0])


def _sorted(matched: Matched) -> list[Value]:
    """By the first output column, then the next; rows of the same rank keep their order."""
    outputs = [matched.output(row) for row in matched.rows]
    return sorted(outputs, key=matched.ranks)


def _priority(matched: Matched) -> Value:
    return _sorted(matched)[0]


def _output_order(matched: Matched) -> Value:
    return _sorted(matched)


def _rule_order(matched: Matched) -> Value:
    return [matched.output(row) for row in matched.rows]


POLICIES: dict[str, Callable[[Matched], Value]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "PRIORITY": _priority,
    "FIRST": _first,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _rule_order,
}
LISTS = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})
"""Policies whose outcome is a list."""
RANKED = frozenset({"PRIORITY", "OUTPUT ORDER"})


def _sum(run: Run, values: Sequence[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        total = calculate("+", total, value, run)
    if len(values) == 1:
        calculate("-", total, total, run)  # Raises Fault for what cannot be added.
    return total


def _extreme(sign: int) -> Callable[[Run, Sequence[Value]], Value]:
    def apply(run: Run, values: Sequence[Value]) -> Value:
        for value in values:
            if order(values[0], value) is None:
                raise Fault(f"no order between {type_name(values[0])} and {type_name(value)}")
        return min(values, key=cmp_to_key(lambda one, two: sign * (order(one, two) or 0)))

    return apply


AGGREGATIONS: dict[str, Callable[[Run, Sequence[Value]], Value]] = {
    "SUM": _sum,
    "COUNT": lambda run, values: Decimal(len(values)),
    "MIN": _extreme(1),
    "MAX": _extreme(-1),
}


def aggregate(run: Run, name: str, values: Sequence[Value]) -> Value:
    """The outputs of C+, C<, C> or C# as one value; of several columns, each by itself."""
    apply = AGGREGATIONS[name]
    try:
        if values and all(isinstance(value, dict) for value in values):
            keys = values[0].keys()
            columns: dict[str, Any] = {
                key: apply(run, [value[key] for value in values]) for key in keys
            }
            return columns
        return apply(run, values)
    except Fault as fault:
        return run.warn(fault.message, 0)
