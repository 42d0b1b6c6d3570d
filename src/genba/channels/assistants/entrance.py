"""Assistants over HTTP: `/mcp`, streamable HTTP, with a token.

Rules of this file: who may come in, and nothing of what is said. A token is shown as
`Authorization: Bearer SECRET`; without one that reads or acts nothing is answered. Pages of others
cannot use a browser of ours to ask (`Origin`), nor another name for us (`Host`). Sessions are not
kept: any process answers any request.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from genba.channels.pace import seconds_to_wait
from genba.channels.workers.polling import aside

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Entrance:
    """The ASGI side. What speaks the protocol is loaded when somebody comes in."""

    def __init__(self) -> None:
        self._opened: StreamableHTTPSessionManager | None = None
        self._opening = asyncio.Lock()
        self._closing: asyncio.Event | None = None
        self._holding: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say why not."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if not is_ours(headers):
            await refuse(send, 403, "This host or page is not one of ours.")
            return
        way, _space, secret = headers.get("authorization", "").partition(" ")
        person = await aside(lambda: entered(secret.strip())) if way.lower() == "bearer" else ""
        if not person:
            await refuse(send, 401, "Show a token that reads or acts: Authorization: Bearer …")
            return
        if seconds := seconds_to_wait(person):
            await refuse(send, 429, "Too often.", {"retry-after": str(seconds)})
            return
        manager = await self._open()
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """Stop what was opened."""
        if self._closing is not None and self._holding is not None:
            self._closing.set()
            await self._holding

    async def _open(self) -> "StreamableHTTPSessionManager":
        async with self._opening:
            if self._opened is None:
                self._opened = await aside(make_manager)
                ready, self._closing = asyncio.Event(), asyncio.Event()
                self._holding = asyncio.create_task(hold(self._opened, ready, self._closing))
                await ready.wait()
            return self._opened


def make_manager() -> "StreamableHTTPSessionManager":
    """What speaks the protocol over HTTP."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

    from genba.channels.assistants.server import make_server

    return StreamableHTTPSessionManager(
        app=make_server(shown),
        json_response=True,
        stateless=True,
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


async def hold(
    manager: "StreamableHTTPSessionManager", ready: asyncio.Event, closing: asyncio.Event
) -> None:
    """Keep it running until it is to stop; it must begin and end in the same task."""
    async with manager.run():
        ready.set()
        await closing.wait()


def shown(ctx: Any) -> str:
    """The token of a request."""
    return str(ctx.request.headers.get("authorization", "")).partition(" ")[2].strip()


def entered(secret: str) -> str:
    """The id of whoever a token speaks for, if it is for assistants."""
    from genba.channels.assistants.doing import may_enter
    from genba.channels.workers.entrance import spoken_for

    reader = spoken_for(secret)
    return reader.id if reader is not None and may_enter(reader) else ""


def is_ours(headers: dict[str, str]) -> bool:
    """Whether a request means us, and comes from no page of others."""
    host, _port = split_domain_port(headers.get("host", ""))
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return False
    origin = headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == headers["host"]


async def refuse(send: Send, status: int, words: str, more: dict[str, str] | None = None) -> None:
    """Why not, as the protocol's errors are."""
    error = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": words}}
    headers = {"content-type": "application/json", "cache-control": "no-store", **(more or {})}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="Genba"'
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": msgspec.json.encode(error)})
