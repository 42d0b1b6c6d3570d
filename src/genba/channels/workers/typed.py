"""Values with their types, as Camunda 7 writes them: `{"value": 5, "type": "Integer"}`.

Rules of this file: a table each way. Lists and objects are `Json` unless whoever asks wants them
deserialised; what holds files is refused, because a case keeps those elsewhere.
"""

from typing import Any

import msgspec

from genba.engine.values import Data

SMALL, LARGE = 2**31, 2**63
REFUSED = frozenset({"file", "bytes"})
TEXTUAL = frozenset({"json", "object"})


class Untyped(Exception):
    """A value that cannot be kept, in words."""


def to_typed(value: Any) -> dict[str, Any]:
    """A JSON value with the type Camunda gives it."""
    if isinstance(value, list | dict):
        return {"value": msgspec.json.encode(value).decode(), "type": "Json", "valueInfo": {}}
    return {"value": value, "type": _type(value), "valueInfo": {}}


def _type(value: Any) -> str:
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer" if -SMALL <= value < SMALL else "Long" if abs(value) < LARGE else "Double"
    return "String" if isinstance(value, str) else "Double"


def typed(data: Data, names: list[str] | None) -> dict[str, Any]:
    """Data as variables; those of these names only, if any are named."""
    return {name: to_typed(value) for name, value in data.items() if names is None or name in names}


def from_typed(given: Any) -> Data:
    """Variables as data. Raises Untyped."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Untyped("variables must be a JSON object")
    return {str(name): _value(str(name), one) for name, one in given.items()}


def _value(name: str, one: Any) -> Any:
    if not isinstance(one, dict):
        raise Untyped(f"the variable {name} must be an object with a value")
    value, kind = one.get("value"), str(one.get("type") or "").lower()
    if kind in REFUSED:
        raise Untyped(f"the variable {name} is of the type {kind}, which is not kept here")
    if kind in TEXTUAL and isinstance(value, str):
        try:
            return msgspec.json.decode(value)
        except (msgspec.MsgspecError, RecursionError):
            raise Untyped(f"the variable {name} says it is JSON, and is not") from None
    return value
