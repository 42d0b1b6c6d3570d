"""Closures of what iterates: `for`, `some`, `every` and filters (DMN 1.5, 10.3.2.5, 10.3.2.14).

Every turn pays the weight of its body, so a long iteration ends in a refusal, not in a wait.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from genba.expressions import syntax
from genba.expressions.frames import Closure, Frame
from genba.expressions.outcome import NO_ELEMENT, Fault, Run
from genba.expressions.temporal import Date, date_of_number
from genba.expressions.values import NUMBERS, Range, Value, type_name

if TYPE_CHECKING:
    from genba.expressions.compiler import Compiler


def _whole(value: Value) -> int | None:
    if type(value) is Decimal and value == value.to_integral_value() and value.adjusted() < 34:
        return int(value)
    return None


def span(low: Value, high: Value, run: Run) -> Iterable[Value]:
    """`low..high`, up or down, of whole numbers or days. Raises Fault for anything else."""
    if type(low) is Date and type(high) is Date:
        numbers = _numbers(low.number, high.number, run)
        return (date_of_number(number) for number in numbers)
    first, last = _whole(low), _whole(high)
    if first is None or last is None:
        raise Fault("an iteration goes between two whole numbers or two dates")
    return (Decimal(number) for number in _numbers(first, last, run))


def _numbers(first: int, last: int, run: Run) -> range:
    run.check_size(abs(last - first) + 1)
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def elements(value: Value, run: Run) -> Iterable[Value]:
    """What an iteration over a value visits: a list's elements, a range's, or the value itself."""
    if type(value) is list:
        return value
    if type(value) is Range:
        return _range_elements(value, run)
    if value is None:
        raise Fault("null cannot be iterated")
    return [value]


def _range_elements(value: Range, run: Run) -> Iterable[Value]:
    found = iter(span(value.start, value.end, run))
    for item in found:
        if (item == value.start and not value.start_included) or (
            item == value.end and not value.end_included
        ):
            continue
        yield item


Domain = tuple[str, Closure, Closure | None]


def _domains(
    compiler: "Compiler", iterators: tuple[syntax.Iterator, ...]
) -> tuple[list[Domain], frozenset[str]]:
    domains: list[Domain] = []
    names: frozenset[str] = frozenset()
    for iterator in iterators:
        with compiler.binding(names):
            end = None if iterator.end is None else compiler.compile(iterator.end)
            domains.append((iterator.name, compiler.compile(iterator.domain), end))
        names |= {iterator.name}
    return domains, names


def _visit(frame: Frame, domain: Domain) -> Iterable[Value]:
    _, start, end = domain
    if end is not None:
        return span(start(frame), end(frame), frame.run)
    return elements(start(frame), frame.run)


def _turns(frame: Frame, domains: list[Domain], depth: int = 0) -> Iterable[Frame]:
    """A frame for each combination, the last iterator turning fastest."""
    domain = domains[depth]
    last = depth + 1 == len(domains)
    for item in _visit(frame, domain):
        frame.run.spend(1)
        inner = Frame({domain[0]: item}, frame, frame.run)
        if last:
            yield inner
        else:
            yield from _turns(inner, domains, depth + 1)


def compile_for(compiler: "Compiler", node: syntax.For) -> Closure:
    """`for ... return`: a list of the body's values; `partial` is the list so far."""
    domains, names = _domains(compiler, node.iterators)
    outer = compiler.read
    compiler.read = set()
    with compiler.binding(names | {"partial"}):
        body, weight = compiler.weighed(node.body)
    uses_partial = "partial" in compiler.read
    compiler.read |= outer
    at = node.at

    def apply(frame: Frame) -> Value:
        run = frame.run
        made: list[Value] = []
        try:
            for turn in _turns(frame, domains):
                run.spend(weight)
                run.check_size(len(made) + 1)
                if uses_partial:
                    run.spend(len(made))
                    turn = Frame({"partial": list(made)}, turn, run)
                made.append(body(turn))
        except Fault as fault:
            return run.warn(fault.message, at)
        return made

    return apply


def compile_quantified(compiler: "Compiler", node: syntax.Quantified) -> Closure:
    """`some`, `every`: three-valued like `or` and `and` over all turns."""
    domains, names = _domains(compiler, node.iterators)
    with compiler.binding(names):
        body, weight = compiler.weighed(node.body)
    decisive, at = node.kind == "some", node.at

    def apply(frame: Frame) -> Value:
        run = frame.run
        undecided = False
        try:
            for turn in _turns(frame, domains):
                run.spend(weight)
                held = body(turn)
                if held is decisive:
                    return decisive
                undecided = undecided or held is not (not decisive)
        except Fault as fault:
            return run.warn(fault.message, at)
        return None if undecided else not decisive

    return apply


def compile_filter(compiler: "Compiler", node: syntax.Filter) -> Closure:
    """`list[3]`, `list[-1]`, `list[item > 2]`; inside, a context's entries are names."""
    base = compiler.compile(node.base)
    with compiler.binding(frozenset({"item"})):
        condition, weight = compiler.weighed(node.condition)
    constant = _constant_position(node.condition)
    countable = isinstance(node.condition, (syntax.Name, syntax.Arithmetic, syntax.Negation))
    at = node.at

    def by_position(frame: Frame) -> Value:
        assert constant is not None
        return _element(frame.run, _listed(base(frame)), constant, at=at)

    def by_condition(frame: Frame) -> Value:
        run = frame.run
        items = _listed(base(frame))
        if not items and countable:
            return _of_nothing(run, condition, frame, at=at)
        kept = []
        for index, item in enumerate(items):
            run.spend(weight)
            held = condition(_item_frame(frame, item))
            if held is True:
                kept.append(item)
            elif index == 0 and type(held) is Decimal:
                return _element(run, items, held, at=at)
            elif held is not None and held is not False:
                return run.warn(f"a filter is a condition or a number, not a {type_name(held)}", at)
        return kept

    return by_position if constant is not None else by_condition


def _of_nothing(run: Run, condition: Closure, frame: Frame, *, at: int) -> Value:
    """An empty list filtered: a position in it is null, a condition leaves it empty."""
    with run.silence():
        held = condition(_item_frame(frame, None))
    return _element(run, [], held, at=at) if type(held) is Decimal else []


def _constant_position(node: syntax.Node) -> Decimal | None:
    sign = 1
    if isinstance(node, syntax.Negation):
        node, sign = node.operand, -1
    if isinstance(node, syntax.Literal) and type(node.value) is Decimal:
        return NUMBERS.multiply(node.value, Decimal(sign))
    return None


def _listed(value: Value) -> list[Value]:
    if type(value) is list:
        return value
    return [] if value is None else [value]


def _item_frame(frame: Frame, item: Any) -> Frame:
    run = frame.run
    if type(item) is dict:
        frame = Frame({"item": item}, frame, run)
        return Frame(item, frame, run)
    return Frame({"item": item}, frame, run)


def _element(run: Run, items: list[Value], position: Decimal, *, at: int) -> Value:
    index = _whole(position)
    if index is None:
        return run.warn("a position is a whole number", at)
    if 1 <= index <= len(items):
        return items[index - 1]
    if -len(items) <= index <= -1:
        return items[index]
    return run.warn(f"{NO_ELEMENT} {index} in a list of {len(items)}", at)
