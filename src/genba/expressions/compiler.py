"""Tree to closures: each node becomes a Python function of a frame (DMN 1.5, 10.3.2).

The dispatch table at the end names the function for each kind of node. What iterates is in
`iteration`,
what calls in `calls`, properties in `paths`. Closures never check the budget for straight-line
code: its
cost is bounded by the length of the text. Loops and calls pay for their bodies by weight.
"""

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from genba.expressions import calls, comparison, equality, iteration, paths, syntax
from genba.expressions.arithmetic import FAST, calculate, in_zone, known_zone, negate
from genba.expressions.frames import MISSING, Closure, Frame, adopt, find
from genba.expressions.library import BUILTINS, function_value
from genba.expressions.outcome import NO_VARIABLE, Fault, Run
from genba.expressions.temporal import DateTime, Time
from genba.expressions.types import NO_TYPES, Types, conforms, known
from genba.expressions.values import EXACT, NATIVE, NUMBERS, Range, Value, type_name


class Compiler:
    """What is known while compiling: the names bound around a node and those found free."""

    def __init__(self, names: frozenset[str], types: Types = NO_TYPES) -> None:
        self.names = names
        self.types = types
        self.free: set[str] = set()
        self.bound: list[Set[str]] = []
        self.weight = 0
        self.read: set[str] = set()
        """Names read since somebody cleared it; tells a body that uses `partial` or `?`."""

    def compile(self, node: syntax.Node) -> Closure:
        """The closure of a node."""
        self.weight += 1
        return NODES[type(node)](self, node)

    def weighed(self, node: syntax.Node) -> tuple[Closure, int]:
        """The closure of a node and how many nodes it stands for."""
        before = self.weight
        closure = self.compile(node)
        return closure, self.weight - before

    @contextmanager
    def binding(self, names: Set[str]) -> Iterator[None]:
        """Compile inside a frame that has these names (and maybe others, not known yet)."""
        self.bound.append(names)
        yield
        self.bound.pop()

    def is_bound(self, name: str) -> bool:
        return any(name in names for names in self.bound)

    def is_builtin(self, name: str) -> bool:
        """Whether a name can only mean the built-in function of that name."""
        return name in BUILTINS and name not in self.names and not self.is_bound(name)


def _literal(compiler: Compiler, node: syntax.Literal) -> Closure:
    value = node.value
    if type(value) is DateTime and value.time.zone is not None:
        return _zoned(lambda run: in_zone(value, run), node.at)
    if type(value) is Time and value.zone is not None:
        return _zoned(lambda run: known_zone(value, run), node.at)
    return lambda frame: value


def _zoned(find_zone: Callable[[Run], Value], at: int) -> Closure:
    """A literal with a zone id; null when whoever evaluates knows no such zone."""

    def apply(frame: Frame) -> Value:
        try:
            return find_zone(frame.run)
        except Fault as fault:
            return frame.run.warn(fault.message, at)

    return apply


def _name(compiler: Compiler, node: syntax.Name) -> Closure:
    name, at = node.name, node.at
    compiler.read.add(name)
    if not compiler.is_bound(name):
        compiler.free.add(name)

    def missing(frame: Frame) -> Value:
        if name in BUILTINS:
            return function_value(name)
        frame.run.warn(f"{NO_VARIABLE} {name!r}", at)
        return None

    def anywhere(frame: Frame) -> Value:
        try:
            value = find(frame, name)
        except Fault as fault:
            return frame.run.warn(fault.message, at)
        return missing(frame) if value is MISSING else value

    def outermost(frame: Frame) -> Value:
        value = frame.names.get(name, MISSING)
        kind = type(value)
        if kind in NATIVE:
            return value
        if kind is int and -EXACT < value < EXACT:
            return Decimal(value)
        if value is MISSING:
            return missing(frame)
        try:
            return adopt(frame.run, name, value)
        except Fault as fault:
            return frame.run.warn(fault.message, at)

    return anywhere if compiler.bound else outermost


