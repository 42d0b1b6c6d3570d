"""What changed between two versions of a decision table.

Rules of this file: data, no words: rows are the same when they carry the same id or stand for the
same cells; everything else is added, removed or changed, cell by cell.
"""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from genba.decisions.wording import label
from genba.notation.dmn.model import Decision, DecisionTable, Definitions, Rule


class CellChange(Struct, frozen=True):
    """A cell that says something else; `column` is what people call it."""

    column: str
    before: str
    after: str


class RowChange(Struct, frozen=True):
    """A row that came ("added"), went ("removed"), says something else or stands elsewhere.

    `row` counts from 1, in the new table; in the old one where it was removed. `before` is its
    number in the old table, 0 for an added one. `cells` are those that changed, or all that say
    something.
    """

    kind: str
    row: int
    before: int
    cells: tuple[CellChange, ...]


class Difference(Struct, frozen=True):
    """All that changed in a table; `head`: its columns or its hit policy, so rows tell little."""

    rows: tuple[RowChange, ...]
    head: bool = False


def table_of(definitions: Definitions, key: str) -> DecisionTable | None:
    """The table of a decision by its id, None when it is decided otherwise."""
    found = next((one for one in definitions.decisions if one.id == key), None)
    box = found.expression if isinstance(found, Decision) else None
    return box if isinstance(box, DecisionTable) else None


def row_ids(table: DecisionTable) -> tuple[str, ...]:
    """What each row goes by in every version: its id where only it has that id, else its number."""
    times = Counter(rule.id for rule in table.rules)
    numbered = enumerate(table.rules, 1)
    return tuple(rule.id if times[rule.id] == 1 and rule.id else str(n) for n, rule in numbered)


def compare_tables(before: DecisionTable, after: DecisionTable) -> Difference:
    """What changed, in the order of the new table, then what was removed."""
    columns = _columns(after)
    head = _columns(before) != columns or _policy(before) != _policy(after)
    pairs = _pairs(before.rules, after.rules)
    found: list[RowChange] = []
    order = [pairs[new] for new in range(len(after.rules)) if new in pairs]
    for new, rule in enumerate(after.rules):
        old = pairs.get(new)
        if old is None:
            found.append(RowChange("added", new + 1, 0, _told(columns, rule, added=True)))
            continue
        cells = _changed(columns, before.rules[old], rule)
        if cells:
            found.append(RowChange("changed", new + 1, old + 1, cells))
        elif any(other < old for other in order[order.index(old) + 1 :]):
            found.append(RowChange("moved", new + 1, old + 1, ()))
    for old, rule in enumerate(before.rules):
        if old not in order:
            told = _told(_columns(before), rule, added=False)
            found.append(RowChange("removed", old + 1, old + 1, told))
    return Difference(tuple(found), head)


def _columns(table: DecisionTable) -> tuple[str, ...]:
    outputs = (one.label or one.name or "result" for one in table.outputs)
    return (*(label(one) for one in table.inputs), *outputs)


def _policy(table: DecisionTable) -> tuple[str, str]:
    return table.hit_policy, table.aggregation


def _cells(rule: Rule) -> tuple[str, ...]:
    texts = (" ".join(cell.text.split()) for cell in (*rule.inputs, *rule.outputs))
    return tuple("" if text == "-" else text for text in texts)


def _pairs(before: Sequence[Rule], after: Sequence[Rule]) -> dict[int, int]:
    """New row -> old row: by id where ids are there once, else by what the rows say."""
    once = {id for id, times in Counter(rule.id for rule in before).items() if id and times == 1}
    places = {rule.id: old for old, rule in enumerate(before) if rule.id in once}
    if places:
        return {new: places[rule.id] for new, rule in enumerate(after) if rule.id in places}
    matcher = SequenceMatcher(a=[_cells(one) for one in before], b=[_cells(one) for one in after])
    pairs: dict[int, int] = {}
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and a2 - a1 == b2 - b1):
            pairs.update(zip(range(b1, b2), range(a1, a2), strict=True))
    return pairs


def _changed(columns: Sequence[str], before: Rule, after: Rule) -> tuple[CellChange, ...]:
    cells = zip(columns, _cells(before), _cells(after), strict=False)
    return tuple(CellChange(name, old, new) for name, old, new in cells if old != new)


def _told(columns: Sequence[str], rule: Rule, *, added: bool) -> tuple[CellChange, ...]:
    cells = zip(columns, _cells(rule), strict=False)
    return tuple(
        CellChange(name, "" if added else text, text if added else "")
        for name, text in cells
        if text
    )
