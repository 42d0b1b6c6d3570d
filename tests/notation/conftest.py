"""The drawings other people made, for tests that read them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = (ROOT / os.environ.get("GENBA_SHARED_DATA", "../shared/data")).resolve()


@pytest.fixture
def list_drawings() -> Callable[[str], tuple[Path, ...]]:
    """The .bpmn files below a folder of the shared data; the test is skipped when it is absent."""

    def list_them(folder: str) -> tuple[Path, ...]:
        found = tuple(sorted((SHARED / folder).rglob("*.bpmn")))
        if not found:
            pytest.skip(f"not run: no drawings in {SHARED / folder} (set GENBA_SHARED_DATA)")
        return found

    return list_them
