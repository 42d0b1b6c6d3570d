"""`genba rehearse` and `genba drawings`."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from genba.cli.answers import Impossible
from genba.cli.choices import AtTerminal, Unfitting, read_answer, read_answers
from genba.cli.rehearsals import read_seeds
from genba.engine.values import NodeId, Option, WorkId, WorkKind
from genba.runtime.offers import Offer

Genba = Callable[..., Any]


def offer(kind: WorkKind = WorkKind.CHOICE, *, many: bool = False) -> Offer:
    """An offer with two options, "yes" and "no, never"."""
    options = (Option("f1", "yes"), Option("f2", "no, never"))
    return Offer(
        case=1,
        process="p",
        node=NodeId("n"),
        label="Good?",
        kind=kind,
        work=WorkId("w1"),
        options=options if kind is WorkKind.CHOICE else (),
        many=many,
    )


def test_the_trace_says_what_happened_and_where_it_was_silent(genba: Genba, drawing: Path) -> None:
    answer = genba("rehearse", drawing)
    assert answer.code == 0
    assert "to choose: Good?" in answer.out
    assert "(the drawing does not say)" in answer.out
    assert "completed (1 case" in answer.out
    assert "The drawing left" in answer.out


def test_the_same_seed_gives_the_same_trace(genba: Genba, drawing: Path) -> None:
    traces = [genba("rehearse", drawing, "--seed", seed, "--json").out for seed in (3, 3)]
    assert traces[0] == traces[1]
    several = genba("rehearse", drawing, "--seed", "1..20").out
    assert len(several.splitlines()) == 20


def test_json_is_one_event_a_line(genba: Genba, drawing: Path) -> None:
    lines = [json.loads(line) for line in genba("rehearse", drawing, "--json").out.splitlines()]
    assert lines[0]["event"]["type"] == "case-started"
    assert lines[-1]["type"] == "rehearsed"
    assert lines[-1]["complete"] is True
    assert {"seed", "case", "process", "at", "event"} == set(lines[0])


def test_a_file_of_choices_decides(genba: Genba, drawing: Path, tmp_path: Path) -> None:
    script = tmp_path / "choices"
    script.write_text("# twice round\nGood? = no\nGood? = no\ngood = yes\nLook = {}\n")
    out = genba("rehearse", drawing, "--choices", script).out
    assert [line.partition("Good?: ")[2] for line in out.splitlines() if "answered: Good?" in line][
        :2
    ] == ["no", "no"]
    script.write_text("Good? = no\nGood? = yes\n")
    out = genba("rehearse", drawing, "--choices", script).out
    answers = [
        line.partition("Good?: ")[2] for line in out.splitlines() if "answered: Good" in line
    ]
    assert answers == ["no", "yes"]


def test_a_choice_that_fits_nothing_is_said(genba: Genba, drawing: Path, tmp_path: Path) -> None:
    script = tmp_path / "choices"
    script.write_text("Good? = perhaps\n")
    answer = genba("rehearse", drawing, "--choices", script)
    assert answer.code == 2
    assert "yes, no" in answer.err


def test_data_of_a_task_decides_a_condition(genba: Genba, tmp_path: Path) -> None:
    model = tmp_path / "m.bpmn"
    model.write_text(
        """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="p">
    <startEvent id="s"/><userTask id="t" name="Count"/><exclusiveGateway id="g" name="Many?"/>
    <endEvent id="many" name="Many"/><endEvent id="few" name="Few"/>
    <sequenceFlow id="a" sourceRef="s" targetRef="t"/>
    <sequenceFlow id="b" sourceRef="t" targetRef="g"/>
    <sequenceFlow id="c" sourceRef="g" targetRef="many">
      <conditionExpression>n &gt; 2</conditionExpression></sequenceFlow>
    <sequenceFlow id="e" sourceRef="g" targetRef="few">
      <conditionExpression>n &lt;= 2</conditionExpression></sequenceFlow>
  </process></definitions>"""
    )
    script = tmp_path / "choices"
    for n, end in ((3, "Many"), (1, "Few")):
        script.write_text(f'Count = {{"n": {n}}}\n')
        out = genba("rehearse", model, "--choices", script).out
        assert f"done: {end}\n" in out


def test_somebody_is_asked_at_the_terminal(
    genba: Genba, drawing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = StringIO("\nperhaps\n2\n\nyes\n")
    monkeypatch.setattr("sys.stdin", terminal)
    answer = genba("rehearse", drawing, "--interactive")
    assert answer.code == 0
    assert "answered: Good?: no" in answer.out
    assert terminal.read() == ""


def test_leaving_the_terminal_stops_with_what_is_open(genba: Genba, drawing: Path) -> None:
    def leave(prompt: str) -> str:
        raise EOFError

    assert AtTerminal(ask=leave).choose((offer(),), {}).stop


def test_answers_are_read() -> None:
    assert read_answers("# no\n\na = b\na=c = d\n") == {"a": ["b", "c = d"]}
    with pytest.raises(Impossible, match="Line 2"):
        read_answers("a = b\nnonsense\n")
    assert read_answer("YES", offer(), 0).chosen == ("f1",)
    assert read_answer("2", offer(), 0).chosen == ("f2",)
    assert read_answer("no, never", offer(), 0).chosen == ("f2",)
    assert read_answer("yes, f2", offer(many=True), 0).chosen == ("f1", "f2")
    assert read_answer("3", offer(WorkKind.COUNT), 0).data == {"count": 3}
    for kind, written in (
        (WorkKind.CHOICE, "yes, f2"),
        (WorkKind.COUNT, "x"),
        (WorkKind.TASK, "{"),
    ):
        with pytest.raises(Unfitting):
            read_answer(written, offer(kind), 0)


@pytest.mark.parametrize("written", ["x", "1..", "9..1", "1..99999", "-1"])
def test_what_is_no_seed_is_said(written: str) -> None:
    with pytest.raises(Impossible):
        read_seeds(written)


def test_seeds_are_read() -> None:
    assert (read_seeds("7"), read_seeds("2..4")) == ([7], [2, 3, 4])


def test_a_folder_is_a_table_with_totals(genba: Genba, drawing: Path) -> None:
    (drawing.parent / "broken.bpmn").write_text("<definitions>")
    answer = genba("drawings", drawing.parent, "--seeds", "1..3")
    assert answer.code == 0
    rows = {line.split()[0]: line.split() for line in answer.out.splitlines() if line}
    assert rows["choice.bpmn"][1:5] == ["1", "1", "3/3", "0"]
    assert "refused" in rows["broken.bpmn"]
    assert "1 of 2 files load; 3 of 3 runs completed (100.0 %)" in answer.out
    assert genba("drawings", drawing.parent, "--strict").code == 1


def test_a_folder_without_drawings_is_said(genba: Genba, tmp_path: Path) -> None:
    assert genba("drawings", tmp_path).code == 2


RULES = Path(__file__).parents[1] / "drawings"


def test_tables_beside_the_drawing_decide(genba: Genba, tmp_path: Path) -> None:
    for name in ("buying.bpmn", "purchase-limit.dmn"):
        (tmp_path / name).write_bytes((RULES / name).read_bytes())
    script = tmp_path / "choices.txt"
    script.write_text('Request = {"amount": 6000, "supplier": "new"}')
    out = genba("rehearse", tmp_path / "buying.bpmn", "--choices", script).out
    assert "way = board — row 3: amount at least 5,000 and supplier is new" in out
    assert "Ask the board" in out
    script.write_text('Request = {"amount": 30000, "supplier": "known"}')
    out = genba("rehearse", tmp_path / "buying.bpmn", "--choices", script).out
    assert "a person is asked — row 4: amount over 20,000" in out
    assert "to do: Look up the limit" in out


def test_without_the_table_a_person_decides(genba: Genba, tmp_path: Path) -> None:
    (tmp_path / "buying.bpmn").write_bytes((RULES / "buying.bpmn").read_bytes())
    out = genba("rehearse", tmp_path / "buying.bpmn").out
    assert "to do: Look up the limit" in out
    assert "decided:" not in out
    (tmp_path / "limit.dmn").write_bytes(b"no table")
    answer = genba("rehearse", tmp_path / "buying.bpmn")
    assert "limit.dmn:1" in answer.out
