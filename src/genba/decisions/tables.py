"""Decision tables as closures (DMN 1.5, chapter 8 and 10.3.2.10).

Rules of this file: input values once, rows by the index of their columns and only the rest by
evaluating cells, then the hit policy. Every row is paid for. The rows that matched are noted on
the account, which is how a card can say why.
"""

from collections.abc import Callable, Sequence, Set
from functools import partial

from genba.decisions import wording
from genba.decisions.cells import read_cell
from genba.decisions.columns import Column
from genba.decisions.drawing import DrawnTable, draw_table
from genba.decisions.hits import LISTS, POLICIES, Matched, aggregate
from genba.decisions.outcome import Account, MatchedRule, Place
from genba.decisions.setting import Setting, fit, in_place
from genba.expressions import syntax
from genba.expressions.comparison import PLAIN
from genba.expressions.compiler import Compiler
from genba.expressions.frames import Closure, Frame
from genba.expressions.outcome import Run
from genba.expressions.syntax import Foreign, Node
from genba.expressions.values import Value
from genba.notation.dmn.model import DecisionTable

LAST = 1 << 30
NO_ROW = "no row matches"  # the warning by which whoever asks tells silence from a fault
"""The rank of an output that is not among the output values."""
INPUT = frozenset({"?"})


def table_node(setting: Setting, table: DecisionTable, names: frozenset[str], part: str) -> Node:
    """The tree of a decision table: its texts parsed now, its closures made by the compiler."""
    drawn = draw_table(setting, table, names, part)
    setting.tables.append(drawn)
    place = Place(setting.element, part or "decision table", "")
    return Foreign(lambda compiler: in_place(CompiledTable(compiler, drawn).decide, place))


def _later(make: Callable[[], Closure], cost: int) -> Closure:
    """A closure made when it is first asked for, and paid for each time."""
    made: list[Closure] = []

    def apply(frame: Frame) -> Value:
        if not made:
            made.append(make())
        frame.run.spend(cost)
        return made[0](frame)

    return apply


def _compiled(compiler: Compiler, node: Node | None) -> Closure | None:
    return None if node is None else compiler.compile(node)


