"""BPMN against betsy, the suite of engine conformance: each feature run on virtual time.

    python -m tests.conformance.betsy [DIR] [--quiet]

As that suite does for every engine, the bodies of its tasks and its Java conditions are rewritten
into what runs here: whoever completes a task does what the body says. Everything else (ways, loops,
instances, events, compensation, messages) is decided by the engine. Prints pass or FAIL per
feature with the first difference, and at the end `passed N of M features`.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.notation import read_bpmn
from genba.notation.model import Definitions, Problem
from tests.conformance.stage import Stage

# Java on strings and booleans of the suite's models, and the same in FEEL.
_CONTAINS = re.compile(r'(\w+)\.contains\((&quot;|")(\w+)(?:&quot;|")\)(?:>|&gt;)?')
_MARKER = "MarkerExists"  # a file beside the trace, which only some cases ask for
_XPATH = 'expressionLanguage="http://www.w3.org/1999/XPath"'
_PARALLEL = "ParallelProcess"  # started beside the process under test, where the case says so


class Outcome(Struct, frozen=True):
    """What became of one feature: empty `difference` when it passed."""

    name: str
    feature: str
    cases: int
    difference: str = ""


def rewrite(source: bytes) -> bytes:
    """The model with its Java conditions in FEEL, and no other language declared."""
    text = source.decode().replace(_XPATH, "")
    return _CONTAINS.sub(r'contains(\1, "\3")', text).encode()


def compiled(path: Path) -> tuple[Definitions, dict[str, Graph]] | tuple[Problem, ...]:
    """Read and compile every process of a file; the problems if any of it is refused."""
    definitions = read_bpmn(rewrite(path.read_bytes()), path.name)
    if not isinstance(definitions, Definitions):
        return definitions
    graphs: dict[str, Graph] = {}
    for process in definitions.processes:
        if not process.nodes:
            continue
        graph = compile_process(definitions, process.id)
        if not isinstance(graph, Graph):
            return graph
        graphs[process.id] = graph
    return definitions, graphs


def play(path: Path, name: str, case: dict[str, Any]) -> list[str]:
    """The trace of one case: what the bodies said, and what went wrong."""
    found = compiled(path)
    if isinstance(found[0], Problem):
        return ["GenericError"]
    definitions, graphs = found
    stage = Stage(definitions, graphs)
    data = {"integerVariable": case["int"]}
    if case["input"] is not None:
        data["test"] = case["input"]
    if case["parallel"]:
        stage.begin(_PARALLEL)
    stage.begin(name, data=data)
    stage.run()
    return [said for said in stage.trace if said != _MARKER or said in case["trace"]]


def judge(directory: Path, feature: dict[str, Any]) -> Outcome:
    """Run every case of a feature, up to the first that differs."""
    path, name, cases = directory / feature["file"], feature["name"], feature["cases"]
    kind = feature["feature"]
    if not cases:
        found = compiled(path)
        refused = found[0].message if isinstance(found[0], Problem) else ""
        return Outcome(name, kind, 0, refused)
    for case in cases:
        trace, expected = play(path, name, case), case["trace"]
        if Counter(trace) != Counter(expected):
            given = f"input {case['input']!r}, {case['int']}: "
            difference = f"{given}{describe(trace)}; expected {describe(expected)}"
            return Outcome(name, kind, len(cases), difference)
    return Outcome(name, kind, len(cases))


def describe(trace: list[str]) -> str:
    """A trace as a multiset: "SCRIPT_task1 3 times, SCRIPT_task2"."""
    counted = sorted(Counter(trace).items())
    return ", ".join(said if n == 1 else f"{said} {n} times" for said, n in counted) or "nothing"


def judge_all(directory: Path) -> Iterator[Outcome]:
    """The outcome of every feature, in the order of the suite."""
    for feature in json.loads((directory / "cases.json").read_bytes()):
        yield judge(directory, feature)


def run(arguments: list[str]) -> int:
    folders = [argument for argument in arguments if not argument.startswith("--")]
    directory = Path(folders[0] if folders else "../shared/data/betsy")
    if not (directory / "cases.json").is_file():
        print(f"not run: there is no cases.json in {directory}")
        return 2
    outcomes = list(judge_all(directory))
    for outcome in outcomes:
        if outcome.difference:
            print(f"FAIL {outcome.name} ({outcome.feature}): {outcome.difference}")
        elif "--quiet" not in arguments:
            note = "" if outcome.cases else ": the suite has no case, it deploys"
            print(f"pass {outcome.name}{note}")
    passed = sum(not outcome.difference for outcome in outcomes)
    print(f"passed {passed} of {len(outcomes)} features")
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
