"""The space of a table's input values, cut where its cells cut it.

Rules of this file: each input column is an axis of segments between the constants of its cells;
each row takes a set of segments on each axis (bits of an integer). Overlap, gap and cover are
questions about these sets, answered exactly or, beyond a budget, not at all.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from genba.decisions.cells import Cell, Span, positions, sort_key
from genba.decisions.wording import cell_in_words
from genba.expressions.values import Value

MOST_VISITS = 500_000
"""Segments looked at before the question is given up."""


class Segment(Struct, frozen=True):
    """A piece of an axis: a span; with `other` every value no cell names; with `null` no value."""

    span: Span | None
    other: bool = False
    null: bool = False


class Axis(Struct, frozen=True):
    """An input column: its segments, and for each row those it takes (None: cannot tell)."""

    label: str
    segments: tuple[Segment, ...]
    rows: tuple[int | None, ...]
    takers: tuple[int, ...]
    """For each segment the rows that take it."""
    untold: int
    """The rows that cannot be told."""

    @property
    def all(self) -> int:
        return (1 << len(self.segments)) - 1


Box = tuple[int, ...]
"""A set of segments on each axis."""


def make_axis(label: str, kind: type, cells: Sequence[Cell | None], limits: Cell | None) -> Axis:
    """The axis of a column of one kind of values, within its allowed values.

    Whether nothing is given is a place on it where a cell asks for that.
    """
    every = [cell for cell in (*cells, limits) if cell is not None]
    spans = [span for cell in every for span in cell.spans if span.kind is kind]
    ends = {sort_key(end): end for one in spans for end in (one.low, one.high) if end is not None}
    if kind is bool:
        ends = {False: False, True: True}
    keys = sorted(ends)
    places = {key: index for index, key in enumerate(keys)}
    values = [ends[key] for key in keys]
    taken = [None if cell is None else _segments(cell, places, kind) for cell in cells]
    limit = _segments(limits, places, kind) if limits is not None and limits.spans else None
    axis = _pruned(label, kind, values, taken=taken, limit=limit)
    asks = any(cell is not None and cell.null for cell in cells)
    return _with_null(axis, cells) if asks and (limits is None or limits.takes_null) else axis


def _with_null(axis: Axis, cells: Sequence[Cell | None]) -> Axis:
    place = len(axis.segments)
    takes = [cell is not None and cell.takes_null for cell in cells]
    rows = tuple(
        None if bits is None else bits | taken << place
        for bits, taken in zip(axis.rows, takes, strict=True)
    )
    takers = sum(1 << row for row, taken in enumerate(takes) if taken)
    segments = (*axis.segments, Segment(None, null=True))
    return replace(axis, segments=segments, rows=rows, takers=(*axis.takers, takers))


def _segments(cell: Cell, places: dict[Any, int], kind: type) -> int:
    full = (1 << (2 * len(places) + 1)) - 1
    if cell.takes_all:
        return full
    bits = 0
    for span in cell.spans:
        if span.kind is kind:
            for segment in positions(places, span):
                bits |= 1 << segment
    return full & ~bits if cell.negated else bits


def _pruned(
    label: str, kind: type, values: list[Value], *, taken: list[int | None], limit: int | None
) -> Axis:
    """Only the segments that exist: between two booleans or two texts there is nothing named."""
    kept: list[tuple[int, Segment]] = []
    for number in range(2 * len(values) + 1):
        if limit is not None and not limit >> number & 1:
            continue
        segment = _segment(values, number)
        if kind in (bool, str) and not number % 2:
            continue
        kept.append((number, segment))
    if kind is str and limit is None:
        kept.append((2 * len(values), Segment(None, other=True)))
    rows = [
        None
        if bits is None
        else sum(1 << new for new, (old, _) in enumerate(kept) if bits >> old & 1)
        for bits in taken
    ]
    takers = [0] * len(kept)
    for row, bits in enumerate(rows):
        for number in range(len(kept)):
            if bits is not None and bits >> number & 1:
                takers[number] |= 1 << row
    untold = sum(1 << row for row, bits in enumerate(rows) if bits is None)
    segments = tuple(segment for _, segment in kept)
    return Axis(label, segments, tuple(rows), tuple(takers), untold)


def _segment(values: list[Value], number: int) -> Segment:
    index, is_point = divmod(number, 2)
    if is_point:
        return Segment(Span(values[index], values[index], True, True))
    low = values[index - 1] if index else None
    high = values[index] if index < len(values) else None
    return Segment(Span(low, high, False, False))


def overlap(axes: Sequence[Axis], one: int, two: int) -> Box | None:
    """Where two rows match together; None when they never do or when it cannot be told."""
    box = []
    for axis in axes:
        left, right = axis.rows[one], axis.rows[two]
        if left is None or right is None or not left & right:
            return None
        box.append(left & right)
    return tuple(box)


class Search:
    """Where a set of rows leaves something uncovered, within a budget of visits."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self.axes = axes
        self.visits = 0

    @property
    def given_up(self) -> bool:
        return self.visits >= MOST_VISITS

    def uncovered(self, rows: int, within: Box | None = None, *, sure: bool) -> Iterator[Box]:
        """Boxes inside `within` that none of the rows (bits) takes.

        `sure`: a cell that cannot be told counts as taking nothing; else as taking everything.
        """
        limits = within or tuple(axis.all for axis in self.axes)
        yield from self._search(0, rows, limits, sure=sure)

    def _search(self, depth: int, rows: int, limits: Box, *, sure: bool) -> Iterator[Box]:
        self.visits += 1
        if self.given_up:
            return
        if not rows:
            yield limits[depth:]
            return
        if depth == len(self.axes):
            return
        for segments, left in self._groups(depth, rows, limits[depth], sure=sure).items():
            for rest in self._search(depth + 1, segments, limits, sure=sure):
                yield (left, *rest)

    def _groups(self, depth: int, rows: int, limit: int, *, sure: bool) -> dict[int, int]:
        """The rows that go on -> the segments where exactly those do."""
        axis = self.axes[depth]
        open_ = 0 if sure else rows & axis.untold
        groups: dict[int, int] = {}
        while limit:
            bit = limit & -limit
            limit ^= bit
            self.visits += 1
            going = rows & axis.takers[bit.bit_length() - 1] | open_
            groups[going] = groups.get(going, 0) | bit
        return groups


