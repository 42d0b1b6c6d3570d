"""What is wrong with decision tables, in words with the cells (DMN 1.5, 8.2.11, 8.3).

Rules of this file: only what is certain is said: rows that overlap under U and A, inputs that no
row takes, rows that can never be reached, cells that can never match. Where a cell is more than
values and ranges the answer is "cannot tell", once a table.
"""

from collections.abc import Iterator, Mapping, Sequence

from genba.decisions.cells import Cell, constant, read_cell
from genba.decisions.drawing import DrawnTable
from genba.decisions.model import Model
from genba.decisions.regions import Axis, Search, box_in_words, make_axis, overlap
from genba.decisions.setting import find_type
from genba.decisions.types import Allowed
from genba.decisions.wording import label
from genba.expressions import syntax
from genba.expressions.syntax import TypeRef
from genba.expressions.types import KNOWN, SIMPLE, shape
from genba.notation.document import Position
from genba.notation.model import Problem

MOST_PAIRS, MOST_GAPS, MOST_ROWS = 20, 10, 1_000
ADVICE: Mapping[str, str] = {
    "dmn.overlap": "make the rows exclude each other, or choose hit policy F or P",
    "dmn.differ": "give both rows the same output, or make them exclude each other",
    "dmn.gap": "add a row for this, or a default output",
    "dmn.unreachable": "move the row up, or remove it",
    "dmn.never": "correct the cell",
    "dmn.cannot-tell": "write values, ranges or lists of them if you want the row checked",
}
SINGLE = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST"})
"""Policies where no matching row means no answer."""


def check_decisions(model: Model) -> tuple[Problem, ...]:
    """Everything to say about a model: what cannot be run, then what looks wrong in its tables."""
    found = list(model.problems)
    for drawn in model.tables:
        found += check_table(drawn)
    return tuple(dict.fromkeys(found))


def check_table(drawn: DrawnTable) -> Iterator[Problem]:
    """What is wrong with one table."""
    if not drawn.rows or not drawn.table.inputs:
        return
    table = _Checked(drawn)
    yield from table.never()
    if table.axes is None:
        yield table.untold("the columns mix values of several types")
        return
    if len(drawn.rows) <= MOST_ROWS:
        yield from table.overlaps()
    yield from table.gaps()
    yield from table.unreachable()
    rows = [
        row for row in range(len(drawn.rows)) if any(axis.rows[row] is None for axis in table.axes)
    ]
    if rows:
        yield table.untold(
            f"{_rows(rows)} {'tests' if len(rows) == 1 else 'test'} more than values and ranges"
        )


def _rows(rows: Sequence[int]) -> str:
    numbers = [str(row + 1) for row in rows]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


