"""What happens, as server-sent events that go on where somebody was.

Rules of this file: the same events as those of webhooks, each once, in the order of the log, to
whom may see its case now; whoever asks is looked at again each time, so that a token that was
revoked hears nothing more. How long the log is, is no guest's business. No thread waits.
"""

from collections.abc import AsyncIterator

import msgspec
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext
from msgspec import Struct

from genba.channels.events import event_of, wants
from genba.channels.workers import polling
from genba.journal.records import CaseRow, stream_kind
from genba.people.access import READ, may_see_case, may_use
from genba.runtime.installation import current
from genba.runtime.pulse import pulse, woken
from genba.web.api.bodies import asked, between, text
from genba.web.api.entrance import caller, entered_waiting, seen, to_read
from genba.web.api.problems import Problem

HEARTBEAT = 15.0  # seconds of silence after which a comment keeps proxies from closing
BATCH = 200
LATEST = 2**63 - 1
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Encoding": "identity",  # compressing would hold events back
    "X-Accel-Buffering": "no",
}


class Wanted(Struct, frozen=True, kw_only=True):
    """Which events somebody asks for, and after which position."""

    since: int
    case: str = ""
    process: str = ""
    types: tuple[str, ...] = ()


@entered_waiting("GET")
async def events(request: HttpRequest) -> HttpResponseBase:
    """`GET /api/events`: from `Last-Event-ID` or `since` on, else from now on."""
    wanted = await polling.aside(lambda: _wanted(request))
    return StreamingHttpResponse(
        _told(request, wanted), content_type="text/event-stream", headers=HEADERS
    )


def _wanted(request: HttpRequest) -> Wanted:
    """What is asked for. Raises Problem."""
    reader = caller(request)
    to_read(reader)
    if reader.is_guest:
        raise Problem("forbidden")
    table = {"since": between(0, LATEST)}
    given = asked(request, {**table, "case": text(255), "process": text(255), "types": text(255)})
    last = request.headers.get("Last-Event-ID")
    try:
        since = table["since"](last) if last is not None else given.get("since")
    except ValueError:
        raise Problem("unreadable", gettext("Last-Event-ID is the id of no event.")) from None
    if since is None:
        with current().journal.reading() as reading:
            since = reading.position()
    types = tuple(part.strip() for part in given.get("types", "").split(",") if part.strip())
    return Wanted(
        since=since, case=given.get("case", ""), process=given.get("process", ""), types=types
    )


async def _told(request: HttpRequest, wanted: Wanted) -> AsyncIterator[str]:
    """The stream itself, as text of the event stream format (HTML, server-sent events)."""
    waiter = pulse.join()
    since = wanted.since
    try:
        yield "retry: 1000\n\n"
        while not pulse.stopped:
            waiter[1].clear()
            at = since
            found = await polling.aside(lambda at=at: _look(request, wanted, at))  # type: ignore[misc]
            if found is None:
                return
            moved, told = found
            for line in told:
                yield line
            if moved != since:
                since = moved
            elif not await woken(waiter[1], HEARTBEAT):
                yield ": still here\n\n"
    finally:
        pulse.leave(waiter)


def _look(request: HttpRequest, wanted: Wanted, since: int) -> tuple[int, list[str]] | None:
    """How far was looked, and the events there; None for whoever may not read any more."""
    reader = seen(request)
    if reader is None or not may_use(reader, READ):
        return None
    told: list[str] = []
    cases: dict[str, CaseRow | None] = {}
    with current().journal.reading() as reading:
        entries = reading.log_since(since, BATCH)
        for entry in entries:
            if stream_kind(entry.case) or wanted.case not in ("", entry.case):
                continue
            if not wants(wanted.types, entry):
                continue
            if entry.case not in cases:
                row = reading.case(entry.case)
                fits = row is not None and wanted.process in ("", row.process)
                visible = row is not None and fits and may_see_case(reader, row, reading)
                cases[entry.case] = row if visible else None
            case = cases[entry.case]
            if case is not None:
                event = event_of(entry, case)
                data = msgspec.json.encode(event).decode()
                told.append(f"id: {entry.position}\nevent: {event['type']}\ndata: {data}\n\n")
    return (entries[-1].position if entries else since), told
