"""What compiling and evaluating hand back, and what limits them.

Only plain results live here: problems, warnings, evaluations, budgets and the running account of
one
evaluation. Nothing in this module knows FEEL's grammar or its values.

    compile  ->  Compiled | Problem          the author's mistake, a value
    evaluate ->  Evaluation                  null plus warnings where FEEL says null (DMN 1.5,
    10.3.2.1)
                 Evaluation.exhausted        the budget stopped it: a refusal, never an exception
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import msgspec

MOST_WARNINGS = 100
"""More warnings than this in one evaluation say nothing new; the rest is dropped."""

CHARACTERS_A_STEP = 16
"""Producing this many characters costs one step, so text is bounded by the same account."""


Zones: TypeAlias = Callable[[str, int], int | None]
"""Zone id and local time in seconds since 1970-01-01T00:00:00 to the offset from UTC in seconds.

None when there is no such zone. The zone database cannot be read here, so it is handed in.
"""


class Problem(msgspec.Struct, frozen=True):
    """Why a text is no FEEL expression. Line and column count from 1, the offset from 0."""

    message: str
    line: int
    column: int
    offset: int
    text: str

    def in_words(self) -> str:
        """The message with its place, for people."""
        return f"{self.message} (line {self.line}, column {self.column})"


def problem_at(text: str, offset: int, message: str) -> Problem:
    """A problem located in `text` at the character `offset`."""
    offset = max(0, min(offset, len(text)))
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Problem(message=message, line=line, column=column, offset=offset, text=text)


NO_VARIABLE = "there is no variable"
NO_ENTRY = "the context has no entry"
NO_ELEMENT = "there is no element"
_MISSING = (NO_VARIABLE, NO_ENTRY, NO_ELEMENT)


class FeelWarning(msgspec.Struct, frozen=True):
    """Why a part of an evaluation became null. The offset is a position in the text.

    `place` says which text, where an evaluation runs several; None for a single expression.
    """

    message: str
    offset: int
    place: Any = None

    @property
    def missing(self) -> bool:
        """Whether only something was not there: for a drawing that is no mistake."""
        return self.message.startswith(_MISSING)


class Budget(msgspec.Struct, frozen=True):
    """The most one evaluation may cost.

    steps: nodes evaluated inside loops and functions, list elements visited, characters / 16.
    size: elements of one list or iteration. depth: nested function calls. text: characters of one
    string.
    """

    steps: int = 100_000
    size: int = 50_000
    depth: int = 60
    text: int = 1_000_000


DEFAULT = Budget()


class Evaluation(msgspec.Struct, frozen=True):
    """The value of an expression, what was wrong on the way, and whether the budget stopped it."""

    value: Any
    warnings: tuple[FeelWarning, ...] = ()
    exhausted: str | None = None


class SyntaxFault(Exception):
    """Raised inside the parser only; compiling turns it into a Problem."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Fault(Exception):
    """Raised by built-ins and operators; the evaluation turns it into null and a warning."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BudgetExceeded(Exception):
    """Raised inside an evaluation only; `evaluate` turns it into `Evaluation.exhausted`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Run(msgspec.Struct, eq=False):
    """The account of one evaluation: steps spent, call depth, warnings, its moment.

    A Struct because every evaluation makes one: its fields cost no Python code to set.
    """

    budget: Budget = DEFAULT
    now: Any = None
    zones: Zones | None = None
    steps: int = 0
    depth: int = 0
    place: Any = None
    seen: dict[str, Any] = {}
    patterns: dict[tuple[str, str], Any] = {}
    warnings: list[FeelWarning] = []

    def spend(self, steps: int) -> None:
        """Pay for work about to be done; raises BudgetExceeded when the account is empty."""
        self.steps += steps
        if self.steps > self.budget.steps:
            raise BudgetExceeded(f"more than {self.budget.steps} steps")

    def check_size(self, size: int) -> None:
        """Refuse a list of `size` elements before it is built."""
        if size > self.budget.size:
            raise BudgetExceeded(f"a list or iteration of more than {self.budget.size} elements")

    def grow(self, size: int) -> None:
        """Pay for a list of `size` elements."""
        self.check_size(size)
        self.spend(size)

    def write(self, characters: int) -> None:
        """Pay for a string of `characters`."""
        if characters > self.budget.text:
            raise BudgetExceeded(f"a string of more than {self.budget.text} characters")
        self.spend(characters // CHARACTERS_A_STEP)

    def enter(self) -> None:
        """Pay for one more level of function calls."""
        self.depth += 1
        if self.depth > self.budget.depth:
            raise BudgetExceeded(f"more than {self.budget.depth} nested function calls")

    def leave(self) -> None:
        self.depth -= 1

    def warn(self, message: str, offset: int) -> Any:
        """Note why a value became null, and give that null."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(FeelWarning(message, offset, self.place))
        return None

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Drop the warnings of what is only tried."""
        before = len(self.warnings)
        yield
        del self.warnings[before:]
