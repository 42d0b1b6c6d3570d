"""How accounts behave here: what allauth asks its adapter."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from typing_extensions import override


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, or by oneself where GENBA_SIGNUP says so."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether a stranger may make an account."""
        return bool(settings.GENBA_SIGNUP)

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out needs no comment."""
