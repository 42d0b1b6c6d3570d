"""Size, annotations, names and the opening docstring of every module.

Rules of this file: a budget is a number in the table at the top, and a finding is one line
`path:line: what`. Budgets hold for the product, the checks and the benchmarks; tests are bound
by the size of a module only.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 500
FUNCTION_LINES = 60
FORBIDDEN_NAMES = frozenset(
    {"util", "utils", "helper", "helpers", "manager", "managers", "service", "services"}
    | {"common", "misc", "base"}
)
HELD = ("src/", "checks/", "benchmarks/")
UNHELD = ("/migrations/",)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def examine(root: Path, files: list[str]) -> Iterator[str]:
    """Every finding in the Python files of the checkout."""
    for name in files:
        if name.endswith(".py") and not any(part in name for part in UNHELD):
            source = (root / name).read_text(encoding="utf-8")
            yield from examine_module(name, source)


def examine_module(name: str, source: str) -> Iterator[str]:
    """The findings of one module, `name` being its path from the root."""
    lines = source.count("\n")
    if lines > MODULE_LINES:
        yield f"{name}:1: the module has {lines} lines, at most {MODULE_LINES}: split by concept"
    for part in Path(name).with_suffix("").parts:
        if part in FORBIDDEN_NAMES:
            yield f"{name}:1: '{part}' names no concept of the domain"
    if not name.startswith(HELD):
        return
    tree = ast.parse(source, name)
    if tree.body and ast.get_docstring(tree) is None:
        yield f"{name}:1: a module opens with its rule, a docstring"
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield from examine_function(name, node)


def examine_function(name: str, node: Function) -> Iterator[str]:
    """Length and annotations of one function."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"
    if node.returns is None:
        yield f"{name}:{node.lineno}: {node.name} does not say what it returns"
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    rest = [a for a in (node.args.vararg, node.args.kwarg) if a is not None]
    for argument in [*arguments, *rest]:
        if argument.annotation is None and argument.arg not in ("self", "cls"):
            yield f"{name}:{node.lineno}: {node.name}({argument.arg}) is not annotated"
