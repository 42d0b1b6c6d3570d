"""Several processes work one journal, and leave it whole."""

import pytest

from benchmarks.crowd import main


def test_every_case_of_every_process_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--processes", "2", "--threads", "2", "--cases", "3"]) == 0
    told = capsys.readouterr().out
    assert "cases a second on the wall" in told
    assert "10 of 10 cases ended, 0 faults" in told
