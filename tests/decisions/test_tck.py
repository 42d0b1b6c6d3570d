"""The shared suites of the DMN compatibility kit stay passed."""

import os
from pathlib import Path

import pytest

from tests.conformance.dmn_tck import Level, run_level

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GENBA_SHARED_DATA", ROOT.parent / "shared" / "data"))
KIT = SHARED / "dmn-tck"
FOREIGN_SUITE = "0076-feel-external-java"


def level(number: int) -> tuple[Level, list[str]]:
    folder = KIT / f"compliance-level-{number}"
    if not folder.is_dir():
        pytest.skip("not run: the compatibility kit is not there (GENBA_SHARED_DATA)")
    return run_level(folder, quiet=True)


def test_level_2_passes_whole() -> None:
    sums, left_out = level(2)
    assert sums.results > 0
    assert sums.passed == sums.results
    assert not left_out


def test_level_3_passes_but_for_functions_in_java() -> None:
    sums, left_out = level(3)
    assert sums.valued > 0
    assert sums.passed / sums.results >= 0.995
    assert sums.valued_passed / sums.valued >= 0.995
    assert all(name.startswith(FOREIGN_SUITE) for name in left_out)
