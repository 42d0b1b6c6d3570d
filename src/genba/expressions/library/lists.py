"""List built-ins (10.3.4.4). Lists are never changed: each function gives a new one and pays for
it.
"""

import functools
from decimal import Decimal

from genba.expressions.equality import equal, order
from genba.expressions.library.arguments import whole
from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.values import Function, Value, type_name

Items = list[Value]


def _holds(run: Run, items: Items, element: Value) -> bool:
    run.spend(len(items))
    return any(equal(item, element, run) is True for item in items)


def _sublist(run: Run, items: Items, start: Decimal, length: Decimal | None = None) -> Items:
    begin = _index(items, start)
    end = len(items) if length is None else begin + whole(length, "a length")
    if length is not None and (end <= begin or end > len(items)):
        raise Fault("the sublist does not lie within the list")
    run.grow(end - begin)
    return items[begin:end]


def _index(items: Items, position: Decimal) -> int:
    place = whole(position)
    if place == 0 or abs(place) > len(items):
        raise Fault(f"there is no position {place} in a list of {len(items)}")
    return place - 1 if place > 0 else len(items) + place


def _concatenate(run: Run, lists: Items) -> Items:
    run.grow(sum(len(part) if isinstance(part, list) else 1 for part in lists))
    made: Items = []
    for part in lists:
        if isinstance(part, list):
            made.extend(part)
        else:
            made.append(part)
    return made


def _insert_before(run: Run, items: Items, position: Decimal, new: Value) -> Items:
    run.grow(len(items) + 1)
    index = _index(items, position)
    return [*items[:index], new, *items[index:]]


def _remove(run: Run, items: Items, position: Decimal) -> Items:
    run.grow(len(items))
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


def _replace_at(run: Run, items: Items, position: Decimal, new: Value) -> Items:
    run.grow(len(items))
    index = _index(items, position)
    return [*items[:index], new, *items[index + 1 :]]


def _replace_where(run: Run, items: Items, match: Function, new: Value) -> Items:
    run.grow(len(items))
    made = []
    for item in items:
        held = match.call(run, item, new)
        if type(held) is not bool:
            raise Fault("the match function gives a boolean")
        made.append(new if held else item)
    return made


def _reverse(run: Run, items: Items) -> Items:
    run.grow(len(items))
    return items[::-1]


def _index_of(run: Run, items: Items, match: Value) -> Items:
    run.grow(len(items))
    return [
        Decimal(place) for place, item in enumerate(items, 1) if equal(item, match, run) is True
    ]


def _distinct(run: Run, items: Items) -> Items:
    made: Items = []
    plain: set[object] = set()
    for item in items:
        run.spend(1)
        if type(item) in (str, Decimal, bool, type(None)):
            key = (type(item), item)
            if key not in plain:
                plain.add(key)
                made.append(item)
        elif not _holds(run, made, item):
            made.append(item)
    return made


def _union(run: Run, lists: Items) -> Items:
    return _distinct(run, _concatenate(run, lists))


def _flatten(run: Run, items: Items) -> Items:
    made: Items = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.grow(1)
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            made.append(item)
            run.check_size(len(made))
        else:
            waiting.pop()
    return made


def _sort(run: Run, items: Items, precedes: Function | None = None) -> Items:
    def compare(one: Value, two: Value) -> int:
        run.spend(1)
        if precedes is not None:
            return -1 if precedes.call(run, one, two) is True else 1
        sign = order(one, two)
        if sign is None:
            raise Fault(f"no order between {type_name(one)} and {type_name(two)}")
        return sign

    run.grow(len(items))
    return sorted(items, key=functools.cmp_to_key(compare))


def _append_all(run: Run, items: Items, *more: Value) -> Items:
    run.grow(len(items) + len(more))
    return [*items, *more]


def _count(run: Run, items: Items) -> Decimal:
    return Decimal(len(items))


TABLE = (
    builtin("list contains", "list: list, element: any", _holds),
    builtin("count", "list: list", _count),
    builtin("sublist", "list: list, start position: number, length?: number", _sublist),
    builtin("append", "list: list, item...: any", lambda run, a, b: _append_all(run, a, *b)),
    builtin("concatenate", "list...: any", _concatenate),
    builtin("insert before", "list: list, position: number, newItem: any", _insert_before),
    builtin("remove", "list: list, position: number", _remove),
    builtin("list replace", "list: list, position: number, newItem: any", _replace_at),
    builtin("list replace", "list: list, match: function, newItem: any", _replace_where),
    builtin("reverse", "list: list", _reverse),
    builtin("index of", "list: list, match: any", _index_of),
    builtin("union", "list...: any", _union),
    builtin("distinct values", "list: list", _distinct),
    builtin("flatten", "list: list", _flatten),
    builtin("sort", "list: list, precedes?: function", _sort),
)
