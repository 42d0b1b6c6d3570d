"""The client of Camunda 7 for Python, unmodified, against a server of its own over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Served, add_person, genba, served

external_task_worker = pytest.importorskip(
    "camunda.external_task.external_task_worker",
    reason="not run: camunda-external-task-client-python3 is not installed",
)

DRAWING = Path(__file__).parents[1] / "drawings" / "charging.bpmn"
ADDRESS = "staff@example.org"
CONFIG = {"asyncResponseTimeout": 20_000, "lockDuration": 60_000, "retries": 3, "retryTimeout": 0}

Work = Callable[..., Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the drawing of a charge."""
    home = tmp_path_factory.mktemp("camunda") / "var"
    add_person(home, ADDRESS, "Staff", "Buying")
    genba(home, "deploy", str(DRAWING))
    with served(home) as running:
        yield running


@pytest.fixture(scope="module")
def work(server: Served) -> Work:
    """Let a worker of the client fetch what is there and do it by an action."""
    made = genba(
        server.home, "token", "make", ADDRESS, "--name", "w", "--scope", "work:charge-card"
    )
    secret = made.partition("Token: ")[2].split()[0]

    def worker(name: str, **more: Any) -> Any:
        config = {**CONFIG, "auth_bearer": {"access_token": secret}, **more}
        address = f"{server.address}/engine-rest"
        return external_task_worker.ExternalTaskWorker(name, address, config)

    asking = worker("first", asyncResponseTimeout=0)
    with pytest.raises(external_task_worker.NoExternalTaskFound):
        asking.fetch_and_execute("charge-card", None)  # from now on it is known that somebody asks
    return worker


@pytest.fixture
def started(server: Served) -> str:
    """A new case; its number."""
    said = json.loads(
        genba(server.home, "act", "process", "charging", "start", "--as", ADDRESS, "--json")
    )
    return str(said["object_id"])


def card_of(server: Served, case: str) -> str:
    """What the card of a case says."""
    return genba(
        server.home, "act", "case", case, "comment", "text=seen", "--as", ADDRESS, "--json"
    )


def test_a_task_is_completed(server: Served, work: Work, started: str) -> None:
    seen: list[Any] = []

    def charge(task: Any) -> Any:
        seen.append((task.get_topic_name(), task.get_activity_id(), task.get_process_instance_id()))
        return task.complete({"receipt": "r1", "amount": 12, "lines": ["a"]})

    work("w1").fetch_and_execute("charge-card", charge)
    assert seen == [("charge-card", "charge", started)]
    assert "Thank the customer" in card_of(server, started)


def test_an_error_of_the_drawing_is_caught(server: Served, work: Work, started: str) -> None:
    work("w1").fetch_and_execute(
        "charge-card", lambda task: task.bpmn_error("DECLINED", "no money", {"reason": "empty"})
    )
    assert "Call the customer" in card_of(server, started)


def test_what_fails_is_given_again_with_fewer_retries(work: Work, started: str) -> None:
    left: list[Any] = []

    def fails(task: Any) -> Any:
        left.append(task._context["retries"])
        return task.failure("the bank is closed", "a trace", max_retries=3, retry_timeout=0)

    def succeeds(task: Any) -> Any:
        left.append((task._context["retries"], task._context["errorMessage"]))
        return task.complete({})

    work("w1").fetch_and_execute("charge-card", fails)
    work("w2").fetch_and_execute("charge-card", succeeds)
    assert left[1] == (3 if left[0] is None else left[0] - 1, "the bank is closed")
    assert left[0] is None


def test_without_a_token_nobody_is_let_in(server: Served) -> None:
    path = f"{server.address}/engine-rest/external-task/fetchAndLock"
    asked = urllib.request.Request(path, b"{}", {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked)
    with refused.value as answer:
        assert answer.code == 401
