"""Break each security property on purpose and see that its tests notice.

    python -m tests.security [S7 …]

The package is copied; each mutant is written into the copy alone, and only the tests that are
marked with its property run against it. First they run against the copy as it is: tests that
fail anyway catch nothing. Prints each mutant as caught, by which test, or survived; exits 1 when
one survived.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.security.marked import marked
from tests.security.mutants import MUTANTS, PACKAGE, Misplaced, Mutant, put
from tests.security.properties import NOT_BUILT, PROPERTIES

PASSED, FAILED = 0, 1  # the exit codes of pytest; any other says that nothing was tested
_FAILED = re.compile(r"^FAILED \S*::(\w+)", re.MULTILINE)  # a fixture that breaks is an ERROR


class Stopped(Exception):
    """Nothing can be said of the mutants; the message says why."""


def main(wanted: list[str]) -> int:
    """Judge the mutants of the wanted properties (all for none); 1 when one survived."""
    tests = marked()
    mutants = [one for one in MUTANTS if not wanted or one.property in wanted]
    with tempfile.TemporaryDirectory(prefix="genba-mutants-") as folder:
        package = Path(folder) / "src" / "genba"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            _must_be_imported(package)
            _must_pass(
                package, [test for name in {m.property for m in mutants} for test in tests[name]]
            )
            caught = sum(_judge(one, package, tests[one.property]) for one in mutants)
        except Stopped as stopped:
            print(stopped, file=sys.stderr)
            return 2
    for name, reason in NOT_BUILT.items():
        print(f"{name:4} not built  {PROPERTIES[name]} {reason}")
    print(f"{caught} of {len(mutants)} mutants caught")
    return 0 if caught == len(mutants) else 1


def _judge(mutant: Mutant, package: Path, tests: list[str]) -> bool:
    """Whether a test fails while the mutant is in the copy, which is mended afterwards."""
    file = package / mutant.path
    before = file.read_text() if file.is_file() else ""
    try:
        put(mutant, package)
        ended = _run(package, tests)
    except Misplaced as misplaced:
        raise Stopped(str(misplaced)) from misplaced
    finally:
        if before:
            file.write_text(before)
    if ended.returncode == PASSED:
        print(f"{mutant.property:4} SURVIVED   {mutant.wrong}", flush=True)
        return False
    print(f"{mutant.property:4} caught     {mutant.wrong} ({_catcher(mutant, ended)})", flush=True)
    return True


def _catcher(mutant: Mutant, ended: subprocess.CompletedProcess[str]) -> str:
    """The test that failed; raises Stopped where something broke before a test could."""
    found = _FAILED.search(ended.stdout)
    if ended.returncode != FAILED or found is None:
        raise Stopped(f"{mutant.property}: the tests did not run.\n{ended.stdout}{ended.stderr}")
    return found[1]


def _must_be_imported(package: Path) -> None:
    command = [sys.executable, "-c", "import genba; print(genba.__file__)"]
    ended = subprocess.run(command, env=_surroundings(package), capture_output=True, text=True)
    if Path(ended.stdout.strip()).parent.resolve() != package.resolve():
        raise Stopped(f"The copy is not what is imported, but {ended.stdout}{ended.stderr}")


def _must_pass(package: Path, tests: list[str]) -> None:
    ended = _run(package, sorted(set(tests)))
    if ended.returncode != PASSED:
        raise Stopped(f"Without any mutant the tests do not pass.\n{ended.stdout}{ended.stderr}")


def _run(package: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, env=_surroundings(package), capture_output=True, text=True)


def _surroundings(package: Path) -> dict[str, str]:
    """Where the copy comes before what is installed, and no byte code outlives a mutant."""
    return {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
