"""Closures of `a.b`: entries of contexts and the properties of other values (DMN 1.5, table 65)."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from genba.expressions import syntax
from genba.expressions.frames import Closure, Frame
from genba.expressions.outcome import NO_ENTRY, Run
from genba.expressions.temporal import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)
from genba.expressions.values import NUMBERS, Range, Value, type_name

if TYPE_CHECKING:
    from genba.expressions.compiler import Compiler

Property = Callable[[Any], Value]


def _seconds(value: Time) -> Decimal:
    if not value.fraction:
        return Decimal(value.second)
    return NUMBERS.divide(Decimal(value.nanoseconds % MINUTE), Decimal(SECOND))


def _offset(value: Time) -> DaysTimeDuration | None:
    return None if value.offset is None else DaysTimeDuration(value.offset * SECOND)


_DATE: dict[str, Property] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday),
}
_TIME: dict[str, Property] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": _seconds,
    "time offset": _offset,
    "timezone": lambda time: time.zone,
}


def _of(part: str, row: Property) -> Property:
    return lambda moment: row(getattr(moment, part))


def _signed(value: DaysTimeDuration, unit: int, most: int | None) -> Decimal:
    size = abs(value.nanoseconds) // unit
    size = size if most is None else size % most
    return Decimal(-size if value.nanoseconds < 0 else size)


def _duration_seconds(value: DaysTimeDuration) -> Decimal:
    size = NUMBERS.divide(Decimal(abs(value.nanoseconds) % MINUTE), Decimal(SECOND))
    return NUMBERS.minus(size) if value.nanoseconds < 0 else size


def _months_part(value: YearsMonthsDuration, part: int) -> Decimal:
    size = divmod(abs(value.months), 12)[part]
    return Decimal(-size if value.months < 0 else size)


PROPERTIES: dict[type, dict[str, Property]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {name: _of("date", row) for name, row in _DATE.items()}
    | {name: _of("time", row) for name, row in _TIME.items()},
    DaysTimeDuration: {
        "days": lambda value: _signed(value, DAY, None),
        "hours": lambda value: _signed(value, HOUR, 24),
        "minutes": lambda value: _signed(value, MINUTE, 60),
        "seconds": _duration_seconds,
    },
    YearsMonthsDuration: {
        "years": lambda value: _months_part(value, 0),
        "months": lambda value: _months_part(value, 1),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def compile_path(compiler: "Compiler", node: syntax.Path) -> Closure:
    """`base.name`; of a list, the list of that property of its elements."""
    name, at = node.name, node.at
    base = compiler.compile(node.base)

    def apply(frame: Frame) -> Value:
        value = base(frame)
        if type(value) is dict and name in value:
            return value[name]
        return _property(frame.run, value, name, at=at)

    return apply


def _property(run: Run, value: Value, name: str, *, at: int) -> Value:
    kind = type(value)
    if kind is list:
        run.spend(len(value) + 1)
        return [_property(run, item, name, at=at) for item in value]
    if kind is dict:
        if name in value:
            return value[name]
        return run.warn(f"{NO_ENTRY} {name!r}", at)
    row = PROPERTIES.get(kind, {}).get(name)
    if row is None:
        return run.warn(f"a {type_name(value)} has no {name!r}", at)
    return row(value)
