"""The short way answers what the closures answer, and only where it can."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from genba.expressions import Budget, Compiled, compile_expression
from genba.expressions.direct import SMALL, write_direct
from genba.expressions.parser import parse_expression
from genba.expressions.values import EXACT

SHORT = [
    'amount > 1000 and country = "DE"',
    "amount between 5 and limit",
    'country in ("DE", "FR") or country in ["IT"]',
    "not(approved) and amount != 3",
    "approved",
    "1000 < amount or -amount >= limit * 2 + 1 - 4",
    'if amount < limit then "small" else country',
    "amount + 1",
    "country = name",
    'country = "DE" or country = "FR" or country = "IT"',
]
LONG = ["order.amount > 1", "count(list) > 1", 'date("2024-01-01") < day', "a / 2", "1 in (< 5)"]
NUMBERS = ["amount", "limit", "0", "1", "-2", "1.5", "1e6000", str(SMALL), str(EXACT)]
TEXTS = ["country", "name", '"DE"', '"FR"', '""']
TRUTHS = ["approved", "urgent", "true", "false"]


def joined(*parts: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    return some.tuples(*parts).map("".join)


def signs(*signs: str) -> some.SearchStrategy[str]:
    return some.sampled_from([f" {sign} " for sign in signs])


COUNTS = some.recursive(
    some.sampled_from(NUMBERS),
    lambda inner: joined(some.just("("), inner, signs("+", "-", "*"), inner, some.just(")")),
    max_leaves=3,
)
ORDERS = signs("<", "<=", ">", ">=", "=", "!=")
WORDS = some.sampled_from(TEXTS)
ANYTHING = some.one_of(COUNTS, WORDS, some.sampled_from(TRUTHS))
TESTS = some.one_of(
    joined(COUNTS, ORDERS, COUNTS),
    joined(WORDS, ORDERS, WORDS),
    joined(ANYTHING, ORDERS, ANYTHING),
    joined(COUNTS, some.just(" between "), COUNTS, some.just(" and "), COUNTS),
    joined(ANYTHING, some.just(" in ("), ANYTHING, some.just(", "), ANYTHING, some.just(")")),
    joined(ANYTHING, some.just(" in ["), ANYTHING, some.just(", "), ANYTHING, some.just("]")),
    some.sampled_from(TRUTHS),
).map(lambda text: f"({text})")
CONDITIONS = some.recursive(
    TESTS,
    lambda inner: some.one_of(
        joined(some.just("("), inner, signs("and", "or"), inner, some.just(")")),
        joined(some.just("not("), inner, some.just(")")),
        joined(
            *map(some.just, ["(if "]), inner, some.just(" then "), inner, some.just(" else ")
        ).flatmap(lambda text: inner.map(lambda last: f"{text}{last})")),
    ),
    max_leaves=5,
)
VALUES = some.sampled_from(
    [
        *(None, True, False, 0, 1, -2, 1000, SMALL - 1, SMALL, -SMALL, EXACT - 1, EXACT, -EXACT),
        *(10**40, 1.5, float("nan"), "", "DE", "FR", [1], {"a": 1}, object(), b"DE"),
        *(Decimal("1.5"), Decimal("1e6000"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")),
    ]
)
NAMES = ("amount", "limit", "country", "name", "approved", "urgent")
PLAIN = {"amount": 7, "limit": 3, "country": "DE", "name": "x", "approved": True, "urgent": False}
SCOPES = some.one_of(
    some.just(PLAIN), some.dictionaries(some.sampled_from(NAMES), VALUES, max_size=6)
)


def compiled(text: str) -> Compiled:
    made = compile_expression(text)
    assert isinstance(made, Compiled), made
    return made


@settings(deadline=None, max_examples=1500)
@given(CONDITIONS, SCOPES)
@example("amount > 1", {"amount": Decimal("sNaN")})
@example("amount * 1e6000 > 1", {"amount": Decimal("1e6000")})
def test_the_short_way_answers_as_the_closures(text: str, scope: dict[str, Any]) -> None:
    made = compiled(text)
    closures = made.evaluate(scope)
    made.evaluate(PLAIN)  # now the short way is there
    assert repr(made.evaluate(scope)) == repr(closures)
    assert repr(made.value(scope)) == repr(closures.value)


@pytest.mark.parametrize("text", SHORT)
def test_conditions_have_a_short_way(text: str) -> None:
    direct = write_direct(parse_expression(text, ()), frozenset())
    assert direct is not None
    assert direct(PLAIN) == compiled(text).evaluate(PLAIN)
    assert direct({}) is None


@pytest.mark.parametrize("text", LONG)
def test_what_is_more_than_a_condition_has_none(text: str) -> None:
    assert write_direct(parse_expression(text, ()), frozenset()) is None


def test_long_and_deep_texts_have_none() -> None:
    for text in (" and ".join(["a > 1"] * 200), "(a > 1 and " * 30 + "b" + ")" * 30):
        assert write_direct(parse_expression(text, ()), frozenset()) is None
        made = compiled(text)
        assert {made.evaluate({"a": 2, "b": True}).value for _ in range(3)} == {True}


def test_nothing_an_author_writes_gets_into_the_function() -> None:
    text = '"); raise SystemExit #" = country'
    made = compiled(text)
    assert [made.evaluate({"country": "); raise SystemExit #"}).value for _ in range(3)] == [
        True,
        True,
        True,
    ]


def test_a_budget_of_the_callers_own_is_kept() -> None:
    made = compiled('country in ["DE", "FR"]')
    for _ in range(3):
        assert made.evaluate({"country": "FR"}).value is True
    assert made.evaluate({"country": "FR"}, Budget(steps=1)).exhausted is not None


def test_a_name_in_scope_hides_the_built_in() -> None:
    assert write_direct(parse_expression("not(a)", ("not",)), frozenset({"not"})) is None
