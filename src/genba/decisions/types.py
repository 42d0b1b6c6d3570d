"""Item definitions to FEEL types (DMN 1.5, 7.3.2).

Rules of this file: a type of the model is a `TypeRef` that may name other types; names are looked
up when a value is tested, so a type may hold itself through a component. A chain of names that
never reaches a type of FEEL is a problem.
"""

from collections.abc import Iterable

from genba.decisions.cells import Cell, read_cell
from genba.decisions.setting import Setting
from genba.expressions.compiler import Compiler
from genba.expressions.frames import Closure, Frame
from genba.expressions.outcome import Run
from genba.expressions.syntax import TypeRef
from genba.expressions.types import KNOWN, Types
from genba.expressions.values import Value
from genba.notation.dmn.model import Definitions, ItemDefinition, Text
from genba.notation.model import Problem

ANY = TypeRef("Any")


def read_types(
    definitions: Definitions, imported: Types, problems: list[Problem]
) -> dict[str, TypeRef]:
    """The types of a file by name, with those of its imports (`import.type`)."""
    types: dict[str, TypeRef] = dict(imported)
    # Names first: a type may use one that is declared after it.
    types.update((item.name, ANY) for item in definitions.types)
    reader = _Reader(types, problems)
    made = {item.name: reader.type(item) for item in definitions.types}
    types.update(made)
    for item in definitions.types:
        if _endless(item.name, types):
            types[item.name] = ANY
            reader.setting(item.name).refuse(
                "dmn.type-cycle",
                f"the type '{item.name}' is defined by itself",
                item.position,
                advice="let one of the types in the circle be one of FEEL's types",
            )
    return types


def _endless(name: str, types: Types) -> bool:
    seen: set[str] = set()
    while name not in KNOWN:
        if name in seen:
            return True
        seen.add(name)
        name = types[name].name
    return False


def labels_of(types: Iterable[TypeRef]) -> frozenset[str]:
    """The names of all components in some types."""
    found: set[str] = set()
    pending = list(types)
    while pending:
        type_ = pending.pop()
        if type_.name == "context":
            found.update(type_.labels)
        pending.extend(type_.items)
    return frozenset(found)


def qualify(types: Types, prefix: str) -> dict[str, TypeRef]:
    """The types of an imported model under the name of the import."""

    def rename(type_: TypeRef) -> TypeRef:
        name = prefix + type_.name if type_.name in types else type_.name
        result = None if type_.result is None else rename(type_.result)
        items = tuple(rename(item) for item in type_.items)
        return TypeRef(name, items, type_.labels, result, type_.allowed)

    return {prefix + name: rename(type_) for name, type_ in types.items()}


class _Reader:
    """The types known, and the problems found while reading the rest."""

    def __init__(self, types: dict[str, TypeRef], problems: list[Problem]) -> None:
        self.types = types
        self.problems = problems

    def setting(self, name: str) -> Setting:
        return Setting(
            f"the type {name}", id="", types=self.types, properties=(), problems=self.problems
        )

    def type(self, item: ItemDefinition) -> TypeRef:
        shape = self.base(item)
        allowed = self.test(item, item.allowed)
        constraint = self.test(item, item.constraint)
        if item.is_collection:
            element = _restricted(shape, allowed)
            return TypeRef("list", (element,), allowed=constraint)
        return _restricted(_restricted(shape, allowed), constraint)

    def base(self, item: ItemDefinition) -> TypeRef:
        """The type without collection and allowed values."""
        if item.components:
            parts = tuple(self.type(part) for part in item.components)
            return TypeRef("context", parts, tuple(part.name for part in item.components))
        if item.function is not None:
            parameters = item.function.parameters
            return TypeRef(
                "function",
                tuple(self.named(parameter.type, item) for parameter in parameters),
                tuple(parameter.name for parameter in parameters),
                self.named(item.function.result, item),
            )
        return self.named(item.type, item)

    def named(self, name: str, item: ItemDefinition) -> TypeRef:
        return self.setting(item.name).type_reference(name, item.position) or ANY

    def test(self, item: ItemDefinition, text: Text | None) -> "Allowed | None":
        """Allowed values as a test; None when everything is allowed."""
        if text is None or text.text in ("", "-"):
            return None
        setting = self.setting(item.name)
        tree = setting.tests_tree(text, ("?",))
        compiler = Compiler(frozenset({"?"}), self.types)
        with compiler.binding(frozenset({"?"})):
            closure = compiler.compile(setting.placed(tree, text, "allowed values"))
        return Allowed((closure,), read_cell(tree))


class Allowed:
    """The allowed values of a type, as a function of a value."""

    __slots__ = ("cell", "tests")

    def __init__(self, tests: tuple[Closure, ...], cell: Cell | None) -> None:
        self.tests = tests
        self.cell = cell
        """The same as intervals, None when they are more than that."""

    def __call__(self, value: Value, run: Run) -> bool:
        frame = Frame({"?": value}, Frame({}, None, run), run)
        return all(test(frame) is True for test in self.tests)


def _restricted(type_: TypeRef, allowed: Allowed | None) -> TypeRef:
    """The type with one more restriction."""
    if allowed is None:
        return type_
    before = type_.allowed
    if isinstance(before, Allowed):
        allowed = Allowed((*before.tests, *allowed.tests), None)
    return TypeRef(type_.name, type_.items, type_.labels, type_.result, allowed)


__all__ = ["Allowed", "labels_of", "qualify", "read_types"]
