"""The door of `/api/`: who asks, how often, and what is said when something goes wrong.

Rules of this file: nothing here is about an object. A session must come from one of our own pages
(CSRF), a token counts within its scopes; whoever is not known is told so
and is not sent to a sign-in page.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from genba.channels.pace import seconds_to_wait
from genba.channels.workers.entrance import secret_of, spoken_for
from genba.journal.contract import JournalBroken
from genba.people.access import READ, may_use
from genba.people.directory import Known
from genba.web.api.problems import Problem
from genba.web.reader import reader_of

SAFE = ("GET", "HEAD")

View = Callable[..., HttpResponse]
WaitingView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def entered(*methods: str) -> Callable[[View], View]:
    """Hand a view who asks; every refusal is a problem. GET brings HEAD along."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def door(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def handed(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            try:
                if request.method not in allowed:
                    raise Problem("wrong-method", headers={"Allow": ", ".join(allowed)})
                return view(request, caller(request), *given, **named)
            except Problem as problem:
                return problem.answer()
            except JournalBroken:
                return Problem("unavailable", headers={"Retry-After": "5"}).answer()

        return handed

    return door


def entered_waiting(*methods: str) -> Callable[[WaitingView], WaitingView]:
    """As `entered`, for a view that waits without a thread; it asks for its `caller` itself."""

    def door(view: WaitingView) -> WaitingView:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        async def handed(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
            try:
                if request.method not in methods:
                    raise Problem("wrong-method", headers={"Allow": ", ".join(methods)})
                return await view(request, *given, **named)
            except Problem as problem:
                return problem.answer()
            except JournalBroken:
                return Problem("unavailable", headers={"Retry-After": "5"}).answer()

        return handed

    return door


def caller(request: HttpRequest) -> Known:
    """Who asks. Raises Problem."""
    program, person = is_program(request), seen(request)
    if person is None:
        raise Problem("signed-out")
    if not program and request.method not in SAFE and is_foreign(request):
        raise Problem("forbidden", gettext("This did not come from one of our pages."))
    seconds = seconds_to_wait(person.id)
    if seconds:
        raise Problem("too-often", headers={"Retry-After": str(seconds)})
    return person


def seen(request: HttpRequest) -> Known | None:
    """Who asks, None for nobody we know; without counting it."""
    return spoken_for(secret_of(request)) if is_program(request) else reader_of(request)


def is_program(request: HttpRequest) -> bool:
    """Whether a token is shown; a session counts for nothing then."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def to_read(reader: Known) -> None:
    """What a token needs the scope "read" for. Raises Problem."""
    if not may_use(reader, READ):
        raise Problem("forbidden", gettext("This token does not allow that."))


def is_foreign(request: HttpRequest) -> bool:
    """Whether a page of somebody else makes the browser send this."""
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    guard.process_request(request)
    return guard.process_view(request, HttpResponse, (), {}) is not None
