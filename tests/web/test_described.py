"""What the description of `/api/` says is what happens, tried by schemathesis in this process."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

Browse = Callable[..., Client]

CSRF = "b" * 32
EXAMPLES = 2  # generated requests of an operation; beside them, each boundary of its description


def asked_by(client: Client) -> Any:
    """Genba, asked by one of its own pages with this session."""
    session = client.cookies["genba_session"].value

    def application(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_COOKIE"] = f"genba_session={session}; genba_csrf={CSRF}"
        return get_wsgi_application()(environ, start)

    return application


def tried(client: Client, **more: Any) -> tuple[Counter[int], list[str]]:
    """Try every operation; the answers by status, and every failure in words."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 5,
            "headers": {"Accept-Encoding": "identity", "X-CSRFToken": CSRF},
            "workers": 1,
            "continue-on-failure": True,
            "checks": {
                # What an act takes depends on its object, too: no description can say all of it.
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "304", "403", "404", "409", "412", "422"]
                },
                "ignored_auth": {"enabled": False},  # cannot be done in process: see below
            },
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
            **more,
        }
    )
    description = client.get("/api/openapi.json").json()
    del description["security"]  # the session goes along with every request
    described = schemathesis.openapi.from_dict(description, config=config)
    described.app = asked_by(client)
    answers: Counter[int] = Counter()
    failures: list[str] = []
    for event in from_schema(described).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            answers.update(
                one.response.status_code
                for one in event.recorder.interactions.values()
                if one.response is not None
            )
            for id, checks in event.recorder.checks.items():
                case = event.recorder.cases[id].value
                failures += [
                    f"{case.method} {case.path}: {check.failure_info.failure}"
                    for check in checks
                    if check.failure_info is not None
                ]
    return answers, failures


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.django_db(transaction=True)
def test_every_operation_answers_as_it_is_described(
    browse: Browse, started: Any, settings: Any
) -> None:
    settings.GENBA_API_RATE = 1_000_000
    started()
    answers, failures = tried(browse("buyer"))
    print(
        answers,
        len(failures),
        *sorted(set(re.sub(r"\s+", " ", f)[:330] for f in failures))[:40],
        sep="\n",
    )
    assert failures == []
    assert set(answers) >= {200, 400, 404, 405, 412, 415, 422}


def test_nothing_answers_who_is_not_signed_in(inst: Any) -> None:
    described = Client().get("/api/openapi.json").json()
    for path, methods in described["paths"].items():
        for method in methods:
            answer = Client().generic(method, path.replace("{id}", "x"))
            assert answer.status_code == 401, path
            assert answer.headers["Content-Type"] == "application/problem+json"
