"""External tasks in the words and numbers of Camunda 7: what is refused, and how."""

from typing import Any

import pytest

TASKS = "/engine-rest/external-task"
TOPIC = {"topicName": "charge-card", "lockDuration": 60_000}


def fetch(worker: Any, name: str = "w1", **more: Any) -> Any:
    """What `fetchAndLock` answers."""
    asked = {"workerId": name, "maxTasks": 5, "topics": [{**TOPIC, **more}]}
    return worker.ask("POST", f"{TASKS}/fetchAndLock", asked)


def test_a_task_is_told_as_camunda_does(worker: Any, charge: Any) -> None:
    case = charge(amount=12, items=["a"])
    (task,) = fetch(worker).json()
    assert (task["processInstanceId"], task["workerId"], task["retries"]) == (case, "w1", None)
    assert task["variables"]["amount"] == {"value": 12, "type": "Integer", "valueInfo": {}}
    assert task["variables"]["items"] == {"value": '["a"]', "type": "Json", "valueInfo": {}}
    assert worker.ask("GET", f"{TASKS}/count?locked=true").json() == {"count": 1}
    assert worker.ask("GET", f"{TASKS}/count?notLocked=true").json() == {"count": 0}


@pytest.mark.parametrize("odd", [{"tenant": "x"}, {"lockDuration": 0}, {"variables": "amount"}])
def test_what_is_not_known_is_refused_and_nothing_is_locked(
    worker: Any, charge: Any, odd: dict[str, Any]
) -> None:
    charge()
    assert fetch(worker, **odd).status_code == 400
    assert worker.ask("GET", f"{TASKS}/count?locked=true").json() == {"count": 0}
    assert worker.ask("GET", f"{TASKS}?colour=red").status_code == 400


def test_only_who_has_it_may_complete_it(
    worker: Any, charge: Any, knows: Any, open_at: Any
) -> None:
    case = charge()
    (task,) = fetch(worker).json()
    done = {"workerId": "w2", "variables": {"receipt": {"value": "r2"}}}
    refused = worker.ask("POST", f"{TASKS}/{task['id']}/complete", done)
    assert refused.status_code == 400
    assert "locked by worker 'w1'" in refused.json()["message"]
    assert open_at(case) == [("charge", "job")]
    mine = {**done, "workerId": "w1"}
    assert worker.ask("POST", f"{TASKS}/{task['id']}/complete", mine).status_code == 204
    assert knows(case)["receipt"] == "r2"
    assert worker.ask("POST", f"{TASKS}/{task['id']}/complete", mine).status_code == 404


def test_a_filter_leaves_what_does_not_fit(worker: Any, charge: Any) -> None:
    charge(amount=12)
    assert fetch(worker, processVariables={"amount": 13}).json() == []
    assert len(fetch(worker, processVariables={"amount": 12}).json()) == 1


def test_a_worker_that_asks_too_often_waits(
    worker: Any, charge: Any, settings: Any, monkeypatch: Any
) -> None:
    from genba.channels import pace

    monkeypatch.setattr(pace, "pace", pace.Pace())
    settings.GENBA_API_RATE = 1
    assert worker.ask("GET", f"{TASKS}/count").status_code == 200
    answers = [worker.ask("GET", f"{TASKS}/count"), fetch(worker)]
    answers.append(worker.ask("POST", "/api/jobs/fetch", {"worker": "w1", "topics": []}))
    assert [answer.status_code for answer in answers] == [429, 429, 429]
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
