"""Pages as a browser asks for them, on an installation of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def browse(inst: Any, people: dict[str, Any]) -> Callable[..., Client]:
    """A browser signed in as one of the people, by role; checks CSRF when asked to."""

    def signed_in(role: str, **options: Any) -> Client:
        from genba.people.models import Person

        client = Client(**options)
        person = Person.objects.get(pk=int(people[role].id))
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
