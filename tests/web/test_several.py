"""One act on several tasks: a result for each, and what one refuses stops no other."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

Browse = Callable[..., Client]


def test_what_is_ticked_is_done_and_each_has_its_result(
    browse: Browse, started: Any, task_of: Any, people: Any, do: Any
) -> None:
    tasks = [task_of(started(title=f"Item {number}"), "check") for number in range(3)]
    client = browse("buyer")
    page = client.get("/").content.decode()
    assert page.count('form="several"') == 3
    assert 'value="task.complete"' in page
    assert do(people["helper"], "task.claim", tasks[1]).ok
    body = {"act": "task.complete", "id": [*tasks, "none:w1"], "_key": "k"}
    done = client.post("/acts/several", body).content.decode()
    assert done.count('data-result="done"') == 2
    assert done.count('data-result="forbidden"') == 1
    assert done.count('data-result="unknown-object"') == 1
    again = client.post("/acts/several", body).content.decode()
    assert again.count('data-result="replayed"') == 2
    empty = client.post("/acts/several", {"act": "task.complete", "_key": "l"})
    assert "Nothing was ticked." in empty.content.decode()


def test_only_what_needs_no_more_is_done_on_several(browse: Browse, started: Any) -> None:
    started()
    for act in ("task.assign", "task.nothing"):
        assert browse("buyer").post("/acts/several", {"act": act, "id": "x"}).status_code == 404
    assert Client().post("/acts/several", {"act": "task.complete"}).status_code in (302, 403)
    assert 'form="several"' not in browse("other").get("/").content.decode()


def test_several_through_rest(browse: Browse, started: Any, task_of: Any) -> None:
    tasks = [task_of(started(), "check") for _ in range(2)]
    body = json.dumps({"act": "task.complete", "ids": [*tasks, "none:w1"], "given": {}})
    found = browse("buyer").post("/api/several", body, content_type="application/json").json()
    assert [one["id"] for one in found] == [*tasks, "none:w1"]
    assert [one["outcome"]["verdict"] for one in found] == ["done", "done", "unknown-object"]
    wrong = browse("buyer").post("/api/several", "[]", content_type="application/json")
    assert wrong.status_code == 422
