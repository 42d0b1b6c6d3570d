"""Static rules of BPMN against the drawings of betsy that break one each.

    python -m tests.conformance.static [DIR] [--quiet]

A drawing with "fail" in its name breaks a rule, and must be refused by strict checking; every
other must be accepted. Prints a line for each drawing with rule, line and element, and at the end
`refused N of M, accepted N of M`. The line before says the same of checking as deployment does it,
where only what cannot be run without a guess is refused.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from genba.notation import Definitions, Problem, check_notation, read_bpmn


class Verdict(Struct, frozen=True):
    """What checking says of one drawing, strictly and as deployment does."""

    path: Path
    problems: tuple[Problem, ...]
    refused_leniently: bool

    @property
    def must_fail(self) -> bool:
        return "fail" in self.path.name.lower()

    @property
    def refusals(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "refused")


def judge(path: Path) -> Verdict:
    """Read and check one drawing."""
    definitions = read_bpmn(path.read_bytes(), path.name)
    if not isinstance(definitions, Definitions):
        return Verdict(path, definitions, True)
    lenient = check_notation(definitions)
    refused = any(problem.severity == "refused" for problem in lenient)
    return Verdict(path, check_notation(definitions, strict=True), refused)


def judge_all(directory: Path) -> list[Verdict]:
    """The verdicts on every drawing below a folder, by name."""
    return [judge(path) for path in sorted(directory.rglob("*.bpmn"))]


def count(verdicts: Iterable[Verdict], *, strict: bool) -> str:
    """`refused N of M, accepted N of M`: of those that must be refused, and of the others."""
    right = {True: 0, False: 0}
    all = {True: 0, False: 0}
    for verdict in verdicts:
        refused = bool(verdict.refusals) if strict else verdict.refused_leniently
        all[verdict.must_fail] += 1
        right[verdict.must_fail] += refused is verdict.must_fail
    return f"refused {right[True]} of {all[True]}, accepted {right[False]} of {all[False]}"


def describe(verdict: Verdict) -> list[str]:
    """The lines of one drawing: what it is refused for, or that it is accepted."""
    right = bool(verdict.refusals) == verdict.must_fail
    mark = " " if right else "!"
    if not verdict.refusals:
        told = sorted({problem.rule for problem in verdict.problems})
        words = f"accepted; told: {', '.join(told)}" if told else "accepted"
        return [f"{mark} {verdict.path.stem}: {words}"]
    seen: dict[tuple[str, int, str], None] = {}
    for problem in verdict.refusals:
        seen.setdefault((problem.rule, problem.position.line, problem.element))
    return [
        f"{mark} {verdict.path.stem}: {rule}, line {line}, {element or '-'}"
        for rule, line, element in seen
    ]


def run(arguments: list[str]) -> int:
    folders = [argument for argument in arguments if not argument.startswith("--")]
    directory = Path(folders[0] if folders else "../shared/data/betsy/bpmn_constraints")
    verdicts = judge_all(directory)
    if not verdicts:
        print(f"not run: there are no drawings in {directory}")
        return 2
    if "--quiet" not in arguments:
        for verdict in verdicts:
            print("\n".join(describe(verdict)))
    print(f"as deployment checks: {count(verdicts, strict=False)}")
    print(count(verdicts, strict=True))
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
