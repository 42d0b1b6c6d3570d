"""What a server runs: streams over ASGI, everything else over WSGI.

Rules of this file: routing between the two, the size of a request, and stopping. Django's
synchronous views are much slower behind its own ASGI handler than behind the WSGI bridge, so
only what waits for long goes there: `/live`, `/api/events`, and workers that ask for jobs.
Assistants have a side of their own.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from contextvars import Context
from importlib import import_module
from types import FrameType
from typing import Any

from asgiref.sync import sync_to_async
from asgiref.wsgi import WsgiToAsgiInstance
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from typing_extensions import override

from genba.web.boot import configure

configure()

from genba.channels.assistants import entrance  # noqa: E402 - needs Django to be set up
from genba.runtime.pulse import pulse  # noqa: E402 - needs Django to be set up
from genba.web.api.problems import Problem  # noqa: E402 - needs Django to be set up

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]

STREAMS = frozenset({"/live", "/api/events"})
WAITING = frozenset({"/api/jobs/fetch", "/engine-rest/external-task/fetchAndLock"})
DRAINED = 1_000_000_000  # bytes of a request that is too large are let in, to be thrown away
DRAIN_SECONDS = 120.0


class Request(WsgiToAsgiInstance):
    """One request over the bridge, on the thread pool: a slow page holds up no other."""

    run_wsgi_app = sync_to_async(
        vars(WsgiToAsgiInstance)["run_wsgi_app"].func, thread_sensitive=False
    )

    @override
    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> None:
        """Django's cookies begin with a space, which WSGI servers cut off and ASGI ones refuse."""
        clean = [(name, said.strip()) for name, said in headers]
        super().start_response(status, clean, exc_info)  # type: ignore[no-untyped-call]


import_module(settings.ROOT_URLCONF)  # every page, now: else the first who asks waits for it
streams: Any = get_asgi_application()
wsgi = get_wsgi_application()
assistants = entrance.Entrance()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request to the side that serves it, in a context of its own.

    A connection that is kept open would hand the context of one request on to the next, with its
    language and its finished executor.
    """
    if scope["type"] == "lifespan":
        await live_and_stop(receive, send)
    elif scope["type"] == "http":
        await asyncio.create_task(serve(scope, receive, send), context=Context())


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Whatever waits for long is served without a thread of its own; all else over the bridge."""
    if scope["path"] in STREAMS:
        await streams(scope, receive, send)
    elif scope["path"] in WAITING:
        await within_size(streams, scope, receive, send)
    elif scope["path"] == entrance.PATH:
        await within_size(assistants, scope, receive, send)
    else:
        bridge = Request(wsgi, 100)  # type: ignore[no-untyped-call]
        await within_size(bridge, scope, receive, send)


async def within_size(inner: Any, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a request that says, or turns out, to be too large, before it fills the disk."""
    limit = settings.GENBA_UPLOAD_LIMIT
    said = dict(scope["headers"]).get(b"content-length", b"0")
    if not said.isdigit() or int(said) > limit:
        await drained(receive)
        await too_large(scope, send)
        return
    count = 0

    async def counted() -> dict[str, Any]:
        nonlocal count
        message: dict[str, Any] = await receive()
        count += len(message.get("body", b""))
        if count > limit:
            raise TooLarge
        return message

    try:
        await inner(scope, counted, send)
    except TooLarge:
        await drained(receive)
        await too_large(scope, send)


async def drained(receive: Receive) -> None:
    """Let whoever sends too much finish, within bounds: a client reads no answer while it sends,
    and a line that is cut tells it nothing."""
    left = DRAINED
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


class TooLarge(Exception):
    """A request of unsaid length went over the limit."""


async def too_large(scope: Scope, send: Send) -> None:
    """413, in words; for programs as a problem."""
    body, media = b"This is larger than what can be sent here. Nothing was changed.", b"text/plain"
    if scope["path"].startswith("/api/"):
        answer = Problem("too-large").answer()
        body, media = answer.content, answer.headers["Content-Type"].encode()
    headers = [(b"content-type", media + b"; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def live_and_stop(receive: Receive, send: Send) -> None:
    """The server's life: when it is told to stop, open streams end first.

    A server waits for open responses before it tells us that it stops, and streams never end by
    themselves: so the stop signal is heard here too, and passed on.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hear_stop()
            await send({"type": "lifespan.startup.complete"})
        else:
            pulse.stop()
            await assistants.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


def hear_stop() -> None:
    """End the streams on Ctrl-C or a stop signal, then do what was to be done anyway."""
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def stop(
            given: int,
            frame: FrameType | None,
            then: Callable[[int, FrameType | None], Any] = before,
        ) -> None:
            pulse.stop()
            then(given, frame)

        try:
            signal.signal(number, stop)
        except ValueError:  # not the main thread: whoever runs us there stops us by lifespan
            return
