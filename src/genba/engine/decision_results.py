"""What of a decision's value a step keeps, where the drawing says so (`camunda:mapDecisionResult`).

Rules of this file: values in, values out, the meaning of the four words as the vendor documents it.
A table with one output decides a bare value; with a hit policy that collects, a list of results.

| word | kept |
| --- | --- |
| singleEntry | the one value of the one result |
| singleResult | the one result, a context of the outputs by their names |
| collectEntries | the one value of every result, as a list |
| resultList | every result, as a list of contexts |
"""

from collections.abc import Callable
from typing import Any

Results = list[Any]


class Unfit(Exception):
    """The value is not of the shape the drawing wants; the text says why."""


def keep(value: Any, mapping: str, output: str) -> Any:
    """The value as the drawing wants it; "" wants it as it is. `output` names a bare value.

    Raises Unfit.
    """
    if not mapping:
        return value
    return MAPPINGS[mapping](_results(value), output)


def _results(value: Any) -> Results:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _entry(result: Any) -> Any:
    if not isinstance(result, dict):
        return result
    if len(result) != 1:
        raise Unfit(f"a result has {len(result)} outputs, and the drawing wants a single value")
    return next(iter(result.values()))


def _one(results: Results) -> Any:
    if len(results) > 1:
        raise Unfit(f"there are {len(results)} results, and the drawing wants one")
    return results[0] if results else None


def _named(result: Any, output: str) -> dict[str, Any]:
    return result if isinstance(result, dict) else {output: result}


def _single_result(results: Results, output: str) -> Any:
    one = _one(results)
    return None if one is None else _named(one, output)


MAPPINGS: dict[str, Callable[[Results, str], Any]] = {
    "singleEntry": lambda results, output: _entry(_one(results)),
    "singleResult": _single_result,
    "collectEntries": lambda results, output: [_entry(one) for one in results],
    "resultList": lambda results, output: [_named(one, output) for one in results],
}
