"""Hostile inputs to the parser, the evaluator and the translator of older expressions.

    python -m tests.conformance.hostile [--cases N] [--seed N] [--first N] [--show NUMBER]

The inputs run in a process of their own whose memory is limited and whose every input has a bound
of processor time, kept by the system: also code that never comes back to Python is stopped. The
process is started again after the input that ended it. The last line says
`N inputs: 0 crashes, 0 over time, 0 over memory`.
"""

import argparse
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from genba.expressions import (
    DEFAULT,
    Budget,
    Compiled,
    Evaluation,
    Problem,
    compile_expression,
    compile_unary_tests,
    to_feel,
    translate_juel,
    write_json,
)
from tests.conformance.hostile_inputs import TEXTS, known_texts, make

SECONDS = 2.0
"""Processor time one input may take, from text to written value, through every door."""
MEMORY = 256 << 20
"""Bytes the process may add to what it has before the first input."""
SMALL = Budget(steps=2_000, size=500, depth=20, text=10_000)
SPAWN = get_context("spawn")
CONTEXT: dict[str, Any] = {
    "x": to_feel(5),
    "y": to_feel([1, "a", None, {"a": 2}]),
    "?": to_feel(3),
    "amount": to_feel(1200),
    "country": "DE",
    "a b": to_feel({"a": {"b": [1]}}),
    "i": None,
}

Feed = Callable[[int, int, Sequence[str]], None]


class Finding(NamedTuple):
    """What went wrong with an input: `crash`, `time` or `memory`, and the words."""

    number: int
    kind: str
    words: str


class Survey(NamedTuple):
    """All that was found, and the slowest input with its seconds."""

    inputs: int
    findings: tuple[Finding, ...]
    slowest: tuple[float, int]

    def in_words(self) -> str:
        """The last line."""
        kinds = [finding.kind for finding in self.findings]
        crashes, slow, large = (kinds.count(kind) for kind in ("crash", "time", "memory"))
        return f"{self.inputs} inputs: {crashes} crashes, {slow} over time, {large} over memory"


def feed(seed: int, number: int, texts: Sequence[str]) -> None:
    """One input through every door. Raises AssertionError for what no door may hand back."""
    hostile = make(seed, number, texts)
    text = hostile.text
    if hostile.old:
        translated = translate_juel(text)
        if isinstance(translated, str):
            assert isinstance(compile_expression(translated), Compiled), translated
        else:
            _check_problem(translated, text)
    budget = DEFAULT if hostile.kind == "costly" or number % 50 == 0 else SMALL
    doors = (compile_expression, compile_unary_tests)
    for compile in doors if number % 5 == 0 else doors[:1]:
        compiled = compile(text, CONTEXT)
        if isinstance(compiled, Problem):
            _check_problem(compiled, text)
            continue
        evaluation = compiled.evaluate(CONTEXT, budget)
        assert isinstance(evaluation, Evaluation)
        assert evaluation.exhausted is None or evaluation.value is None
        written = write_json(evaluation.value)
        if number % 4 == 0 and evaluation.exhausted is None:
            for _ in range(2):  # The third time the short way is taken, where there is one.
                again = compiled.evaluate(CONTEXT, budget if number % 8 else DEFAULT)
                assert write_json(again.value) == written, again


def _check_problem(problem: Problem, text: str) -> None:
    assert isinstance(problem, Problem)
    assert 0 <= problem.offset <= len(text), problem
    assert problem.message


def work(
    feeding: Feed, seed: int, span: tuple[int, int], texts: Sequence[str], *, told: Any
) -> None:
    """Feed the inputs of a span; in a process of its own. `told` is (progress, connection)."""
    progress, connection = told
    _limit_memory()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # The system ends the process.
    for number in range(*span):
        progress[0] = number
        before = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            feeding(seed, number, texts)
        except MemoryError:
            connection.send(Finding(number, "memory", "MemoryError"))
        except Exception:
            connection.send(Finding(number, "crash", traceback.format_exc(limit=-4)))
        spent = time.process_time() - before
        if spent > progress[1]:
            progress[1], progress[2] = spent, number
    signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def survey(
    cases: int, seed: int, texts: Sequence[str] = TEXTS, *, feeding: Feed = feed, first: int = 0
) -> Survey:
    """Feed inputs and gather what went wrong; prints progress on standard error."""
    findings: list[Finding] = []
    slowest, number, last = (0.0, first), first, first + cases
    while number < last:
        progress = SPAWN.RawArray("d", [number, 0.0, number])
        receiving, sending = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(
            target=work,
            args=(feeding, seed, (number, last), texts),
            kwargs={"told": (progress, sending)},
        )
        process.start()
        sending.close()
        findings += _follow(receiving, progress, last)
        process.join()
        slowest = max(slowest, (progress[1], int(progress[2])))
        number = int(progress[0]) + 1
        if process.exitcode:
            findings.append(_ended(number - 1, process.exitcode))
    return Survey(cases, tuple(findings), slowest)


def _follow(receiving: Connection, progress: Any, last: int) -> Iterator[Finding]:
    """Findings as they come, until the process ends; a line of progress every ten seconds."""
    shown = time.monotonic()
    while True:
        try:
            if receiving.poll(1):
                yield receiving.recv()
        except EOFError:
            return
        if time.monotonic() - shown > 10:
            shown = time.monotonic()
            print(f"{int(progress[0])} of {last}", file=sys.stderr, flush=True)


def _ended(number: int, code: int) -> Finding:
    if code == -signal.SIGPROF:
        return Finding(number, "time", f"more than {SECONDS:g} s of processor time")
    if code == -signal.SIGKILL:
        return Finding(number, "memory", "ended by the system")
    return Finding(number, "crash", f"the process ended with {code}")


def run(arguments: Sequence[str]) -> int:
    """The command; 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.hostile")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--show", type=int, help="print the input of that number")
    asked = parser.parse_args(arguments)
    texts = known_texts(Path(os.environ.get("GENBA_SHARED_DATA", "../shared/data")))
    if asked.show is not None:
        print(repr(make(asked.seed, asked.show, texts)))
        return 0
    done = survey(asked.cases, asked.seed, texts, first=asked.first)
    for finding in done.findings:
        print(f"{finding.kind}: {make(asked.seed, finding.number, texts)!r} ({finding.number})")
        print(f"  {finding.words}")
    print(f"slowest: {done.slowest[0]:.3f} s, input {done.slowest[1]}")
    print(done.in_words())
    return int(bool(done.findings))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
