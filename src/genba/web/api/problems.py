"""What went wrong, as problem details (RFC 9457).

Rules of this file: the table of problems and their one form. Every refusal of `/api/` is one of
these; its `type` is an address that says what it means. `detail` is for people, in their language.
"""

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse
from msgspec import Struct

from genba.acts.inbound import Outcome, Verdict

MEDIA = "application/problem+json"


class Kind(Struct, frozen=True):
    """A problem there can be: its status, its title, what it means and what to do."""

    status: int
    title: str
    meaning: str


# Name -> kind. The name is the end of the address in `type`.
KINDS: dict[str, Kind] = {
    "unreadable": Kind(
        400,
        "The request cannot be read",
        "The body is not JSON, or a parameter or header has a value it cannot have. Mend the"
        " request; sent again as it is, it will be refused again.",
    ),
    "signed-out": Kind(
        401,
        "Nobody is signed in",
        "Sign in, or show a token: `Authorization: Bearer …`. One that has ended opens nothing.",
    ),
    "forbidden": Kind(
        403,
        "Not open to you",
        "The object is there, but this act is not open to this person now.",
    ),
    "step-up": Kind(
        403,
        "More certainty is needed",
        "This act needs to be sure who acts: a person signs in and does it there.",
    ),
    "nothing-here": Kind(
        404,
        "There is nothing here for you",
        "There is no such object, or this person may not know of it: the two look the same.",
    ),
    "wrong-method": Kind(
        405,
        "The address does not do that",
        "The header `Allow` says what it does.",
    ),
    "gone": Kind(
        409,
        "Already decided",
        "Somebody was faster, or the case went on: the act is no longer open. `detail` says who,"
        " when and through what; `card` is what is open now.",
    ),
    "refused": Kind(
        409,
        "A rule does not let this happen",
        "The rule is in `detail`, with who may do something about it. Nothing was changed.",
    ),
    "no-length": Kind(
        411,
        "The length is missing",
        "Say how long the body is: `Content-Length`.",
    ),
    "changed": Kind(
        412,
        "Changed in between",
        "The object is not as it was when you read it (`If-Match`). Read it again and decide"
        " again; `card` is what it is now.",
    ),
    "too-large": Kind(
        413,
        "Too large",
        "The request is larger than what can be sent here. Nothing was changed.",
    ),
    "not-json": Kind(
        415,
        "Not JSON",
        "The body must be JSON: `Content-Type: application/json`.",
    ),
    "invalid": Kind(
        422,
        "Something does not fit",
        "The body is JSON, but a field is missing, unknown or not as it must be. `errors` says"
        " which and why. Nothing was changed, and the act is still open.",
    ),
    "key-used": Kind(
        422,
        "The key was used for something else",
        "`Idempotency-Key` names one request for good. For another request take a new key.",
    ),
    "too-often": Kind(
        429,
        "Too many requests",
        "Wait as many seconds as the header `Retry-After` says.",
    ),
    "failed": Kind(
        500,
        "Something went wrong on our side",
        "What you did was not saved. Send it again, with the same `Idempotency-Key`.",
    ),
    "unavailable": Kind(
        503,
        "The database does not answer",
        "What you did was not saved. Send it again in a moment, with the same `Idempotency-Key`.",
    ),
}

# What became of an act -> the problem that says so.
_OF: dict[Verdict, str] = {
    Verdict.UNKNOWN_PERSON: "signed-out",
    Verdict.UNKNOWN_OBJECT: "nothing-here",
    Verdict.FORBIDDEN: "forbidden",
    Verdict.GONE: "gone",
    Verdict.STEP_UP: "step-up",
    Verdict.INVALID: "invalid",
    Verdict.REFUSED: "refused",
    Verdict.CONFLICT: "key-used",
    Verdict.CHANGED: "changed",
}


class Problem(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        more: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail or name)
        self.name, self.detail, self.more, self.headers = name, detail, more or {}, headers or {}

    def answer(self) -> HttpResponse:
        """As it is sent."""
        kind = KINDS[self.name]
        body = {
            "type": address_of(self.name),
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail or kind.meaning,
            **self.more,
        }
        headers = {"Cache-Control": "no-store", **self.headers}
        if kind.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="Genba"'
        return HttpResponse(
            msgspec.json.encode(body), status=kind.status, content_type=MEDIA, headers=headers
        )


def address_of(name: str) -> str:
    """Where a kind of problem is explained."""
    return f"{settings.GENBA_URL}/api/problems/{name}"


def problem_of(outcome: Outcome) -> Problem:
    """An act that did not take effect."""
    more: dict[str, Any] = {"verdict": str(outcome.verdict), "errors": outcome.errors}
    if outcome.card is not None:
        more["card"] = outcome.card
    return Problem(_OF[outcome.verdict], outcome.message, more=more)
