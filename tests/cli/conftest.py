"""Running `genba` in this process, and in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from genba.cli.main import call

PROGRAM = Path(sys.executable).with_name("genba")


class Answer(Struct):
    """What a command line answered."""

    code: int
    out: str
    err: str


Genba = Callable[..., Answer]


@pytest.fixture
def genba(capsys: pytest.CaptureFixture[str]) -> Genba:
    """`genba(...)` in this process: only for commands that do not set Django up."""

    def run(*arguments: object) -> Answer:
        code = call([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run


@pytest.fixture
def installed(tmp_path: Path) -> Genba:
    """`genba(...)` as the installed program, with an installation of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    surroundings = {**kept, "HOME": str(tmp_path), "GENBA_HOME": str(tmp_path / "var")}

    def run(*arguments: object, **more: str) -> Answer:
        done = subprocess.run(
            [str(PROGRAM), *(str(argument) for argument in arguments)],
            env={**surroundings, **more},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A drawing with one silent choice."""
    path = tmp_path / "choice.bpmn"
    path.write_text(
        """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="choice" name="A choice">
    <startEvent id="start"/>
    <userTask id="look" name="Look"/>
    <exclusiveGateway id="good" name="Good?"/>
    <endEvent id="kept" name="Kept"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="look"/>
    <sequenceFlow id="b" sourceRef="look" targetRef="good"/>
    <sequenceFlow id="c" name="yes" sourceRef="good" targetRef="kept"/>
    <sequenceFlow id="again" name="no" sourceRef="good" targetRef="look"/>
  </process>
</definitions>
"""
    )
    return path
