"""What the description of `/api/` says is what happens, tried by schemathesis in this process."""

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
EXAMPLES = 8  # generated requests of an operation; beside them, each boundary of its description


def application(environ: dict[str, Any], start: Any) -> Any:
    """Genba, asked by one of its own pages."""
    environ["HTTP_COOKIE"] = f"{environ.get('HTTP_COOKIE', '')}; genba_csrf={CSRF}"
    return get_wsgi_application()(environ, start)


def tried(client: Client, **more: Any) -> tuple[Counter[int], list[str]]:
    """Try every operation; the answers by status, and every failure in words."""
    session = client.cookies["genba_session"].value
    config = SchemathesisConfig.from_dict(
        {
            "seed": 5,
            "headers": {"Accept-Encoding": "identity", "X-CSRFToken": CSRF},
            "parameters": {"cookie.genba_session": session},
            "workers": 1,
            "continue-on-failure": True,
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            "phases": {"stateful": {"enabled": False}},
            **more,
        }
    )
    described = schemathesis.openapi.from_wsgi(
        "/api/openapi.json", application, config=config
    )
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


@pytest.mark.django_db(transaction=True)
def test_every_operation_answers_as_it_is_described(browse: Browse, settings: Any) -> None:
    settings.GENBA_API_RATE = 1_000_000
    answers, failures = tried(browse("buyer"))
    assert failures == []
    assert answers.total() > 500
    print(answers)


@pytest.mark.django_db(transaction=True)
def test_objects_that_are_there_answer_as_it_is_described(
    browse: Browse, settings: Any, started: Any, task_of: Any
) -> None:
    """The same on a task, its case and its process: acts are done, over and over."""
    settings.GENBA_API_RATE = 1_000_000
    case = started()
    ids = {"case": case, "task": task_of(case, "check"), "process": "purchase"}
    for object, id in ids.items():
        answers, failures = tried(
            browse("buyer"),
            operations=[
                {"include-path-regex": f"^/api/{object}/", "parameters": {"path.id": id}},
                {"exclude-path-regex": f"^/api/{object}/", "enabled": False},
            ],
        )
        if failures:
            import re
            for k, n in Counter(re.sub(r"\s+", " ", f)[:500] for f in failures).most_common(40): print(n, k)
        assert failures == []
        print(object, answers)
