"""FEEL against the DMN technology compatibility kit: the decisions that are one literal expression.

    python -m tests.conformance.feel_tck [DIR] [--wrong]

Prints `N of M` per suite with misses and at the end for both levels. What needs tables, boxed
expressions
or models is counted as left out; the decision engine's own run will take those.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from genba.expressions import (
    Compiled,
    DateTime,
    Problem,
    Range,
    Value,
    compile_expression,
    to_feel,
    type_name,
)
from genba.expressions.iso import read_date, read_date_time, read_duration, read_time
from genba.expressions.outcome import DEFAULT, Run
from genba.expressions.syntax import TypeRef
from genba.expressions.types import KNOWN, convert

NOW = DateTime(read_date("2024-05-06"), read_time("07:08:09Z"))  # type: ignore[arg-type]
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
READERS: dict[str, Any] = {
    "string": str,
    "boolean": lambda text: text.strip() == "true",
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "int": Decimal,
    "float": Decimal,
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "duration": read_duration,
    "dayTimeDuration": read_duration,
    "yearMonthDuration": read_duration,
}


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if local(child) == name]


def read_value(holder: ElementTree.Element) -> Value:
    """The typed value in a test case (`value`, `list` or `component` children)."""
    components = children(holder, "component")
    if components:
        return {str(part.get("name")): read_value(part) for part in components}
    lists = children(holder, "list")
    if lists:
        if lists[0].get(NIL) == "true":
            return None
        return [read_value(item) for item in children(lists[0], "item")]
    values = children(holder, "value")
    if not values or values[0].get(NIL) == "true":
        return None
    text = values[0].text or ""
    kind = (values[0].get(TYPE) or "string").rpartition(":")[2]
    return READERS[kind](text if kind == "string" else text.strip())


class Unsupported(Exception):
    """The case needs more than literal expressions."""


class Model:
    """The decisions and inputs of one file, by name."""

    def __init__(self, path: Path) -> None:
        root = ElementTree.parse(path).getroot()
        self.by_id = {str(e.get("id")): e for e in root if e.get("id")}
        self.decisions = {str(e.get("name")): e for e in root if local(e) == "decision"}

    def evaluate(self, name: str, inputs: dict[str, Value]) -> Value:
        if name in inputs:
            return inputs[name]
        decision = self.decisions.get(name)
        if decision is None:
            raise Unsupported(name)
        scope: dict[str, Value] = {}
        for requirement in decision:
            if local(requirement) == "knowledgeRequirement":
                raise Unsupported(name)
            if local(requirement) == "informationRequirement":
                target = str(requirement[0].get("href")).rpartition("#")[2]
                needed = self.by_id.get(target)
                if needed is None:
                    raise Unsupported(name)
                called = str(needed.get("name"))
                scope[called] = (
                    inputs.get(called)
                    if local(needed) == "inputData"
                    else self.evaluate(called, inputs)
                )
        return self.literal(decision, scope)

    def literal(self, decision: ElementTree.Element, scope: dict[str, Value]) -> Value:
        found = children(decision, "literalExpression")
        if not found:
            raise Unsupported(decision.get("name"))
        text = "".join(part.text or "" for part in children(found[0], "text"))
        compiled = compile_expression(text, scope.keys())
        if isinstance(compiled, Problem):
            return compiled
        assert isinstance(compiled, Compiled)
        evaluation = compiled.evaluate(scope, now=NOW)
        if evaluation.exhausted:
            return f"exhausted: {evaluation.exhausted}"
        variables = children(decision, "variable")
        type_ = variables[0].get("typeRef") if variables else None
        return coerce(evaluation.value, type_)


def coerce(value: Value, type_: str | None) -> Value:
    """What a decision's declared type makes of its value, for FEEL's own types."""
    type_ = (type_ or "Any").rpartition(":")[2] if (type_ or "").startswith("feel:") else type_
    type_ = {
        "dateTime": "date and time",
        "dayTimeDuration": "days and time duration",
        "yearMonthDuration": "years and months duration",
    }.get(type_ or "", type_)
    if type_ is None or type_ == "Any" or type_ not in KNOWN:
        return value
    return convert(value, TypeRef(type_), Run(DEFAULT))[1]


def same(got: Value, expected: Value) -> bool:
    if isinstance(got, Range):
        return False
    if type(got) is not type(expected):
        return False
    if isinstance(got, Decimal):
        # The kit compares to eight digits after the point where a result is not exact.
        return bool(abs(got - expected) <= Decimal("1e-8") * max(1, abs(expected)))
    if isinstance(got, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(got, dict):
        return got.keys() == expected.keys() and all(same(got[k], expected[k]) for k in got)
    return bool(got == expected)


def results(suite: Path) -> Iterator[tuple[str, Value, Value | None]]:
    """(case, expected, got) of every result a literal expression decides."""
    for tests in sorted(suite.glob("*test*.xml")):
        root = ElementTree.parse(tests).getroot()
        file = children(root, "modelName")[0].text or ""
        model = Model(suite / file)
        for case in children(root, "testCase"):
            if case.get("invocableName"):
                continue
            inputs = {str(e.get("name")): read_value(e) for e in children(case, "inputNode")}
            for node in children(case, "resultNode"):
                expected = read_value(children(node, "expected")[0])
                try:
                    got = model.evaluate(str(node.get("name")), to_feel(inputs))
                except Unsupported:
                    continue
                yield f"{case.get('id')} {node.get('name')}", expected, got


def report(directory: Path, show: bool) -> dict[str, tuple[int, int, int, int]]:
    """Per level: passed, all, passed with a value expected, all with a value expected."""
    totals: dict[str, tuple[int, int, int, int]] = {}
    for level in sorted(directory.glob("compliance-level-*")):
        sums = [0, 0, 0, 0]
        for suite in sorted(path for path in level.iterdir() if path.is_dir()):
            passed = count = 0
            for name, expected, got in results(suite):
                # A text that does not parse counts as null, as the kit's error results do.
                value = None if isinstance(got, Problem) else got
                right = same(value, expected)
                count += 1
                passed += right
                sums[2] += right and expected is not None
                sums[3] += expected is not None
                if show and not right:
                    shown = got if isinstance(got, Problem) else f"{type_name(got)} {got!r}"
                    print(f"  {suite.name} {name}: expected {expected!r}, got {shown}")
            sums[0] += passed
            sums[1] += count
            if passed < count:
                print(f"{suite.name}: {passed} of {count}")
        totals[level.name] = (sums[0], sums[1], sums[2], sums[3])
    return totals


def run(arguments: list[str]) -> int:
    folders = [argument for argument in arguments if not argument.startswith("--")]
    directory = Path(folders[0] if folders else "../shared/data/dmn-tck")
    for level, (passed, count, valued, values) in report(directory, "--wrong" in arguments).items():
        number = level.rpartition("-")[2]
        print(f"literal expressions, level {number}: {passed} of {count}")
        print(f"literal expressions, level {number}, value expected: {valued} of {values}")
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
