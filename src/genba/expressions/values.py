"""What a FEEL value is, and the doors in and out (DMN 1.5, 10.3.2).

| FEEL | here |
| --- | --- |
| null, boolean, string | None, bool, str |
| number | Decimal, 34 digits (IEEE 754 decimal128), never NaN or infinite |
| list, context | list, dict with string keys; never changed once made |
| date, time, date and time, durations | the types of `temporal` |
| range, function | Range, Function |

No operation on values lives here, only what they are and how they come from and go to Python and
JSON.
"""

import datetime as python
import decimal
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from genba.expressions import iso
from genba.expressions.temporal import (
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    date_from_python,
    date_time_from_python,
    duration_from_python,
    time_from_python,
)

Value: TypeAlias = Any
"""A FEEL value: one of the table above. Python cannot say it more narrowly without invariance
trouble.
"""

NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The only arithmetic of this package (DMN 1.5, 10.3.2.3.1); Python's own context is never used."""


class Range(msgspec.Struct, frozen=True):
    """A range of comparable values; an end that is None is unbounded (DMN 1.5, 10.3.2.7)."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    single: bool = False
    """Whether it was written as the test `= value`: no range between two ends (table 53)."""


class Function(msgspec.Struct, frozen=True, eq=False):
    """A function value. `call` takes the running account and the positional arguments."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    types: tuple[Any, ...] = ()
    result: Any = None
    bind: Callable[[Mapping[str, Any]], tuple[Any, ...] | None] | None = None
    """For built-ins with several shapes: finds the positional order of named arguments."""


TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    Range: "range",
    Function: "function",
}

NATIVE = frozenset(TYPE_NAMES) - {list, dict}
"""Types that are FEEL values as they stand, without looking inside."""


def type_name(value: Value) -> str:
    """The FEEL name of a value's type."""
    return TYPE_NAMES.get(type(value), type(value).__name__)


EXACT = 10**34
"""Whole numbers below this, and above its negative, are FEEL numbers as they stand."""


def number(value: int | float | str | Decimal) -> Decimal | None:
    """A FEEL number of 34 digits, None when the value has none (NaN, infinity, too large)."""
    try:
        made = NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)
    except decimal.DecimalException:
        return None
    return made if made.is_finite() else None


def _whole_number_in(value: int) -> Decimal | None:
    if -EXACT < value < EXACT:
        return Decimal(value)
    if abs(value) >> 20_000:
        return None  # Beyond decimal128's exponents; converting it would be slow.
    return number(value)


_IN: dict[type, Callable[[Any], Value]] = {
    int: _whole_number_in,
    float: number,
    Decimal: number,
    python.datetime: date_time_from_python,
    python.date: date_from_python,
    python.time: time_from_python,
    python.timedelta: duration_from_python,
}
MOST_NESTING = 200


def to_feel(value: object, nesting: int = 0) -> Value:
    """The FEEL value of a Python one: int and float become numbers, mappings contexts, and so on.

    Raises TypeError for what has no FEEL counterpart and ValueError for nesting deeper than 200.
    """
    kind = type(value)
    if kind in NATIVE and kind is not Decimal:
        return value
    convert = _IN.get(kind)
    if convert is not None:
        return convert(value)
    if nesting > MOST_NESTING:
        raise ValueError("values nested deeper than 200 have no FEEL counterpart")
    if isinstance(value, Mapping):
        return {str(key): to_feel(item, nesting + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_feel(item, nesting + 1) for item in value]
    if isinstance(value, msgspec.Struct):
        return {
            name: to_feel(getattr(value, name), nesting + 1) for name in value.__struct_fields__
        }
    for base, convert in _IN.items():
        if isinstance(value, base):
            return convert(value)
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"a {kind.__name__} has no FEEL counterpart")


def write_number(value: Decimal) -> str:
    """A number's plain text, without exponent or trailing zeros after the point."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


_UNIT = Decimal(1)


def _number_out(value: Decimal) -> int | float | Decimal:
    if value.adjusted() < 34 and (value.same_quantum(_UNIT) or value == value.to_integral_value()):
        return int(value)
    approximate = float(value)
    return approximate if Decimal(repr(approximate)) == value else value


_OUT: dict[type, Callable[[Any], object]] = {
    Decimal: _number_out,
    Date: iso.write_date,
    Time: iso.write_time,
    DateTime: iso.write_date_time,
    DaysTimeDuration: iso.write_days,
    YearsMonthsDuration: iso.write_months,
}


def to_json(value: Value) -> Any:
    """The JSON shape of a FEEL value: temporal values as ISO text, ranges as objects, functions as
    null.

    A whole number becomes an int and a fraction a float, unless that would lose a digit: then it
    stays a
    Decimal, which `write_json` prints as a number.
    """
    kind = type(value)
    convert = _OUT.get(kind)
    if convert is not None:
        return convert(value)
    if kind is list:
        return [to_json(item) for item in value]
    if kind is dict:
        return {key: to_json(item) for key, item in value.items()}
    if kind is Range:
        return {
            "start": to_json(value.start),
            "start included": value.start_included,
            "end": to_json(value.end),
            "end included": value.end_included,
        }
    return None if kind is Function else value


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def write_json(value: Value) -> bytes:
    """The value as JSON text without losing a digit; `read_json` reads the numbers back exactly."""
    return _ENCODER.encode(to_json(value))


def read_json(text: bytes | str) -> Value:
    """The FEEL value of a JSON text, numbers exact. Raises msgspec.DecodeError."""
    return to_feel(_DECODER.decode(text))
