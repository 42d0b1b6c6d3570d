"""Random processes in numbers, against the oracle.

    python -m tests.simulation.soak [--seed N] [--cases M] [--depth D]

Every command is decided on a case that was stored and read again, and replaying its events must
give the same state; every task must run exactly as often as the drawing says. Prints each
difference with its seed, and at the end `M processes, C commands: D differences`.
"""

import sys
import time
from argparse import ArgumentParser

from tests.simulation.workers import play_rare


def run(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.simulation.soak")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--cases", type=int, default=10_000, help="how many processes")
    parser.add_argument("--depth", type=int, default=3, help="how deep blocks are nested")
    given = parser.parse_args(arguments)
    commands = differences = 0
    begun = time.monotonic()
    for seed in range(given.seed, given.seed + given.cases):
        try:
            commands += play_rare(seed, given.depth)
        except Exception as wrong:  # a bug is a difference as well
            differences += 1
            print(f"seed {seed}: {type(wrong).__name__}: {wrong}")
    seconds = time.monotonic() - begun
    print(
        f"{given.cases} processes from seed {given.seed}, {commands} commands,"
        f" {seconds:.0f} s: {differences} differences"
    )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
