"""Programs get the same cards and do the same acts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

Browse = Callable[..., Client]


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_cards_and_one_card(browse: Browse, started: Any, task_of: Any) -> None:
    task = task_of(started(), "check")
    client = browse("buyer")
    (card,) = client.get("/api/cards").json()
    assert card["id"] == task
    assert client.get(f"/api/task/{task}").json()["title"] == card["title"]
    assert client.get("/api/task/none:w1").status_code == 404
    assert client.get("/api/nothing/1").status_code == 404
    assert browse("other").get("/api/cards").json() == []


def test_an_act_once_by_key_and_its_refusals(browse: Browse, started: Any, task_of: Any) -> None:
    case = started()
    task = task_of(case, "check")
    path = f"/api/task/{task}/complete"
    assert post(browse("other"), path, {}).status_code == 403
    client = browse("buyer")
    assert post(client, f"/api/case/{case}/comment", {}).status_code == 422
    assert post(client, f"/api/case/{case}/comment", [1]).status_code == 422
    first = post(client, path, {}, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()["verdict"]) == (200, "done")
    again = post(client, path, {}, **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()["verdict"]) == (200, "replayed")
    assert post(client, path, {}).status_code == 409
    assert post(client, "/api/task/none:w1/complete", {}).status_code == 404


def test_a_stranger_and_a_foreign_page_do_nothing(browse: Browse, started: Any) -> None:
    case = started()
    assert post(Client(), f"/api/case/{case}/comment", {"text": "x"}).status_code == 401
    strict = browse("buyer", enforce_csrf_checks=True)
    assert post(strict, f"/api/case/{case}/comment", {"text": "x"}).status_code == 403


def test_every_declared_act_is_described(browse: Browse) -> None:
    from genba.acts.registry import acts

    paths = browse("buyer").get("/api/openapi.json").json()["paths"]
    for declaration in acts():
        operation = paths[f"/api/{declaration.object}/{{id}}/{declaration.name}"]["post"]
        assert operation["operationId"] == declaration.act


def test_a_body_nested_too_deep_is_refused(browse: Browse, started: Any) -> None:
    body = '{"text":' + "[" * 5000 + "]" * 5000 + "}"
    path = f"/api/case/{started()}/comment"
    answer = browse("staff").post(path, body, content_type="application/json")
    assert answer.status_code == 400


def test_the_reference_page_is_the_description() -> None:
    from genba.web.api.documentation import describe_page

    page = Path(__file__).parents[2] / "docs" / "reference" / "rest.md"
    assert page.read_text(encoding="utf-8") == describe_page()


def test_only_what_was_read_is_acted_on(browse: Browse, started: Any) -> None:
    case = started()
    client = browse("staff")
    first = client.get(f"/api/case/{case}")
    tag = first.headers["ETag"]
    same = client.get(f"/api/case/{case}", headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    path = f"/api/case/{case}/comment"
    said = post(client, path, {"text": "one"}, **{"If-Match": tag})
    assert said.status_code == 200
    late = post(client, path, {"text": "two"}, **{"If-Match": tag})
    assert (late.status_code, late.json()["verdict"]) == (412, "changed")
    assert late.json()["card"]["version"] > first.json()["version"]
    again = post(client, path, {"text": "two"}, **{"If-Match": said.headers["ETag"]})
    assert again.status_code == 200
    assert post(client, path, {"text": "three"}, **{"If-Match": "*"}).status_code == 200


def test_a_refusal_is_a_problem(browse: Browse, started: Any) -> None:
    client = browse("staff")
    path = f"/api/case/{started()}/comment"
    answer = post(client, path, {"words": "x"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["status"], set(answer.json()["errors"])) == (422, {"words", "text"})
    kind = answer.json()["type"].partition("/api/")[2]
    assert client.get(f"/api/{kind}").json()["status"] == 422
    form = client.post(path, "text=x", content_type="application/x-www-form-urlencoded")
    assert form.status_code == 415
    wrong = client.get(path)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    key = {"Idempotency-Key": "one"}
    assert post(client, path, {"text": "a"}, **key).status_code == 200
    assert post(client, path, {"text": "b"}, **key).status_code == 422
    assert client.get("/api/none/of/these/here").status_code == 404


@pytest.mark.parametrize("amount", [2**63, -(2**63) - 1, 10**30, "1e400"])
def test_a_number_too_large_to_keep_is_refused(browse: Browse, started: Any, amount: Any) -> None:
    started()
    body = '{"title": "x", "amount": %s}' % amount  # noqa: UP031 - braces
    answer = browse("staff").post(
        "/api/process/purchase/start", body, content_type="application/json"
    )
    assert answer.status_code in (400, 422)


def test_pages_follow_each_other_whatever_changes(browse: Browse, started: Any, do: Any) -> None:
    for _number in range(5):
        started()
    client = browse("buyer")
    whole = [card["id"] for card in client.get("/api/cards").json()]
    assert len(whole) == 5
    page = client.get("/api/cards?limit=2")
    seen = [card["id"] for card in page.json()]
    done = post(client, f"/api/task/{seen[0]}/complete", {})
    assert done.status_code == 200
    while "Link" in page.headers:
        page = client.get(page.headers["Link"].partition(">")[0].removeprefix("<"))
        seen += [card["id"] for card in page.json()]
    assert seen == whole
    assert client.get("/api/cards?limit=0").status_code == 400
    assert client.get("/api/cards?cursor=nonsense").status_code == 404
    numbers = [card["number"] for card in client.get("/api/cases").json()]
    assert numbers == sorted(numbers, reverse=True)


def test_who_asks_too_often_waits(browse: Browse, settings: Any, monkeypatch: Any) -> None:
    from genba.channels import pace

    monkeypatch.setattr(pace, "pace", pace.Pace())
    settings.GENBA_API_RATE = 1
    client = browse("other")
    answers = [client.get("/api/processes") for _time in range(3)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_change_is_previewed_in_words_and_nothing_is_changed(
    browse: Browse, started: Any, task_of: Any, inst: Any
) -> None:
    case = started()
    task, client = task_of(case, "check"), browse("buyer")
    path = f"/api/task/{task}/skip"
    told = post(client, f"{path}?preview=yes", {"reason": "known"}, **{"Idempotency-Key": "p"})
    assert told.status_code == 200
    assert told.json()["effects"][0].startswith("Still to come:")
    assert any("Left out" in words for words in told.json()["effects"])
    assert told.json()["card"] is None
    assert task_of(case, "check") == task
    assert post(client, f"{path}?preview=yes", {}).status_code == 422
    assert post(client, f"{path}?preview=maybe", {"reason": "known"}).status_code == 400
    assert post(client, f"/api/task/{task}/complete?preview=yes", {}).status_code == 400
    assert post(browse("other"), f"{path}?preview=yes", {"reason": "x"}).status_code == 403
    done = post(client, path, {"reason": "known"}, **{"Idempotency-Key": "p"})
    assert done.json()["verdict"] == "done", "a preview uses up no key"
    assert done.json()["effects"] == told.json()["effects"]
