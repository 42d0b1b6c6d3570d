"""The import contracts hold, and notice when they do not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the package below `source`, with the project's contracts."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--config", str(ROOT / ".importlinter"), "--no-cache"]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which faults can be planted."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src" / "genba", folder / "genba")
    return folder


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("engine/values.py", "import genba.journal.records", "A layer imports only downwards"),
        ("acts/card.py", "import genba.cases", "A layer imports only downwards"),
        ("notation/model.py", "import sqlite3", "The pure folders know no clock"),
        ("expressions/values.py", "import time", "The pure folders know no clock"),
        ("journal/records.py", "import django.db", "Journal and runtime run without Django"),
        ("people/models.py", "import sqlite3", "Databases are spoken to in the journal only"),
    ],
)
def test_a_planted_fault_breaks_its_contract(
    copy: Path, module: str, line: str, contract: str
) -> None:
    path = copy / "genba" / module
    before = path.read_text()
    path.write_text(f"{before}\n{line}\n")
    try:
        answer = lint(copy)
    finally:
        path.write_text(before)
    assert answer.returncode == 1
    broken = [text for text in answer.stdout.splitlines() if text.startswith(contract)]
    assert any(text.endswith("BROKEN") for text in broken), answer.stdout