class _Checked:
    """A table with its cells read and its axes made."""

    def __init__(self, drawn: DrawnTable) -> None:
        self.drawn, self.table = drawn, drawn.table
        self.cells = [[read_cell(tree) for tree in row.trees] for row in drawn.rows]
        self.limits = [self._limits(index) for index in range(len(self.table.inputs))]
        self.kinds = [self._kinds(index) for index in range(len(self.table.inputs))]
        self.axes = self._axes()

    def _limits(self, index: int) -> Cell | None:
        """The allowed values of a column, its own or its type's."""
        column = self.table.inputs[index]
        if column.allowed is not None:
            return read_cell(self.drawn.setting.tests_tree(column.allowed, ("?",)))
        types = self.drawn.setting.types
        reference = find_type(column.type, types) if column.type else None
        while reference is not None:
            if isinstance(reference.allowed, Allowed):
                return reference.allowed.cell
            reference = types.get(reference.name)
        return None

    def _kinds(self, index: int) -> tuple[type, ...]:
        """The kinds of values a column can have: by its type, else by its cells."""
        declared = self.table.inputs[index].type
        types = self.drawn.setting.types
        reference: TypeRef | None = find_type(declared, types) if declared else None
        if reference is not None and (reference.name in KNOWN or reference.name in types):
            name = shape(reference, types)
            if name != "Any":
                return SIMPLE[name]
        cells = [row[index] for row in self.cells]
        found = {span.kind for cell in cells if cell is not None for span in cell.spans}
        return tuple(found) if len(found) < 2 else ()

    def _axes(self) -> list[Axis] | None:
        axes = []
        for index, column in enumerate(self.table.inputs):
            kinds = self.kinds[index]
            told = [row[index] for row in self.cells]
            if not kinds and any(cell is None or cell.spans for cell in told):
                return None
            kind = kinds[0] if kinds else str
            axes.append(make_axis(label(column), kind, told, self.limits[index]))
        return axes

    def say(self, rule: str, words: str, position: Position) -> Problem:
        name = self.drawn.setting.element
        return Problem(
            severity="warning",
            rule=rule,
            message=f"{name}: {words}",
            position=position,
            element=self.table.id or self.drawn.setting.id,
            advice=ADVICE[rule],
        )

    def untold(self, why: str) -> Problem:
        words = f"cannot tell whether rows overlap or leave a gap: {why}"
        return self.say("dmn.cannot-tell", words, self.table.position)

    def never(self) -> Iterator[Problem]:
        """Cells no value of their column can match."""
        for number, row in enumerate(self.cells):
            for index, cell in enumerate(row):
                if cell is None or cell.takes_all or cell.negated or cell.null:
                    continue
                why = self._why_never(index, cell, number)
                if why:
                    text = self.table.rules[number].inputs[index]
                    name = label(self.table.inputs[index])
                    words = f"row {number + 1}: {text.text} never matches {name}, {why}"
                    yield self.say("dmn.never", words, text.position)

    def _why_never(self, index: int, cell: Cell, row: int) -> str:
        kinds = self.kinds[index]
        column = self.table.inputs[index]
        if kinds and not any(span.kind in kinds for span in cell.spans):
            return f"which is a {column.type}" if column.type else "which has other values"
        if self.axes is not None and self.axes[index].rows[row] == 0:
            limited = self.limits[index] is not None
            return "whose allowed values are others" if limited else "as it holds no value"
        return ""

    def overlaps(self) -> Iterator[Problem]:
        """Rows that match together though the hit policy says they must not, or not so."""
        policy = self.drawn.policy
        if policy not in ("UNIQUE", "ANY") or self.axes is None:
            return
        found = 0
        for two in range(len(self.drawn.rows)):
            for one in range(two):
                if policy == "ANY" and not self._differ(one, two):
                    continue
                box = overlap(self.axes, one, two)
                if box is None:
                    continue
                found += 1
                if found > MOST_PAIRS:
                    return
                both = f"rows {one + 1} and {two + 1} both match {box_in_words(self.axes, box)}"
                position = self.table.rules[two].position
                if policy == "UNIQUE":
                    yield self.say("dmn.overlap", f"{both}, under hit policy U", position)
                else:
                    words = f"{both} with different outputs, under hit policy A"
                    yield self.say("dmn.differ", words, position)

    def _differ(self, one: int, two: int) -> bool:
        """Whether two rows certainly have different outputs."""
        pairs = zip(
            self.drawn.rows[one].output_trees, self.drawn.rows[two].output_trees, strict=True
        )
        return any(_different(left, right) for left, right in pairs)

    def gaps(self) -> Iterator[Problem]:
        """Inputs that no row takes."""
        if self.axes is None or self.drawn.policy not in SINGLE or any(self.drawn.defaults):
            return
        search = Search(self.axes)
        every = (1 << len(self.drawn.rows)) - 1
        for count, box in enumerate(search.uncovered(every, sure=False)):
            if count == MOST_GAPS:
                return
            words = f"no row for {box_in_words(self.axes, box)}"
            yield self.say("dmn.gap", words, self.table.position)

    def unreachable(self) -> Iterator[Problem]:
        """Rows whose every input is taken by rows that go before them."""
        if self.axes is None:
            return
        for row in range(len(self.drawn.rows)):
            stronger = self._stronger(row)
            within = tuple(
                axis.all if axis.rows[row] is None else axis.rows[row] or 0 for axis in self.axes
            )
            if not stronger or not all(within):
                continue
            search = Search(self.axes)
            if next(search.uncovered(stronger, within, sure=True), None) is None:
                if search.given_up:
                    continue
                words = f"row {row + 1} can never decide: the rows before it take all it takes"
                if self.drawn.policy == "PRIORITY":
                    words = f"row {row + 1} can never decide: rows of a higher priority take all"
                yield self.say("dmn.unreachable", words, self.table.rules[row].position)

    def _stronger(self, row: int) -> int:
        """The rows that win over a row when both match, as bits."""
        if self.drawn.policy == "FIRST":
            return (1 << row) - 1
        if self.drawn.policy != "PRIORITY":
            return 0
        own = self._rank(row)
        if own is None:
            return 0
        ranks = (self._rank(other) for other in range(len(self.drawn.rows)))
        return sum(1 << n for n, rank in enumerate(ranks) if rank is not None and rank < own)

    def _rank(self, row: int) -> tuple[int, ...] | None:
        """The ranks of a row's constant outputs, None when they cannot be told."""
        found = []
        for tree, tests in zip(self.drawn.rows[row].output_trees, self.drawn.ranks, strict=True):
            value = None if tree is None else constant(tree)
            cells = [read_cell(test) for test in tests]
            rank = next(
                (n for n, cell in enumerate(cells) if cell and _is_value(cell, value)), None
            )
            if value is None or rank is None:
                return None
            found.append(rank)
        return tuple(found)


def _is_value(cell: Cell, value: object) -> bool:
    return any(
        span.is_point and span.kind is type(value) and span.low == value for span in cell.spans
    )


def _different(one: syntax.Node | None, two: syntax.Node | None) -> bool:
    """Whether two output cells are constants that differ."""
    left = None if one is None else constant(one)
    right = None if two is None else constant(two)
    if left is None or right is None:
        return False
    return type(left) is not type(right) or bool(left != right)
