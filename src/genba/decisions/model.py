"""A compiled model: the requirement graph with a closure for each decision (DMN 1.5, 6.2).

Rules of this file: data that never changes once made, so that one model serves any number of
evaluations in any number of threads. Making it is `compilation`, running it `evaluation`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from genba.decisions.drawing import DrawnTable
from genba.decisions.outcome import Decided
from genba.expressions.frames import Closure
from genba.expressions.syntax import TypeRef
from genba.expressions.types import Types
from genba.notation.dmn.model import Reference
from genba.notation.model import Problem

ShortWay: TypeAlias = Callable[[Mapping[str, object]], Decided | None]
"""A decision for given inputs; None where the long way has to be gone."""


class Needed(Struct, frozen=True):
    """Something an element requires: which, and under which name it is in scope.

    `path` holds the names of imports that qualify it, outermost first.
    """

    reference: Reference
    path: tuple[str, ...]
    name: str


class InputNode(Struct, frozen=True, eq=False):
    """Input data: given from outside, fitted to its type."""

    reference: Reference
    name: str
    type: str
    fit: TypeRef | None
    types: Types


class DecisionNode(Struct, frozen=True, eq=False):
    """A decision: `closure` runs in a frame with what `needs` says."""

    reference: Reference
    name: str
    type: str
    question: str
    needs: tuple[Needed, ...]
    closure: Closure
    table: Any = None
    """The compiled table, when that is all of its logic."""
    outcome_types: tuple[TypeRef | None, ...] = ()
    """What its value is fitted to."""


class KnowledgeNode(Struct, frozen=True, eq=False):
    """A business knowledge model: `closure` makes its function."""

    reference: Reference
    name: str
    needs: tuple[Needed, ...]
    closure: Closure


class Parameter(Struct, frozen=True, eq=False):
    """A parameter of a decision service: the input or decision it stands for."""

    needed: Needed
    name: str
    type: str
    fit: TypeRef | None
    types: Types


class ServiceNode(Struct, frozen=True, eq=False):
    """A decision service: the order of `parameters` is that of a call (6.3.10)."""

    reference: Reference
    name: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Needed, ...]
    result: str
    fit: TypeRef | None
    types: Types
    needs: tuple[Needed, ...] = ()


GraphNode = InputNode | DecisionNode | KnowledgeNode | ServiceNode


class InputInfo(Struct, frozen=True):
    """An input of a decision for people and forms: name, type, its FEEL shape, allowed values."""

    name: str
    type: str
    shape: str
    allowed: str


class Model(Struct, frozen=True, eq=False):
    """A compiled DMN file with its imports.

    `problems` name what cannot be run; the rest of the model runs all the same. `version` is the
    digest of the file and of all it imports.
    """

    name: str
    namespace: str
    version: str
    nodes: Mapping[Reference, GraphNode]
    names: Mapping[str, Reference]
    """Decisions and services of the file itself by name."""
    decisions: tuple[str, ...]
    services: tuple[str, ...]
    allowed: Mapping[str, str]
    """The written allowed values of the types that have some."""
    types: Types
    problems: tuple[Problem, ...]
    orders: dict[Reference, list[tuple[tuple[str, ...], Reference]]]
    """What a decision requires in order; filled when first asked for, the same each time."""
    short: dict[str, ShortWay | None]
    """The short ways by name; filled when first asked for, the same each time."""
    tables: tuple[DrawnTable, ...]
    """Every decision table, drawn: what `check` looks at."""
