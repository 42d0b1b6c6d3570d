"""Sending a call to a chat system, and hearing what it says.

Rules of this file: only hosts of that system are called. What may pass is raised as `Busy`, what
will not as `Declined`: the one is tried again, the other is not.
"""

from typing import Any

from genba.channels.chat.contract import Call
from genba.channels.chat.payloads import decoded, text
from genba.channels.chat.systems import System
from genba.runtime.outward import Oversized, Refused, Unreachable, send

SECONDS = 20.0
AGAIN = frozenset({408, 425, 429})


class Busy(OSError):
    """The system does not answer now, or says so."""


class Declined(Exception):
    """The system will not do it, however often it is asked."""


def send_call(system: System, call: Call, *, seconds: float = SECONDS) -> dict[str, Any]:
    """Send a call and give the answer. Raises Busy or Declined."""
    try:
        answer = send(
            call.method,
            call.url,
            allowed=system.hosts,
            headers=call.headers,
            body=call.body,
            seconds=seconds,
        )
    except Unreachable as problem:
        raise Busy(str(problem)) from None
    except (Refused, Oversized) as problem:
        raise Declined(str(problem)) from None
    said = decoded(answer.body)
    if answer.status in AGAIN or answer.status >= 500:
        raise Busy(f"{system.chat.channel.title} answered {answer.status}")
    if answer.status >= 400 or said.get("ok") is False or said.get("result") == "error":
        why = text(said, "error") or text(said, "message") or text(said, "msg")
        raise Declined(f"{system.chat.channel.title} answered {answer.status} {why}"[:300])
    return said
