"""How accounts behave here: what allauth asks its adapter."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from typing_extensions import override


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator: drawings and mail know people by their address, so
    nobody gets one whose address has not been proved to be theirs."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A stranger makes no account."""
        return False

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out needs no comment."""
