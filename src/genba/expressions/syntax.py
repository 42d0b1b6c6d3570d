"""The tree of a FEEL expression: what the parser makes and the compiler reads. Data only, no
behaviour.

`at` is always an offset in the text, so that warnings can say where.
"""

from typing import Any, TypeAlias

import msgspec


class Literal(msgspec.Struct, frozen=True):
    value: Any
    at: int


class Name(msgspec.Struct, frozen=True):
    name: str
    at: int


class Path(msgspec.Struct, frozen=True):
    base: "Node"
    name: str
    at: int


class Filter(msgspec.Struct, frozen=True):
    base: "Node"
    condition: "Node"
    at: int


class Call(msgspec.Struct, frozen=True):
    """`names` is empty for positional arguments, else as long as `arguments`."""

    function: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...]
    at: int


class Operation(msgspec.Struct, frozen=True):
    """One step of a chain: an operator and its right side."""

    operator: str
    right: "Node"
    at: int


class Arithmetic(msgspec.Struct, frozen=True):
    """A chain of operators of one precedence, from left to right; flat, so its length costs no
    depth.
    """

    first: "Node"
    rest: tuple[Operation, ...]
    at: int


class Comparison(msgspec.Struct, frozen=True):
    operator: str
    left: "Node"
    right: "Node"
    at: int


class Logic(msgspec.Struct, frozen=True):
    """`operator` is `and` or `or`."""

    operator: str
    operands: tuple["Node", ...]
    at: int


class Negation(msgspec.Struct, frozen=True):
    operand: "Node"
    at: int


class Between(msgspec.Struct, frozen=True):
    value: "Node"
    low: "Node"
    high: "Node"
    at: int


class In(msgspec.Struct, frozen=True):
    value: "Node"
    tests: tuple["Node", ...]
    at: int


class InstanceOf(msgspec.Struct, frozen=True):
    value: "Node"
    type: "TypeRef"
    at: int


class If(msgspec.Struct, frozen=True):
    condition: "Node"
    then: "Node"
    otherwise: "Node"
    at: int


class Iterator(msgspec.Struct, frozen=True):
    """`name in domain`, or `name in domain..end` when `end` is there."""

    name: str
    domain: "Node"
    end: "Node | None"
    at: int


class For(msgspec.Struct, frozen=True):
    iterators: tuple[Iterator, ...]
    body: "Node"
    at: int


class Quantified(msgspec.Struct, frozen=True):
    """`kind` is `some` or `every`."""

    kind: str
    iterators: tuple[Iterator, ...]
    body: "Node"
    at: int


class Lambda(msgspec.Struct, frozen=True):
    parameters: tuple[str, ...]
    types: tuple["TypeRef | None", ...]
    body: "Node"
    at: int


class ListOf(msgspec.Struct, frozen=True):
    items: tuple["Node", ...]
    at: int


class ContextOf(msgspec.Struct, frozen=True):
    entries: tuple[tuple[str, "Node"], ...]
    at: int


class RangeOf(msgspec.Struct, frozen=True):
    """An end that is None is unbounded (`< 5`)."""

    start: "Node | None"
    end: "Node | None"
    start_included: bool
    end_included: bool
    at: int


class Sameness(msgspec.Struct, frozen=True):
    """The test `= value` or `!= value`."""

    operator: str
    value: "Node"
    at: int


class UnaryTests(msgspec.Struct, frozen=True):
    """The tests of a decision table cell; no tests at all is `-`."""

    tests: tuple["Node", ...]
    negated: bool
    at: int


class TypeRef(msgspec.Struct, frozen=True):
    """A type: its name, the types inside `<...>`, and for contexts and functions their labels."""

    name: str
    items: tuple["TypeRef", ...] = ()
    labels: tuple[str, ...] = ()
    result: "TypeRef | None" = None
    allowed: Any = None
    """For types of a model: whether a value is an allowed one, a function of (value, run)."""


class Foreign(msgspec.Struct, frozen=True, eq=False):
    """A node another layer compiles: `compile` takes the compiler and gives a closure."""

    compile: Any
    at: int = 0


Node: TypeAlias = (
    Literal
    | Name
    | Path
    | Filter
    | Call
    | Arithmetic
    | Comparison
    | Logic
    | Negation
    | Between
    | In
    | InstanceOf
    | If
    | For
    | Quantified
    | Lambda
    | ListOf
    | ContextOf
    | RangeOf
    | Sameness
    | UnaryTests
    | Foreign
)
