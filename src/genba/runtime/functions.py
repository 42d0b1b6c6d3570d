"""Functions that do the work of a step: declared by whoever writes them, found by entry point.

Rules of this file: the declaration and the table, nothing about cases. A package that brings some
names a module under the entry point group `genba.functions`; importing it declares them. What one
of them needs from the outside it does itself; it is called outside of every transaction.
"""

import logging
from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import Struct

from genba.runtime.extensions import Extensions

GROUP = "genba.functions"
RETRIES = 5  # how often a function that fails is called again, unless it says otherwise

_log = logging.getLogger("genba.runtime")


class Context(Struct, frozen=True, kw_only=True):
    """What a function is told beside its input.

    `key` is the same each time the same thing is asked for, also after a crash: hand it on as the
    idempotency key of whatever is done outside. `attempt` counts from 1.
    """

    case: str
    process: str
    node: str
    key: str
    attempt: int


class BpmnError(Exception):
    """Something the drawing may know: caught by an error event of this code (§10.5.6)."""

    def __init__(self, code: str, data: dict[str, Any] | None = None, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.data = data or {}


class Hopeless(Exception):
    """It will not work however often it is tried: a person is asked at once, in these words."""


class TryLater(Exception):
    """It may work later; `seconds` is what the other side asks for, if it says."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Function(Struct, frozen=True, kw_only=True):
    """One function, as it was declared. `input` and `output` are what msgspec can convert."""

    name: str
    call: Callable[[Any, Context], Any]
    input: Any = dict[str, Any]
    output: Any = dict[str, Any]
    also: tuple[str, ...] = ()  # what other systems' drawings call it
    retries: int = RETRIES
    summary: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything a drawing may call it."""
        return (self.name, *self.also)

    def input_schema(self) -> dict[str, Any]:
        """What it takes, as JSON Schema."""
        return msgspec.json.schema(self.input)

    def output_schema(self) -> dict[str, Any]:
        """What it gives, as JSON Schema."""
        return msgspec.json.schema(self.output)


F = TypeVar("F", bound=Callable[..., Any])

_declared: dict[str, Function] = {}
_broken: dict[str, str] = {}


def function(name: str, *, also: tuple[str, ...] = (), retries: int = RETRIES) -> Callable[[F], F]:
    """Declare `call(input, context) -> output` under a name a drawing may use.

    Types come from the annotations: Structs (or anything msgspec converts), else plain dicts.
    Raises ValueError when a name is taken.
    """

    def declared(call: F) -> F:
        hints = get_type_hints(call)
        output = hints.pop("return", dict[str, Any])
        hints.pop("context", None)
        made = Function(
            name=name,
            call=call,
            input=next(iter(hints.values()), dict[str, Any]),
            output=dict[str, Any] if output is type(None) else output,
            also=also,
            retries=retries,
            summary=(call.__doc__ or "").strip().partition("\n")[0],
        )
        declare(made)
        return call

    return declared


def declare(made: Function) -> None:
    """Add a function to the table. Raises ValueError when one of its names is taken."""
    for name in made.names:
        if name in _declared:
            raise ValueError(f"the function {name} is declared twice")
    _declared.update(dict.fromkeys(made.names, made))


def withdraw(name: str) -> None:
    """Take a function out of the table again, under all its names."""
    made = _declared.get(name)
    for known in made.names if made else ():
        del _declared[known]


def _note_broken(point: EntryPoint, problem: Exception) -> None:
    _log.error("the functions of %s cannot be loaded", point.value, exc_info=problem)
    _broken[point.value] = f"{type(problem).__name__}: {problem}"


_modules = Extensions(GROUP, failed=_note_broken)


def load_functions() -> None:
    """Import every module of the entry point group, once; one that fails keeps none from work."""
    _modules.load()


def functions() -> tuple[Function, ...]:
    """Every declared function, by name."""
    load_functions()
    return tuple(made for name, made in sorted(_declared.items()) if name == made.name)


def broken() -> dict[str, str]:
    """The modules that could not be loaded, and why."""
    load_functions()
    return dict(_broken)


def find_function(name: str) -> Function | None:
    """The function a drawing calls so, if it is installed here."""
    load_functions()
    return _declared.get(name)


def names() -> frozenset[str]:
    """Everything a drawing may name and that is installed here."""
    load_functions()
    return frozenset(_declared)
