"""What the mail channel must know of its installation: domain, ports, relay, whom to trust.

Rules of this file: plain data from the environment, read once. Without a relay
(`GENBA_SMTP_URL`) mail stays in the built-in mailbox: nothing leaves the machine.

| variable | meaning | default |
| --- | --- | --- |
| GENBA_MAIL_DOMAIN | the domain replies come to | genba.localhost |
| GENBA_MAIL_HOST, GENBA_MAIL_PORT | where the listener binds | 127.0.0.1, 2525 |
| GENBA_MAIL_PROTOCOL | smtp or lmtp | smtp |
| GENBA_SMTP_URL | relay for what we send: smtp(s)://user:secret@host:port | built-in mailbox |
| GENBA_MAIL_TRUST | authserv-id of the relay whose check of the sender is believed | none |
| GENBA_MAIL_KEYS | where keys of signatures are: `dns`, `off`, or a folder of key files | dns |
| GENBA_IMAP_URL | a mailbox that is read: imap(s)://user:secret@host:port/FOLDER | none |
| GENBA_MAIL_HOOK | secret of a provider that posts mail to /mail/in | none: nothing is taken |
| GENBA_DEMO | the built-in mailbox has pages, and mail from this machine is believed | no |
| GENBA_URL | how a browser reaches us | http://127.0.0.1:8000 |
"""

import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from msgspec import Struct

MEGABYTE = 1024 * 1024
BY_NAME = "dns"  # keys of signatures are looked up in the name system


class Site(Struct, frozen=True, kw_only=True):
    """The installation as the mail channel sees it."""

    domain: str = "genba.localhost"
    name: str = "Genba"
    url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 2525
    protocol: str = "smtp"
    relay: str = ""  # "" means the built-in mailbox
    trust: str = ""  # authserv-id
    keys: str = ""  # BY_NAME, a folder of keys, or "": signatures are not checked here
    imap: str = ""  # a mailbox that is read
    hook: str = ""  # the secret of a provider that posts mail to us
    largest: int = 20 * MEGABYTE
    mailbox: Path | None = None  # the folder of the built-in mailbox
    demo: bool = False  # a demonstration: the mailbox has pages, and this machine is believed

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the listener."""
        return self.host in ("127.0.0.1", "::1", "localhost")


class SiteRefused(ValueError):
    """The environment does not describe a usable mail channel: the operator's to mend."""


def site_from(environment: Mapping[str, str], home: Path) -> Site:
    """The site of an installation; raises SiteRefused with what to change."""
    relay = environment.get("GENBA_SMTP_URL", "")
    if relay and not relay.startswith(("smtp://", "smtps://")):
        raise SiteRefused("GENBA_SMTP_URL must begin with smtp:// or smtps://")
    protocol = environment.get("GENBA_MAIL_PROTOCOL", "smtp").casefold()
    if protocol not in ("smtp", "lmtp"):
        raise SiteRefused("GENBA_MAIL_PROTOCOL must be smtp or lmtp")
    port = environment.get("GENBA_MAIL_PORT", "2525")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise SiteRefused(f"GENBA_MAIL_PORT must be a port number, not {port!r}")
    imap = environment.get("GENBA_IMAP_URL", "")
    if imap and not imap.startswith(("imap://", "imaps://")):
        raise SiteRefused("GENBA_IMAP_URL must begin with imap:// or imaps://")
    keys = environment.get("GENBA_MAIL_KEYS", BY_NAME)
    if keys not in (BY_NAME, "off") and not Path(keys).is_dir():
        raise SiteRefused(f"GENBA_MAIL_KEYS must be dns, off or a folder, and {keys!r} is none")
    return Site(
        domain=environment.get("GENBA_MAIL_DOMAIN", "genba.localhost").casefold(),
        name=environment.get("GENBA_NAME", "Genba"),
        url=environment.get("GENBA_URL", "http://127.0.0.1:8000").rstrip("/"),
        host=environment.get("GENBA_MAIL_HOST", "127.0.0.1"),
        port=int(port),
        protocol=protocol,
        relay=relay,
        trust=environment.get("GENBA_MAIL_TRUST", ""),
        imap=imap,
        hook=environment.get("GENBA_MAIL_HOOK", ""),
        keys="" if keys == "off" else keys,
        mailbox=None if relay else home / "mailbox",
        demo=environment.get("GENBA_DEMO", "").casefold() in ("1", "true", "yes", "on"),
    )


_site: Site | None = None


def site() -> Site:
    """The site of this process, from the environment at the first call."""
    global _site
    if _site is None:
        given = {"GENBA_URL": settings.GENBA_URL, **os.environ}
        _site = site_from(given, Path(settings.GENBA_HOME))
    return _site


def use_site(chosen: Site | None) -> None:
    """Use this site from now on; None reads the environment again."""
    global _site
    _site = chosen
