"""Where names are looked up while an expression runs: frames, innermost first (DMN 1.5, 10.3.2.11).

The outermost frame is the context the caller gave; its values are converted when first read.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from genba.expressions.outcome import Fault, Run
from genba.expressions.values import NATIVE, Value, to_feel

MISSING: Any = object()


class Frame(msgspec.Struct, eq=False):
    """The names one construct introduces. `parent` is None for the caller's context."""

    names: Mapping[str, Any]
    parent: "Frame | None"
    run: Run


Closure: TypeAlias = Callable[[Frame], Value]


def adopt(run: Run, name: str, value: object) -> Value:
    """A value of the caller's context as a FEEL value; containers are converted once per
    evaluation.
    """
    if name in run.seen:
        return run.seen[name]
    try:
        made = to_feel(value)
    except (TypeError, ValueError) as error:
        raise Fault(f"the variable {name!r} cannot be used: {error}") from None
    run.seen[name] = made
    return made


def find(frame: Frame, name: str) -> Value:
    """The value of a name, MISSING when no frame has it."""
    here: Frame = frame
    while True:
        value = here.names.get(name, MISSING)
        parent = here.parent
        if value is not MISSING:
            if parent is None and type(value) not in NATIVE:
                return adopt(frame.run, name, value)
            return value
        if parent is None:
            return MISSING
        here = parent
