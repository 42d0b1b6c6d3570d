"""`genba drawings`: whole folders of drawings, loaded and rehearsed, as a table.

Rules of this file: counts and prints. A file that is refused is a row with its reason, not an
error: the table is for seeing how many of the drawings people make can be run.
"""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from msgspec import Struct

from genba.cli.answers import Impossible, print_rows, read_file
from genba.cli.findings import examine
from genba.cli.rehearsals import is_complete, read_seeds, summary
from genba.notation import describe
from genba.runtime.choosing import Seeded
from genba.runtime.rehearsal import rehearse

HEAD = ("drawing", "processes", "silent", "completed", "incidents", "")


class Row(Struct, kw_only=True):
    """What became of one file."""

    file: str
    loads: bool
    processes: int = 0
    silent: int = 0
    completed: int = 0
    runs: int = 0
    incidents: int = 0  # over all runs: places the engine could not pass by itself
    remark: str = ""

    def cells(self) -> tuple[str, ...]:
        """As printed."""
        if not self.loads:
            return (self.file, "-", "-", "refused", "-", self.remark)
        numbers = (self.processes, self.silent, f"{self.completed}/{self.runs}", self.incidents)
        return (self.file, *(str(number) for number in numbers), self.remark)


def drawings(
    folders: list[Path],
    *,
    seeds: str = "1..20",
    strict: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Load and rehearse whole folders of drawings.

    Parameters
    ----------
    folders
        Folders with `.bpmn` files, also below.
    seeds
        The seeds each file is rehearsed with: a number or a range.
    strict
        Exit code 1 when a file is refused or a run does not complete.
    """
    numbers = read_seeds(seeds)
    perfect = True
    for folder in folders:
        files = sorted(folder.rglob("*.bpmn"))
        if not files:
            raise Impossible(f"There is no drawing in {folder}.")
        rows = [measure(file, str(file.relative_to(folder)), numbers) for file in files]
        print(f"{folder}")
        print_rows(HEAD, [row.cells() for row in rows])
        print(f"{totals(rows)}\n")
        perfect = perfect and all(row.loads and row.completed == row.runs for row in rows)
    return int(strict and not perfect)


def measure(path: Path, name: str, seeds: list[int]) -> Row:
    """One file: whether it loads, and how many of its rehearsals came to their end."""
    definitions, problems = examine(read_file(path), name)
    refused = [problem for problem in problems if problem.severity == "refused"]
    if refused or definitions is None:
        return Row(file=name, loads=False, remark=describe(refused[0], name))
    completed, incidents, remark = 0, 0, ""
    for seed in seeds:
        rehearsal = rehearse(definitions, Seeded(seed))
        incidents += len(rehearsal.incidents)
        if is_complete(rehearsal):
            completed += 1
        elif not remark:
            remark = f"seed {seed}: {summary(rehearsal)}"
    return Row(
        file=name,
        loads=True,
        processes=sum(bool(process.nodes) for process in definitions.processes),
        silent=sum(problem.severity == "silent" for problem in problems),
        completed=completed,
        runs=len(seeds),
        incidents=incidents,
        remark=remark,
    )


def totals(rows: list[Row]) -> str:
    """The sums of a folder, on one line."""
    loaded = [row for row in rows if row.loads]
    complete = [row for row in loaded if row.completed == row.runs]
    runs, done = sum(row.runs for row in loaded), sum(row.completed for row in loaded)
    share = f" ({100 * done / runs:.1f} %)" if runs else ""
    return (
        f"{len(loaded)} of {len(rows)} files load; {done} of {runs} runs completed{share}; "
        f"{len(complete)} files complete with every seed"
    )
