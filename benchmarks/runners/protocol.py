"""What a runner written in Python is asked, and how it measures.

Rules of this file: standard library only, as it also runs in the environment of another engine.
One line of JSON in: {"what", "model", "expected", "budget"}. One line out: {"runs", "cpu", "wall"},
both in seconds for all runs, or {"failed": words}.
"""

import json
import sys
import time
from collections.abc import Callable

BATCH = 0.001  # seconds
THREADS, TOGETHER = 32, 256  # cases done at once, and in one run of "together"

# The model's XML and the steps its run must count -> what is measured.
Prepare = Callable[[str, int], Callable[[], object]]


def measure(run: Callable[[], object], budget: float) -> dict[str, float]:
    """Run until `budget` seconds of CPU time are spent, at least three times.

    Short runs go in batches of a millisecond, so that reading the clock is not measured.
    """
    run()
    runs, batch, cpu, wall = 0, 1, time.process_time(), time.perf_counter()
    while runs < 3 or time.process_time() - cpu < budget:
        before = time.perf_counter()
        for _ in range(batch):
            run()
        runs += batch
        if time.perf_counter() - before < BATCH:
            batch *= 2
    return {
        "runs": runs,
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
    }


def answer(measurements: dict[str, Prepare]) -> None:
    """Serve measurements from standard input until it ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            run = measurements[asked["what"]](asked["model"], asked["expected"])
            figures: dict[str, object] = {**measure(run, asked["budget"])}
        except Exception as error:  # the table shows it, the other rows go on
            figures = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(figures), flush=True)
