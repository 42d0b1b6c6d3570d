"""The first command on a fresh machine, where it cannot work, says why in one sentence."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLD = "#!/bin/sh\n[ \"$1\" = -V ] && echo 'Python 3.9.2' && exit 0\nexit 1\n"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder with what `make env` needs to begin."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make` with nothing but the system's programs and an empty home."""
    surroundings = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_named(fresh: Path) -> None:
    python = fresh / "python3"
    python.write_text(OLD)
    python.chmod(0o755)
    answer = make(fresh, "env", f"PYTHON={python}")
    assert answer.returncode != 0
    first = answer.stderr.splitlines()[0]
    assert "needs Python 3.11" in first
    assert "Python 3.9.2" in first
    assert "make env PYTHON=" in first
    assert not (fresh / ".venv").exists()


def test_a_missing_python_is_named(fresh: Path) -> None:
    answer = make(fresh, "env", "PYTHON=/nowhere/python3")
    assert "/nowhere/python3 is not there" in answer.stderr.splitlines()[0]


def test_help_lists_the_targets(fresh: Path) -> None:
    lines = make(fresh).stdout.splitlines()
    listed = {line.split()[1] for line in lines}
    assert listed >= {"help", "env", "run", "test", "check", "fix", "bench", "mutants", "drawings"}
    assert all(len(line.split()) > 2 for line in lines)
