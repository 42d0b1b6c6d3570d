"""What every request passes: the reader's language, and pages that no cache keeps.

Rules of this file: no decision about rights; those are asked at the doors (`people.access`).
"""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from genba.runtime.recording import WrittenByNewer
from genba.web.pages.errors import newer

Answer = HttpResponseBase | Awaitable[HttpResponseBase]


class ReaderMiddleware:
    """Speak the signed-in person's language; keep pages out of shared caches."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if iscoroutinefunction(self.get_response):
            return self.stream(request)
        speak(request)
        response = self.get_response(request)
        assert isinstance(response, HttpResponseBase)
        return keep_private(response)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a newer release has written is no fault: say so, instead of failing."""
        return newer(request) if isinstance(error, WrittenByNewer) else None

    async def stream(self, request: HttpRequest) -> HttpResponseBase:
        """The asynchronous door, for the live stream only; it says no words of its own."""
        response = self.get_response(request)
        assert not isinstance(response, HttpResponseBase)
        return keep_private(await response)


def speak(request: HttpRequest) -> None:
    """Activate the language of the signed-in person, else leave what the browser asked for."""
    locale = getattr(request.user, "locale", "")
    if locale in dict(settings.LANGUAGES):
        translation.activate(locale)
        request.LANGUAGE_CODE = locale


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Pages are somebody's: ask again, and share with nobody."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault(
        "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
    )
    return response
