"""What the description of `/api/` says is what happens, whatever is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.web.tried import asked_by, asked_with, tried

Browse = Callable[..., Client]


CAMUNDA = "/engine-rest/"


def described(client: Client, camunda: bool) -> dict[str, Any]:
    """The description of `/api/`, or that of what workers of Camunda ask."""
    found = client.get("/api/openapi.json").json()
    paths = found["paths"].items()
    kept = {path: one for path, one in paths if path.startswith(CAMUNDA) is camunda}
    kept.pop("/api/import", None)  # takes no JSON: tests/web/test_bulk.py
    kept.pop("/api/events", None)  # has no end: tests/acceptance/test_events.py
    return {**found, "paths": kept}


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.django_db(transaction=True)
def test_every_operation_answers_as_it_is_described(
    browse: Browse, started: Any, settings: Any
) -> None:
    settings.GENBA_API_RATE = 1_000_000
    started()
    client = browse("buyer")
    answers, failures = tried(described(client, camunda=False), asked_by(client))
    assert not failures, "\n\n".join(failures)
    assert set(answers) >= {200, 400, 404, 405, 412, 415, 422}


@pytest.mark.django_db(transaction=True)
def test_what_workers_of_camunda_ask_is_answered_as_described(
    started: Any, token: Any, settings: Any
) -> None:
    settings.GENBA_API_RATE = 1_000_000
    started()
    answers, failures = tried(described(Client(), camunda=True), asked_with(token("read,act")))
    assert not failures, "\n\n".join(failures)
    assert set(answers) >= {200, 400, 403, 404, 405}
