"""Programs get the same cards and do the same acts."""

import json
from collections.abc import Callable
from typing import Any

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
