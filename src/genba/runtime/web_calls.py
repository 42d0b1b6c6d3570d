"""What a call of a web service gives: an answer, an error of the drawing, or another try.

Rules of this file: the table of what a status means; the door itself is `outward`. Secrets come
from the environment when it is sent and go nowhere else: no error says one.

| answer | what becomes of it |
| --- | --- |
| 2xx | done |
| 408, 425, 429, 5xx, none in time | tried again; `Retry-After` is heard |
| any other | the error `HTTP_404` (its number) of the drawing; uncaught, a person is asked |
| an address that may not be called, too large | a person is asked at once |
"""

import os
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
from msgspec import Struct

from genba.engine.calling import Request, Secret
from genba.runtime.functions import BpmnError, Hopeless, TryLater
from genba.runtime.outward import (
    Allowed,
    Answer,
    Oversized,
    Refused,
    Unreachable,
    read_allowed,
    send,
)

AGAIN = frozenset({408, 425, 429})
HOSTS = "GENBA_HTTP_HOSTS"
SECRET = "GENBA_SECRET_"  # noqa: S105 - the beginning of a name
_JSON = ("application/json", "+json")


class Answered(Struct, frozen=True):
    """What the drawing may map: the status, and the body as data where it is JSON, else text."""

    status: int
    body: Any


def hosts() -> tuple[Allowed, ...]:
    """Where calls may go, by the setting GENBA_HTTP_HOSTS; nowhere by default."""
    try:
        return read_allowed(os.environ.get(HOSTS, ""))
    except ValueError as problem:
        raise Hopeless(f"the setting {HOSTS} cannot be read: {problem}") from None


def call_web(request: Request, key: str) -> Answered:
    """Make a call. Raises BpmnError, Hopeless or TryLater."""
    headers = [(name, _told(name, value)) for name, value in request.headers]
    given = [("User-Agent", "Genba"), ("Accept", "application/json, */*"), *headers]
    try:
        answer = send(
            request.method,
            request.url,
            allowed=hosts(),
            headers=[*given, ("Idempotency-Key", key)],
            body=request.body,
            seconds=request.seconds,
        )
    except Unreachable as problem:
        raise TryLater(str(problem)) from None
    except (Refused, Oversized) as problem:
        raise Hopeless(f"{problem}") from None
    return _judged(answer)


def _told(name: str, value: tuple[str | Secret, ...]) -> str:
    """The value of a header. Hopeless when a secret is not there or it cannot be sent."""
    text = "".join(_secret(part) if isinstance(part, Secret) else part for part in value)
    if any(ord(sign) < 32 or ord(sign) > 255 for sign in text):
        raise Hopeless(f"the header {name} holds signs that cannot be sent")
    return text


def _secret(part: Secret) -> str:
    found = os.environ.get(SECRET + part.name)
    if not found:
        raise Hopeless(f"there is no secret {part.name}: set {SECRET}{part.name}, then try again")
    return found


def _judged(answer: Answer) -> Answered:
    body = _body(answer)
    if 200 <= answer.status < 300:
        return Answered(answer.status, body)
    if answer.status in AGAIN or answer.status >= 500:
        after = _seconds(answer.headers.get("retry-after", ""))
        raise TryLater(f"the answer was {answer.status}", after)
    raise BpmnError(
        f"HTTP_{answer.status}",
        {"status": answer.status, "body": body},
        f"the answer was {answer.status}",
    )


def _body(answer: Answer) -> Any:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.body and kind.endswith(_JSON):
        try:
            return msgspec.json.decode(answer.body)
        except (msgspec.MsgspecError, RecursionError):
            raise Hopeless("the answer says it is JSON, and is not") from None
    return answer.body.decode("utf-8", "replace") if answer.body else None


def _seconds(text: str) -> float | None:
    """What Retry-After says: seconds or an instant (RFC 9110 §10.2.3); None for neither."""
    if text.strip().isdecimal():
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return (then - datetime.now(UTC)).total_seconds() if then.tzinfo else None
