"""Tokens: what they open, for how long, and what is kept of them."""

import base64
from typing import Any

import pytest
from django.test import Client
from msgspec.structs import replace


@pytest.mark.security("S18")
def test_a_token_opens_what_its_scopes_say(
    started: Any, task_of: Any, token: Any, program: Any
) -> None:
    case = started()
    task = task_of(case, "check")
    reader = program(token("read", who="buyer"))
    doer = program(token("act", who="buyer", name="doer"))
    assert [card["id"] for card in reader.ask("GET", "/api/cards").json()] == [task]
    assert reader.ask("POST", f"/api/task/{task}/complete", {}).status_code == 403
    assert doer.ask("GET", "/api/cards").status_code == 403
    assert doer.ask("GET", f"/api/task/{task}").status_code == 403
    assert doer.ask("POST", f"/api/task/{task}/complete", {}).status_code == 200


@pytest.mark.security("S18")
def test_what_a_program_does_is_logged_as_a_machines(
    inst: Any, started: Any, task_of: Any, token: Any, program: Any, people: Any
) -> None:
    case = started()
    program(token("act", who="buyer")).ask(
        "POST", f"/api/task/{task_of(case, 'check')}/complete", {}
    )
    with inst.journal.reading() as reading:
        (done,) = [one for one in reading.log(case) if one.type == "work-completed"]
    assert done.envelope.machine
    assert (done.envelope.actor, done.envelope.channel) == (people["buyer"].id, "api")


@pytest.mark.parametrize("shown", ["", "genba_wrong", "wrong"])
def test_no_token_or_a_wrong_one_is_nobody(started: Any, program: Any, shown: str) -> None:
    case = started()
    stranger = program(shown)
    assert stranger.ask("GET", "/api/cards").status_code == 401
    posted = stranger.ask("POST", f"/api/case/{case}/comment", {"text": "x"})
    assert posted.status_code == 401
    body = {"worker": "w", "topics": [{"topic": "t"}]}
    assert stranger.ask("POST", "/api/jobs/fetch", body).status_code == 401
    assert stranger.ask("GET", "/engine-rest/external-task").status_code == 401


def test_only_a_hash_is_kept(inst: Any, token: Any, people: Any) -> None:
    secret = token("read")
    inst.journal.close()
    kept = b"".join(path.read_bytes() for path in _files(inst))
    assert secret.encode() not in kept
    assert secret.removeprefix("genba_").encode() not in kept


def _files(inst: Any) -> Any:
    from pathlib import Path

    folder = Path(inst.journal.path).parent
    return [path for path in folder.iterdir() if path.is_file()]


@pytest.mark.security("S12")
def test_a_token_ends_by_day_by_act_and_with_its_account(
    do: Any, people: Any, token: Any, program: Any, pass_time: Any
) -> None:
    from genba.people.models import Person

    short = program(token("read", name="short", days=1))
    other = program(token("read", name="other"))
    third = program(token("read", who="lead"))
    assert short.ask("GET", "/api/cards").status_code == 200
    pass_time(86_400)
    assert short.ask("GET", "/api/cards").status_code == 401
    assert other.ask("GET", "/api/cards").status_code == 200
    staff = people["staff"]
    assert do(staff, "account.revoke-token", staff.id, token="other").ok
    assert other.ask("GET", "/api/cards").status_code == 401
    assert not do(staff, "account.revoke-token", staff.id, token="other").ok
    Person.objects.filter(pk=int(people["lead"].id)).update(is_active=False)
    assert third.ask("GET", "/api/cards").status_code == 401


@pytest.mark.security("S18")
def test_tokens_are_made_by_their_person_and_by_no_program(
    do: Any, people: Any, token: Any, program: Any
) -> None:
    given = {"name": "x", "scopes": "read", "hash": "0" * 64}
    assert do(people["lead"], "account.make-token", people["staff"].id, **given).verdict == (
        "unknown-object"
    )
    path = f"/api/account/{people['staff'].id}/make-token"
    agent = program(token("read", "act", "work:*"))
    assert agent.ask("POST", path, given).status_code in (403, 404)
    assert agent.ask("GET", f"/api/account/{people['staff'].id}").status_code == 404


@pytest.mark.parametrize("scopes", ["", "write", "work:", "read,all", "work:a b"])
def test_a_scope_there_is_none_of_is_refused(do: Any, people: Any, scopes: str) -> None:
    staff = people["staff"]
    made = do(staff, "account.make-token", staff.id, name="x", scopes=scopes, hash="0" * 64)
    assert made.verdict == "invalid"
    assert "scopes" in made.errors


def test_a_password_of_basic_may_be_a_token(token: Any) -> None:
    pair = base64.b64encode(f"demo:{token('work:a')}".encode()).decode()
    answer = Client().get("/engine-rest/external-task", headers={"Authorization": f"Basic {pair}"})
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.security("S18")
def test_what_asks_for_a_signed_in_person_is_not_done_by_a_program(
    started: Any,
    task_of: Any,
    token: Any,
    program: Any,
    do: Any,
    people: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from genba.acts import registry
    from genba.acts.card import Assurance

    task = task_of(started(), "check")
    complete = replace(registry._declared["task.complete"], assurance=Assurance.SESSION)
    monkeypatch.setitem(registry._declared, "task.complete", complete)
    answer = program(token("act", who="buyer")).ask("POST", f"/api/task/{task}/complete", {})
    assert (answer.status_code, answer.json()["verdict"]) == (403, "step-up")
    assert do(people["buyer"], "task.complete", task).ok
