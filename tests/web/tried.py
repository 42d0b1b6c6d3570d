"""Every operation of a description, tried by schemathesis in this process.

`GENBA_EXAMPLES` generated requests of an operation (1 in `make test`), beside each boundary of its
description; `GENBA_SEED` chooses others.
"""

import os
from collections import Counter
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

CSRF = "b" * 32
EXAMPLES = int(os.environ.get("GENBA_EXAMPLES", "1"))
SEED = int(os.environ.get("GENBA_SEED", "5"))


def asked_by(client: Client) -> Any:
    """Genba, asked by one of its own pages with this session."""
    session = client.cookies["genba_session"].value

    def application(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_COOKIE"] = f"genba_session={session}; genba_csrf={CSRF}"
        return get_wsgi_application()(environ, start)

    return application


def asked_with(secret: str) -> Any:
    """Genba, asked by a program that shows a token."""

    def application(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return get_wsgi_application()(environ, start)

    return application


def tried(description: dict[str, Any], application: Any) -> tuple[Counter[int], list[str]]:
    """Try every operation; the answers by status, and every failure in words."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "headers": {"Accept-Encoding": "identity", "X-CSRFToken": CSRF},
            "workers": 1,
            "continue-on-failure": True,
            "checks": {
                # What an act takes depends on its object, too: no description can say all of it.
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "304", "403", "404", "409", "412", "422"]
                },
                "ignored_auth": {"enabled": False},  # cannot be done in process: test_described
            },
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
        }
    )
    plain = {name: part for name, part in description.items() if name != "security"}
    described = schemathesis.openapi.from_dict(plain, config=config)
    described.app = application
    answers: Counter[int] = Counter()
    failures: list[str] = []
    for event in from_schema(described).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            heard = event.recorder.interactions
            answers.update(
                one.response.status_code for one in heard.values() if one.response is not None
            )
            failures += [said for id in event.recorder.checks for said in _failures(event, id)]
    return answers, failures


def _failures(event: events.ScenarioFinished, id: str) -> list[str]:
    case, heard = event.recorder.cases[id].value, event.recorder.interactions.get(id)
    answer = heard.response.content[:300] if heard and heard.response is not None else b""
    return [
        f"{case.method} {case.path} {case.headers} {str(case.body)[:300]} -> {answer!r}:"
        f" {check.failure_info.failure}"
        for check in event.recorder.checks[id]
        if check.failure_info is not None
    ]
