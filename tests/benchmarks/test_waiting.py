"""The cases that wait in the benchmark are cases like any other."""

from pathlib import Path

from benchmarks.waiting import load, step, stored


def test_copied_cases_are_sound_and_go_on(tmp_path: Path) -> None:
    installation, ids = load(tmp_path, 25)
    assert len(set(ids)) == 25
    assert step(installation, ids[0]) > 0
    assert step(installation, ids[-1]) > 0
    assert installation.journal.verify() == []
    assert all(size > 0 for size in stored(tmp_path))
    installation.journal.close()
