"""A DMN file that was read is written as the same file, and read as the same model."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from genba.notation.dmn import Definitions, read_dmn
from genba.notation.document import Document, Position
from genba.notation.parsing import parse_document
from genba.notation.writing import write_bpmn
from tests.decisions.models import column, decision, model_text, output, row, table

SHARED = Path(
    os.environ.get("GENBA_SHARED_DATA") or Path(__file__).parents[2].parent / "shared/data"
)
WORDS = some.text(
    some.characters(exclude_categories=("C",), exclude_characters="\ufffe\uffff"), max_size=12
)
CELLS = some.one_of(WORDS, some.sampled_from(['"a"', "< 5", "[1..2]", "-", "not(null)", '"<&>"']))
POLICIES = some.sampled_from(["UNIQUE", "FIRST", "RULE ORDER", "COLLECT SUM", "COLLECT"])
ROWS = some.lists(some.tuples(CELLS, CELLS, CELLS), max_size=4)


def bare(part: Any) -> Any:
    """A model without the places and the digest of its file."""
    if isinstance(part, (tuple, list)):
        return tuple(bare(one) for one in part)
    if isinstance(part, Position):
        return None
    if isinstance(part, msgspec.Struct):
        fields = (name for name in part.__struct_fields__ if name != "digest")
        return (type(part).__name__, *(bare(getattr(part, name)) for name in fields))
    return part


def comes_back(data: bytes) -> bytes:
    """What is written of a file; it says the same."""
    document = parse_document(data)
    assert isinstance(document, Document), document
    written = write_bpmn(document)
    first, second = read_dmn(data, "m.dmn"), read_dmn(written, "m.dmn")
    assert isinstance(first, Definitions), first
    assert bare(first) == bare(second)
    again = parse_document(written)
    assert isinstance(again, Document)
    assert write_bpmn(again) == written
    return written


@settings(deadline=None, max_examples=300)
@given(ROWS, POLICIES, WORDS)
def test_any_table_comes_back(rows: list[tuple[str, str, str]], policy: str, words: str) -> None:
    lines = [row([one, two], [three]) for one, two, three in rows]
    box = table([column(words), column("y", "number", words)], [output("o", words)], lines, policy)
    comes_back(model_text(f"<!-- kept -->\n  {decision('d', box)}"))


def test_the_files_of_the_kit_come_back() -> None:
    files = sorted((SHARED / "dmn-tck").rglob("*.dmn"))
    if not files:
        pytest.skip(f"not run: {SHARED}/dmn-tck is missing (GENBA_SHARED_DATA names its folder)")
    for file in files:
        comes_back(file.read_bytes())