def _logic(compiler: Compiler, node: syntax.Logic) -> Closure:
    """Three-valued `and`, `or`: the decisive value wins, else null when anything is no boolean."""
    operands = tuple(compiler.compile(operand) for operand in node.operands)
    decisive = node.operator == "or"
    other = not decisive
    operator, at = node.operator, node.at
    first, second = operands[0], operands[1]

    def settle(frame: Frame, values: tuple[Value, ...]) -> bool | None:
        for value in values:
            if value is not None and type(value) is not bool:
                frame.run.warn(f"{operator!r} of a {type_name(value)}", at)
        return None

    def two(frame: Frame) -> Value:
        left = first(frame)
        if left is decisive:
            return decisive
        right = second(frame)
        if right is decisive:
            return decisive
        if left is other and right is other:
            return other
        return settle(frame, (left, right))

    def many(frame: Frame) -> Value:
        values = []
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            values.append(value)
        if all(value is other for value in values):
            return other
        return settle(frame, tuple(values))

    return two if len(operands) == 2 else many


def _arithmetic(compiler: Compiler, node: syntax.Arithmetic) -> Closure:
    first = compiler.compile(node.first)
    steps = tuple((step.operator, compiler.compile(step.right), step.at) for step in node.rest)
    if len(steps) == 1 and steps[0][0] in FAST:
        return _fast_arithmetic(first, *steps[0])

    def fold(frame: Frame) -> Value:
        value = first(frame)
        for operator, right, at in steps:
            other = right(frame)
            try:
                value = calculate(operator, value, other, frame.run)
            except Fault as fault:
                value = frame.run.warn(fault.message, at)
        return value

    return fold


def _fast_arithmetic(first: Closure, operator: str, right: Closure, at: int) -> Closure:
    direct = FAST[operator]

    def apply(frame: Frame) -> Value:
        one, two = first(frame), right(frame)
        try:
            if type(one) is Decimal and type(two) is Decimal:
                return direct(one, two)
            return calculate(operator, one, two, frame.run)
        except ArithmeticError:
            return frame.run.warn(f"the result of {operator!r} is too large", at)
        except Fault as fault:
            return frame.run.warn(fault.message, at)

    return apply


def _negation(compiler: Compiler, node: syntax.Negation) -> Closure:
    if isinstance(node.operand, syntax.Literal) and type(node.operand.value) is Decimal:
        constant = NUMBERS.minus(node.operand.value)
        return lambda frame: constant
    operand, at = compiler.compile(node.operand), node.at

    def apply(frame: Frame) -> Value:
        try:
            return negate(operand(frame))
        except Fault as fault:
            return frame.run.warn(fault.message, at)

    return apply


def _between(compiler: Compiler, node: syntax.Between) -> Closure:
    value, at = compiler.compile(node.value), node.at
    low, high = compiler.compile(node.low), compiler.compile(node.high)

    def apply(frame: Frame) -> Value:
        tested = value(frame)
        above = equality.order(tested, low(frame))
        below = equality.order(tested, high(frame))
        if above is None or below is None:
            return frame.run.warn("'between' needs three values of one ordered type", at)
        return above >= 0 and below <= 0

    return apply


def _in(compiler: Compiler, node: syntax.In) -> Closure:
    value, at = compiler.compile(node.value), node.at
    tests = tuple(_membership(compiler, test) for test in node.tests)

    def apply(frame: Frame) -> Value:
        tested = value(frame)
        undecided = False
        for test in tests:
            passed = test(frame, tested)
            if passed:
                return True
            undecided = undecided or passed is None
        if undecided:
            return frame.run.warn("'in' compares values of different types", at)
        return False

    return apply


def _membership(compiler: Compiler, node: syntax.Node) -> Callable[[Frame, Value], bool | None]:
    if isinstance(node, syntax.Sameness):
        other, wanted = compiler.compile(node.value), node.operator == "="

        def compare(frame: Frame, tested: Value) -> bool | None:
            same = equality.equal(tested, other(frame), frame.run)
            return None if same is None else same is wanted

        return compare
    test = compiler.compile(node)
    if isinstance(node, syntax.RangeOf):

        def within(frame: Frame, tested: Value) -> bool | None:
            bounds = test(frame)
            return None if bounds is None else equality.passes(tested, bounds, frame.run)

        return within
    return lambda frame, tested: equality.passes(tested, test(frame), frame.run)


_CONDITIONS = (
    syntax.Comparison,
    syntax.Logic,
    syntax.Between,
    syntax.In,
    syntax.InstanceOf,
    syntax.Quantified,
)


