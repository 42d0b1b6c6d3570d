"""The door of `/api/`: who asks, how often, and what is said when something goes wrong.

Rules of this file: nothing here is about an object. A session must come from one of our own pages
(CSRF), a token counts within its scopes; whoever is not known is told so
and is not sent to a sign-in page.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from genba.channels.workers.entrance import secret_of, spoken_for
from genba.journal.contract import JournalBroken
from genba.people.access import READ, may_use
from genba.people.directory import Known
from genba.web.api.problems import Problem
from genba.web.reader import reader_of

SAFE = ("GET", "HEAD")
CALLERS = 10_000  # of whom is remembered how often they asked

View = Callable[..., HttpResponse]


class Pace:
    """How often each caller asks: a bucket that fills by the second and holds a minute's worth."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str, minute: int, now: float) -> int:
        """Seconds until the caller may ask again; 0 when they may now, which counts."""
        with self._lock:
            left, then = self._left.pop(caller, (float(minute), now))
            left = min(float(minute), left + (now - then) * minute / 60)
            fine = left >= 1
            self._left[caller] = (left - fine, now)
            while len(self._left) > CALLERS:
                self._left.popitem(last=False)
        return 0 if fine else max(1, int((1 - left) * 60 / minute) + 1)


pace = Pace()


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


def caller(request: HttpRequest) -> Known:
    """Who asks. Raises Problem."""
    program = is_program(request)
    person = spoken_for(secret_of(request)) if program else reader_of(request)
    if person is None:
        raise Problem("signed-out")
    if not program and request.method not in SAFE and is_foreign(request):
        raise Problem("forbidden", gettext("This did not come from one of our pages."))
    seconds = pace.wait(person.id, settings.GENBA_API_RATE, time.monotonic())
    if seconds:
        raise Problem("too-often", headers={"Retry-After": str(seconds)})
    return person


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
