"""Genba itself, measured from outside like the others.

Rules of this file: the engine as a library, through its public names; what is saved is `saved`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.runners.protocol import Prepare, answer
from genba.engine.commands import CompleteWork, Rejected, Start
from genba.engine.compilation import compile_process
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.state import Case, new_case
from genba.notation import read_bpmn

AT = datetime(2026, 1, 1, tzinfo=UTC)


def parse(model: str) -> Graph:
    """From text to a graph that can be run."""
    definitions = read_bpmn(model.encode(), "benchmark.bpmn")
    if isinstance(definitions, tuple):
        raise ValueError(definitions[0].message)
    graph = compile_process(definitions, "p")
    if isinstance(graph, tuple):
        raise ValueError(graph[0].message)
    return graph


def prepare_parse(model: str, expected: int) -> Callable[[], object]:
    """Nothing is kept between runs."""
    return lambda: parse(model)


def prepare_run(model: str, expected: int) -> Callable[[], object]:
    """A case in memory, from start to end; every step is a script that adds one to `n`."""
    graph = parse(model)

    def run() -> None:
        case = new_case("c")
        obey(graph, case, Start(at=AT, data={"n": 0}))
        counted = case.data["n"]
        if case.status != "completed" or counted != expected:
            raise RuntimeError(f"{counted} steps were counted, the case is {case.status}")

    return run


def obey(graph: Graph, case: Case, command: Start | CompleteWork) -> None:
    """Decide; a refusal is a failed measurement."""
    decided = decide(graph, case, command)
    if isinstance(decided, Rejected):
        raise RuntimeError(decided.message)


MEASUREMENTS: dict[str, Prepare] = {"parse": prepare_parse, "run": prepare_run}

if __name__ == "__main__":
    from benchmarks.runners import saved

    answer(
        {
            **MEASUREMENTS,
            "state-off": saved.prepare_state("OFF"),
            "state-full": saved.prepare_state("FULL"),
            "states-together": saved.prepare_states_together,
            "journal-off": saved.prepare_journal("OFF"),
            "journal-full": saved.prepare_journal("FULL"),
            "together": saved.prepare_together,
        }
    )
