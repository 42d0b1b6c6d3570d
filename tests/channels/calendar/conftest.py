"""Errands with due dates, and the programs of people who do them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def at_its_address(settings: Any) -> None:
    """Where people reach it."""
    settings.GENBA_URL = "https://genba.test"


@pytest.fixture
def secret(do: Any, people: dict[str, Any]) -> Callable[..., str]:
    """Make a token of somebody; gives its secret."""
    from genba.acts.bearers import hash_of, make_secret

    def make(who: str, *scopes: str) -> str:
        one = make_secret()
        given = {"name": "device", "scopes": ",".join(scopes), "hash": hash_of(one)}
        made = do(people[who], "account.make-token", people[who].id, **given)
        assert made.ok, made
        return one

    return make


@pytest.fixture
def errand(do: Any, people: dict[str, Any], deploy: Any, inst: Any) -> Callable[[], str]:
    """Start an errand; gives the case id."""
    deploy("errands")

    def start() -> str:
        made = do(people["staff"], "process.start", "errands")
        assert made.ok, made
        return str(made.object_id)

    return start


@pytest.fixture
def subscribed() -> Callable[..., Any]:
    """What a calendar program gets from a secret address."""

    def fetch(secret: str, **headers: str) -> Any:
        return Client().get(f"/calendar/{secret}.ics", headers=headers)

    return fetch
