"""Compiled expressions answer what a small, slow interpreter of the same tree answers.

The interpreter below reads the standard's tables once more, with Python's own containers and no
closures, budget or short cuts.
"""

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from genba.expressions import Compiled, compile_expression, syntax, to_feel
from genba.expressions.parser import parse_expression

Scope = dict[str, Any]
KINDS = (bool, Decimal, str)


def kind(value: object) -> object:
    return next((one for one in KINDS if isinstance(value, one)), type(value))


def same(left: Any, right: Any) -> bool | None:
    """10.3.2.13: null equals null alone; different kinds cannot be compared."""
    if left is None or right is None:
        return left is right
    if kind(left) is not kind(right):
        return None
    if isinstance(left, list):
        return len(left) == len(right) and all(
            same(one, two) is True for one, two in zip(left, right, strict=True)
        )
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) is True for k in left)
    return bool(left == right)


def ordered(left: Any, right: Any, test: Callable[[Any, Any], bool]) -> bool | None:
    plain = kind(left) is kind(right) and kind(left) in (Decimal, str)
    return test(left, right) if plain else None


def literal(node: syntax.Literal, scope: Scope) -> Any:
    return node.value


def name(node: syntax.Name, scope: Scope) -> Any:
    return scope.get(node.name)


def comparison(node: syntax.Comparison, scope: Scope) -> Any:
    left, right = interpret(node.left, scope), interpret(node.right, scope)
    if node.operator in ("=", "!="):
        found = same(left, right)
        return None if found is None else found is (node.operator == "=")
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    return ordered(left, right, tests[node.operator])


def logic(node: syntax.Logic, scope: Scope) -> Any:
    values = [interpret(operand, scope) for operand in node.operands]
    decisive = node.operator == "or"
    if any(value is decisive for value in values):
        return decisive
    return (not decisive) if all(value is (not decisive) for value in values) else None


def arithmetic(node: syntax.Arithmetic, scope: Scope) -> Any:
    value = interpret(node.first, scope)
    for step in node.rest:
        other = interpret(step.right, scope)
        if isinstance(value, Decimal) and isinstance(other, Decimal):
            value = {"+": value + other, "-": value - other, "*": value * other}[step.operator]
        elif step.operator == "+" and isinstance(value, str) and isinstance(other, str):
            value = value + other
        else:
            value = None
    return value


def choice(node: syntax.If, scope: Scope) -> Any:
    held = interpret(node.condition, scope) is True
    return interpret(node.then if held else node.otherwise, scope)


def between(node: syntax.Between, scope: Scope) -> Any:
    value, low, high = (interpret(one, scope) for one in (node.value, node.low, node.high))
    above = ordered(value, low, lambda a, b: a >= b)
    below = ordered(value, high, lambda a, b: a <= b)
    return None if above is None or below is None else above and below


def list_of(node: syntax.ListOf, scope: Scope) -> Any:
    return [interpret(item, scope) for item in node.items]


def context_of(node: syntax.ContextOf, scope: Scope) -> Any:
    made: Scope = {}
    for key, value in node.entries:
        made[key] = interpret(value, {**scope, **made})
    return made


def path(node: syntax.Path, scope: Scope) -> Any:
    def entry(value: Any) -> Any:
        if isinstance(value, list):
            return [entry(item) for item in value]
        return value.get(node.name) if isinstance(value, dict) else None

    return entry(interpret(node.base, scope))


def chosen(node: syntax.Filter, scope: Scope) -> Any:
    base = interpret(node.base, scope)
    items = base if isinstance(base, list) else [] if base is None else [base]
    counting = (syntax.Literal, syntax.Name, syntax.Arithmetic, syntax.Negation)
    if not items and isinstance(node.condition, counting):
        place = interpret(node.condition, {**scope, "item": None})
        return None if isinstance(place, Decimal) else []
    kept = []
    for index, item in enumerate(items):
        inner = {**scope, "item": item, **(item if isinstance(item, dict) else {})}
        held = interpret(node.condition, inner)
        if isinstance(held, Decimal) and index == 0:
            place = int(held)
            inside = place == held and 1 <= abs(place) <= len(items)
            return items[place - 1 if place > 0 else place] if inside else None
        if held is True:
            kept.append(item)
        elif held is not None and held is not False:
            return None
    return kept


