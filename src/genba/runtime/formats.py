"""The formats of the entries of a log, and how an earlier one is read.

Rules of this file:

1. What is written never changes. The type of an entry names its format: NAME is the first one,
   NAME@2 the second, so that the chain of hashes covers it and a release that does not know it
   does not take it for something else.
2. A member that is added and has a default needs no new format. Whatever an earlier release would
   misread does: the new form is declared under the new type, and one upcaster is added here, from
   the form before to the next. Rows are never removed; entries of every earlier format are kept in
   `tests/upgrades/corpus`.
3. Pure functions of decoded bodies; `recording` reads through them.
"""

from collections.abc import Callable
from typing import Any

Body = dict[str, Any]


def _reasons_in_pairs(body: Body) -> Body:
    """`migration.stayed` told rules and steps in two lists beside each other."""
    rules, nodes = body.pop("rules"), body.pop("nodes")
    return {**body, "reasons": [list(pair) for pair in zip(rules, nodes, strict=True)]}


# The type of an earlier format -> its body as the next one.
UPCASTERS: dict[str, Callable[[Body], Body]] = {
    "migration.stayed": _reasons_in_pairs,
}


def following(type: str) -> str:
    """The type of the next format: "NAME@2" after "NAME"."""
    name, _at, number = type.partition("@")
    return f"{name}@{int(number or 1) + 1}"
