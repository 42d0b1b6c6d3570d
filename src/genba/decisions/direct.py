"""The short way of a decision: a table over plain inputs, one function for each decision.

Rules of this file: what a decision means is said by `evaluation` and `tables`; the function made
here answers only where numbers, strings and booleans meet simple cells and one row with constant
outputs decides. It gives None for all else: then the long way answers, and warns.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from genba.decisions.cells import constant
from genba.decisions.columns import Column
from genba.decisions.model import DecisionNode, InputNode, Model, ShortWay
from genba.decisions.outcome import Decided, MatchedRule
from genba.decisions.setting import EXACT as KINDS
from genba.decisions.tables import CompiledTable
from genba.expressions import syntax
from genba.expressions.syntax import TypeRef
from genba.expressions.values import EXACT, Value, number

PLAIN = frozenset(KINDS.values())
MOST_ROWS = 100_000
"""Tables with more rows cost more than a budget, which only the long way accounts for."""
ALONE = frozenset({"UNIQUE", "ANY", "PRIORITY"})
"""Policies whose outcome is the output of a row that matches alone; FIRST needs no care."""


class _Answer(Struct, frozen=True):
    """What a row decides, None for `value` when it is no constant."""

    value: Value
    matched: tuple[MatchedRule, ...]


def short_way(model: Model, node: object) -> ShortWay | None:
    """The function of a decision, None when it has no short way."""
    table = node.table if isinstance(node, DecisionNode) else None
    if not isinstance(node, DecisionNode) or not isinstance(table, CompiledTable):
        return None
    inputs = _inputs(model, node)
    columns = None if inputs is None else _columns(table, inputs)
    if inputs is None or columns is None or not _regular(table):
        return None
    return _written(model, node, table, tuple(inputs.items()), columns)


def _inputs(model: Model, node: DecisionNode) -> dict[str, type | None] | None:
    """The inputs by name with the one kind their values have to be of, None for any plain one."""
    found: dict[str, type | None] = {}
    for needed in node.needs:
        given = model.nodes.get(needed.reference)
        if needed.path or not isinstance(given, InputNode):
            return None
        if given.fit is not None and _kind(given.fit) is None:
            return None
        found[needed.name] = _kind(given.fit)
    return found


def _kind(reference: TypeRef | None) -> type | None:
    """The kind all values of a type are of, None when that does not say it all."""
    if reference is None or reference.allowed is not None:
        return None
    return KINDS.get(reference.name)


def _columns(
    table: CompiledTable, inputs: dict[str, type | None]
) -> tuple[tuple[str, type | None, Column], ...] | None:
    """For each column the input it asks for, the kind it has to be of, and its index."""
    found = []
    drawn = table.drawn
    for tree, reference, allowed, column in zip(
        drawn.asked, drawn.input_types, drawn.allowed, table.columns, strict=True
    ):
        if allowed is not None or not isinstance(tree, syntax.Name) or tree.name not in inputs:
            return None
        kind = _kind(reference)
        if reference is not None and kind is None:
            return None
        found.append((tree.name, kind, column))
    return tuple(found)


def _regular(table: CompiledTable) -> bool:
    """Whether the outcome can be that of one row, unchanged."""
    drawn = table.drawn
    policy = drawn.policy == "FIRST" or drawn.policy in ALONE
    return policy and not any(drawn.ranks) and len(drawn.rows) < MOST_ROWS


def _answer(node: DecisionNode, table: CompiledTable, row: int) -> _Answer:
    """What a row decides, when all its outputs are constants of the types declared."""
    drawn = table.drawn
    parts = []
    for tree, reference in zip(drawn.rows[row].output_trees, drawn.types, strict=True):
        value = None if tree is None else constant(tree)
        kind = type(value)
        if kind not in PLAIN or (reference is not None and _kind(reference) is not kind):
            return _Answer(None, ())
        parts.append(value)
    outcome = parts[0] if len(parts) == 1 else None
    for reference in node.outcome_types:
        if reference is not None and _kind(reference) is not type(outcome):
            return _Answer(None, ())
    if outcome is None:
        names = (column.name for column in drawn.table.outputs)
        outcome = dict(zip(names, parts, strict=True))
    return _Answer(outcome, (table.words(row),))


def _written(
    model: Model,
    node: DecisionNode,
    table: CompiledTable,
    inputs: tuple[tuple[str, type | None], ...],
    columns: tuple[tuple[str, type | None, Column], ...],
) -> ShortWay:
    every, version, name = table.every, model.version, node.name
    first = table.drawn.policy == "FIRST"
    answers: dict[int, _Answer] = {}
    asked = tuple((one, kind, column.plain) for one, kind, column in columns)

    def decide(given: Mapping[str, object]) -> Decided | None:
        read: dict[str, Value] = {}
        for one, wanted in inputs:
            value: Any = given.get(one)
            kind = type(value)
            if kind is int and -EXACT < value < EXACT:
                value, kind = Decimal(value), Decimal
            elif kind is float or kind is Decimal:
                value, kind = number(value), Decimal
            elif kind is not str and kind is not bool:
                return None
            if value is None or (wanted is not None and wanted is not kind):
                return None
            read[one] = value
        left, open_ = every, 0
        for one, wanted, plain in asked:
            value = read[one]
            kind = type(value)
            if wanted is not None and wanted is not kind:
                return None
            sure, undecided = plain(value, kind)
            left &= sure
            open_ |= undecided
        if open_ or not left:
            return None
        bit = left & -left
        if bit != left and not first:
            return None
        answer = answers.get(bit)
        if answer is None:
            answer = answers[bit] = _answer(node, table, bit.bit_length() - 1)
        outcome = answer.value
        if outcome is None:
            return None
        if type(outcome) is dict:
            outcome = dict(outcome)  # Whoever decided may change what he got.
        return Decided(outcome, (), answer.matched, read, {name: outcome}, version)

    return decide
