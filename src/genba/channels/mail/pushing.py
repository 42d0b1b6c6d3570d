"""The third way mail comes in: a provider posts it to us, signed with a secret we share.

Rules of this file: moves bytes, after the signature was checked; nothing is read before. Two
forms: JSON signed as Standard Webhooks say (webhook-id, webhook-timestamp, webhook-signature),
and the form of Mailgun's routes that send the whole mail. A post is older than five minutes for
nobody. Dealing with a mail twice has no second effect, so a post that comes again does no harm.
"""

import base64
import binascii
import hashlib
import hmac
import logging

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Struct

from genba.channels.mail.addresses import Purpose, read_recipient
from genba.channels.mail.inbound import Arrival, receive
from genba.channels.mail.site import Site, site
from genba.runtime.installation import current

_log = logging.getLogger("genba.channels.mail")  # never with the mail: it holds secrets

_OLDEST = 300.0  # seconds between the stamp of a post and now, either way
_BEGINNING = "whsec_"


class Pushed(Struct, frozen=True, kw_only=True):
    """A posted mail: its envelope, and its bytes in base64."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes


@csrf_exempt
@login_not_required
@require_POST
def pushed(request: HttpRequest) -> HttpResponse:
    """A mail from a provider: 202 when it was dealt with, 401 for a signature that is none."""
    place = site()
    if not place.hook:
        return HttpResponse(status=404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > place.largest * 2:
        return HttpResponse(status=413)
    arrival = _standard(request, place) or _by_form(request, place)
    if arrival is None:
        return HttpResponse("The signature is missing, wrong or too old.", status=401)
    ours = tuple(
        one
        for one in arrival.recipients
        if read_recipient(one, place.domain).purpose is not Purpose.NOBODY
    )
    if ours:
        receive(Arrival(raw=arrival.raw, sender=arrival.sender, recipients=ours))
    return HttpResponse(status=202)


def signature_of(secret: str, id: str, stamp: str, body: bytes) -> str:
    """What Standard Webhooks put into webhook-signature for this post."""
    signed = f"{id}.{stamp}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _standard(request: HttpRequest, place: Site) -> Arrival | None:
    id, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    given = request.headers.get("webhook-signature", "").split()
    if not id or not given or not _is_fresh(stamp):
        return None
    body = request.read(place.largest * 2)
    expected = signature_of(place.hook, id, stamp, body).encode()
    if not any(hmac.compare_digest(one.encode(), expected) for one in given):
        return None
    try:
        posted = msgspec.json.decode(body, type=Pushed)
    except msgspec.DecodeError:
        _log.warning("a signed post of %d bytes is not a mail", len(body))
        return None
    return Arrival(raw=posted.message, sender=posted.sender, recipients=posted.recipients)


def _by_form(request: HttpRequest, place: Site) -> Arrival | None:
    if not (request.content_type or "").startswith(("multipart/", "application/x-www-form")):
        return None
    stamp, token = request.POST.get("timestamp", ""), request.POST.get("token", "")
    if not _is_fresh(stamp):
        return None
    expected = hmac.new(_key(place.hook), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.POST.get("signature", "").encode(), expected.encode()):
        return None
    return Arrival(
        raw=request.POST.get("body-mime", "").encode("utf-8", "surrogateescape"),
        sender=request.POST.get("sender", ""),
        recipients=tuple(request.POST.get("recipient", "").split(",")),
    )


def _is_fresh(stamp: str) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    return abs(current().clock.now().timestamp() - int(stamp)) <= _OLDEST


def _key(secret: str) -> bytes:
    """The key of a secret: base64 behind "whsec_", else the secret as it is."""
    try:
        if secret.startswith(_BEGINNING):
            return base64.b64decode(secret.removeprefix(_BEGINNING), validate=True)
    except binascii.Error:
        pass
    return secret.encode()
