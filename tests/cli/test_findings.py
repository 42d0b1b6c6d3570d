"""`genba check`: refused, silent, and where."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Genba = Callable[..., Any]


def test_a_silent_choice_is_said_with_line_and_element(genba: Genba, drawing: Path) -> None:
    answer = genba("check", drawing)
    assert answer.code == 0
    assert "runs as drawn, 1 process" in answer.out
    place = next(line for line in answer.out.splitlines() if "[good]" in line)
    assert "choice.bpmn:5:" in place


def test_json_is_one_finding_a_line(genba: Genba, drawing: Path) -> None:
    lines = [json.loads(line) for line in genba("check", drawing, "--json").out.splitlines()]
    choice = next(line for line in lines if line["element"] == "good")
    assert choice["severity"] == "silent"
    assert choice["line"] == 5
    assert choice["file"] == str(drawing)


def test_what_cannot_be_read_is_refused(genba: Genba, tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions>")
    answer = genba("check", broken)
    assert answer.code == 1
    assert "refused" in answer.out


def test_a_file_that_is_not_there_is_one_sentence(genba: Genba, tmp_path: Path) -> None:
    answer = genba("check", tmp_path / "none.bpmn")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1


def test_strict_refuses_what_the_standard_forbids(genba: Genba, tmp_path: Path) -> None:
    sloppy = tmp_path / "sloppy.bpmn"
    sloppy.write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
        '<startEvent id="s"/><task id="t"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
        "</process></definitions>"
    )
    lenient, strict = genba("check", sloppy), genba("check", sloppy, "--strict")
    assert (lenient.code, strict.code) == (0, 1)
    assert "draw the end event" in lenient.out
    assert "1 place cannot be run" in strict.out
