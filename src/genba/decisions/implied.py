"""Inputs a table reads without drawing them.

Rules of this file: many editors leave out the input data and their arrows (6.3.11), and their
tables then read the data of the case by its names. What an input column names and nothing in the
file provides becomes input data here; a model that draws its requirements stays as it is.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from genba.expressions import Compiled, compile_expression
from genba.notation.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    Input,
    InputData,
    Variable,
)


def imply_inputs(definitions: Definitions) -> Definitions:
    """The file with input data for what its tables read and nobody provides."""
    provided = _provided(definitions)
    implied: dict[str, InputData] = {}
    decisions = []
    for decision in definitions.decisions:
        names = dict(_missing(decision, provided))
        for name, column in names.items():
            if name not in implied:
                variable = Variable(name, column.type if _is(name, column) else "", column.position)
                implied[name] = InputData(_id(name), name, variable, column.position)
        needs = tuple((definitions.namespace, _id(name)) for name in names)
        decisions.append(replace(decision, needs=(*decision.needs, *needs)) if needs else decision)
    if not implied:
        return definitions
    inputs = (*definitions.inputs, *implied.values())
    return replace(definitions, inputs=inputs, decisions=tuple(decisions))


def _id(name: str) -> str:
    return f"implied {name}"  # an id in a file has no space (xsd:ID)


def _provided(definitions: Definitions) -> frozenset[str]:
    parts: tuple[InputData | Decision | BusinessKnowledge | DecisionService, ...] = (
        *definitions.inputs,
        *definitions.decisions,
        *definitions.knowledge,
        *definitions.services,
    )
    names = {one.name for one in parts} | {one.variable.name for one in parts}
    return frozenset(names | {one.name for one in definitions.imports})


def _missing(decision: Decision, provided: Iterable[str]) -> Iterator[tuple[str, Input]]:
    if not isinstance(decision.expression, DecisionTable):
        return
    for column in decision.expression.inputs:
        names = tuple(provided)
        compiled = compile_expression(column.expression.text, names=names)
        free = compiled.names if isinstance(compiled, Compiled) else _plain(column)
        for name in sorted(free):
            if name not in names:
                yield name, column


def _plain(column: Input) -> tuple[str, ...]:
    """A name with spaces, which no grammar can tell from several words."""
    words = column.expression.text.split()
    return (" ".join(words),) if words and all(word.isidentifier() for word in words) else ()


def _is(name: str, column: Input) -> bool:
    return " ".join(column.expression.text.split()) == name
