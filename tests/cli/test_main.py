"""What all commands have in common."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from genba import __version__
from genba.cli.answers import count, print_rows
from genba.cli.main import COMMANDS

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
