"""The description of `/api/` is whole, and nothing of it answers a stranger."""

from typing import Any

from django.test import Client


def test_nothing_answers_who_is_not_signed_in(inst: Any) -> None:
    described = Client().get("/api/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    for path, methods in described["paths"].items():
        for method in methods:
            answer = Client().generic(method, path.replace("{id}", "x"))
            assert answer.status_code == 401, path
            said = answer.headers["Content-Type"]
            camunda = path.startswith("/engine-rest/")
            assert said == ("application/json" if camunda else "application/problem+json")
