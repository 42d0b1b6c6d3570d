"""Genba's rules, through the public names of its two libraries."""

import json
from collections.abc import Callable

from benchmarks.runners.protocol import Prepare, answer
from genba.decisions import Decided, Model, compile_decisions, decide
from genba.expressions import Compiled, compile_expression
from genba.notation.dmn import Definitions, read_dmn


def compile_text(text: str) -> Compiled:
    """The condition, ready to run."""
    compiled = compile_expression(text, ("amount", "country"))
    if not isinstance(compiled, Compiled):
        raise ValueError(compiled.in_words())
    return compiled


def compile_table(text: str) -> Model:
    """From the text of a model to one that can decide."""
    definitions = read_dmn(text.encode(), "benchmark.dmn")
    if not isinstance(definitions, Definitions):
        raise TypeError(definitions[0].message)
    return compile_decisions(definitions)


def require(got: object, expected: object) -> None:
    """Raise when the answer is another one."""
    if got != expected:
        raise RuntimeError(f"{got} is answered, {expected} is right")


def prepare_compile(model: str, expected: int) -> Callable[[], object]:
    """Nothing is kept between runs."""
    text = json.loads(model)["text"]
    return lambda: compile_text(text)


def prepare_evaluate(model: str, expected: int) -> Callable[[], object]:
    """The same condition over and over."""
    asked = json.loads(model)
    compiled, inputs = compile_text(asked["text"]), asked["inputs"]
    return lambda: require(compiled.evaluate(inputs).value, True)


def prepare_both(model: str, expected: int) -> Callable[[], object]:
    """As somebody does who keeps nothing."""
    asked = json.loads(model)
    text, inputs = asked["text"], asked["inputs"]
    return lambda: require(compile_text(text).evaluate(inputs).value, True)


def prepare_compile_table(model: str, expected: int) -> Callable[[], object]:
    """Nothing is kept between runs."""
    text = json.loads(model)["dmn"]
    return lambda: compile_table(text)


def prepare_decide(model: str, expected: int) -> Callable[[], object]:
    """One decision, with the row that matched in words."""
    asked = json.loads(model)
    compiled, inputs = compile_table(asked["dmn"]), asked["inputs"]

    def run() -> None:
        decided = decide(compiled, "tariff", inputs)
        require(decided.value if isinstance(decided, Decided) else decided, expected)

    return run


MEASUREMENTS: dict[str, Prepare] = {
    "compile": prepare_compile,
    "evaluate": prepare_evaluate,
    "both": prepare_both,
    "compile-table": prepare_compile_table,
    "decide": prepare_decide,
}

if __name__ == "__main__":
    answer(MEASUREMENTS)
