"""The shape of a built-in function and how arguments are fitted to it (DMN 1.5, 10.3.4).

A built-in is a row: name, parameters, function. Parameter types are checked and converted here,
from the
row, so the functions themselves deal with values of the right type only and raise Fault for the
rest.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from genba.expressions.outcome import Fault, Run
from genba.expressions.temporal import Date, DateTime, Time
from genba.expressions.types import SIMPLE
from genba.expressions.values import TYPE_NAMES, Value


class Parameter(msgspec.Struct, frozen=True):
    """A parameter: the types it takes (None: any value, null too), whether it may be left out."""

    name: str
    kinds: frozenset[type] | None
    optional: bool
    spread: bool


class Builtin(msgspec.Struct, frozen=True):
    """One shape of a built-in function. `signature` is what people read and what is enforced."""

    name: str
    signature: str
    apply: Callable[..., Value]
    parameters: tuple[Parameter, ...]


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.partition(":"))
    optional, spread = name.endswith("?"), name.endswith("...")
    accepted: frozenset[type] | None = None
    if kinds != "any":
        accepted = frozenset(kind for option in kinds.split("|") for kind in SIMPLE[option.strip()])
    return Parameter(name.rstrip("?."), accepted, optional, spread)


def builtin(name: str, signature: str, apply: Callable[..., Value]) -> Builtin:
    """A row. The signature reads `name: type | type`; `?` marks optional, `...` a list or many
    values.
    """
    parts = [part for part in signature.split(",") if part.strip()]
    return Builtin(name, signature, apply, tuple(_parameter(part) for part in parts))


_UNFIT: Any = object()


def _fit_value(parameter: Parameter, value: Value) -> Value:
    kinds = parameter.kinds
    if kinds is None or type(value) in kinds:
        return value
    if list in kinds and value is not None:
        return [value]
    if type(value) is list and len(value) == 1:
        return _fit_value(parameter, value[0])
    if DateTime in kinds and Date not in kinds and type(value) is Date:
        return DateTime(value, Time(0, 0))
    return _UNFIT


def _fit_positions(row: Builtin, values: Sequence[Value]) -> list[Value] | None:
    parameters = row.parameters
    if parameters and parameters[-1].spread:
        fixed = len(parameters) - 1
        tail = list(values[fixed:])
        if len(tail) == 1 and type(tail[0]) is list and not fixed:
            tail = tail[0]
        elif not tail:
            return None
        values = [*values[:fixed], tail]
    if len(values) > len(parameters):
        return None
    fitted: list[Value] = []
    for index, parameter in enumerate(parameters):
        if index >= len(values):
            if not parameter.optional:
                return None
            break
        value = values[index] if parameter.spread else _fit_value(parameter, values[index])
        if value is _UNFIT:
            return None
        fitted.append(value)
    return fitted


def _fit_names(row: Builtin, values: Mapping[str, Value]) -> list[Value] | None:
    known = {parameter.name for parameter in row.parameters}
    if not values.keys() <= known:
        return None
    fitted: list[Value] = []
    for parameter in row.parameters:
        if parameter.name not in values:
            if not parameter.optional:
                return None
            fitted.append(None)
            continue
        value = _fit_value(parameter, values[parameter.name])
        if value is _UNFIT:
            return None
        fitted.append([value] if parameter.spread and type(value) is not list else value)
    return fitted


def call_builtin(
    run: Run, rows: Sequence[Builtin], values: Sequence[Value] | Mapping[str, Value]
) -> Value:
    """Call the first shape the arguments fit. Raises Fault when there is none."""
    for row in rows:
        if isinstance(values, Mapping):
            fitted = _fit_names(row, values)
        else:
            fitted = _fit_positions(row, values)
        if fitted is not None:
            return row.apply(run, *fitted)
    given = values.values() if isinstance(values, Mapping) else values
    types = ", ".join(TYPE_NAMES.get(type(value), "?") for value in given)
    shapes = " or ".join(f"({row.signature})" for row in rows)
    raise Fault(f"takes {shapes}, not ({types})")
