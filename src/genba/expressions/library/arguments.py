"""Checks several built-ins share on arguments whose type the table has already checked."""

from decimal import Decimal

from genba.expressions.outcome import Fault
from genba.expressions.values import Value, type_name


def whole(value: Decimal, what: str = "a position") -> int:
    """The number as an int, rounded towards zero as FEEL does for positions. Raises Fault when
    huge.
    """
    if value.adjusted() > 30:
        raise Fault(f"{what} this large makes no sense")
    return int(value)


def numbers_of(items: list[Value]) -> list[Decimal]:
    """The list, all numbers. Raises Fault for anything else in it."""
    for item in items:
        if type(item) is not Decimal:
            raise Fault(f"the list holds a {type_name(item)}, not only numbers")
    return items
