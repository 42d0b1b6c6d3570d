"""Drawings nobody here made rehearse to their end."""

import os
from pathlib import Path

import pytest

from genba.notation import read_bpmn
from genba.notation.model import Definitions
from genba.runtime.choosing import Seeded
from genba.runtime.rehearsal import rehearse

DATA = Path(os.environ.get("GENBA_SHARED_DATA", Path(__file__).parents[2].parent / "shared/data"))
REFERENCE = sorted((DATA / "bpmn/miwg-reference").glob("*.bpmn"))
VENDORS = sorted((DATA / "bpmn/miwg-vendors").glob("*.bpmn"))
BETSY = sorted(DATA.glob("betsy/*/*.bpmn"))
CONSTRAINTS = sorted(DATA.glob("betsy/bpmn_constraints/*/*.bpmn"))


def need(files: list[Path]) -> list[Path]:
    """The files, or not run: they are shared beside the project, never in it."""
    if not files:
        pytest.skip(f"no drawings in {DATA} (set GENBA_SHARED_DATA)")
    return files


def read(path: Path) -> Definitions | None:
    drawn = read_bpmn(path.read_bytes(), path.name)
    return drawn if isinstance(drawn, Definitions) else None


def test_every_reference_drawing_completes_every_process_for_twenty_seeds() -> None:
    for path in need(REFERENCE):
        drawn = read(path)
        assert drawn is not None, path.name
        for seed in range(1, 21):
            shown = rehearse(drawn, Seeded(seed))
            assert shown.complete, (path.name, seed, shown.outcome)
            assert not shown.not_started, (path.name, seed)


def test_vendor_drawings_complete() -> None:
    loaded, bad = 0, []
    for path in need(VENDORS):
        drawn = read(path)
        if drawn is None:
            continue
        loaded += 1
        shown = rehearse(drawn, Seeded(1))
        if not shown.complete:
            bad.append((path.name, shown.outcome))
    assert loaded
    assert len(bad) <= loaded * 0.05, bad


def test_no_drawing_breaks_the_engine() -> None:
    """Conformance models, and models made to be wrong: never an exception, always an outcome."""
    for path in need(BETSY) + need(CONSTRAINTS):
        drawn = read(path)
        if drawn is not None:
            shown = rehearse(drawn, Seeded(7), steps=300)
            assert shown.outcome, path.name


def test_the_same_seed_gives_the_same_rehearsal() -> None:
    drawn = read(need(REFERENCE)[7])
    assert drawn is not None
    assert rehearse(drawn, Seeded(3)) == rehearse(drawn, Seeded(3))
