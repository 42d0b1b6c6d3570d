"""Feeds by a secret address: what is in them, and what their secret opens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from genba.acts.bearers import hash_of, make_secret

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def subscribe(do: Any, people: Any, settings: Any) -> Callable[[str], str]:
    """Make a secret of somebody; gives it."""
    settings.GENBA_URL = "https://genba.test"

    def make(who: str) -> str:
        secret = make_secret()
        given = {"name": "reader", "scopes": "feed", "hash": hash_of(secret)}
        assert do(people[who], "account.make-token", people[who].id, **given).ok
        return secret

    return make


@pytest.fixture
def subscribed(subscribe: Callable[[str], str]) -> str:
    """A secret of whoever starts cases."""
    return subscribe("staff")


def entries(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    feed = etree.fromstring(answer.content)
    for needed in ("title", "id", "updated", "author"):
        assert feed.find(f"{ATOM}{needed}") is not None, needed
    found = feed.findall(f"{ATOM}entry")
    for one in found:  # RFC 4287 §4.1.2
        assert all(one.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
    assert len({one.findtext(f"{ATOM}id") for one in found}) == len(found)
    return list(found)


def test_what_needs_me_and_what_happened(
    subscribed: str, subscribe: Callable[[str], str], started: Any, do: Any, people: Any
) -> None:
    case = started()
    assert do(people["staff"], "case.comment", case, text="Is \x0b it <b>dear</b>?").ok
    (one,) = entries(Client().get(f"/feeds/{subscribe('buyer')}/needs.atom"))
    assert one.find(f"{ATOM}link").get("href").startswith("https://genba.test/cases/1/")
    story = entries(Client().get(f"/feeds/{subscribed}/happened.atom"))
    texts = [entry.findtext(f"{ATOM}content") for entry in story]
    assert any("<b>dear</b>" in (text or "") for text in texts)
    instants = [entry.findtext(f"{ATOM}updated") for entry in story]
    assert instants == sorted(instants, reverse=True)


def test_activities(subscribed: str, started: Any, do: Any, people: Any) -> None:
    case = started()
    assert do(people["staff"], "case.comment", case, text="Is it dear?").ok
    answer = Client().get(f"/feeds/{subscribed}/happened.json")
    assert answer.headers["Content-Type"] == "application/activity+json"
    found = json.loads(answer.content)
    assert found["@context"] == "https://www.w3.org/ns/activitystreams"
    assert found["type"] == "OrderedCollection"
    assert found["totalItems"] == len(found["orderedItems"])
    (said,) = [one for one in found["orderedItems"] if one["type"] == "Create"]
    assert (said["object"]["type"], said["object"]["content"]) == ("Note", "Is it dear?")
    assert said["actor"]["type"] == "Person"


def test_what_did_not_change_is_not_sent_again(subscribed: str, started: Any) -> None:
    started()
    first = Client().get(f"/feeds/{subscribed}/needs.atom")
    tag = first.headers["ETag"]
    again = Client().get(f"/feeds/{subscribed}/needs.atom", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_secret_opens_feeds_only_until_it_is_revoked(
    subscribed: str, started: Any, do: Any, people: Any
) -> None:
    started()
    for path in ("needs.atom", "happened.atom", "happened.json"):
        assert Client().get(f"/feeds/{subscribed}/{path}").status_code == 200
        assert Client().post(f"/feeds/{subscribed}/{path}").status_code == 405
        assert Client().get(f"/feeds/{make_secret()}/{path}").status_code == 404
    assert Client().get(f"/feeds/{subscribed}/other.atom").status_code == 404
    shown = {"Authorization": f"Bearer {subscribed}"}
    assert Client().get("/api/cards", headers=shown).status_code == 403
    assert do(people["staff"], "account.revoke-token", people["staff"].id, token="reader").ok
    assert Client().get(f"/feeds/{subscribed}/needs.atom").status_code == 404
