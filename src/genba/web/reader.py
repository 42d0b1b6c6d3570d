"""Who reads: the signed-in person as the rest of the system knows them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from genba.people.directory import Known, known

Page = Callable[..., HttpResponse]


def reader_of(request: HttpRequest) -> Known | None:
    """The person behind a session; None when nobody is signed in or the account is closed."""
    if not request.user.is_authenticated:
        return None
    return known(str(request.user.pk))


def for_reader(page: Page) -> Page:
    """Hand a page its reader as second argument; a closed account is signed out."""

    @wraps(page)
    def handed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reader = reader_of(request)
        if reader is None:
            logout(request)
            return redirect("account_login")
        return page(request, reader, *args, **kwargs)

    return handed
