"""A call of a web service as a drawing writes it, and the request it means for some data.

Rules of this file: pure text. The scheme and the host are written, never computed; what is filled
into the path is escaped; a secret is named here and filled in by whoever sends, so that no value
of one is ever part of a case.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from genba.expressions import Compiled, to_json

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
WITH_BODY = ("POST", "PUT", "PATCH")
SECONDS = 10.0  # how long an answer may take, unless the drawing says otherwise


class Unfilled(Exception):
    """An expression of a call fails for this data: the call cannot be made."""


class Secret(Struct, frozen=True):
    """A value from the environment of whoever sends."""

    name: str


Part = str | Compiled | Secret
Text = tuple[Part, ...]


class Call(Struct, frozen=True, kw_only=True):
    """A call, ready to be filled with data. `seconds`: how long the answer may take."""

    method: str
    url: Text
    headers: tuple[tuple[str, Text], ...] = ()
    body: str | None = None  # as it is written
    formula: Compiled | None = None  # the body is what this gives, as JSON
    seconds: float = SECONDS


class Request(Struct, frozen=True, kw_only=True):
    """What is to be sent; headers still name their secrets."""

    method: str
    url: str
    headers: tuple[tuple[str, tuple[str | Secret, ...]], ...] = ()
    body: bytes = b""
    seconds: float = SECONDS


def fill(call: Call, data: Mapping[str, Any], given: Mapping[str, Any]) -> Request:
    """The request for some data. A call without a body of its own sends `given`: what is mapped.

    Raises Unfilled where an expression fails; what is only missing is empty.
    """
    headers = [
        (name, tuple(part if isinstance(part, Secret) else _said(part, data) for part in text))
        for name, text in call.headers
    ]
    body = b""
    if call.formula is not None:
        body = msgspec.json.encode(_value(call.formula, data))
    elif call.body is not None:
        body = call.body.encode()
    elif call.method in WITH_BODY and given:
        body = msgspec.json.encode(given)
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", ("application/json",)))
    return Request(
        method=call.method,
        url="".join(
            part if isinstance(part, str) else escape(_said(part, data)) for part in call.url
        ),
        headers=tuple(headers),
        body=body,
        seconds=call.seconds,
    )


def escape(text: str) -> str:
    """Text as one piece of a path or query (RFC 3986 §2.1): nothing in it has a meaning there."""
    return "".join(
        chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in text.encode()
    )


def _value(formula: Compiled, data: Mapping[str, Any]) -> Any:
    found = formula.evaluate(data)
    why = formula.trouble(found, data)
    if why:
        raise Unfilled(f"“{formula.text.strip()}”: {why}")
    return to_json(found.value)


def _said(part: Part, data: Mapping[str, Any]) -> str:
    """A part as text: numbers and truth as JSON writes them, nothing for null."""
    if isinstance(part, str):
        return part
    assert isinstance(part, Compiled)
    value = _value(part, data)
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
