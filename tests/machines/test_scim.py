"""An identity provider keeps people and teams: what its tester says, and what came of it here."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MEDIA = "application/scim+json"


@pytest.fixture
def chief(inst: Any) -> Any:
    """An administrator."""
    from genba.people.accounts import enrol

    return enrol("chief@example.org", None, name="Chief", administrator=True)


@pytest.fixture
def secret(chief: Any, do: Any) -> str:
    """The secret of the provider's token."""
    from genba.acts.bearers import hash_of, make_secret

    one = make_secret()
    given = {"name": "provider", "scopes": "scim", "hash": hash_of(one)}
    assert do(chief, "account.make-token", chief.id, **given).ok
    return one


Ask = Callable[..., Any]


@pytest.fixture
def ask(secret: str) -> Ask:
    """Ask as the provider does."""

    def answer(method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {} if body is None else {"data": json.dumps(body), "content_type": MEDIA}
        shown = {"Authorization": f"Bearer {secret}", **headers}
        return Client().generic(method, f"/scim/v2{path}", **sent, headers=shown)

    return answer


def user(name: str, **more: Any) -> dict[str, Any]:
    address = f"{name}@example.org"
    return {
        "schemas": [USER],
        "userName": address,
        "displayName": name.title(),
        "emails": [{"value": address, "type": "work", "primary": True}],
        **more,
    }


def test_the_tester_of_scim_finds_nothing(secret: str, settings: Any) -> None:
    settings.GENBA_URL, settings.GENBA_API_RATE = "http://localhost", 1_000_000
    settings.ALLOWED_HOSTS = ["localhost"]

    def application(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return get_wsgi_application()(environ, start)

    client = WSGISCIMClient(application, base_url="http://localhost/scim/v2")
    results = check_server(client)
    wrong = [
        f"{one.title} {one.resource_type}: {one.status.name} {one.reason}"
        for one in results
        if one.status not in (Status.SUCCESS, Status.ACCEPTABLE)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(results) >= 70


def test_who_is_added_has_an_account_and_who_is_removed_has_none(
    ask: Ask, inst: Any, chief: Any
) -> None:
    from genba.people.directory import by_address

    made = ask("POST", "/Users", user("ana", externalId="e7", preferredLanguage="fr-CA"))
    assert made.status_code == 201, made.content
    id = made.json()["id"]
    ana = by_address("ana@example.org")
    assert ana is not None
    assert (ana.name, ana.locale, ana.is_guest) == ("Ana", "fr", False)
    again = ask("POST", "/Users", user("ana"))
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    closed = {
        "schemas": [PATCH],
        "Operations": [{"op": "Replace", "path": "active", "value": False}],
    }
    assert ask("PATCH", f"/Users/{id}", closed).status_code == 204
    assert ask("GET", f"/Users/{id}").json()["active"] is False
    assert by_address("ana@example.org") is None
    assert ask("DELETE", f"/Users/{id}").status_code == 204
    assert ask("GET", f"/Users/{id}").status_code == 404
    back = ask("POST", "/Users", user("ana"))  # she is who she was
    assert back.status_code == 201
    found = by_address("ana@example.org")
    assert found is not None
    assert found.id == ana.id
    with inst.journal.reading() as reading:
        entries = reading.log_since(0, 500)
        states = [row.state for row in reading.streams("scim-person", limit=50)]
    acts = [one.envelope for one in entries if one.envelope.act.startswith("directory.")]
    assert {one.act.partition(".")[2] for one in acts} == {
        "add-person",
        "change-person",
        "remove-person",
    }
    assert all((one.channel, one.machine, one.actor) == ("scim", True, chief.id) for one in acts)
    assert not any(b"ana@" in one.body for one in entries)
    assert sum(b"ana@" in state for state in states) == 1  # what was removed is forgotten


def test_who_was_here_before_is_found_and_taken_over(ask: Ask, people: Any) -> None:
    from genba.people.directory import known

    found = ask("GET", '/Users?filter=userName eq "BUYER@example.org"').json()
    assert found["totalResults"] == 1
    (one,) = found["Resources"]
    assert one["id"] == f"person-{people['buyer'].id}"
    assert [group["display"] for group in one["groups"]] == ["Buying"]
    said = {**user("buyer"), "displayName": "Beatrice"}
    changed = ask("PUT", f"/Users/{one['id']}", said, **{"If-Match": one["meta"]["version"]})
    assert changed.status_code == 200, changed.content
    person = known(people["buyer"].id)
    assert person is not None
    assert (person.name, person.groups) == ("Beatrice", ("Buying",))
    stale = ask("PUT", f"/Users/{one['id']}", said, **{"If-Match": one["meta"]["version"]})
    assert stale.status_code == 412


def test_the_people_of_a_team(ask: Ask, people: Any) -> None:
    from genba.people.directory import groups, members

    ana = ask("POST", "/Users", user("ana")).json()["id"]
    buying = ask("GET", '/Groups?filter=displayName eq "Buying"').json()["Resources"][0]
    assert {one["value"] for one in buying["members"]} == {
        f"person-{people[role].id}" for role in ("buyer", "helper")
    }
    gone = f'members[value eq "person-{people["helper"].id}"]'
    operations = [
        {"op": "add", "path": "members", "value": [{"value": ana}]},
        {"op": "remove", "path": gone},
    ]
    changed = ask(
        "PATCH", f"/Groups/{buying['id']}", {"schemas": [PATCH], "Operations": operations}
    )
    assert changed.status_code in (200, 204), changed.content
    assert {one.name for one in members("Buying")} == {"Ana", "Buyer"}
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "buying"}
    assert ask("POST", "/Groups", group).status_code == 409
    stranger = {**group, "displayName": "New", "members": [{"value": "nobody"}]}
    assert ask("POST", "/Groups", stranger).status_code == 400
    made = ask("POST", "/Groups", {**group, "displayName": "New"}).json()
    assert "New" in groups()
    assert ask("DELETE", f"/Groups/{made['id']}").status_code == 204
    assert "New" not in groups()


def test_a_crash_before_it_is_brought_about_loses_nothing(
    ask: Ask, inst: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from genba.channels.scim import storage
    from genba.machines import provisioned
    from genba.people.directory import by_address
    from genba.runtime.loop import Loop

    def crash(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "bring_about", crash)
    with pytest.raises(KeyboardInterrupt):
        ask("POST", "/Users", user("ana"))
    assert by_address("ana@example.org") is None
    provisioned.connect(inst)
    Loop(inst).drain()
    assert by_address("ana@example.org") is not None


def test_only_a_token_for_it_opens_it(
    ask: Ask, do: Any, people: Any, chief: Any, token: Any, inst: Any
) -> None:
    from genba.acts.bearers import hash_of, make_secret

    def status(secret: str, path: str = "/Users") -> int:
        shown = {"Authorization": f"Bearer {secret}"} if secret else {}
        return Client().get(f"/scim/v2{path}", headers=shown).status_code

    assert status("") == 401
    assert status("genba_no") == 401
    assert status("", "/ServiceProviderConfig") == 200
    assert status(token("scim", "read", "act")) == 403  # of a member
    secret = make_secret()
    given = {"name": "x", "scopes": "read,act", "hash": hash_of(secret)}
    assert do(chief, "account.make-token", chief.id, **given).ok
    assert status(secret) == 403
    assert not do(people["buyer"], "directory.add-team", "people", name="Mine").ok
    assert do(chief, "directory.add-team", "people", name="Mine").ok


def test_nobody_closes_their_own_account(ask: Ask, chief: Any) -> None:
    assert ask("DELETE", f"/Users/person-{chief.id}").status_code == 403
    said = {**user("chief"), "active": False}
    assert ask("PUT", f"/Users/person-{chief.id}", said).status_code == 403