def turns(node: syntax.For | syntax.Quantified, scope: Scope) -> Iterator[Scope] | None:
    domains = [interpret(one.domain, scope) for one in node.iterators]
    if any(domain is None for domain in domains):
        return None
    listed = [domain if isinstance(domain, list) else [domain] for domain in domains]
    names = [one.name for one in node.iterators]
    return (
        {**scope, **dict(zip(names, values, strict=True))} for values in itertools.product(*listed)
    )


def loop(node: syntax.For, scope: Scope) -> Any:
    inner = turns(node, scope)
    return None if inner is None else [interpret(node.body, one) for one in inner]


def quantified(node: syntax.Quantified, scope: Scope) -> Any:
    inner = turns(node, scope)
    if inner is None:
        return None
    decisive = node.kind == "some"
    held = [interpret(node.body, one) for one in inner]
    if any(one is decisive for one in held):
        return decisive
    return (not decisive) if all(one is (not decisive) for one in held) else None


READERS: dict[type, Callable[[Any, Scope], Any]] = {
    syntax.Literal: literal,
    syntax.Name: name,
    syntax.Comparison: comparison,
    syntax.Logic: logic,
    syntax.Arithmetic: arithmetic,
    syntax.If: choice,
    syntax.Between: between,
    syntax.ListOf: list_of,
    syntax.ContextOf: context_of,
    syntax.Path: path,
    syntax.Filter: chosen,
    syntax.For: loop,
    syntax.Quantified: quantified,
}


def interpret(node: syntax.Node, scope: Scope) -> Any:
    return READERS[type(node)](node, scope)


ATOMS = st.sampled_from(
    ["1", "2", "0", "1.5", '"a"', '"b"', "true", "false", "null", "x", "y", "l", "c", "[]"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    three = st.tuples(inner, inner, inner)
    operators = st.sampled_from(["+", "-", "*", "=", "!=", "<", "<=", ">", ">=", "and", "or"])
    return st.one_of(
        st.tuples(inner, operators, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        three.map(lambda p: f"(if {p[0]} then {p[1]} else {p[2]})"),
        three.map(lambda p: f"({p[0]} between {p[1]} and {p[2]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        two.map(lambda p: f"{{a: {p[0]}, b: {p[1]}}}"),
        inner.map(lambda one: f"({one}).a"),
        two.map(lambda p: f"({p[0]})[{p[1]}]"),
        inner.map(lambda one: f"({one})[item = x]"),
        inner.map(lambda one: f"({one})[a > 1]"),
        two.map(lambda p: f"(for x in {p[0]} return {p[1]})"),
        two.map(lambda p: f"(for x in {p[0]}, z in [1, 2] return [x, z, {p[1]}])"),
        two.map(lambda p: f"(some x in {p[0]} satisfies {p[1]})"),
        two.map(lambda p: f"(every x in {p[0]} satisfies {p[1]})"),
    )


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=12)
VALUES = st.sampled_from([None, True, False, 0, 1, 2, "a", [1, 2], [], {"a": 1}])


@settings(deadline=None, max_examples=600)
@given(EXPRESSIONS, VALUES, VALUES)
def test_compiled_is_interpreted(text: str, x: object, y: object) -> None:
    scope = to_feel({"x": x, "y": y, "l": [1, "a", {"a": 2}], "c": {"a": [1, 2], "b": None}})
    compiled = compile_expression(text)
    assert isinstance(compiled, Compiled)
    evaluation = compiled.evaluate(scope)
    for _ in range(2):  # the second time the short way is written, the third it is taken
        assert repr(compiled.evaluate(scope)) == repr(evaluation)
    if evaluation.exhausted is None:
        assert repr(evaluation.value) == repr(interpret(parse_expression(text, ()), scope))
