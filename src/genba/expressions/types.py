"""FEEL's types: whether a value is an instance of one, and the implicit conversions (DMN 1.5,
10.3.2.9).

Types written in models (item definitions) are not known here; an unknown name gives null.
"""

from decimal import Decimal

from genba.expressions.outcome import Run
from genba.expressions.syntax import TypeRef
from genba.expressions.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from genba.expressions.values import Function, Range, Value

SIMPLE: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days and time duration": (DaysTimeDuration,),
    "dayTimeDuration": (DaysTimeDuration,),
    "years and months duration": (YearsMonthsDuration,),
    "yearMonthDuration": (YearsMonthsDuration,),
    "duration": (DaysTimeDuration, YearsMonthsDuration),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
    "null": (type(None),),
    "Null": (type(None),),
}
KNOWN = frozenset(SIMPLE) | {"Any"}


def known(type_: TypeRef) -> bool:
    """Whether the type and all types inside it are FEEL's own."""
    inner = (*type_.items, type_.result) if type_.result is not None else type_.items
    return type_.name in KNOWN and all(known(item) for item in inner)


def conforms(value: Value, type_: TypeRef, run: Run) -> bool:
    """Whether a value is an instance of a known type; null is an instance of `Null` only (table
    61).
    """
    if type_.name == "Any":
        return value is not None
    if type(value) not in SIMPLE[type_.name]:
        return False
    if not type_.items and type_.result is None:
        return True
    return _inner(value, type_, run)


def accepts(value: Value, type_: TypeRef, run: Run) -> bool:
    """As `conforms`, but null passes: what a typed parameter or element takes."""
    return value is None or conforms(value, type_, run)


def _inner(value: Value, type_: TypeRef, run: Run) -> bool:
    if type_.name == "list":
        run.spend(len(value) + 1)
        return all(accepts(item, type_.items[0], run) for item in value)
    if type_.name == "context":
        run.spend(len(type_.items))
        return all(
            label in value and accepts(value[label], item, run)
            for label, item in zip(type_.labels, type_.items, strict=True)
        )
    if type_.name == "range":
        return accepts(value.start, type_.items[0], run) and accepts(value.end, type_.items[0], run)
    if type_.name == "function":
        return len(value.parameters) == len(type_.items) and _signature_fits(value, type_)
    return False


def _signature_fits(value: Function, type_: TypeRef) -> bool:
    """Parameters may be wider than asked, the result narrower (10.3.2.9.1)."""
    parameters = all(
        have is None or have.name == "Any" or have == want
        for have, want in zip(value.types, type_.items, strict=False)
    )
    want = type_.result
    return parameters and (
        want is None or value.result is None or want.name == "Any" or value.result == want
    )


def convert(value: Value, type_: TypeRef, run: Run) -> tuple[bool, Value]:
    """The value as an argument of that type, with FEEL's implicit conversions; False when it
    cannot be.

    A list of one becomes its element, a single value a list, a date a date and time (10.3.2.9.4).
    """
    if accepts(value, type_, run):
        return True, value
    if type(value) is list and len(value) == 1 and type_.name != "list":
        return convert(value[0], type_, run)
    if type_.name == "list" and type(value) is not list:
        made = [value]
        return accepts(made, type_, run), made
    if type_.name == "date and time" and type(value) is Date:
        return True, DateTime(value, Time(0, 0))
    return False, None
