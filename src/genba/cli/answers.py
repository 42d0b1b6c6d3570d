"""What commands answer in common: tables, lines of JSON, and "this cannot be done".

Rules of this file: standard library and msgspec; no Django, no engine.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec


class Impossible(Exception):
    """The command could not be tried; the message is one sentence that says what to do."""


def read_file(path: Path) -> bytes:
    """The content of a file somebody named. Raises Impossible when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Impossible(f"{path} cannot be read: {error.strerror}.") from error


def print_json(value: Any) -> None:
    """One value as one line of JSON."""
    print(msgspec.json.encode(value).decode())


def print_rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in columns as wide as they need to be, the last one as long as it is."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 case", "2 cases", "0 processes"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
