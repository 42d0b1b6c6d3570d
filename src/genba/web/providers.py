"""Where people of this installation sign in, if not here: a provider of OpenID Connect.

Rules of this file: no Django (the settings import it); reads the environment, and refuses what is
half said, in one sentence.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from genba.web.home import HomeUnusable, flag

ID = "sso"  # of the provider, in addresses: /account/oidc/sso/login/


class Provider(Struct, frozen=True, kw_only=True):
    """A provider of OpenID Connect, as whoever installs Genba registered it there."""

    url: str  # the issuer: below it is /.well-known/openid-configuration
    client: str
    secret: str
    name: str
    joins: bool  # whoever signs in there and has no account gets one
    trusted: bool  # its addresses are proved, also where it does not say so

    @property
    def origin(self) -> str:
        """The server it is on."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def provider() -> Provider | None:
    """The provider of the environment (GENBA_OIDC_…); None without one. Raises HomeUnusable."""
    url = os.environ.get("GENBA_OIDC_URL", "").strip()
    client = os.environ.get("GENBA_OIDC_CLIENT", "").strip()
    if not url:
        return None
    secret = os.environ.get("GENBA_OIDC_SECRET", "").strip() or _secret_in_file()
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise HomeUnusable(f"GENBA_OIDC_URL must be an address, not “{url}”.")
    if not client or not secret:
        raise HomeUnusable("GENBA_OIDC_URL needs GENBA_OIDC_CLIENT and GENBA_OIDC_SECRET as well.")
    return Provider(
        url=url.rstrip("/"),
        client=client,
        secret=secret,
        name=os.environ.get("GENBA_OIDC_NAME", "").strip() or (parts.hostname or ""),
        joins=flag("GENBA_OIDC_JOIN"),
        trusted=flag("GENBA_OIDC_TRUST_MAIL"),
    )


def _secret_in_file() -> str:
    file = os.environ.get("GENBA_OIDC_SECRET_FILE", "").strip()
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise HomeUnusable(
            f"GENBA_OIDC_SECRET_FILE cannot be read: {error.strerror}, {file}."
        ) from error


def settings_of(one: Provider | None) -> dict[str, Any]:
    """What allauth is told of it."""
    if one is None:
        return {}
    app = {
        "provider_id": ID,
        "name": one.name,
        "client_id": one.client,
        "secret": one.secret,
        "settings": {"server_url": one.url},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
