"""What the pure folders may import and call.

Rules of this file: the import contracts say which modules are forbidden; this says the same from
the other side. A pure folder imports the standard library and msgspec, and never reads a clock,
even through a module it may import (`datetime.now`).
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PURE = (
    "src/genba/notation/",
    "src/genba/expressions/",
    "src/genba/decisions/",
    "src/genba/engine/",
    "src/genba/changes/",
    "src/genba/recall/",
)
ALLOWED = frozenset(sys.stdlib_module_names) | {"msgspec", "genba"}
CLOCKS = frozenset({"now", "utcnow", "today", "localtime", "fromtimestamp"})
CLOCK_OWNERS = frozenset({"datetime", "date", "time"})
DOORS = frozenset({"open", "print", "input", "exec", "eval", "breakpoint", "__import__"})
EXCUSED = frozenset({("src/genba/expressions/direct.py", "exec")})
"""Writes functions for shapes of expressions: no author's text in them, and no built-ins to call
but `type`, so that nothing outside is reached.
"""


def examine(root: Path, files: list[str]) -> Iterator[str]:
    """Every finding in the pure folders."""
    for name in files:
        if name.startswith(PURE) and name.endswith(".py"):
            yield from examine_module(name, (root / name).read_text(encoding="utf-8"))


def examine_module(name: str, source: str) -> Iterator[str]:
    """The findings of one pure module."""
    for node in ast.walk(ast.parse(source, name)):
        for module in imported(node):
            if module.split(".")[0] not in ALLOWED:
                line = getattr(node, "lineno", 1)
                yield f"{name}:{line}: a pure folder imports msgspec and nothing else: {module}"
        if isinstance(node, ast.Call):
            yield from examine_call(name, node)


def imported(node: ast.AST) -> list[str]:
    """The absolute modules a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return []


def examine_call(name: str, node: ast.Call) -> Iterator[str]:
    """A call that reads a clock or opens a door to the outside."""
    called = node.func
    if isinstance(called, ast.Name) and called.id in DOORS - doors_of(name):
        yield f"{name}:{node.lineno}: {called.id}() reaches outside of a pure folder"
    if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
        owner = called.value
        last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if last in CLOCK_OWNERS:
            yield f"{name}:{node.lineno}: {last}.{called.attr}() reads a clock; take it as input"


def doors_of(name: str) -> frozenset[str]:
    """What a module may call all the same."""
    return frozenset(door for module, door in EXCUSED if module == name)
