"""The pure folders, packed as a wheel, run a drawing with msgspec and nothing else."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[2]
PURE = ("notation", "expressions", "decisions", "engine", "changes", "recall")
METADATA = {
    "METADATA": "Metadata-Version: 2.1\nName: genba-engine\nVersion: 0\nRequires-Dist: msgspec\n",
    "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="p">
    <startEvent id="start"/>
    <userTask id="ask" name="How many?"/>
    <exclusiveGateway id="enough"/>
    <endEvent id="yes"/>
    <endEvent id="no"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="ask"/>
    <sequenceFlow id="b" sourceRef="ask" targetRef="enough"/>
    <sequenceFlow id="c" sourceRef="enough" targetRef="yes">
      <conditionExpression>count &gt; 2</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="d1" sourceRef="enough" targetRef="no">
      <conditionExpression>count &lt;= 2</conditionExpression>
    </sequenceFlow>
  </process>
</definitions>"""
PROGRAM = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from datetime import datetime, UTC
from importlib.util import find_spec
from genba.engine.commands import CompleteWork, Start
from genba.engine.compilation import compile_process
from genba.engine.decision import decide
from genba.engine.state import new_case
from genba.notation import read_bpmn

at = datetime(2026, 1, 1, tzinfo=UTC)
graph = compile_process(read_bpmn(sys.argv[2].encode(), "m.bpmn"), "p")
case = new_case("c")
decide(graph, case, Start(at=at))
work = next(iter(case.works))
events = decide(graph, case, CompleteWork(at=at, work=work, data={"count": 3}))
ended = [event.node for event in events if type(event).__name__ == "ElementCompleted"]
foreign = [name for name in ("django", "genba.journal", "genba.cli") if find_spec(name)]
print(json.dumps({"status": case.status, "ended": ended, "foreign": foreign}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the pure folders."""
    path = tmp_path_factory.mktemp("wheel") / "genba_engine-0-py3-none-any.whl"
    source = ROOT / "src" / "genba"
    modules = [file for folder in PURE for file in (source / folder).rglob("*.py")]
    with zipfile.ZipFile(path, "w") as archive:
        for file in [source / "__init__.py", *modules]:
            archive.write(file, file.relative_to(ROOT / "src"))
        for name, text in METADATA.items():
            archive.writestr(f"genba_engine-0.dist-info/{name}", text)
    return path


def test_a_drawing_runs_with_the_pure_wheel_and_msgspec_alone(wheel: Path, tmp_path: Path) -> None:
    package = Path(msgspec.__file__).parent
    (tmp_path / "msgspec").symlink_to(package)
    command = [sys.executable, "-I", "-S", "-c", PROGRAM]
    places = json.dumps([str(wheel), str(tmp_path)])
    answer = subprocess.run(
        [*command, places, MODEL], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == {
        "status": "completed",
        "ended": ["ask", "enough", "yes", "p"][: len(json.loads(answer.stdout)["ended"])],
        "foreign": [],
    }


def test_every_pure_module_imports_alone(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "msgspec").symlink_to(Path(msgspec.__file__).parent)
    with zipfile.ZipFile(wheel) as archive:
        names = [
            name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for name in archive.namelist()
            if name.endswith(".py")
        ]
    program = f"import sys; sys.path[:0] = {[str(wheel), str(tmp_path)]!r}\n" + "\n".join(
        f"import {name}" for name in names
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )
    assert len(names) > len(PURE)
    assert answer.returncode == 0, answer.stderr
