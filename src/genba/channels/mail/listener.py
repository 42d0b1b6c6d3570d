"""The door mail comes in by: SMTP or LMTP, in a thread beside the server.

Rules of this file: moves bytes. Says yes to a mail only when it was dealt with and stored; a bug
is told to the sending server as "try again later" (4xx), so that nothing is lost, and the door
stays open. Never relays: mail for others is refused, except into the built-in mailbox from this
machine.
"""

import asyncio
import logging
import socket
from collections.abc import Callable

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections
from typing_extensions import override

from genba.channels.mail.addresses import Purpose, read_recipient
from genba.channels.mail.inbound import Arrival, receive
from genba.channels.mail.mailbox import keep
from genba.channels.mail.site import Site

_log = logging.getLogger("genba.channels.mail")  # never with the mail: it holds secrets

_MOST_RECIPIENTS = 50
Receive = Callable[[Arrival], None]


class ListenerRefused(Exception):
    """The listener cannot be opened; the message says why and what to change."""


class Door:
    """What is said to a sending server (the handler of aiosmtpd)."""

    def __init__(self, site: Site, receive: Receive) -> None:
        self.site = site
        self.receive = receive

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take our own addresses, and in the built-in mailbox those of people here."""
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        ours = read_recipient(address, self.site.domain).purpose is not Purpose.NOBODY
        if not ours and not (self._boxed(address) and _is_local(session)):
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Deal with a mail outside the event loop; one answer per recipient in LMTP."""
        arrival = Arrival(
            raw=_bytes(envelope.content),
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            local=_is_local(session),
        )
        try:
            await asyncio.to_thread(self._take, arrival)
            said = "250 2.0.0 OK"
        except Exception:
            _log.exception("a mail of %d bytes could not be dealt with", len(arrival.raw))
            said = "451 4.3.0 Could not be dealt with now, please try again later"
        return "\r\n".join([said] * len(arrival.recipients)) if isinstance(server, LMTP) else said

    def _take(self, arrival: Arrival) -> None:
        close_old_connections()
        try:
            boxed = [a for a in arrival.recipients if self._boxed(a)]
            ours = tuple(a for a in arrival.recipients if a not in boxed)
            if ours:
                self.receive(Arrival(raw=arrival.raw, sender=arrival.sender, recipients=ours,
                                     local=arrival.local))  # fmt: skip
            if boxed and self.site.mailbox:
                keep(self.site.mailbox, arrival.raw, boxed)
        finally:
            close_old_connections()

    def _boxed(self, address: str) -> bool:
        ours = read_recipient(address, self.site.domain).purpose is not Purpose.NOBODY
        return self.site.mailbox is not None and not ours


class Listener(Controller):
    """The running listener; `start` and `stop` it."""

    def __init__(self, site: Site, receive: Receive = receive) -> None:
        self.site = site
        super().__init__(
            Door(site, receive),
            hostname=site.host,
            port=site.port,
            ready_timeout=10,
            data_size_limit=site.largest,
            enable_SMTPUTF8=True,
            ident="Genba",
        )

    @override
    def factory(self) -> SMTP:
        """One conversation, in the protocol of the site."""
        if self.site.protocol == "lmtp":
            return LMTP(self.handler, **self.SMTP_kwargs)
        return SMTP(self.handler, **self.SMTP_kwargs)


def listen(site: Site) -> Listener:
    """Open the listener; raises ListenerRefused in plain words."""
    try:
        _probe(site)
        listener = Listener(site)
        listener.start()
    except OSError as error:
        raise ListenerRefused(
            f"Mail cannot be received on {site.host} port {site.port} ({error.strerror}). "
            "Stop what uses it, or choose another port with GENBA_MAIL_PORT."
        ) from error
    return listener


def _probe(site: Site) -> None:
    """Raise OSError when the port is taken: the library would only find out after a while."""
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((site.host, site.port))


def _is_local(session: Session) -> bool:
    peer: object = session.peer
    host = str(peer[0]) if isinstance(peer, tuple) and peer else ""
    return host in ("127.0.0.1", "::1")


def _bytes(content: bytes | str | None) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content or "").encode("utf-8", "surrogateescape")
