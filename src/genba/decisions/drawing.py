"""The texts of a decision table as trees, with the problems of its shape.

Rules of this file: parsing only, once, shared by whoever runs the table and whoever checks it.
"""

from msgspec import Struct

from genba.decisions import wording
from genba.decisions.hits import AGGREGATIONS, POLICIES
from genba.decisions.setting import Setting, find_type
from genba.expressions import syntax
from genba.expressions.syntax import Node, TypeRef
from genba.notation.dmn.model import DecisionTable, Input, Output, Rule, Text


class DrawnRow(Struct, frozen=True):
    """A row: input and output cells as trees, and the texts they were read from.

    An output tree is None for an empty cell. Cells of one text share one tree.
    """

    trees: tuple[Node, ...]
    output_trees: tuple[Node | None, ...]
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]


class DrawnTable(Struct, frozen=True):
    """A table with every text parsed. Columns and rows are as in `table`."""

    setting: Setting
    table: DecisionTable
    policy: str
    prefix: str
    """What stands in front of the place of a warning."""
    asked: tuple[Node, ...]
    """The input expressions as written, without what `inputs` adds."""
    input_types: tuple[TypeRef | None, ...]
    inputs: tuple[Node, ...]
    allowed: tuple[Node | None, ...]
    rows: tuple[DrawnRow, ...]
    defaults: tuple[Node | None, ...]
    ranks: tuple[tuple[Node, ...], ...]
    types: tuple[TypeRef | None, ...]

    def input_cell(self, row: int, column: int) -> Node:
        """A cell ready to be compiled: its warnings tell where it stands."""
        drawn, label = self.rows[row], wording.label(self.table.inputs[column])
        part = f"{self.prefix}row {row + 1}, {label}"
        return self.setting.placed(drawn.trees[column], drawn.inputs[column], part)

    def output_cell(self, row: int, column: int) -> Node:
        """As `input_cell`; null for an empty one."""
        drawn = self.rows[row]
        tree = drawn.output_trees[column]
        if tree is None:
            return syntax.Literal(None, 0)
        part = f"{self.prefix}row {row + 1}, output"
        return self.setting.placed(tree, drawn.outputs[column], part)


def draw_table(
    setting: Setting, table: DecisionTable, names: frozenset[str], part: str
) -> DrawnTable:
    """Parse a table whose cells see these names."""
    drawing = _Drawing(setting, table, names, part)
    policy = drawing.policy()
    asked = tuple(drawing.asked(column) for column in table.inputs)
    return DrawnTable(
        setting=setting,
        table=table,
        policy=policy,
        prefix=drawing.prefix,
        asked=asked,
        input_types=tuple(find_type(one.type, setting.types) for one in table.inputs),
        inputs=tuple(map(drawing.input, asked, table.inputs)),
        allowed=tuple(drawing.allowed(column) for column in table.inputs),
        rows=tuple(drawing.row(number, rule) for number, rule in enumerate(table.rules, 1)),
        defaults=tuple(drawing.default(column) for column in table.outputs),
        ranks=tuple(drawing.ranks(column) for column in table.outputs),
        types=tuple(setting.type_reference(one.type, one.position) for one in table.outputs),
    )


class _Drawing:
    def __init__(
        self, setting: Setting, table: DecisionTable, names: frozenset[str], part: str
    ) -> None:
        self.setting, self.table, self.names = setting, table, names
        self.inside = names | {"?"}
        self.prefix = f"{part}, " if part else ""
        self.tests: dict[str, Node] = {}
        self.answers: dict[str, Node] = {}

    def policy(self) -> str:
        table = self.table
        known = table.hit_policy in POLICIES
        if known and (not table.aggregation or table.aggregation in AGGREGATIONS):
            return table.hit_policy
        self.setting.refuse(
            "dmn.hit-policy",
            f"'{table.aggregation if known else table.hit_policy}' is no hit policy",
            table.position,
            advice="use U, A, P, F, R, O, C, C+, C#, C< or C>",
        )
        return "UNIQUE"

    def asked(self, column: Input) -> Node:
        if not column.expression.text:
            return syntax.Literal(None, 0)
        return self.setting.expression_tree(column.expression, self.names)

    def input(self, tree: Node, column: Input) -> Node:
        if not column.expression.text:
            return tree
        part = f"{self.prefix}input {wording.label(column)}"
        node = self.setting.placed(tree, column.expression, part)
        return self.setting.typed(node, column.type, column.position)

    def allowed(self, column: Input) -> Node | None:
        if column.allowed is None or column.allowed.text in ("", "-"):
            return None
        part = f"{self.prefix}input values of {wording.label(column)}"
        return self.setting.tests(column.allowed, self.inside, part)

    def default(self, column: Output) -> Node | None:
        if column.default is None or not column.default.text:
            return None
        return self.setting.expression(column.default, self.names, f"{self.prefix}default output")

    def ranks(self, column: Output) -> tuple[Node, ...]:
        if column.allowed is None:
            return ()
        tree = self.setting.tests_tree(column.allowed, self.inside)
        if not isinstance(tree, syntax.UnaryTests):
            return ()
        return tuple(syntax.UnaryTests((test,), False, 0) for test in tree.tests)

    def row(self, number: int, rule: Rule) -> DrawnRow:
        inputs = self._sized(rule.inputs, len(self.table.inputs), number, rule)
        outputs = self._sized(rule.outputs, len(self.table.outputs), number, rule)
        trees = tuple([self.tests.get(cell.text) or self._test(cell) for cell in inputs])
        answers = tuple([self.answers.get(cell.text) or self._output(cell) for cell in outputs])
        return DrawnRow(trees, answers, inputs, outputs)

    def _test(self, cell: Text) -> Node:
        tree = self.setting.tests_tree(cell, self.inside)
        if not isinstance(tree, syntax.Foreign):  # A wrong text is a problem of each of its cells.
            self.tests[cell.text] = tree
        return tree

    def _output(self, cell: Text) -> Node | None:
        if cell.text in ("", "-"):
            return None
        tree = self.setting.expression_tree(cell, self.names)
        if not isinstance(tree, syntax.Foreign):
            self.answers[cell.text] = tree
        return tree

    def _sized(
        self, cells: tuple[Text, ...], size: int, number: int, rule: Rule
    ) -> tuple[Text, ...]:
        """As many cells as there are columns; anything else is a problem (8.3.4)."""
        if len(cells) != size:
            self.setting.refuse(
                "dmn.row",
                f"row {number} has {len(cells)} cells for {size} columns",
                rule.position,
                advice="give the row one cell for each column",
            )
            return (*cells[:size], *(Text("", rule.position),) * (size - len(cells)))
        return cells
