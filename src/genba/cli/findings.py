"""`genba check`: what is wrong with a drawing, and where it leaves the decision to people.

Rules of this file: the words are those of `notation` and `engine`; this only gathers and prints.
"""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from msgspec import Struct

from genba.cli.answers import count, print_json, read_file
from genba.cli.decisions import examine_decisions
from genba.engine.compilation import compile_process
from genba.engine.condition_check import check_conditions
from genba.notation import Definitions, Problem, check_notation, describe, read_bpmn
from genba.notation.dmn import is_dmn
from genba.runtime.automation import missing_machines

HEADINGS = {
    "refused": "cannot be run",
    "warning": "worth a look",
    "silent": "left to people: the drawing does not say, so somebody decides",
}


class Finding(Struct, kw_only=True):
    """A problem with the file it is in, as `--json` prints it."""

    file: str
    line: int
    column: int
    element: str
    severity: str
    rule: str
    message: str
    advice: str


def check(
    files: list[Path],
    *,
    strict: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say what a drawing leaves open, and what cannot run.

    Exit code 1 when a file is refused.

    Parameters
    ----------
    files
        BPMN and DMN files of any tool.
    strict
        Refuse whatever the standard forbids, not only what cannot be run without a guess.
    json
        One finding a line, as JSON.
    """
    refused = False
    for path in files:
        data = read_file(path)
        runnable, problems = (
            examine_decisions_in(data, path)
            if path.suffix == ".dmn" or is_dmn(data)
            else examine_processes_in(data, path, strict=strict)
        )
        refused = refused or any(problem.severity == "refused" for problem in problems)
        if json:
            for problem in problems:
                print_json(finding(problem, str(path)))
        else:
            print_findings(path, runnable, problems)
    return int(refused)


def examine_processes_in(
    data: bytes, path: Path, *, strict: bool
) -> tuple[str, tuple[Problem, ...]]:
    """What a drawing runs, in words, and everything there is to say about it."""
    definitions, problems = examine(data, str(path), strict=strict)
    processes = definitions.processes if definitions else ()
    running = sum(1 for process in processes if process.nodes)
    return f"runs as drawn, {count(running, 'process', 'processes')}", problems


def examine_decisions_in(data: bytes, path: Path) -> tuple[str, tuple[Problem, ...]]:
    """What a DMN file decides, in words, and everything there is to say about it."""
    model, problems = examine_decisions(data, path)
    return f"runs as drawn, {count(len(model.decisions) if model else 0, 'decision')}", problems


def examine(
    data: bytes, file: str, *, strict: bool = False
) -> tuple[Definitions | None, tuple[Problem, ...]]:
    """The drawing, if it can be read at all, and everything there is to say about it."""
    definitions = read_bpmn(data, file)
    if isinstance(definitions, tuple):
        return None, definitions
    problems = list(check_notation(definitions, strict=strict))
    for process in definitions.processes:
        if process.nodes:
            graph = compile_process(definitions, process.id)
            if isinstance(graph, tuple):
                problems += graph
            else:
                problems += (*graph.silences, *missing_machines(graph), *check_conditions(graph))
    return definitions, tuple(dict.fromkeys(problems))


def finding(problem: Problem, file: str) -> Finding:
    """A problem as a flat record."""
    return Finding(
        file=file,
        line=problem.position.line,
        column=problem.position.column,
        element=problem.element,
        severity=problem.severity,
        rule=problem.rule,
        message=problem.message,
        advice=problem.advice,
    )


def print_findings(path: Path, runnable: str, problems: tuple[Problem, ...]) -> None:
    """One file: a line of summary, then the findings by severity."""
    refused = any(problem.severity == "refused" for problem in problems)
    print(f"{path}: {'refused' if refused else runnable}")
    for severity, heading in HEADINGS.items():
        chosen = [problem for problem in problems if problem.severity == severity]
        if chosen:
            print(f"\n  {count(len(chosen), 'place')} {heading}")
        for problem in chosen:
            print(f"    {describe(problem, path.name)}")
    if problems:
        print()
