"""Measure every row with every engine, in interleaved rounds, and print the ratios."""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks import peers, waiting
from benchmarks.models import LOOPS, Measured
from benchmarks.models import ROWS as PROCESSES
from benchmarks.rules import ROWS as RULES

ROUNDS = 3
BUDGET = 0.25  # seconds of CPU time a measurement
OWN = "genba"
NOTHING = "it has nothing of this kind"  # what a runner says when there is nothing to measure
ROOT = Path(__file__).parent.parent


class Runner:
    """An engine's program, asked over its standard input."""

    def __init__(self, dialect: str, command: list[str]) -> None:
        self.dialect = dialect
        self.latest: dict[str, dict[str, float]] = {}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, row: Measured) -> float | str:
        """Seconds for one run, of the processor or of the wall; or what went wrong in words."""
        if row.wall and row.what in self.latest:  # the row before has measured both
            return self._of(row, self.latest[row.what])
        asked = {
            "what": row.what,
            "model": row.draw(self.dialect),
            "expected": row.steps,
            "budget": BUDGET,
        }
        entry, exit = self._pipes()
        try:
            entry.write(json.dumps(asked) + "\n")
            entry.flush()
            answer = json.loads(exit.readline() or '{"failed": "the program ended"}')
        except BrokenPipeError:
            return "the program ended"
        if "failed" in answer:
            return str(answer["failed"])
        self.latest[row.what] = answer
        return self._of(row, answer)

    def _of(self, row: Measured, answer: dict[str, float]) -> float:
        return answer["wall" if row.wall else "cpu"] / answer["runs"] / (row.together or 1)

    def stop(self) -> None:
        """End the program."""
        self._pipes()[0].close()
        self.process.wait(timeout=30)

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        entry, exit = self.process.stdin, self.process.stdout
        if entry is None or exit is None:
            raise RuntimeError("the program was started without pipes")
        return entry, exit


@dataclass(frozen=True)
class Section:
    """Rows of one kind, and the programs that can be asked for them: commands or reasons."""

    rows: Sequence[Measured]
    growing: Sequence[Measured]
    """The rows that differ in size only, and what one more line says of them."""
    growth: str
    commands: dict[str, list[str] | str]


def processes() -> Section:
    """Engines for BPMN."""
    return Section(
        PROCESSES,
        [row for row in PROCESSES if row.draw in LOOPS],
        "one turn of the loop, of 100 -> 300 -> 10,000, in µs",
        {
            OWN: [sys.executable, "-m", "benchmarks.runners.own"],
            "spiff": peers.install_python(ROOT, "SpiffWorkflow", "spiff.py"),
            "bpmn-engine": peers.install_node(ROOT, "bpmn-engine", "bpmn-engine.mjs"),
            "camunda7": peers.install_java(ROOT, "Camunda7"),
            "flowable": peers.install_java(ROOT, "Flowable"),
        },
    )


def rules() -> Section:
    """Engines for FEEL and DMN."""
    return Section(
        RULES,
        [row for row in RULES if row.what == "decide"],
        "one row of a table, of 20 -> 200 -> 2000, in µs",
        {
            OWN: [sys.executable, "-m", "benchmarks.runners.feel"],
            "bkflow-feel": peers.install_python(ROOT, "bkflow-feel", "bkflow.py"),
            "feelin": peers.install_node(ROOT, "feelin", "feelin.mjs"),
            "camunda": peers.install_java(ROOT, "Rules", "camunda"),
            "drools": peers.install_java(ROOT, "Rules", "drools"),
        },
    )


SECTIONS = {"processes": processes, "rules": rules}
WAITING = "waiting"  # takes no other engine: see `waiting`
Figures = dict[tuple[str, str], list[float] | str]


def measure(rows: Sequence[Measured], runners: list[Runner]) -> Figures:
    """Figures of every row and engine; words where it failed."""
    figures: Figures = {}
    for _ in range(ROUNDS):
        for row in rows:
            for runner in runners:
                if row.alone and runner.dialect != OWN:
                    continue
                key = (row.title, runner.dialect)
                known = figures.setdefault(key, [])
                if isinstance(known, str):
                    continue
                answer = runner.ask(row)
                if isinstance(answer, str):
                    figures[key] = answer
                else:
                    known.append(answer)
    return figures


def show(section: Section, figures: Figures, dialects: list[str]) -> list[str]:
    """The table: CPU time of a run, and how many times Genba's."""
    widths = "{:47}" + "{:>23}" * len(dialects)
    lines = [widths.format("CPU time of one run (times Genba's)", *dialects)]
    notes: list[str] = []
    for row in section.rows:
        own = figures.get((row.title, OWN))
        cells = []
        for dialect in dialects:
            figure = figures.get((row.title, dialect), "not run")
            if (row.alone and dialect != OWN) or figure == NOTHING:
                cells.append("-")
                continue
            if isinstance(figure, str):
                cells.append("not run")
                notes.append(f"{dialect}, {row.title}: {figure}")
                continue
            cell = in_words(statistics.median(figure))
            if dialect != OWN and isinstance(own, list):
                ratio = statistics.median(figure) / statistics.median(own)
                cell += f" ({ratio:.1f}x)" if ratio >= 1 else f" ({ratio:.2g}x)"
            cells.append(cell)
        lines.append(widths.format(row.title, *cells))
    lines.append(widths.format(section.growth, *growth(section, figures, dialects)))
    for row in section.rows:
        if row.wall:
            title = f"cases a second: {row.what}"
            lines.append(widths.format(title, *rates(row, figures, dialects)))
    return lines + notes


def rates(row: Measured, figures: Figures, dialects: list[str]) -> list[str]:
    """How many runs a second."""
    found = [figures.get((row.title, dialect)) for dialect in dialects]
    return [f"{1 / statistics.median(f):,.0f}" if isinstance(f, list) else "-" for f in found]


def in_words(seconds: float) -> str:
    """Milliseconds, or microseconds where there are few."""
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-4 else f"{seconds * 1e3:.3f} ms"


def growth(section: Section, figures: Figures, dialects: list[str]) -> list[str]:
    """What a step or a row costs as there are more of them: constant, less, or more."""
    cells = []
    for dialect in dialects:
        costs = [
            f"{statistics.median(figure) / (row.size or row.steps) * 1e6:.3g}"
            for row in section.growing
            if isinstance(figure := figures.get((row.title, dialect)), list)
        ]
        cells.append(" -> ".join(costs) or "not run")
    return cells


def run(section: Section) -> bool:
    """Measure and print a section; whether Genba itself answered every row."""
    for dialect, command in section.commands.items():
        if isinstance(command, str):
            print(f"{dialect}: not run ({command})")
    runners = [
        Runner(dialect, command)
        for dialect, command in section.commands.items()
        if isinstance(command, list)
    ]
    figures = measure(section.rows, runners)
    for runner in runners:
        runner.stop()
    print("\n".join(show(section, figures, [runner.dialect for runner in runners])), flush=True)
    return not any(isinstance(figures[(row.title, OWN)], str) for row in section.rows)


def main(arguments: Sequence[str]) -> int:
    """Run the sections named, or all; 1 when Genba itself failed a row."""
    names = [*arguments] or [*SECTIONS, WAITING]
    answered = [run(SECTIONS[name]()) for name in names if name != WAITING]
    if WAITING in names:
        waiting.main([])
    print(f"median of {ROUNDS} interleaved rounds; every run is checked to have the right outcome")
    return int(not all(answered))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
