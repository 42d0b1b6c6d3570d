"""What a request carries: its JSON, its parameters, its keys and conditions.

Rules of this file: read or refuse, with words; nothing is guessed. What the database could not keep
(a number beyond 64 bits, a zero byte) is refused here, by the name of the field.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from genba.web.api.problems import Problem

LARGEST = 2**63  # what a whole number stays below
# As it is, or between quotes (draft-ietf-httpapi-idempotency-key-header §2.1 has a string there).
KEY = re.compile(r'"([!#-~]{1,200})"|([!#-~]{1,200})')
_TAG = re.compile(r'(?:W/)?"(\d{1,18})-[0-9a-f]+"')


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; empty when it has no body. Raises Problem."""
    raw = bytes_of(request)
    if not raw:
        return {}
    kind = (request.content_type or "").lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Problem("not-json")
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise Problem("unreadable", gettext("The body is not JSON.")) from None
    if not isinstance(given, dict):
        raise Problem("invalid", gettext("The body is not a JSON object."))
    _sound(given)
    return given


def bytes_of(request: HttpRequest) -> bytes:
    """The body of a request as it came. Raises Problem."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise Problem("no-length")
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.GENBA_UPLOAD_LIMIT:
        raise Problem("too-large")
    return request.read()


def _sound(given: dict[str, Any]) -> None:
    errors: dict[str, str] = {}
    for name, value in given.items():
        try:
            wrong = next((said for said in _faults(value) if said), "")
        except RecursionError:
            wrong = gettext("This is nested too deep.")
        if "\0" in name:
            raise Problem("invalid", gettext("The name of a field holds a zero byte."))
        if wrong:
            errors[name] = wrong
    if errors:
        detail = gettext("Something is missing or cannot be read. Nothing was changed.")
        raise Problem("invalid", detail, more={"verdict": "invalid", "errors": errors})


def _faults(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _faults(name)
            yield from _faults(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _faults(inner)
    elif isinstance(value, str) and "\0" in value:
        yield gettext("This must be text.")
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        yield gettext("The number is too large to be kept.")


class NoPage(ValueError):
    """A cursor that is none of ours, or of another list."""


Reader = Callable[[str], Any]


def asked(request: HttpRequest, table: dict[str, Reader]) -> dict[str, Any]:
    """The parameters of the address, each once and by its reader. Raises Problem."""
    found: dict[str, Any] = {}
    for name, values in request.GET.lists():
        if name not in table or len(values) != 1:
            said = {"name": name}
            raise Problem("unreadable", gettext("The parameter %(name)s is not known.") % said)
        try:
            found[name] = table[name](values[0])
        except NoPage:
            raise Problem("nothing-here", gettext("There is no such page.")) from None
        except ValueError:
            said = {"name": name}
            raise Problem(
                "unreadable", gettext("The parameter %(name)s has a value it cannot have.") % said
            ) from None
    return found


def between(least: int, most: int) -> Reader:
    """A reader of whole numbers within these bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise ValueError(text)
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def one_of(*names: str) -> Reader:
    """A reader of one of these words."""

    def read(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return read


def text(most: int) -> Reader:
    """A reader of text up to so many characters."""

    def read(given: str) -> str:
        if not given or len(given) > most or "\0" in given:
            raise ValueError(given)
        return given

    return read


def key_of(request: HttpRequest) -> str:
    """The `Idempotency-Key`; a fresh one where there is none. Raises Problem."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return uuid.uuid4().hex
    match = KEY.fullmatch(given)
    if match is None:
        raise Problem(
            "unreadable", gettext("The Idempotency-Key must be 1 to 200 visible characters.")
        )
    return str(match[1] or match[2])


def revisions_of(request: HttpRequest) -> tuple[int, ...] | None:
    """The revisions `If-Match` names; None where it is not said, or `*`.

    A tag is REVISION-DIGEST: acts depend on what the object is, not on how it was written out, so
    the revision alone is compared (RFC 9110 §13.1.1 compares the whole).
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    parts = [part.strip() for part in given.split(",")]
    found = [_TAG.fullmatch(part) for part in parts]  # what is no tag of ours matches nothing
    return tuple(int(one[1]) for one in found if one)
