"""What can be alike in two cases: their words and their data.

Rules of this file: pure. A feature is a short string: "w:" a word, "d:" a value of the data,
"n:" about how large a number is. A number is alike when it is nearly as large: it stands with its
neighbours, which count less. Long texts in the data are words. Nothing says which feature counts
how much: that is seen in how rare it is (`shelf`).
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import floor, log2
from typing import Any

from msgspec import Struct

from genba.recall.words import Reader, words_of

WORD, VALUE, SIZE = "w:", "d:", "n:"
LONGEST_VALUE = 60  # characters; longer ones are read as words
DEEPEST = 3
MOST = 200  # features of one thing
STEPS = 2  # sizes of a number between it and its double
NEAR = 0.5  # what the next size counts


class Features(Struct, frozen=True):
    """Feature -> how much it counts, and how it is said to a reader."""

    weights: dict[str, float] = {}
    said: dict[str, str] = {}


def features(
    data: Mapping[str, Any], texts: Iterable[str] = (), *, reader: Reader = words_of
) -> Features:
    """What a case is, to compare it with others."""
    weights: dict[str, float] = {}
    said: dict[str, str] = {}
    for feature, weight, words in _all(data, texts, reader):
        if len(weights) >= MOST:
            break
        weights[feature] = max(weight, weights.get(feature, weight))
        said.setdefault(feature, words)
    return Features(weights, said)


def _all(
    data: Mapping[str, Any], texts: Iterable[str], reader: Reader
) -> Iterator[tuple[str, float, str]]:
    long: list[str] = []
    for name, value in _flat(data, "", DEEPEST):
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            long.append(value)
        else:
            yield from _value(name, value)
    for text in (*texts, *long):
        for word in reader(text):
            yield f"{WORD}{word.stem}", 1.0, word.written


def _flat(data: Mapping[str, Any], before: str, deeper: int) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            if deeper:
                yield from _flat(value, f"{before}{name}.", deeper - 1)
        elif isinstance(value, list | tuple):
            yield from ((f"{before}{name}", one) for one in value if not isinstance(one, Mapping))
        elif value not in (None, ""):
            yield f"{before}{name}", value


def _value(name: str, value: Any) -> Iterator[tuple[str, float, str]]:
    number = as_number(value)
    if number is None:
        plain = str(value).strip().casefold()
        yield f"{VALUE}{name}={plain}", 1.0, f"{name}: {str(value).strip()}"
        return
    size = size_of(number)
    for near, weight in ((0, 1.0), (-1, NEAR), (1, NEAR)):
        yield f"{SIZE}{name}={size + near}", weight, f"{name}: {value}"


def as_number(value: Any) -> float | None:
    """The number a value is, also where it is written with spaces ("5 940"); else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return number if abs(number) < 1e300 else None
    if not isinstance(value, str) or not value[:1].strip("-+").isdigit():
        return None
    try:
        return float("".join(value.split()).replace(",", "."))
    except ValueError:
        return None


def size_of(number: float) -> int:
    """How large a number is, in steps of which `STEPS` double it; negative ones mirrored."""
    if not abs(number) < 1e300:
        return 0
    size = floor(STEPS * log2(1 + abs(number)))
    return size if number >= 0 else -size
