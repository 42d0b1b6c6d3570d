"""FEEL's types: whether a value is an instance of one, and the implicit conversions (DMN 1.5,
10.3.2.9).

A type may be named by a model (an item definition): whoever compiles gives those by name, and they
are
looked up each time, so that a type may hold itself. Allowed values restrict what a typed place
takes,
not what `instance of` answers.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

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

Types: TypeAlias = Mapping[str, TypeRef]
"""The types of a model by name. A name never leads back to itself without a component between."""

NO_TYPES: Types = {}


def known(type_: TypeRef, types: Types = NO_TYPES) -> bool:
    """Whether the type and all types inside it are FEEL's own or the model's."""
    inner = (*type_.items, type_.result) if type_.result is not None else type_.items
    return (type_.name in KNOWN or type_.name in types) and all(
        known(item, types) for item in inner
    )


def conforms(value: Value, type_: TypeRef, run: Run, types: Types = NO_TYPES) -> bool:
    """Whether a value is an instance of a known type; null is an instance of `Null` only (table
    61).
    """
    while type_.name not in KNOWN:
        type_ = types[type_.name]
    if type_.name == "Any":
        return value is not None
    if type(value) not in SIMPLE[type_.name]:
        return False
    if not type_.items and type_.result is None:
        return True
    return _inner(value, type_, run, types=types, strict=False)


def accepts(value: Value, type_: TypeRef, run: Run, types: Types = NO_TYPES) -> bool:
    """What a typed parameter or element takes: null, or an instance with allowed values."""
    return value is None or _takes(value, type_, run, types=types)


def _takes(value: Value, type_: TypeRef, run: Run, *, types: Types) -> bool:
    """As `conforms`, and every allowed-values test on the way holds."""
    while True:
        if type_.allowed is not None and not type_.allowed(value, run):
            return False
        if type_.name in KNOWN:
            break
        type_ = types[type_.name]
    if type_.name == "Any":
        return True
    if type(value) not in SIMPLE[type_.name]:
        return False
    if not type_.items and type_.result is None:
        return True
    return _inner(value, type_, run, types=types, strict=True)


def _inner(value: Value, type_: TypeRef, run: Run, *, types: Types, strict: bool) -> bool:
    def holds(item: Value, inner: TypeRef) -> bool:
        if item is None:
            return True
        if strict:
            return _takes(item, inner, run, types=types)
        return conforms(item, inner, run, types)

    if type_.name == "list":
        run.spend(len(value) + 1)
        return all(holds(item, type_.items[0]) for item in value)
    if type_.name == "context":
        run.spend(len(type_.items) + 1)
        return all(
            label in value and holds(value[label], item)
            for label, item in zip(type_.labels, type_.items, strict=True)
        )
    if type_.name == "range":
        return holds(value.start, type_.items[0]) and holds(value.end, type_.items[0])
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


def shape(type_: TypeRef, types: Types = NO_TYPES) -> str:
    """The FEEL type a type comes down to: `list`, `context`, `number` and so on."""
    while type_.name not in KNOWN:
        type_ = types[type_.name]
    return type_.name


def convert(value: Value, type_: TypeRef, run: Run, types: Types = NO_TYPES) -> tuple[bool, Value]:
    """The value as an argument of that type, with FEEL's implicit conversions; False when it
    cannot be.

    A list of one becomes its element, a single value a list, a date a date and time (10.3.2.9.4).
    """
    if accepts(value, type_, run, types):
        return True, value
    kind = shape(type_, types)
    if type(value) is list and kind != "list":
        made = value[0] if len(value) == 1 else None
    elif kind == "list" and type(value) is not list:
        made = [value]
    elif kind == "date and time" and type(value) is Date:
        made = DateTime(value, Time(0, 0))
    else:
        return False, None
    fits = made is not None and accepts(made, type_, run, types)
    return fits, made if fits else None
