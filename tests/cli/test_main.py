"""What all commands have in common."""

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from genba import __version__
from genba.cli.answers import count, print_rows
from genba.cli.main import COMMANDS

PROGRAM = Path(sys.executable).with_name("genba")
Genba = Callable[..., Any]


def test_help_lists_every_command_and_imports_none(genba: Genba) -> None:
    answer = genba("--help")
    assert answer.code == 0
    assert set(COMMANDS) <= set(answer.out.split())
    program = (
        "import sys; from genba.cli.main import call; call(['--help']);"
        "print([n for n in ('django', 'genba.engine', 'genba.notation') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_is_that_of_the_package(genba: Genba) -> None:
    assert genba("--version").out.strip() == __version__


@pytest.mark.parametrize(
    "line", [("nonsense",), ("check", "--nonsense"), ("verify", "--case", "x")]
)
def test_a_wrong_command_line_is_said_and_exits_2(genba: Genba, line: tuple[str, ...]) -> None:
    answer = genba(*line)
    assert answer.code == 2
    assert "Traceback" not in answer.out + answer.err
    assert (answer.out + answer.err).strip()


def test_a_table_is_as_wide_as_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(("a", "b"), [("long", "x"), ("y", "z")])
    assert capsys.readouterr().out == "a     b\nlong  x\ny     z\n"


def test_a_number_agrees_with_its_noun() -> None:
    assert (count(1, "case"), count(2, "case")) == ("1 case", "2 cases")
    assert count(0, "process", "processes") == "0 processes"


def test_a_full_disk_is_one_sentence(drawing: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("not run: there is no /dev/full here")
    with full.open("w") as out:
        done = subprocess.run(
            [str(PROGRAM), "check", "--json", str(drawing)],
            stdout=out, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_time_zone_that_is_none_is_one_sentence(installed: Genba) -> None:
    answer = installed("person", "add", "a@example.org", GENBA_TIME_ZONE="Nowhere")
    assert answer.code == 2
    assert answer.err.startswith("genba: GENBA_TIME_ZONE must name a time zone")


def test_a_new_folder_is_for_its_owner_only(installed: Genba, tmp_path: Path) -> None:
    assert installed("person", "add", "a@example.org").code == 0
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_case_number_nobody_gave(installed: Genba) -> None:
    installed("person", "add", "a@example.org")
    answer = installed("verify", "--case", "9" * 30)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