def _unary_tests(compiler: Compiler, node: syntax.UnaryTests) -> Closure:
    """A cell: true when one test holds for `?` (rule 7).

    A test with `?` inside, and one that compares, is a condition: it holds when it is true.
    """
    tests = []
    for part in node.tests:
        compiler.read.discard("?")
        member = _membership(compiler, part)
        tests.append((member, "?" in compiler.read or isinstance(part, _CONDITIONS)))
    compiler.free.add("?")
    passing, negated = tuple(tests), node.negated

    def apply(frame: Frame) -> Value:
        if not passing:
            return True
        tested = find(frame, "?")
        tested = None if tested is MISSING else tested
        for member, is_condition in passing:
            if member(frame, True if is_condition else tested):
                return not negated
        return negated

    return apply


def _instance_of(compiler: Compiler, node: syntax.InstanceOf) -> Closure:
    value, type_, at = compiler.compile(node.value), node.type, node.at
    types = compiler.types
    if not known(type_, types):
        return lambda frame: frame.run.warn(f"the type {type_.name!r} is not known", at)
    return lambda frame: conforms(value(frame), type_, frame.run, types)


def _if(compiler: Compiler, node: syntax.If) -> Closure:
    condition, then = compiler.compile(node.condition), compiler.compile(node.then)
    otherwise = compiler.compile(node.otherwise)
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


def _list(compiler: Compiler, node: syntax.ListOf) -> Closure:
    items = tuple(compiler.compile(item) for item in node.items)
    return lambda frame: [item(frame) for item in items]


def _context(compiler: Compiler, node: syntax.ContextOf) -> Closure:
    """Entries see the entries before them (10.3.2.5)."""
    entries = []
    seen: set[str] = set()
    with compiler.binding(seen):
        for key, value in node.entries:
            entries.append((key, compiler.compile(value)))
            seen.add(key)

    def apply(frame: Frame) -> dict[str, Value]:
        made: dict[str, Value] = {}
        inner = Frame(made, frame, frame.run)
        for key, closure in entries:
            made[key] = closure(inner)
        return made

    return apply


def _range(compiler: Compiler, node: syntax.RangeOf) -> Closure:
    start = None if node.start is None else compiler.compile(node.start)
    end = None if node.end is None else compiler.compile(node.end)
    flags, at = (node.start_included, node.end_included), node.at

    def apply(frame: Frame) -> Value:
        low = None if start is None else start(frame)
        high = None if end is None else end(frame)
        if (start and low is None) or (end and high is None):
            return frame.run.warn("an end of a range is null", at)
        if start and end and equality.order(low, high) is None:
            return frame.run.warn("a range needs two ends of one ordered type", at)
        return Range(low, high, *flags)

    return apply


def _sameness(compiler: Compiler, node: syntax.Sameness) -> Closure:
    """`(= 5)` as a value holds 5 alone, and is no range from 5 to 5; `(!= 5)` is no value."""
    value, at = compiler.compile(node.value), node.at
    if node.operator == "!=":
        return lambda frame: frame.run.warn("'!=' without a left side is only a test", at)

    def apply(frame: Frame) -> Range:
        point = value(frame)
        return Range(point, point, True, True, single=True)

    return apply


def _foreign(compiler: Compiler, node: syntax.Foreign) -> Closure:
    closure: Closure = node.compile(compiler)
    return closure


NODES: dict[type, Callable[[Compiler, Any], Closure]] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Path: paths.compile_path,
    syntax.Filter: iteration.compile_filter,
    syntax.Call: calls.compile_call,
    syntax.Arithmetic: _arithmetic,
    syntax.Comparison: comparison.compile_comparison,
    syntax.Logic: _logic,
    syntax.Negation: _negation,
    syntax.Between: _between,
    syntax.In: _in,
    syntax.InstanceOf: _instance_of,
    syntax.If: _if,
    syntax.For: iteration.compile_for,
    syntax.Quantified: iteration.compile_quantified,
    syntax.Lambda: calls.compile_lambda,
    syntax.ListOf: _list,
    syntax.ContextOf: _context,
    syntax.RangeOf: _range,
    syntax.Sameness: _sameness,
    syntax.UnaryTests: _unary_tests,
    syntax.Foreign: _foreign,
}
