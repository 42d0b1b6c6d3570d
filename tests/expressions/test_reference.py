"""The reference page lists exactly the built-ins there are."""

from pathlib import Path

from genba.expressions.library import reference_table

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "feel.md"
BEGIN, END = "<!-- built-ins: begin -->", "<!-- built-ins: end -->"


def test_the_page_is_current() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    table, found, _ = rest.partition(END)
    assert found, "the page has no table of built-ins"
    assert table.strip() == reference_table().strip(), "replace the table by reference_table()"
