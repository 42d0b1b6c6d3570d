"""An index over one input column: which rows can match a value (bits of an integer, row 1 first).

Rules of this file: simple cells are answered by looking up the value among the bounds of the whole
column, so a table with many rows costs a few look-ups; rows with any other cell are handed back to
be evaluated. It must answer what evaluating each cell answers, for every value.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate
from operator import xor
from typing import Any

from genba.decisions.cells import Cell, Span, positions, sort_key
from genba.expressions.temporal import Date, DaysTimeDuration, YearsMonthsDuration
from genba.expressions.values import Function, Range, Value

INDEXED = frozenset({Decimal, str, bool, Date, DaysTimeDuration, YearsMonthsDuration})
"""Times are left out: they are equal to the second but ordered to the nanosecond."""
UNTOLD = frozenset({list, Range, Function, dict})
"""Values that may equal what a cell lists; evaluating decides."""
MOST_SEGMENTS = 100_000_000
"""Rows times bounds; a larger column is evaluated row by row."""


class Column:
    """The rows of one input column, by value."""

    def __init__(self, cells: Sequence[Cell | None]) -> None:
        fit = {id(cell) for cell in _distinct(cells) if _indexable(cell)}
        cells = [cell if id(cell) in fit else None for cell in cells]
        if _size(cells) > MOST_SEGMENTS:
            cells = [cell if cell is not None and cell.takes_all else None for cell in cells]
        self.open = _bits(cell is None for cell in cells)
        """Rows whose cell must be evaluated."""
        self.all = _bits(cell is not None and cell.takes_all for cell in cells)
        self.negated = _bits(cell is not None and cell.negated for cell in cells)
        self.null = _bits(cell is not None and cell.null for cell in cells)
        self.told = _bits(cell is not None for cell in cells) & ~self.all
        self.kinds = {kind: _index(kind, cells) for kind in _kinds(cells)}

    def select(self, value: Value) -> tuple[int, int]:
        """The rows that match the value for sure, and those to be evaluated."""
        kind = type(value)
        if kind in UNTOLD:
            return self.all, self.open | self.told
        if value is None:
            passing = self.null
        else:
            index = self.kinds.get(kind)
            if index is None:
                passing = 0
            else:
                keys, rows = index
                key = sort_key(value)
                place = bisect_left(keys, key)
                found = place < len(keys) and keys[place] == key
                passing = rows[2 * place + found]
        return (passing ^ self.negated) | self.all, self.open

    def plain(self, value: Value, kind: type) -> tuple[int, int]:
        """As `select`, for a number, a string or a boolean: these are sorted as they stand."""
        index = self.kinds.get(kind)
        if index is None:
            return self.negated | self.all, self.open
        keys, rows = index
        place = bisect_left(keys, value)
        found = place < len(keys) and keys[place] == value
        return (rows[2 * place + found] ^ self.negated) | self.all, self.open


def _bits(flags: Any) -> int:
    return sum(1 << row for row, flag in enumerate(flags) if flag)


def _indexable(cell: Cell) -> bool:
    return all(span.kind in INDEXED for span in cell.spans)


def _size(cells: Sequence[Cell | None]) -> int:
    return len(cells) * sum(len(cell.spans) for cell in cells if cell is not None)


def _kinds(cells: Sequence[Cell | None]) -> set[type]:
    return {span.kind for cell in _distinct(cells) for span in cell.spans}


def _distinct(cells: Sequence[Cell | None]) -> list[Cell]:
    return list({id(cell): cell for cell in cells if cell is not None}.values())


def _index(kind: type, cells: Sequence[Cell | None]) -> tuple[list[Any], list[int]]:
    """The sorted bounds of a kind, and the rows passing in each segment between them."""
    rows: dict[int, int] = {}
    for row, cell in enumerate(cells):
        rows[id(cell)] = rows.get(id(cell), 0) | 1 << row  # Cells of one text are one cell.
    spans: list[tuple[int, list[Span]]] = [
        (rows[id(cell)], [span for span in cell.spans if span.kind is kind])
        for cell in _distinct(cells)
    ]
    bounds = {
        sort_key(end)
        for _, several in spans
        for span in several
        for end in (span.low, span.high)
        if end is not None
    }
    keys = sorted(bounds)
    places = {key: index for index, key in enumerate(keys)}
    # Where a row's state changes; sweeping over the changes costs a step a segment.
    changes = [0] * (2 * len(keys) + 2)
    for rows_of_cell, several in spans:
        for start, stop in _joined(positions(places, span) for span in several):
            changes[start] ^= rows_of_cell
            changes[stop] ^= rows_of_cell
    return keys, list(accumulate(changes[:-1], xor))


def _joined(ranges: Iterable[range]) -> list[tuple[int, int]]:
    """Ranges as intervals that neither overlap nor touch, empty ones left out."""
    made: list[tuple[int, int]] = []
    for one in sorted((one for one in ranges if one), key=lambda one: one.start):
        if made and one.start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], one.stop))
        else:
            made.append((one.start, one.stop))
    return made
