"""Drawings other people made: what loads, and how many rehearsals come to their end."""

import os
from pathlib import Path

import pytest

from genba.cli.drawings import Row, measure

ROOT = Path(__file__).parents[2]
SHARED = (ROOT / os.environ.get("GENBA_SHARED_DATA", "../shared/data")).resolve() / "bpmn"
SEEDS = list(range(1, 21))


def rows(folder: str) -> list[Row]:
    """Every drawing of a shared folder, measured."""
    files = sorted((SHARED / folder).glob("*.bpmn"))
    if not files:
        pytest.skip(f"not run: no drawings in {SHARED / folder} (set GENBA_SHARED_DATA)")
    return [measure(file, file.name, SEEDS) for file in files]


def test_every_reference_drawing_completes_with_every_seed() -> None:
    measured = rows("miwg-reference")
    assert [row.file for row in measured if not row.loads] == []
    assert [(row.file, row.remark) for row in measured if row.completed < row.runs] == []


def test_vendor_drawings_load_or_say_why_and_complete() -> None:
    measured = rows("miwg-vendors")
    refused = [row for row in measured if not row.loads]
    loaded = [row for row in measured if row.loads]
    for row in refused:
        file, line, column, reason = row.remark.split(":", 3)
        assert (file, line.isdigit(), column.isdigit()) == (row.file, True, True)
        assert len(reason) > 20
    assert len(loaded) > len(refused)
    complete = [row for row in loaded if row.completed == row.runs]
    assert len(complete) >= 0.95 * len(loaded)
