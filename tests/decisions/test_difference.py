"""Two versions of a table: rows added, removed, moved, cells changed."""

from genba.decisions.difference import CellChange, RowChange, compare_tables, table_of
from genba.notation.dmn import DecisionTable
from tests.decisions.models import column, decision, model_text, output, read, row, table


def rules(
    *rows: tuple[str, str], ids: tuple[str, ...] = (), policy: str = "FIRST"
) -> DecisionTable:
    lines = [row([test], [way]) for test, way in rows]
    for number, id in enumerate(ids):
        lines[number] = lines[number].replace("<rule>", f'<rule id="{id}">')
    box = table([column("amount", "number")], [output("way")], lines, policy)
    found = table_of(read(model_text(decision("Limits", box))), "Limits")
    assert found is not None
    return found


A, B, C = ("< 5", "1"), ("[5..9]", "2"), ("> 9", "3")


def test_the_same_table_has_no_difference() -> None:
    assert compare_tables(rules(A, B), rules(A, B)).rows == ()
    assert compare_tables(rules(A, ("-", "2")), rules(A, ("", "2"))).rows == ()


def test_a_changed_cell_is_told_with_its_column() -> None:
    for ids in ((), ("a", "b")):
        found = compare_tables(rules(A, B, ids=ids), rules(A, ("[5..8]", "2"), ids=ids))
        assert found.rows == (
            RowChange("changed", 2, 2, (CellChange("amount", "[5..9]", "[5..8]"),)),
        )


def test_rows_come_and_go() -> None:
    found = compare_tables(rules(A, B), rules(A, C, B))
    assert [(one.kind, one.row) for one in found.rows] == [("added", 2)]
    assert found.rows[0].cells == (CellChange("amount", "", "> 9"), CellChange("way", "", "3"))
    found = compare_tables(rules(A, C, B), rules(A, B))
    assert [(one.kind, one.row) for one in found.rows] == [("removed", 2)]


def test_a_row_that_stands_elsewhere_is_moved() -> None:
    found = compare_tables(rules(A, B, ids=("a", "b")), rules(B, A, ids=("b", "a")))
    assert [(one.kind, one.row, one.before) for one in found.rows] == [("moved", 1, 2)]


def test_another_head_is_said() -> None:
    assert compare_tables(rules(A), rules(A, policy="UNIQUE")).head
    assert not compare_tables(rules(A), rules(B)).head


def test_what_is_no_table_has_none() -> None:
    box = "<literalExpression><text>1</text></literalExpression>"
    assert table_of(read(model_text(decision("Limits", box))), "Limits") is None
