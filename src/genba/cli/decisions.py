"""`genba decide`: a decision tried with values, without a case; and `genba check` of DMN files.

Rules of this file: `genba.decisions` decides and checks; this reads files, finds imported models
beside them, gives zone offsets and prints.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from msgspec import Struct

from genba.cli.answers import Impossible, print_json, read_file
from genba.decisions import (
    Decided,
    InputInfo,
    Model,
    check_decisions,
    compile_decisions,
    imply_inputs,
    inputs_of,
)
from genba.decisions import decide as run
from genba.decisions.typed import read_typed
from genba.engine.ruling import Rule, rule_of
from genba.expressions import Value, to_json, write_json
from genba.notation import Problem, describe
from genba.notation.dmn import Definitions, Import, read_dmn
from genba.runtime.almanacs import zone_offset
from genba.runtime.decisions import read_decisions


class Answer(Struct, kw_only=True):
    """What `genba decide --json` prints."""

    decision: str
    value: Any
    matched: list[dict[str, Any]]
    warnings: list[str]
    inputs: dict[str, Any]
    values: dict[str, Any]
    version: str
    exhausted: str | None


def decide(
    file: Path,
    *,
    input: Annotated[list[str] | None, Parameter(negative="")] = None,
    decision: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Make a decision of a DMN file with values, without a case.

    Exit code 1 when the file is refused or the decision came to nothing because of an error.

    Parameters
    ----------
    file
        A DMN file of any tool; models it imports lie beside it.
    input
        `name=value`, once for each input; the value is FEEL, or plain text for a string.
    decision
        The decision or decision service to make; may be left out when the file has one answer.
    json
        The answer as one line of JSON.
    """
    definitions = read_dmn(read_file(file), str(file))
    if isinstance(definitions, tuple):
        print_problems(definitions, file)
        return 1
    model = compile_decisions(imply_inputs(definitions), imports_beside(file))
    refused = [problem for problem in model.problems if problem.severity == "refused"]
    print_problems(refused, file)
    name = decision or the_decision(model)
    known = inputs_of(model, name)
    values = read_inputs(input or [], known) if name in model.names else {}
    decided = run(model, name, values, now=datetime.now(UTC), zones=zone_offset)
    if not isinstance(decided, Decided):
        raise Impossible(decided.in_words() + ".")
    if json:
        print_json(answer(name, decided))
    else:
        print_decided(name, decided)
    return int(decided.exhausted is not None or (decided.value is None and bool(refused)))


def the_decision(model: Model) -> str:
    """The decision nobody else requires. Raises Impossible when there are several, or none."""
    required = {
        needed.reference for node in model.nodes.values() for needed in getattr(node, "needs", ())
    }
    last = [name for name in model.decisions if model.names[name] not in required]
    if len(last) == 1:
        return last[0]
    names = ", ".join(last or model.decisions) or "none"
    raise Impossible(f"name one with --decision: there is {names}.")


def read_inputs(written: Sequence[str], known: Sequence[InputInfo]) -> dict[str, Value]:
    """`name=value` pairs as FEEL values. Raises Impossible for an input there is not."""
    shapes = {one.name: one.shape for one in known}
    values: dict[str, Value] = {}
    for pair in written:
        name, equals, text = pair.partition("=")
        name = " ".join(name.split())
        if not equals or name not in shapes:
            there = ", ".join(shapes) or "none"
            raise Impossible(f"{pair!r} is no name=value of an input; there is {there}.")
        values[name] = read_typed(text.strip(), shapes[name], zone_offset)
    return values


def imports_beside(file: Path) -> Callable[[Import], Definitions | None]:
    """Finds imported models among the `.dmn` files beside a file."""

    def find(one: Import) -> Definitions | None:
        named = [file.parent / Path(one.location).name] if one.location else []
        for path in (*named, *sorted(file.parent.glob("*.dmn"))):
            if path.is_file():
                found = read_dmn(path.read_bytes(), str(path))
                if isinstance(found, Definitions) and found.namespace == one.namespace:
                    return found
        return None

    return find


def rules_beside(file: Path) -> dict[str, Rule]:
    """The decisions of the `.dmn` files beside a drawing, by key; says what cannot be run."""
    rules: dict[str, Rule] = {}
    for path in sorted(file.parent.glob("*.dmn")):
        read = read_decisions(path.read_bytes(), str(path), imports_beside(path))
        if isinstance(read, tuple):
            print_problems(read, path)
            continue
        drawn = read.definitions
        keys = [one.id for one in drawn.decisions] + [one.id for one in drawn.services]
        found = (rule_of(drawn, read.model, key, 1) for key in keys if key not in rules)
        rules.update((rule.key, rule) for rule in found if rule is not None)
    return rules


def answer(name: str, decided: Decided) -> Answer:
    """What was decided, for machines."""
    return Answer(
        decision=name,
        value=to_json(decided.value),
        matched=[
            {"decision": one.decision, "row": one.row, "rule": one.rule, "words": one.words}
            for one in decided.matched
        ],
        warnings=[warning.in_words() for warning in decided.warnings],
        inputs=to_json(dict(decided.inputs)),
        values=to_json(dict(decided.values)),
        version=decided.version,
        exhausted=decided.exhausted,
    )


def print_decided(name: str, decided: Decided) -> None:
    """What was decided and why, for people."""
    print(f"{name} = {write_json(decided.value).decode()}")
    for matched in decided.matched:
        notes = f" ({'; '.join(matched.annotations)})" if any(matched.annotations) else ""
        print(f"  {matched.decision}, {matched.words}{notes}")
    for other, value in decided.values.items():
        if other != name:
            print(f"  with {other} = {write_json(value).decode()}")
    for warning in decided.warnings:
        print(f"  warning: {warning.in_words()}")
    if decided.exhausted is not None:
        print(f"  stopped: {decided.exhausted}")


def print_problems(problems: Sequence[Problem], file: Path) -> None:
    """Problems in words, a line each."""
    for problem in problems:
        print(describe(problem, file.name))


def examine_decisions(data: bytes, path: Path) -> tuple[Model | None, tuple[Problem, ...]]:
    """A DMN file, if it can be read at all, and everything there is to say about it."""
    definitions = read_dmn(data, str(path))
    if isinstance(definitions, tuple):
        return None, definitions
    model = compile_decisions(imply_inputs(definitions), imports_beside(path))
    return model, check_decisions(model)
