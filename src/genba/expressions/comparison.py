"""Comparisons as closures (DMN 1.5, 10.3.2.6 and 10.3.2.13), and their short ways.

Rules of this file: `_equality` and `_order` say what a comparison means. A condition of a process
is mostly a variable against a constant: that shape has a short way for values of the constant's
own type, and hands everything else to the general closure, which answers and warns.
"""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from genba.expressions import equality, syntax
from genba.expressions.frames import Closure, Frame
from genba.expressions.values import EXACT, Value, type_name

if TYPE_CHECKING:
    from genba.expressions.compiler import Compiler

PLAIN = frozenset({Decimal, str, bool})
"""Types whose values are equal just when Python says so."""
_ORDERS: dict[str, tuple[Callable[[Any, Any], bool], Callable[[int], bool]]] = {
    "<": (operator.lt, lambda sign: sign < 0),
    "<=": (operator.le, lambda sign: sign <= 0),
    ">": (operator.gt, lambda sign: sign > 0),
    ">=": (operator.ge, lambda sign: sign >= 0),
}
_DIRECT: dict[str, Callable[[Any, Any], bool]] = {
    **{sign: direct for sign, (direct, _) in _ORDERS.items()},
    "=": operator.eq,
    "!=": operator.ne,
}


def compile_comparison(compiler: "Compiler", node: syntax.Comparison) -> Closure:
    """The closure of `left operator right`."""
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    general = (_equality if node.operator in ("=", "!=") else _order)(left, right, node)
    if compiler.bound or not isinstance(node.left, syntax.Name):
        return general
    if not isinstance(node.right, syntax.Literal):
        return general
    constant = node.right.value
    if type(constant) is Decimal:
        return _number_against(node.left.name, node.operator, constant, general)
    if type(constant) in PLAIN and node.operator in ("=", "!="):
        return _equal_against(node.left.name, node.operator, constant, general)
    return general


def _number_against(name: str, sign: str, constant: Decimal, general: Closure) -> Closure:
    """A variable of the caller's context against a number."""
    direct = _DIRECT[sign]

    def compare(frame: Frame) -> Value:
        value: Any = frame.names.get(name)
        kind = type(value)
        if kind is Decimal or (kind is int and -EXACT < value < EXACT):
            return direct(value, constant)
        return general(frame)

    return compare


def _equal_against(name: str, sign: str, constant: Value, general: Closure) -> Closure:
    """A variable of the caller's context against a string or a boolean."""
    direct, kind = _DIRECT[sign], type(constant)

    def compare(frame: Frame) -> Value:
        value: Any = frame.names.get(name)
        return direct(value, constant) if type(value) is kind else general(frame)

    return compare


def _equality(left: Closure, right: Closure, node: syntax.Comparison) -> Closure:
    at, wanted = node.at, node.operator == "="

    def compare(frame: Frame) -> Value:
        one, two = left(frame), right(frame)
        kind = type(one)
        if kind is type(two) and kind in PLAIN:
            return (one == two) is wanted
        outcome = equality.equal(one, two, frame.run)
        if outcome is None:
            return frame.run.warn(
                f"a {type_name(one)} cannot be compared with a {type_name(two)}", at
            )
        return outcome is wanted

    return compare


def _order(left: Closure, right: Closure, node: syntax.Comparison) -> Closure:
    at = node.at
    direct, by_sign = _ORDERS[node.operator]

    def compare(frame: Frame) -> Value:
        one, two = left(frame), right(frame)
        if type(one) is Decimal and type(two) is Decimal:
            return direct(one, two)
        sign = equality.order(one, two)
        if sign is None:
            return frame.run.warn(f"no order between {type_name(one)} and {type_name(two)}", at)
        return by_sign(sign)

    return compare
