"""Who a program speaks for: the token it shows.

Rules of this file: a token is shown as `Authorization: Bearer SECRET`, or, for programs that know
nothing else, as the password of `Basic` (the name does not matter). It is looked at each time.
"""

import base64
import binascii

from django.http import HttpRequest
from msgspec.structs import replace

from genba.acts.bearers import find_bearer
from genba.people.directory import Known, known
from genba.runtime.installation import current


def secret_of(request: HttpRequest) -> str:
    """The secret a request shows; "" for none."""
    way, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if way.lower() == "bearer":
        return rest.strip()
    if way.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]


def spoken_for(secret: str) -> Known | None:
    """The person of a good token, with its scopes; None for any other and for closed accounts."""
    inst = current()
    with inst.journal.reading() as reading:
        bearer = find_bearer(reading, secret, inst.clock.now())
    person = known(bearer.person) if bearer is not None else None
    if bearer is None or person is None:
        return None
    return replace(person, scopes=bearer.scopes)
