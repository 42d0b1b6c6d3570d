"""Number built-ins (10.3.4.5). All rounding is decimal, with the 34 digits of FEEL."""

import decimal
from collections.abc import Callable
from decimal import Decimal

from genba.expressions.arithmetic import TRANSCENDENTAL
from genba.expressions.library.arguments import whole
from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.temporal import DaysTimeDuration, YearsMonthsDuration
from genba.expressions.values import NUMBERS, Value


def _rounded(value: Decimal, scale: Decimal | None, mode: str) -> Decimal:
    """The value with `scale` digits after the point. Raises Fault for a scale beyond FEEL's
    numbers.
    """
    places = 0 if scale is None else whole(scale, "a scale")
    if not -6111 <= places <= 6176:
        raise Fault("the scale is between -6111 and 6176")
    if value.as_tuple().exponent >= -places:  # type: ignore[operator]
        return value  # Already as coarse; quantizing could only overflow the digits.
    wide = NUMBERS.copy()
    wide.rounding = mode
    try:
        return NUMBERS.plus(wide.quantize(value, Decimal((0, (1,), -places))))
    except decimal.DecimalException:
        raise Fault("the number cannot be rounded to this scale") from None


def _rounder(mode: str) -> Callable[..., Value]:
    return lambda run, value, scale=None: _rounded(value, scale, mode)


def _modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """`dividend - divisor * floor(dividend / divisor)`: the sign of the divisor."""
    if not divisor:
        raise Fault("division by zero")
    try:
        rest = NUMBERS.remainder(dividend, divisor)
    except decimal.DecimalException:
        raise Fault("the two numbers are too far apart") from None
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _guarded(operation: Callable[[Decimal], Decimal], what: str) -> Callable[..., Value]:
    def apply(run: Run, value: Decimal) -> Decimal:
        run.spend(TRANSCENDENTAL)
        try:
            return operation(value)
        except decimal.DecimalException:
            raise Fault(what) from None

    return apply


def _logarithm(value: Decimal) -> Decimal:
    if value <= 0:
        raise Fault("only a positive number has a logarithm")
    return NUMBERS.ln(value)


def _odd(run: Run, value: Decimal) -> bool | None:
    if value != value.to_integral_value():
        raise Fault("only whole numbers are odd or even")
    return NUMBERS.remainder(value, Decimal(2)) != 0 if value.adjusted() < 34 else False


def _even(run: Run, value: Decimal) -> bool:
    return not _odd(run, value)


def _absolute(run: Run, value: DaysTimeDuration | YearsMonthsDuration) -> Value:
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(abs(value.nanoseconds))
    return YearsMonthsDuration(abs(value.months))


TABLE = (
    builtin("decimal", "n: number, scale: number", _rounder(decimal.ROUND_HALF_EVEN)),
    builtin("floor", "n: number, scale?: number", _rounder(decimal.ROUND_FLOOR)),
    builtin("ceiling", "n: number, scale?: number", _rounder(decimal.ROUND_CEILING)),
    builtin("round up", "n: number, scale: number", _rounder(decimal.ROUND_UP)),
    builtin("round down", "n: number, scale: number", _rounder(decimal.ROUND_DOWN)),
    builtin("round half up", "n: number, scale: number", _rounder(decimal.ROUND_HALF_UP)),
    builtin("round half down", "n: number, scale: number", _rounder(decimal.ROUND_HALF_DOWN)),
    builtin("abs", "n: number", lambda run, value: value.copy_abs()),
    builtin("abs", "n: duration", _absolute),
    builtin("modulo", "dividend: number, divisor: number", _modulo),
    builtin("sqrt", "number: number", _guarded(NUMBERS.sqrt, "only a number from 0 up has a root")),
    builtin("log", "number: number", _guarded(_logarithm, "no logarithm")),
    builtin("exp", "number: number", _guarded(NUMBERS.exp, "the result is too large")),
    builtin("odd", "number: number", _odd),
    builtin("even", "number: number", _even),
)
