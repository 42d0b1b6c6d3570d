"""A compiled expression and its evaluation: the doors of this package.

Compiling gives `Compiled` or `Problem`, evaluating gives `Evaluation`; nothing an author or a
caller
writes makes either raise. Compiling is pure, so a caller may cache by text and names.
"""

import datetime as python
from collections.abc import Callable, Collection, Mapping

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
LATER = 300
"""Texts up to this length are never too deep for the compiler, so its work can wait."""


class Compiled:
    """A FEEL expression ready to run any number of times, from any number of threads."""

    __slots__ = ("_closure", "_direct", "_free", "_node", "_scope", "_short", "text", "timely")

    def __init__(self, text: str, node: syntax.Node, scope: frozenset[str]) -> None:
        self.text = text
        self._node, self._scope = node, scope
        self._closure: Closure | None = None
        self._free: frozenset[str] = frozenset()
        if len(text) > LATER:
            self._make()
        self.timely = "now" in text or "today" in text
        """Whether it may ask for the moment; false when it certainly does not."""
        self._direct: Direct | None = None
        self._short = iter((False, True))
        """Whether to write the short way: not for the first evaluation, which is often the last."""

    @property
    def names(self) -> frozenset[str]:
        """The free variables it may read (a superset: a filter's entries may hide some)."""
        if self._closure is None:
            self._make()
        return self._free

    def _make(self) -> Closure:
        """The closures, made when they are first needed; twice does no harm."""
        compiler = Compiler(self._scope)
        closure = compiler.compile(self._node)
        self._free = frozenset(compiler.free)
        self._closure = closure
        return closure

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
        if next(self._short, False):
            self._direct = write_direct(self._node, self._scope)
        moment = date_time_from_python(now) if isinstance(now, python.datetime) else now
        run = Run(budget, moment, zones)
        exhausted = None
        value: Value = None
        try:
            closure = self._closure or self._make()
            value = closure(Frame(context, None, run))
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

    def trouble(self, found: Evaluation, context: Mapping[str, Value]) -> str:
        """Why an evaluation failed; "" where it did not, or where data is only missing."""
        if found.exhausted is not None:
            return found.exhausted
        if found.value is not None or not found.warnings:
            return ""
        missing = any(one.missing for one in found.warnings)
        if missing or any(context.get(name) is None for name in self.names):
            return ""
        return found.warnings[0].message


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
    try:
        return Compiled(text, parse(text, (*SPACED, *names)), frozenset(names))
    except SyntaxFault as fault:
        return problem_at(text, fault.offset, fault.message)
    except RecursionError:
        return problem_at(text, 0, _TOO_DEEP)


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
