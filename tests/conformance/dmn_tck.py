"""The decision engine against the DMN technology compatibility kit.

    python -m tests.conformance.dmn_tck [DIR] [--wrong]

A line for each suite, then for each level `level N: passed of all` and the same for the results
that expect a value (an engine that always answers null gets the others for nothing). Results that
need a function in Java are left out and named: Genba runs no foreign code.
"""

import datetime as python
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from genba.decisions import Decided, Model, compile_decisions, decide
from genba.expressions import DateTime, Value
from genba.expressions.iso import read_date, read_time
from genba.notation.dmn import Definitions, Import, read_dmn
from tests.conformance.feel_tck import children, read_value, same

NOW = DateTime(read_date("2024-05-06"), read_time("07:08:09Z"))  # type: ignore[arg-type]


class Result(NamedTuple):
    """One result of one case. `wrong` says what came instead, "" when it is right."""

    case: str
    valued: bool
    wrong: str
    left_out: bool


@cache
def zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def zones(name: str, seconds: int) -> int | None:
    """The offset of a zone at a local time, from the zone database."""
    found = zone(name)
    if found is None:
        return None
    try:
        local = python.datetime(1970, 1, 1) + python.timedelta(seconds=seconds)  # noqa: DTZ001
    except OverflowError:
        return None
    offset = local.replace(tzinfo=found).utcoffset()
    return None if offset is None else int(offset.total_seconds())


def load(path: Path) -> Definitions:
    """A model of the kit; each of them can be read."""
    definitions = read_dmn(path.read_bytes(), path.name)
    assert not isinstance(definitions, tuple), definitions
    return definitions


def compile_model(path: Path) -> Model:
    """The model with its imports, which lie beside it."""

    def resolve(one: Import) -> Definitions | None:
        if one.location and (path.parent / one.location).is_file():
            return load(path.parent / one.location)
        for other in sorted(path.parent.glob("*.dmn")):
            found = load(other)
            if found.namespace == one.namespace:
                return found
        return None

    return compile_decisions(load(path), resolve)


def foreign(model: Model) -> set[str]:
    """The decisions that need a function of another language."""
    ids = {problem.element for problem in model.problems if problem.rule == "dmn.external"}
    return {name for name, (_, id) in model.names.items() if id in ids}


def run_case(model: Model, case: ElementTree.Element) -> Iterator[Result]:
    """Every result of a case."""
    inputs = {str(e.get("name")): read_value(e) for e in children(case, "inputNode")}
    called = case.get("invocableName")
    outside = foreign(model)
    for node in children(case, "resultNode"):
        name = str(node.get("name"))
        values = children(node, "expected")
        expected = read_value(values[0]) if values else None
        target = called or name
        got = answer(model, target, inputs)
        if called and isinstance(got, dict) and name in got and not same(got, expected):
            got = got[name]
        right = same(got, expected)
        yield Result(
            f"{case.get('id')} {name}",
            expected is not None,
            "" if right else f"expected {expected!r}, got {got!r}",
            target in outside,
        )


def answer(model: Model, name: str, inputs: dict[str, Any]) -> Value:
    decided = decide(model, name, inputs, now=NOW, zones=zones)
    return decided.value if isinstance(decided, Decided) else decided


def run_suite(suite: Path) -> Iterator[Result]:
    """Every result of a suite's test files."""
    for tests in sorted(suite.glob("*.xml")):
        root = ElementTree.parse(tests).getroot()
        names = children(root, "modelName")
        if not names:
            continue
        model = compile_model(suite / str(names[0].text).strip())
        for case in children(root, "testCase"):
            yield from run_case(model, case)


class Level(NamedTuple):
    """The sums of a level."""

    passed: int
    results: int
    valued_passed: int
    valued: int


def run_level(level: Path, *, show: bool = False, quiet: bool = False) -> tuple[Level, list[str]]:
    """The sums of a level and the names of what was left out, printing as it goes."""
    all_results: list[Result] = []
    left_out = []
    for suite in sorted(path for path in level.iterdir() if path.is_dir()):
        found = list(run_suite(suite))
        left_out += [f"{suite.name} {one.case}" for one in found if one.left_out]
        found = [one for one in found if not one.left_out]
        all_results += found
        passed = sum(not one.wrong for one in found)
        if not quiet:
            print(f"{suite.name}: {passed} of {len(found)}")
        if show:
            for one in found:
                if one.wrong:
                    print(f"  {one.case}: {one.wrong}")
    valued = [one for one in all_results if one.valued]
    sums = Level(
        sum(not one.wrong for one in all_results),
        len(all_results),
        sum(not one.wrong for one in valued),
        len(valued),
    )
    return sums, left_out


def run(arguments: list[str]) -> int:
    folders = [argument for argument in arguments if not argument.startswith("--")]
    directory = Path(folders[0] if folders else "../shared/data/dmn-tck")
    lines = []
    for level in sorted(directory.glob("compliance-level-*")):
        number = level.name.rpartition("-")[2]
        sums, left_out = run_level(level, show="--wrong" in arguments)
        if left_out:
            lines.append(f"left out, functions in Java: {len(left_out)} results")
            lines += [f"  {name}" for name in left_out]
        lines.append(f"level {number}: {sums.passed} of {sums.results}")
        if number != "2":
            lines.append(f"level {number}, value expected: {sums.valued_passed} of {sums.valued}")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
