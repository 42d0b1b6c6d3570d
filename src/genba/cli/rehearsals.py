"""`genba rehearse`: a drawing run to its end, in memory and under virtual time.

Rules of this file: `runtime.rehearsal` runs; this chooses who answers, and prints.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from msgspec import Struct

from genba.cli.answers import Impossible, count, print_json, read_file
from genba.cli.choices import AtTerminal, Named, read_answers
from genba.cli.decisions import rules_beside
from genba.cli.tellings import since, tell
from genba.engine.compilation import compile_process
from genba.engine.events import Event
from genba.engine.graph import Graph
from genba.engine.ruling import asked_at
from genba.notation import Definitions, describe, read_bpmn
from genba.runtime.choosing import Seeded
from genba.runtime.offers import Chooser
from genba.runtime.rehearsal import Rehearsal
from genba.runtime.rehearsal import rehearse as run

MOST_SEEDS = 10_000


class Told(Struct, kw_only=True):
    """One event as `--json` prints it."""

    seed: int
    case: int
    process: str
    at: datetime
    event: Event


class Ended(Struct, kw_only=True, tag="rehearsed"):
    """The last line of a run as `--json` prints it."""

    seed: int
    complete: bool
    outcome: str
    not_started: tuple[str, ...]
    incidents: tuple[str, ...]
    silent: int
    commands: int


def rehearse(
    file: Path,
    *,
    seed: str = "1",
    choices: Path | None = None,
    interactive: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Run a drawing to its end, in memory.

    Exit code 1 when the drawing is refused or a run does not complete.

    Parameters
    ----------
    file
        A BPMN file of any tool; decisions it asks for are taken from the DMN files beside it.
    seed
        Where chance comes from: a number, or a range like 1..20 for a run each.
    choices
        A file with lines `element = answer`; what it does not name is answered by the seed.
    interactive
        Ask at the terminal instead.
    json
        One event a line, as JSON.
    """
    definitions = read_bpmn(read_file(file), str(file))
    if isinstance(definitions, tuple):
        for problem in definitions:
            print(describe(problem, str(file)))
        return 1
    seeds = read_seeds(seed)
    script = read_file(choices).decode("utf-8", "replace") if choices else None
    complete = True
    rules = rules_beside(file) if asks_for_decisions(definitions) else {}
    for number in seeds:
        chooser = chooser_for(number, script, interactive=interactive)
        rehearsal = run(definitions, chooser, rules=rules)
        complete = complete and is_complete(rehearsal)
        if json:
            print_lines(rehearsal, number)
        elif len(seeds) > 1:
            print(f"seed {number}: {summary(rehearsal)}")
        else:
            print_rehearsal(rehearsal, definitions, str(file))
    return int(not complete)


def asks_for_decisions(definitions: Definitions) -> bool:
    """Whether a step of the file names a decision."""
    nodes = (node for process in definitions.processes for node in process.nodes)
    return any(asked_at(node) is not None for node in nodes)


def read_seeds(written: str) -> list[int]:
    """A number, or a range "1..20" with both ends. Raises Impossible."""
    found = re.fullmatch(r"(\d{1,9})(?:\.\.(\d{1,9}))?", written)
    if not found:
        raise Impossible(f"'{written}' is no seed: write a number, or a range like 1..20.")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 0 <= last - first < MOST_SEEDS:
        raise Impossible(f"'{written}' is no range of at most {MOST_SEEDS} seeds.")
    return list(range(first, last + 1))


def chooser_for(seed: int, script: str | None, *, interactive: bool) -> Chooser:
    """Who answers for the people."""
    if interactive:
        return AtTerminal()
    if script is not None:
        return Named(read_answers(script), Seeded(seed))
    return Seeded(seed)


def is_complete(rehearsal: Rehearsal) -> bool:
    """True when every process of the file was begun, and every case came to its end."""
    return rehearsal.complete and not rehearsal.not_started


def summary(rehearsal: Rehearsal) -> str:
    """The outcome on one line."""
    cases = count(len(rehearsal.cases), "case")
    steps = count(rehearsal.commands, "step")
    text = f"{rehearsal.outcome} ({cases}, {steps}, {since(rehearsal.ended_at)})"
    if rehearsal.not_started:
        text += f"; never begun: {', '.join(rehearsal.not_started)}"
    return text


def print_lines(rehearsal: Rehearsal, seed: int) -> None:
    """The trace and the outcome as lines of JSON."""
    for line in rehearsal.trace:
        print_json(
            Told(seed=seed, case=line.case, process=line.process, at=line.at, event=line.event)
        )
    print_json(
        Ended(
            seed=seed,
            complete=is_complete(rehearsal),
            outcome=rehearsal.outcome,
            not_started=rehearsal.not_started,
            incidents=rehearsal.incidents,
            silent=len(rehearsal.silences),
            commands=rehearsal.commands,
        )
    )


def print_rehearsal(rehearsal: Rehearsal, definitions: Definitions, file: str) -> None:
    """The trace in words, the outcome, and where the drawing was silent."""
    graphs: dict[str, Graph] = {}
    for line in rehearsal.trace:
        if line.process not in graphs:
            compiled = compile_process(definitions, line.process)
            if isinstance(compiled, Graph):
                graphs[line.process] = compiled
        if text := tell(line, graphs[line.process]):
            print(text)
    for problem in rehearsal.refused:
        print(f"refused: {describe(problem, file)}")
    for case in rehearsal.cases:
        print(f"case {case.case}, {case.name}: {case.outcome}")
    print(summary(rehearsal))
    if rehearsal.silences:
        places = count(len(rehearsal.silences), "place")
        print(f"The drawing left {places} to people:")
        for problem in rehearsal.silences:
            print(f"  {describe(problem, Path(file).name)}")
