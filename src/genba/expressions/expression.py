"""A compiled expression and its evaluation: the doors of this package.

Compiling gives `Compiled` or `Problem`, evaluating gives `Evaluation`; nothing an author or a
caller
writes makes either raise. Compiling is pure, so a caller may cache by text and names.
"""

import datetime as python
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TypeAlias

from genba.expressions import syntax
from genba.expressions.compiler import Compiler
from genba.expressions.direct import Direct, write_direct
from genba.expressions.frames import Closure, Frame
from genba.expressions.library import BUILTINS
from genba.expressions.outcome import (
    DEFAULT,
    Budget,
    BudgetExceeded,
    Evaluation,
    Problem,
    Run,
    SyntaxFault,
    Zones,
    problem_at,
)
from genba.expressions.parser import parse_expression, parse_unary_tests
from genba.expressions.temporal import DateTime, date_time_from_python
from genba.expressions.values import Range, Value

SPACED = tuple(name for name in BUILTINS if " " in name)
_TOO_DEEP = "nested too deeply"
Short: TypeAlias = Callable[[], Direct | None]


class Compiled:
    """A FEEL expression ready to run any number of times, from any number of threads."""

    __slots__ = ("_closure", "_direct", "_short", "names", "text", "timely")

    def __init__(
        self, text: str, names: frozenset[str], closure: Closure, short: Short | None = None
    ) -> None:
        self.text = text
        self.names = names
        """The free variables it may read (a superset: a filter's entries may hide some)."""
        self.timely = "now" in text or "today" in text
        """Whether it may ask for the moment; false when it certainly does not."""
        self._closure = closure
        self._direct: Direct | None = None
        self._short = iter((None, short))
        """What writes the short way: nothing for the first evaluation, which is often the last."""

    def evaluate(
        self,
        context: Mapping[str, Value],
        budget: Budget = DEFAULT,
        *,
        now: DateTime | python.datetime | None = None,
        zones: Zones | None = None,
    ) -> Evaluation:
        """The value in a context, with warnings; `exhausted` says why when the budget ended it.

        `now` is the moment `now()` and `today()` read; without it they are null. `zones` tells
        the offset of a zone id; without it moments of different zones cannot be compared.
        """
        direct = self._direct
        if direct is not None and budget is DEFAULT:
            found = direct(context)
            if found is not None:
                return found
        return self._evaluate(context, budget, now, zones)

    def _evaluate(
        self,
        context: Mapping[str, Value],
        budget: Budget,
        now: DateTime | python.datetime | None,
        zones: Zones | None,
    ) -> Evaluation:
        if (short := next(self._short, None)) is not None:
            self._direct = short()
        moment = date_time_from_python(now) if isinstance(now, python.datetime) else now
        run = Run(budget, moment, zones)
        exhausted = None
        value: Value = None
        try:
            value = self._closure(Frame(context, None, run))
            if type(value) in _CONTAINERS:
                measure(value, run)
        except BudgetExceeded as stop:
            value, exhausted = None, stop.reason
        except RecursionError:
            value, exhausted = None, _TOO_DEEP
        except ArithmeticError:
            value = run.warn("a number of the context is not a FEEL number", 0)
        warnings = tuple(run.warnings) if run.warnings else ()
        return Evaluation(value, warnings, exhausted)

    def value(
        self,
        context: Mapping[str, Value],
        *,
        now: DateTime | python.datetime | None = None,
        zones: Zones | None = None,
    ) -> Value:
        """The value alone: null for every warning and for an exhausted budget."""
        return self.evaluate(context, now=now, zones=zones).value


_CONTAINERS = frozenset({list, dict, Range})


def measure(value: Value, run: Run) -> None:
    """Pay for a result as a tree: parts shared many times would explode when written."""
    if type(value) in _CONTAINERS:
        _measure(value, run)


def _measure(value: Value, run: Run) -> None:
    if type(value) is list:
        run.spend(len(value) + 1)
        for item in value:
            if type(item) in _CONTAINERS:
                _measure(item, run)
    elif type(value) is dict:
        run.spend(len(value) + 1)
        for item in value.values():
            if type(item) in _CONTAINERS:
                _measure(item, run)
    else:
        _measure([value.start, value.end], run)


def _compile(
    text: str, names: Collection[str], parse: Callable[[str, Collection[str]], syntax.Node]
) -> Compiled | Problem:
    compiler = Compiler(frozenset(names))
    try:
        node = parse(text, (*SPACED, *names))
        closure = compiler.compile(node)
    except SyntaxFault as fault:
        return problem_at(text, fault.offset, fault.message)
    except RecursionError:
        return problem_at(text, 0, _TOO_DEEP)
    return Compiled(
        text, frozenset(compiler.free), closure, partial(write_direct, node, compiler.names)
    )


def compile_expression(text: str, names: Collection[str] = ()) -> Compiled | Problem:
    """Compile a FEEL expression (DMN 1.5, 10.3.1.2, rule 1).

    `names` are the variables in scope: only names with spaces or operators need to be there.
    """
    return _compile(text, names, parse_expression)


def compile_unary_tests(text: str, names: Collection[str] = ()) -> Compiled | Problem:
    """Compile a decision table cell (rule 14); the tested value is the variable `?` of the
    context.
    """
    return _compile(text, names, parse_unary_tests)
