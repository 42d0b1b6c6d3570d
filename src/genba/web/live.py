"""The live stream: tells open pages that something changed, and lets them fetch it.

Rules of this file: an event carries a case id and nothing of its content; its id is the
position in the log, so a page that comes back says where it was and misses nothing. Only cases
the reader may see are named; a stream of the journal ("decision:limits") is named only to who asks
for it or for the whole it is a part of. Streams to the browser end when the server stops.
"""

import json
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from genba.journal.contract import CaseQuery, Reading
from genba.journal.records import CaseId, stream_kind, whole_of
from genba.people.access import may_follow_stream, may_see_case
from genba.people.directory import Known, known
from genba.runtime.installation import current
from genba.runtime.pulse import pulse, woken
from genba.web.parts import whole

HEARTBEAT = 15.0  # seconds of silence after which a comment keeps proxies from closing
BATCH = 500  # entries; whoever is further behind is told to look at everything


@login_not_required
async def live(request: HttpRequest) -> HttpResponseBase:
    """`/live?case=…&since=…`: changes after `since` or Last-Event-ID, of one id or all cases."""
    user = await request.auser()
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    if not user.is_authenticated:
        return HttpResponse(status=401)
    asked = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    since = whole(asked)
    if since is None:
        since = await sync_to_async(newest, thread_sensitive=False)()
    return StreamingHttpResponse(
        events(str(user.pk), since, request.GET.get("case", "")),
        content_type="text/event-stream",
        headers={
            "Cache-Control": "no-store",
            "Content-Encoding": "identity",  # compressing would hold events back
            "X-Accel-Buffering": "no",
        },
    )


async def events(person: str, since: int, case: str) -> AsyncIterator[str]:
    """The stream itself, as text of the event stream format (HTML, server-sent events)."""
    waiter = pulse.join()
    event = waiter[1]
    look = sync_to_async(changes, thread_sensitive=False)
    try:
        yield "retry: 1000\n\n"
        while not pulse.stopped:
            event.clear()
            told = await look(person, since, case)
            if told is None:
                return
            since = told[0]
            for position, changed in told[1]:
                data = json.dumps({"case": changed, "position": position})
                yield f"id: {position}\nevent: changed\ndata: {data}\n\n"
            if not await woken(event, HEARTBEAT):
                yield ": still here\n\n"
    finally:
        pulse.leave(waiter)


def newest() -> int:
    """The last position of the log."""
    with current().journal.reading() as reading:
        return reading.position()


def changes(person: str, since: int, case: str) -> tuple[int, list[tuple[int, str]]] | None:
    """The new position, and each changed case once, at its last; None for a closed account."""
    reader = known(person)
    if reader is None:
        return None
    with current().journal.reading() as reading:
        entries = reading.log_since(since, BATCH)
        if len(entries) == BATCH:
            return reading.position(), _far_behind(reader, since, case, reading)
        last: dict[CaseId, int] = {}
        for entry in entries:
            if not case or case in (entry.case, whole_of(entry.case)):
                last[entry.case] = entry.position
        told = [
            (position, str(changed))
            for changed, position in last.items()
            if _hears(reader, changed, case, reading)
        ]
    return (entries[-1].position if entries else since), sorted(told)


def _far_behind(reader: Known, since: int, case: str, reading: Reading) -> list[tuple[int, str]]:
    """What to look at again after too much happened: the one asked for if it changed, else all.

    How much happened elsewhere is no guest's business: they hear of their own cases, each at its
    own last position.
    """
    if not reader.is_guest:
        named = case == "" or _hears(reader, CaseId(case), case, reading)
        return [(reading.position(), case)] if named else []
    own = [CaseId(case)] if case else []
    if not case:
        own = [row.case for row in reading.cases(CaseQuery(person=reader.id, limit=BATCH))]
    last = ((last_position(one, reading), one) for one in own)
    found = [(at, str(one)) for at, one in last if at > since]
    return sorted(one for one in found if _hears(reader, CaseId(one[1]), case, reading))


def last_position(id: CaseId, reading: Reading) -> int:
    """Where in the log of the installation the last entry of a case or stream stands; or 0."""
    row = reading.stream(id) if stream_kind(id) else reading.case(id)
    entries = reading.log(id, after=max(0, row.revision - 1)) if row else []
    return entries[-1].position if entries else 0


def going_on(reader: Known, reading: Reading, case: str = "") -> str:
    """Where a page that is made now goes on from, as it asks `/live`.

    A guest's page says the last position of its case, or none: not how long the whole log is.
    """
    if not reader.is_guest:
        return f"since={reading.position()}"
    return f"since={last_position(CaseId(case), reading)}" if case else ""


def _hears(reader: Known, changed: CaseId, asked: str, reading: Reading) -> bool:
    """Whether somebody who asked for this (or for all cases: "") is told of that change."""
    if stream_kind(changed):
        concerned = asked != "" and asked in (changed, whole_of(changed))
        return concerned and may_follow_stream(reader, changed)
    row = reading.case(changed)
    return row is not None and may_see_case(reader, row, reading)
