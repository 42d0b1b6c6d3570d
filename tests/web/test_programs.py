"""The page of one's programs: a token with scopes is made, seen once, used, and revoked."""

import re
from typing import Any

from django.test import Client


def post(client: Client, **given: Any) -> Any:
    return client.post("/me/programs", {"_key": f"k{len(given)}{given}", **given})


def secret_in(page: str) -> str:
    found = re.search(r"<code>(genba_[^<]+)</code>", page)
    assert found, page
    return found[1]


def test_a_token_is_made_shown_once_used_and_revoked(browse: Any, started: Any) -> None:
    started()
    client = browse("buyer")
    assert "No program acts for you." in client.get("/me/programs").content.decode()
    made = post(client, name="Ledger", scope=["read"], topics="pay, ship", days="30")
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    secret = secret_in(made.content.decode())
    page = client.get("/me/programs").content.decode()
    assert secret not in page
    assert "Ledger" in page
    assert "read, work:pay, work:ship" in page
    bearer = {"Authorization": f"Bearer {secret}"}
    assert len(Client().get("/api/cards", headers=bearer).json()) == 1
    end = re.search(r'name="end" value="([^"]+)"', page)
    assert end
    assert post(client, end=end[1]).status_code == 200
    assert "Ledger" not in client.get("/me/programs").content.decode()
    assert Client().get("/api/cards", headers=bearer).status_code == 401


def test_what_is_wrong_is_said_and_nothing_is_made(browse: Any, people: Any) -> None:
    client = browse("buyer")
    wrong = post(client, name="Nothing", days="")
    assert wrong.status_code == 422
    assert "genba_" not in wrong.content.decode()
    assert 'value="Nothing"' in wrong.content.decode()
    assert Client().get("/me/programs").status_code in (302, 303)


def test_the_page_speaks_french_and_shows_nobody_elses(browse: Any, people: Any) -> None:
    post(browse("buyer"), name="Ledger", scope=["read"])
    page = browse("helper").get("/me/programs").content.decode()
    assert "Jetons de mes programmes" in page
    assert "Ledger" not in page
