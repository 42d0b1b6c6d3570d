"""The code of earlier releases, from the history of the project, run beside the present one."""

import io
import json
import os
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PLAYER = Path(__file__).with_name("player.py")
PREVIOUS = "677a048"  # the release before tables said who may work on them


def code_of(commit: str, folder: Path) -> Path:
    """The sources of a release, unpacked in a folder. Skips where there is no history."""
    wanted = ["git", "archive", "--format=tar", commit, "src", "pyproject.toml"]
    try:
        done = subprocess.run(wanted, cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("not run: git is not there")
    if done.returncode:
        pytest.skip(f"not run: the history of the project is not there ({commit})")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder)  # our own history; `filter` is not in every 3.11
    _install(folder)
    return folder / "src"


def _install(folder: Path) -> None:
    """Say which plug-ins the release has: those of its own, not those of the present one."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {where}" for name, where in points.items()))
    ]
    about = folder / "src" / "genba-0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: genba\nVersion: 0\n")
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")


class Release:
    """An earlier release that plays an installation; see `player.Player` for its orders."""

    def __init__(self, code: Path, database: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PLAYER), database],
            env={**os.environ, "PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __getattr__(self, order: str) -> Any:
        return lambda *given: self._ask(order, *given)

    def _ask(self, *order: Any) -> Any:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise AssertionError(self.complaint()) from None
        line = process.stdout.readline()
        if not line:
            raise AssertionError(self.complaint())
        return json.loads(line)

    def complaint(self) -> str:
        """What it said when it ended by itself."""
        return self._process.communicate(timeout=60)[1]

    def stop(self) -> None:
        """End it: there are no more orders."""
        if self._process.poll() is None:
            _out, err = self._process.communicate(timeout=60)
            assert (self._process.returncode, err) == (0, "")


@contextmanager
def running(code: Path, database: str) -> Iterator[Any]:
    """A release at work while the block runs."""
    release = Release(code, database)
    try:
        yield release
        release.stop()
    finally:
        if release._process.poll() is None:
            release._process.kill()
            release._process.communicate()
