"""Sending an event to its webhook, again and again, and in the end laying it aside.

Rules of this file: a handler of outbox rows, outside any unit. Each attempt resolves the address
anew and passes the door to other servers (`runtime.outward`): internal addresses are refused each
time, a redirect is not followed. Rights are those of now. What fails is tried again by the loop;
what failed too often, or can never work, becomes a dead letter that its person can send again.
"""

import logging
import os
import time
from collections.abc import Callable

import msgspec
from django.utils.translation import gettext_noop
from msgspec.structs import replace

from genba.channels.events import MEDIA, event_of, test_event
from genba.channels.webhooks.following import Following
from genba.channels.webhooks.signing import signed
from genba.journal.contract import Conflict
from genba.journal.records import CaseId, Envelope, OutboxRow
from genba.machines.webhooks import MOST_LETTERS, Letter, Webhook, marks_of
from genba.people.access import may_see_case
from genba.people.directory import known
from genba.runtime.installation import Installation
from genba.runtime.loop import ATTEMPTS
from genba.runtime.notices import HookNotice
from genba.runtime.outward import Allowed, Oversized, Refused, Unreachable, read_allowed, send
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

HOSTS = "GENBA_WEBHOOK_HOSTS"
SECONDS = 10.0  # for the whole of an attempt
LARGEST = 100_000  # bytes of an answer that are read
REST = 30.0  # seconds a server that did not answer is left alone by this process
TRIES = 5
GONE = gettext_noop("stopped: the address answered that it is gone (410)")

_log = logging.getLogger("genba.webhooks")
_resting: dict[str, float] = {}  # stream -> until when, on the monotonic clock


class Resting(Exception):
    """A server that did not answer is not asked again so soon."""


class NotTaken(Exception):
    """It was not taken, and may be later."""


def connect(inst: Installation) -> None:
    """Let this installation send events."""
    inst.on("hook", send_event, "webhooks")
    inst.follow(Following(), "webhooks")


def hosts() -> tuple[Allowed, ...]:
    """Where events may go, by GENBA_WEBHOOK_HOSTS; any server of the internet by default."""
    return read_allowed(os.environ.get(HOSTS, "") or "*")


def send_event(inst: Installation, row: OutboxRow) -> None:
    """One attempt. Raises NotTaken while there is hope."""
    notice = msgspec.json.decode(row.body, type=HookNotice)
    with inst.journal.reading() as reading:
        hook = read_state(reading.stream(row.case), Webhook)
    if hook is None or hook.removed:
        return
    event = event_for(inst, hook, notice)
    if event is None:
        return
    try:
        status = _attempt(inst, row.case, hook, event)
    except (Refused, Oversized, ValueError) as never:
        _lay_aside(inst, row, notice, event["type"], str(never))
        return
    except Resting as problem:
        status, why = 0, str(problem)
    except Unreachable as problem:
        _resting[row.case] = time.monotonic() + REST
        status, why = 0, str(problem)
    else:
        why = f"the answer was {status}"
    if 200 <= status < 300:
        return
    if status == 410:
        _lay_aside(inst, row, notice, event["type"], why, stop=True)
    elif row.attempts + 1 >= ATTEMPTS:
        _lay_aside(inst, row, notice, event["type"], why)
    else:
        raise NotTaken(why)


def event_for(inst: Installation, hook: Webhook, notice: HookNotice) -> dict[str, object] | None:
    """The event, unless its person may not know of it any more."""
    if not notice.case:
        return test_event(notice.seq, inst.clock.now())
    owner = known(hook.person)
    with inst.journal.reading() as reading:
        case = reading.case(CaseId(notice.case))
        entries = reading.log(CaseId(notice.case), after=notice.seq - 1, limit=1)
        if owner is None or case is None or not entries or not may_see_case(owner, case, reading):
            return None
        return event_of(entries[0], case)


def _attempt(inst: Installation, stream: str, hook: Webhook, event: dict[str, object]) -> int:
    """The status of the answer. Raises what `outward.send` raises."""
    if time.monotonic() < _resting.get(stream, 0.0):
        raise Resting("it did not answer a moment ago, and is left alone")
    id, body = stream.partition(":")[2], msgspec.json.encode(event)
    headers = signed(id, hook, f"msg_{id}_{event['id']}", inst.clock.now(), body)
    answer = send(
        "POST",
        hook.url,
        allowed=hosts(),
        headers=[("User-Agent", "Genba"), ("Content-Type", MEDIA), *headers.items()],
        body=body,
        seconds=SECONDS,
        largest=LARGEST,
    )
    _resting.pop(stream, None)
    return answer.status


def _lay_aside(
    inst: Installation,
    row: OutboxRow,
    notice: HookNotice,
    type: object,
    why: str,
    *,
    stop: bool = False,
) -> None:
    """Keep it as a dead letter; with `stop`, send nothing more."""
    _log.warning("webhook %s: event %s is laid aside: %s", row.case, notice.position, why)
    letter = Letter(
        position=notice.position,
        case=notice.case,
        seq=notice.seq,
        type=str(type),
        at=inst.clock.now(),
        error=why[:500],
    )

    def laid(hook: Webhook) -> Webhook:
        others = tuple(one for one in hook.dead if one.position != letter.position)
        kept = replace(hook, dead=(*others, letter)[-MOST_LETTERS:])
        return replace(kept, on=False, why=GONE) if stop else kept

    _change(inst, row, laid, {"position": notice.position, "stopped": stop})


def _change(
    inst: Installation,
    row: OutboxRow,
    change: Callable[[Webhook], Webhook],
    said: dict[str, object],
) -> None:
    """Change what is kept, again where somebody was faster."""
    envelope = Envelope(at=inst.clock.now(), machine=True, act="hook", key=f"{row.case}:{row.key}")
    for left in reversed(range(TRIES)):
        try:
            with open_unit(inst, envelope) as unit:
                stream = unit.stream(row.case)
                hook = stream.state(Webhook)
                if hook is None or hook.removed:
                    return
                changed = change(hook)
                stream.record("webhook.laid-aside", said)
                stream.keep(changed, marks=marks_of(changed))
            return
        except Conflict:
            if not left:
                raise
