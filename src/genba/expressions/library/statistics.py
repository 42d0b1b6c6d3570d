"""Built-ins that sum up a list, given as a list or as many arguments (10.3.4.4, 10.3.4.2)."""

from collections import Counter
from decimal import Decimal

from genba.expressions.arithmetic import calculate
from genba.expressions.equality import equal, order
from genba.expressions.library.arguments import numbers_of
from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.temporal import DateTime, Time
from genba.expressions.values import NUMBERS, Value, type_name

Items = list[Value]


def _extreme(run: Run, items: Items, sign: int) -> Value:
    run.spend(len(items))
    if not items:
        return None
    best = items[0]
    for item in items:
        compared = order(item, best)
        if compared is None:
            raise Fault(f"no order between {type_name(item)} and {type_name(best)}")
        if compared == sign:
            best = item
    return best


def _sum(run: Run, items: Items) -> Value:
    run.spend(len(items))
    if not items:
        return None
    total = items[0]
    if not isinstance(total, Decimal) and "duration" not in type_name(total):
        raise Fault(f"a {type_name(total)} cannot be summed")
    for item in items[1:]:
        if type(item) is not type(total):
            raise Fault(f"the list holds a {type_name(item)} beside a {type_name(total)}")
        total = calculate("+", total, item, run)
    return total


def _mean(run: Run, items: Items) -> Value:
    total = _sum(run, items)
    return None if total is None else calculate("/", total, Decimal(len(items)), run)


def _product(run: Run, items: Items) -> Value:
    run.spend(len(items))
    total: Value = Decimal(1) if items else None
    for item in numbers_of(items):
        total = calculate("*", total, item, run)
    return total


def _median(run: Run, items: Items) -> Value:
    run.spend(len(items) * 4)
    ordered = sorted(numbers_of(items))
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return calculate("/", NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2), run)


def _stddev(run: Run, items: Items) -> Value:
    """The sample standard deviation; it needs two numbers at least."""
    run.spend(len(items) * 4)
    values = numbers_of(items)
    if len(values) < 2:
        raise Fault("a deviation needs two numbers at least")
    mean = _mean(run, items)
    squares: Value = Decimal(0)
    for value in values:
        distance = NUMBERS.subtract(value, mean)
        squares = calculate("+", squares, calculate("*", distance, distance, run), run)
    return NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(values) - 1)))


def _mode(run: Run, items: Items) -> Items:
    run.spend(len(items) * 4)
    counted = Counter(numbers_of(items))
    most = max(counted.values(), default=0)
    return sorted(value for value, times in counted.items() if times == most)


def _all(run: Run, items: Items) -> bool | None:
    return _three_valued(run, items, decisive=False)


def _any(run: Run, items: Items) -> bool | None:
    return _three_valued(run, items, decisive=True)


def _three_valued(run: Run, items: Items, *, decisive: bool) -> bool | None:
    run.spend(len(items))
    if any(item is decisive for item in items):
        return decisive
    return (not decisive) if all(item is (not decisive) for item in items) else None


def _is(run: Run, one: Value = None, two: Value = None) -> bool:
    """The same element of the same type: two times of one instant in different zones are not."""
    if type(one) is not type(two):
        return False
    if isinstance(one, (Time, DateTime)):
        return bool(one == two)
    return equal(one, two, run) is True


def _not(run: Run, value: Value) -> bool | None:
    return (not value) if isinstance(value, bool) else None


TABLE = (
    builtin("min", "list...: any", lambda run, items: _extreme(run, items, -1)),
    builtin("max", "list...: any", lambda run, items: _extreme(run, items, 1)),
    builtin("sum", "list...: any", _sum),
    builtin("mean", "list...: any", _mean),
    builtin("product", "list...: any", _product),
    builtin("median", "list...: any", _median),
    builtin("stddev", "list...: any", _stddev),
    builtin("mode", "list...: any", _mode),
    builtin("all", "list...: any", _all),
    builtin("any", "list...: any", _any),
    builtin("is", "value1?: any, value2?: any", _is),
    builtin("not", "negand: any", _not),
)
