"""What a webhook is signed with, as Standard Webhooks 1.0 has it.

Rules of this file: pure but for the installation's key, of which every secret is derived, so that
none is kept. The signature is HMAC-SHA256 over "ID.TIMESTAMP.BODY", in base64 after "v1,"; where
a secret was renewed lately, both sign, with a space between.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from genba.machines.webhooks import Webhook

BEGINNING = "whsec_"


def secret_of(id: str, generation: int) -> str:
    """The secret of a webhook, as its receiver wants it: 256 bits."""
    return BEGINNING + base64.b64encode(_key(id, generation)).decode("ascii")


def _key(id: str, generation: int) -> bytes:
    told = f"webhook:{id}:{generation}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).digest()


def signed(id: str, hook: Webhook, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove who sent a message and when."""
    stamp = str(int(at.timestamp()))
    generations = [hook.generation]
    if hook.older_until is not None and at < hook.older_until:
        generations.append(hook.generation - 1)
    content = b".".join((message.encode(), stamp.encode(), body))
    signatures = (
        base64.b64encode(hmac.new(_key(id, one), content, hashlib.sha256).digest())
        for one in generations
    )
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one.decode('ascii')}" for one in signatures),
    }
