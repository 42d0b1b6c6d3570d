"""Measure every row with every engine, in interleaved rounds, and print the ratios."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import IO

from benchmarks import peers
from benchmarks.models import LOOPS, ROWS, Measured

ROUNDS = 3
BUDGET = 0.25  # seconds of CPU time a measurement
OWN = "genba"
ROOT = Path(__file__).parent.parent


class Runner:
    """An engine's program, asked over its standard input."""

    def __init__(self, dialect: str, command: list[str]) -> None:
        self.dialect = dialect
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, row: Measured) -> float | str:
        """CPU seconds for one run, or what went wrong in words."""
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
        return float(answer["cpu"] / answer["runs"])

    def stop(self) -> None:
        """End the program."""
        self._pipes()[0].close()
        self.process.wait(timeout=30)

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        entry, exit = self.process.stdin, self.process.stdout
        if entry is None or exit is None:
            raise RuntimeError("the program was started without pipes")
        return entry, exit


def start_runners() -> list[Runner]:
    """Every engine that is there."""
    commands = {
        OWN: [sys.executable, "-m", "benchmarks.runners.own"],
        "spiff": peers.install_spiff(ROOT),
        "bpmn-engine": peers.install_bpmn_engine(ROOT),
    }
    for dialect, command in commands.items():
        if command is None:
            print(f"{dialect}: not run (it could not be installed)")
    return [Runner(dialect, command) for dialect, command in commands.items() if command]


def measure(runners: list[Runner]) -> dict[tuple[str, str], list[float] | str]:
    """Figures of every row and engine; words where it failed."""
    figures: dict[tuple[str, str], list[float] | str] = {}
    for _ in range(ROUNDS):
        for row in ROWS:
            for runner in runners:
                key, answer = (row.title, runner.dialect), runner.ask(row)
                known = figures.setdefault(key, [])
                if isinstance(answer, str):
                    figures[key] = answer
                elif not isinstance(known, str):
                    known.append(answer)
    return figures


def show(figures: dict[tuple[str, str], list[float] | str], dialects: list[str]) -> list[str]:
    """The table: milliseconds of CPU a run, and how many times Genba's."""
    widths = "{:44}" + "{:>22}" * len(dialects)
    lines = [widths.format("CPU time of one run (times Genba's)", *dialects)]
    notes: list[str] = []
    for row in ROWS:
        own = figures.get((row.title, OWN))
        cells = []
        for dialect in dialects:
            figure = figures.get((row.title, dialect), "not run")
            if isinstance(figure, str):
                cells.append("not run")
                notes.append(f"{dialect}, {row.title}: {figure}")
                continue
            cell = f"{statistics.median(figure) * 1e3:.3f} ms"
            if dialect != OWN and isinstance(own, list):
                cell += f" ({statistics.median(figure) / statistics.median(own):.1f}x)"
            cells.append(cell)
        lines.append(widths.format(row.title, *cells))
    return [*lines, iterations(figures, dialects), *notes]


def iterations(figures: dict[tuple[str, str], list[float] | str], dialects: list[str]) -> str:
    """What one turn of a loop costs as the loop grows longer: constant, or not."""
    cells = []
    for dialect in dialects:
        costs = [
            f"{statistics.median(figure) / row.steps * 1e6:.0f}"
            for row in ROWS
            if row.draw in LOOPS and isinstance(figure := figures.get((row.title, dialect)), list)
        ]
        cells.append(" -> ".join(costs) or "not run")
    widths = "{:44}" + "{:>22}" * len(dialects)
    return widths.format("one turn of the loop, of 100 -> of 300, in µs", *cells)


def main() -> int:
    """Run the benchmark; 1 when Genba itself failed a row."""
    runners = start_runners()
    figures = measure(runners)
    for runner in runners:
        runner.stop()
    print("\n".join(show(figures, [runner.dialect for runner in runners])))
    print(f"median of {ROUNDS} interleaved rounds; every run is checked to have taken its steps")
    return int(any(isinstance(figures[(row.title, OWN)], str) for row in ROWS))


if __name__ == "__main__":
    sys.exit(main())