def box_in_words(axes: Sequence[Axis], box: Box) -> str:
    """A box as conditions; axes it does not limit are left out."""
    told = []
    for axis, bits in zip(axes, box, strict=True):
        if bits != axis.all:
            told.append(_axis_in_words(axis, bits))
    return " and ".join(told) or "any input"


def _axis_in_words(axis: Axis, bits: int) -> str:
    taken = [one for number, one in enumerate(axis.segments) if bits >> number & 1]
    missing = any(one.null for one in taken)
    if any(one.other for one in taken):
        rest = [one for number, one in enumerate(axis.segments) if not bits >> number & 1]
        spans_left = tuple(one.span for one in rest if one.span is not None)
        null = any(one.null for one in rest)
        return cell_in_words(axis.label, Cell(spans_left, null, negated=True), "")
    spans: list[Span] = []
    before = -2
    for number, segment in enumerate(axis.segments):
        if not bits >> number & 1 or segment.span is None:
            continue
        span = segment.span
        if (
            before == number - 1
            and spans
            and spans[-1].kind is not bool
            and _touch(spans[-1], span)
        ):
            last = spans.pop()
            span = Span(last.low, span.high, last.low_included, span.high_included)
        spans.append(span)
        before = number
    return cell_in_words(axis.label, Cell(tuple(spans), missing), "")


def _touch(one: Span, two: Span) -> bool:
    """Whether two spans side by side make one."""
    return one.high is not None and two.low is not None and bool(one.high == two.low)