class CompiledTable:
    """A decision table ready to run. `decide` is its closure."""

    def __init__(self, compiler: Compiler, drawn: DrawnTable) -> None:
        table = drawn.table
        self.drawn, self.table = drawn, table
        self.told: dict[int, MatchedRule] = {}
        self.inputs = [compiler.compile(node) for node in drawn.inputs]
        drawn.setting.running.append(self)
        self.outputs = [
            [self._output_closure(compiler, row, index) for index in range(len(table.outputs))]
            for row in range(len(drawn.rows))
        ]
        self.defaults = [_compiled(compiler, node) for node in drawn.defaults]
        with compiler.binding(INPUT):
            self.allowed = [_compiled(compiler, node) for node in drawn.allowed]
            self.ranks = [[compiler.compile(one) for one in ranks] for ranks in drawn.ranks]
            self.cells: list[list[Closure | None]] = [[] for _ in drawn.inputs]
            self.columns: list[Column] = []
            for index in range(len(drawn.inputs)):
                self._column(compiler, index)
        self.every = (1 << len(drawn.rows)) - 1

    def _column(self, compiler: Compiler, index: int) -> None:
        """One input column: its index, and closures for the cells the index leaves open."""
        trees = [row.trees[index] for row in self.drawn.rows]
        known = {id(tree): read_cell(tree) for tree in {id(tree): tree for tree in trees}.values()}
        cells = [known[id(tree)] for tree in trees]
        column = Column(cells)
        self.columns.append(column)
        bound = tuple(frozenset(names) for names in compiler.bound)
        for row, cell in enumerate(cells):
            # Values that no cell lists as such (lists, ranges) have every row evaluated.
            closure: Closure | None = None
            if cell is None:
                closure = compiler.compile(self.drawn.input_cell(row, index))
            elif not cell.takes_all:
                make = partial(self._simple_closure, compiler, bound, row, index)
                closure = _later(make, 1 + len(cell.spans))
            self.cells[index].append(closure)

    def _simple_closure(
        self, compiler: Compiler, bound: Sequence[Set[str]], row: int, index: int
    ) -> Closure:
        inner = Compiler(compiler.names, compiler.types)
        inner.bound = list(bound)
        return inner.compile(self.drawn.input_cell(row, index))

    def _output_closure(self, compiler: Compiler, row: int, index: int) -> Closure:
        tree = self.drawn.rows[row].output_trees[index]
        if type(tree) is syntax.Literal and type(tree.value) in PLAIN:
            return compiler.compile(tree)  # It never warns, so it needs no place.
        return compiler.compile(self.drawn.output_cell(row, index))

    def decide(self, frame: Frame) -> Value:
        """The outcome of the table in a frame."""
        run = frame.run
        run.spend(1 + len(self.drawn.rows) // 16)
        values = self._read(frame)
        if values is None:
            return None
        rows = self._match(frame, values)
        if self.drawn.policy == "FIRST":
            del rows[1:]  # The rows after the first decide nothing (8.2.11).
        if isinstance(run, Account):
            for row in rows:
                run.hit(self, row)
        if not rows:
            return self._default(frame)
        matched = Matched(
            run, rows, lambda row: self._output(frame, row), lambda made: self._ranks(frame, made)
        )
        made = POLICIES[self.drawn.policy](matched)
        if self.table.aggregation and self.drawn.policy == "COLLECT":
            return aggregate(run, self.table.aggregation, made)
        return made

    def _read(self, frame: Frame) -> list[Value] | None:
        """The input values; None when one is not among its column's allowed values."""
        values = []
        for number, (closure, allowed) in enumerate(zip(self.inputs, self.allowed, strict=True)):
            value = closure(frame)
            if allowed is not None and value is not None:
                inner = Frame({"?": value}, frame, frame.run)
                if allowed(inner) is not True:
                    label = wording.label(self.table.inputs[number])
                    frame.run.warn(f"the value of {label} is not among its allowed values", 0)
                    return None
            values.append(value)
        return values

    def _match(self, frame: Frame, values: Sequence[Value]) -> list[int]:
        """The rows all of whose cells take the values, in order."""
        left, asked, pending = self.every, 0, []
        for column, value in zip(self.columns, values, strict=True):
            sure, open_ = column.select(value)
            left &= sure | open_
            pending.append(open_ & ~sure)
            asked |= pending[-1]
        rows = []
        inner: list[Frame] = []
        while left:
            bit = left & -left
            left ^= bit
            row = bit.bit_length() - 1
            if asked & bit:
                inner = inner or [Frame({"?": value}, frame, frame.run) for value in values]
                if not self._holds(inner, row, [i for i, p in enumerate(pending) if p & bit]):
                    continue
            rows.append(row)
        return rows

    def _holds(self, frames: Sequence[Frame], row: int, columns: Sequence[int]) -> bool:
        for index in columns:
            closure = self.cells[index][row]
            frames[index].run.spend(1)
            if closure is not None and closure(frames[index]) is not True:
                return False
        return True

    def _output(self, frame: Frame, row: int) -> Value:
        return self._shaped(frame, [closure(frame) for closure in self.outputs[row]])

    def _shaped(self, frame: Frame, parts: Sequence[Value]) -> Value:
        """The parts of an output fitted to their columns; several make a context."""
        made = [
            self._fitted(frame.run, index, self._checked(frame, index, part))
            for index, part in enumerate(parts)
        ]
        if len(made) == 1:
            return made[0]
        return {column.name: part for column, part in zip(self.table.outputs, made, strict=True)}

    def _fitted(self, run: Run, index: int, value: Value) -> Value:
        reference = self.drawn.types[index]
        if reference is None:
            return value
        name, types = self.table.outputs[index].type, self.drawn.setting.types
        return fit(run, value, reference, name=name, types=types)

    def _checked(self, frame: Frame, index: int, value: Value) -> Value:
        """The output, null when it is not among the output values of its column (8.3.3)."""
        tests = self.ranks[index]
        if not tests or value is None or self._rank(frame, index, value) < LAST:
            return value
        label = self.table.outputs[index].name or "the output"
        return frame.run.warn(f"{label} is not among its allowed values", 0)

    def _rank(self, frame: Frame, index: int, value: Value) -> int:
        inner = Frame({"?": value}, frame, frame.run)
        for rank, test in enumerate(self.ranks[index]):
            if test(inner) is True:
                return rank
        return LAST

    def _ranks(self, frame: Frame, output: Value) -> tuple[int, ...]:
        """The ranks of an output's parts in their lists of output values."""
        parts = [output] if len(self.ranks) == 1 else list(output.values())
        return tuple(self._rank(frame, index, part) for index, part in enumerate(parts))

    def _default(self, frame: Frame) -> Value:
        """The default outputs when no row matches (8.3.3), null when there are none."""
        if not any(self.defaults):
            return frame.run.warn(NO_ROW, 0)
        parts = [None if closure is None else closure(frame) for closure in self.defaults]
        made = self._shaped(frame, parts)
        if self.drawn.policy in LISTS and not self.table.aggregation and type(made) is not list:
            return [made]
        return made

    def words(self, row: int) -> MatchedRule:
        """A row that matched, as a card tells it; made once."""
        told = self.told.get(row)
        if told is None:
            told = self.told[row] = self._words(row)
        return told

    def _words(self, row: int) -> MatchedRule:
        rule = self.table.rules[row]
        trees = self.drawn.rows[row].trees
        return MatchedRule(
            decision=self.drawn.setting.element,
            table=self.table.id,
            row=row + 1,
            rule=rule.id,
            words=wording.row_in_words(self.table, row, [read_cell(tree) for tree in trees]),
            conditions=tuple("" if cell.text in ("", "-") else cell.text for cell in rule.inputs),
            outputs=tuple(cell.text for cell in rule.outputs),
            annotations=rule.annotations,
        )
