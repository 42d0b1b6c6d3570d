"""Reading a call of a web service: what a drawing may write, and what it may not.

Rules of this file: done once per deployed version; a call that cannot be read in one way is refused
with a reason, never guessed.
"""

import re
from collections.abc import Collection

from genba.engine.calling import SECONDS, Call, Part, Secret, Text
from genba.engine.conditions import read_value
from genba.engine.time_texts import read
from genba.engine.timing import After
from genba.expressions import Compiled
from genba.notation.model import HttpCall

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LONGEST = 300.0  # seconds an answer may take at most
_ADDRESS = re.compile(r"https?://[^/?#{}\s\\@]+([/?].*)?", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET = re.compile(r"secret:\s*([A-Za-z_][A-Za-z0-9_]*)")
_PLACE = re.compile(r"\{([^{}]*)\}")


def compile_call(drawn: HttpCall, names: Collection[str] = ()) -> Call | str:
    """The call a drawing means, or why it cannot be made, in words."""
    if drawn.method not in METHODS:
        return f"“{drawn.method}” is no method: write one of {', '.join(METHODS)}"
    if not _ADDRESS.fullmatch(drawn.url):
        return "the address must begin with https:// or http:// and a host that is written out"
    seconds = _seconds(drawn.timeout)
    if seconds is None:
        return f"“{drawn.timeout}” is no duration of up to five minutes such as PT10S"
    url = _read_text(drawn.url, names)
    headers = [(name, _read_text(value, names)) for name, value in drawn.headers]
    wrong = _wrong_header(headers) if not isinstance(url, str) else url
    plain = drawn.body or ""
    formula = read_value(plain, names) if plain.startswith("=") else None
    if plain.startswith("=") and not isinstance(formula, Compiled):
        wrong = wrong or "the body cannot be read as an expression"
    if wrong or isinstance(url, str):
        return wrong
    if any(isinstance(part, Secret) for part in url):
        return "a secret may stand in a header only"
    return Call(
        method=drawn.method,
        url=url,
        headers=tuple((name, text) for name, text in headers if not isinstance(text, str)),
        body=drawn.body,
        formula=formula if isinstance(formula, Compiled) else None,
        seconds=seconds,
    )


def _wrong_header(headers: list[tuple[str, Text | str]]) -> str:
    """What is wrong with the headers, "" for nothing."""
    for name, text in headers:
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            return f"“{name}” is no header a drawing may set"
        if isinstance(text, str):
            return text
    return ""


# How a message itself is sent is not the drawing's to say.
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "idempotency-key"})


def _seconds(text: str) -> float | None:
    if not text:
        return SECONDS
    when = read(text)
    if not isinstance(when, After):
        return None
    span = when.span
    odd = span.months or span.days or span.working
    return span.seconds if not odd and 0 < span.seconds <= LONGEST else None


def _read_text(text: str, names: Collection[str]) -> Text | str:
    """A text with places, or what is wrong with it."""
    parts: list[Part] = []
    at = 0
    for place in _PLACE.finditer(text):
        parts.append(text[at : place.start()])
        at = place.end()
        secret = _SECRET.fullmatch(place[1].strip())
        value = Secret(secret[1]) if secret else read_value("=" + place[1], names)
        if not isinstance(value, (Secret, Compiled)):
            return f"“{place[0]}” cannot be read as an expression"
        parts.append(value)
    parts.append(text[at:])
    return tuple(part for part in parts if part != "")
