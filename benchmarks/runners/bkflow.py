"""bkflow-feel, run in its own environment.

Rules of this file: its public function parses every time; to be fair, what is evaluated often is
parsed once, with the two steps that function is made of.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bkflow_feel import parser, transformer  # type: ignore[import-not-found]
from bkflow_feel.api import parse_expression  # type: ignore[import-not-found]
from protocol import answer  # type: ignore[import-not-found]


def compile_text(text: str) -> Any:
    """A tree that evaluates itself."""
    return transformer.transform(parser.parse(text))


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
    tree, inputs = compile_text(asked["text"]), asked["inputs"]
    return lambda: require(tree.evaluate(inputs), True)


def prepare_both(model: str, expected: int) -> Callable[[], object]:
    """The public function."""
    asked = json.loads(model)
    return lambda: require(parse_expression(asked["text"], asked["inputs"]), True)


def prepare_compile_table(model: str, expected: int) -> Callable[[], object]:
    """The conditions of all rows."""
    rows = json.loads(model)["rows"]
    return lambda: [compile_text(row) for row in rows]


def prepare_decide(model: str, expected: int) -> Callable[[], object]:
    """The rows in order until one holds."""
    asked = json.loads(model)
    trees, inputs = [compile_text(row) for row in asked["rows"]], asked["inputs"]

    def run() -> None:
        held = (number for number, tree in enumerate(trees) if tree.evaluate(inputs))
        require(next(held, None), expected)

    return run


if __name__ == "__main__":
    answer(
        {
            "compile": prepare_compile,
            "evaluate": prepare_evaluate,
            "both": prepare_both,
            "compile-table": prepare_compile_table,
            "decide": prepare_decide,
        }
    )
