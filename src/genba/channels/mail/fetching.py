"""The other way mail comes in: a mailbox of a provider, read by IMAP (RFC 9051), in a thread.

Rules of this file: moves bytes. A mail is marked as read when it was dealt with, so that nothing
is lost when this stops in between; dealing with one twice has no second effect. One that cannot
be dealt with is tried a few times, then flagged and left where it is. The server tells of new
mail where it can (IDLE, RFC 2177), else it is asked every minute. The envelope is what the last
server wrote of it; nothing is believed because of it (`assurance`).
"""

import logging
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from urllib.parse import unquote, urlsplit

from django.db import close_old_connections
from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError
from typing_extensions import override

from genba.channels.mail.addresses import Purpose, plain_address, read_recipient
from genba.channels.mail.inbound import Arrival, receive
from genba.channels.mail.site import Site

_log = logging.getLogger("genba.channels.mail")  # never with the mail: it holds secrets

_IDLE = 9 * 60.0  # seconds; servers end a silent connection after half an hour, routers earlier
_POLL = 60.0  # seconds, where a server cannot tell of new mail
_STEP = 1.0  # seconds until somebody who stops it is heard
_TIMEOUT = 30.0  # seconds for the server to answer
_PATIENCE = 5.0  # seconds after a failure; doubled each time
_LONGEST = 300.0
_TRIES = 3  # of a mail that cannot be dealt with
_FLAGGED = rb"\Flagged"
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")

Receive = Callable[[Arrival], None]


class Fetcher(threading.Thread):
    """Reads one mailbox until it is stopped; `start` and `stop` it."""

    def __init__(self, site: Site, receive: Receive = receive) -> None:
        super().__init__(name="genba-mailbox", daemon=True)
        self.site = site
        self.receive = receive
        self._ended = threading.Event()
        self._failures: dict[int, int] = {}

    @override
    def run(self) -> None:
        """Read, wait, read again; a connection that breaks is opened anew."""
        pause = _PATIENCE
        while not self._ended.is_set():
            try:
                with opened(self.site.imap) as client:
                    pause = _PATIENCE
                    while not self._ended.is_set():
                        self.fetch(client)
                        self._wait(client)
            except (OSError, IMAPClientError) as error:
                _log.warning("the mailbox cannot be read now: %s", type(error).__name__)
                self._ended.wait(pause)
                pause = min(pause * 2, _LONGEST)
            finally:
                close_old_connections()

    def stop(self) -> None:
        """End it; a mail that is being dealt with is finished first."""
        self._ended.set()
        if self.is_alive():
            self.join(timeout=_TIMEOUT)

    def fetch(self, client: IMAPClient) -> int:
        """Deal with every unread mail; how many there were."""
        found = client.search([b"UNSEEN", b"UNDELETED"])
        for uid in found:
            if self._ended.is_set():
                break
            fetched = client.fetch([uid], [b"BODY.PEEK[]"]).get(uid, {})
            raw = fetched.get(b"BODY[]")
            if raw is not None and self._take(uid, raw):
                client.add_flags([uid], [SEEN])
            elif self._failures.get(uid, 0) >= _TRIES:
                client.add_flags([uid], [_FLAGGED, SEEN])
        return len(found)

    def _take(self, uid: int, raw: bytes) -> bool:
        close_old_connections()
        arrival = arrival_of(raw, self.site.domain)
        try:
            if arrival.recipients and len(raw) <= self.site.largest:
                self.receive(arrival)
        except Exception:
            _log.exception("a mail of %d bytes could not be dealt with", len(raw))
            self._failures[uid] = self._failures.get(uid, 0) + 1
            return False
        return True

    def _wait(self, client: IMAPClient) -> None:
        if self._failures or not client.has_capability("IDLE"):
            self._ended.wait(_POLL)
            return
        client.idle()
        waited = 0.0
        while not self._ended.is_set() and waited < _IDLE:
            if client.idle_check(timeout=_STEP):
                break
            waited += _STEP
        client.idle_done()


def opened(url: str) -> IMAPClient:
    """A signed-in client with its folder open; raises OSError or IMAPClientError."""
    target = urlsplit(url)
    secure = target.scheme == "imaps"
    client = IMAPClient(
        target.hostname or "localhost",
        port=target.port or (993 if secure else 143),
        ssl=secure,
        timeout=_TIMEOUT,
    )
    if not secure and client.has_capability("STARTTLS"):
        client.starttls()
    client.login(unquote(target.username or ""), unquote(target.password or ""))
    client.select_folder(unquote(target.path.strip("/")) or "INBOX")
    return client


def arrival_of(raw: bytes, domain: str) -> Arrival:
    """A mail of a mailbox with its envelope, as far as the servers wrote it into the mail."""
    message = message_from_bytes(raw)
    told = [value for name in _ENVELOPE for value in _values(message, name)]
    written = [*_values(message, "To"), *_values(message, "Cc")]
    addresses = (plain_address(address) for _name, address in getaddresses(told + written))
    ours = (one for one in addresses if read_recipient(one, domain).purpose is not Purpose.NOBODY)
    returned = _values(message, "Return-Path")[:1]
    sender = returned[0] if returned else "".join(_values(message, "From")[:1])
    return Arrival(raw=raw, sender=plain_address(sender), recipients=tuple(dict.fromkeys(ours)))


def _values(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]
