"""A to-do list over CalDAV: what needs somebody, kept in step with their to-do program.

Rules of this file: thin; the list is that of `lists`, a tick goes to `ticking`, XML is made in
`resources`. Nothing else changes anything: what is edited, moved or deleted in the program comes
back. Whoever asks shows a password of their own for it (Basic, scope `todo`); nobody is told
whether a password is wrong, ended or for something else.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from urllib.parse import unquote

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from icalendar import Calendar

from genba.channels.calendar.asking import CALDAV, DAV, Asked, Malformed, fits, read_asked
from genba.channels.calendar.channel import is_ticked
from genba.channels.calendar.entries import calendar, tag_of, todo, uid_of
from genba.channels.calendar.lists import entries_of, place
from genba.channels.calendar.resources import (
    HOME,
    LIST,
    PRINCIPAL,
    ROOT,
    Answer,
    Resource,
    answer_of,
    item_href,
    multistatus,
    refusal,
)
from genba.channels.calendar.ticking import take
from genba.channels.workers.entrance import secret_of, spoken_for
from genba.journal.records import CaseId
from genba.people.access import TODO, may_use
from genba.people.directory import Known
from genba.runtime.installation import current

METHODS = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT"
LARGEST = 200_000  # bytes of a to-do
STATES = 2_000  # versions of lists that are remembered, to say what has changed since

View = Callable[..., HttpResponse]


class States:
    """What was in a list when it had a version. Lost with the process: then all is told anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, token: str, tags: dict[str, str]) -> None:
        """Remember the tags of a version by address."""
        with self._lock:
            self._kept[token] = tags
            self._kept.move_to_end(token)
            while len(self._kept) > STATES:
                self._kept.popitem(last=False)

    def of(self, token: str) -> dict[str, str] | None:
        """Those of a version, if they are remembered."""
        with self._lock:
            return self._kept.get(token)


states = States()


def entered(view: View) -> View:
    """Hand a view who asks, in their language."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def handed(request: HttpRequest, *given: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return _told(HttpResponse(status=200, headers={"Allow": METHODS}))
        reader = spoken_for(secret_of(request))
        if reader is None or not may_use(reader, TODO):
            headers = {"WWW-Authenticate": 'Basic realm="Genba", charset="UTF-8"'}
            return _told(HttpResponse(status=401, headers=headers))
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # packing would make the tags weak
        with override(reader.locale):
            return _told(view(request, reader, *given))

    return handed


def _told(answer: HttpResponse) -> HttpResponse:
    answer.headers["DAV"] = "1, 3, calendar-access"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@csrf_exempt
@login_not_required
def well_known(_request: HttpRequest) -> HttpResponse:
    """Where the root is (RFC 6764, 5)."""
    return HttpResponse(status=307, headers={"Location": ROOT})


@entered
def collection(request: HttpRequest, reader: Known, path: str) -> HttpResponse:
    """The root, oneself, the home, and the list."""
    try:
        match request.method:
            case "PROPFIND":
                return _found(request, reader, f"/{path}")
            case "REPORT" if f"/{path}" == LIST:
                return _reported(request, reader)
            case "PROPPATCH":
                return _many([Answer(href=f"/{path}", refused=((DAV, "displayname"),))])
    except Malformed as wrong:
        return HttpResponse(str(wrong), status=400, content_type="text/plain")
    return HttpResponse(status=405, headers={"Allow": METHODS})


@entered
def item(request: HttpRequest, reader: Known, name: str) -> HttpResponse:
    """A to-do: read, ticked; whatever else is done to it comes back as it was."""
    href = item_href(name)
    here = {one.href: one for one in _items(reader)}.get(href)
    match request.method:
        case "GET" | "HEAD" if here is not None:
            headers = {"ETag": f'"{here.tag}"'}
            return HttpResponse(here.file, content_type="text/calendar", headers=headers)
        case "PROPFIND" if here is not None:
            try:
                asked = read_asked(request.body)
            except Malformed as wrong:
                return HttpResponse(str(wrong), status=400, content_type="text/plain")
            return _many([answer_of(here, asked.names)])
        case "PUT":
            return _put(request, reader, name, here)
        case "DELETE":
            return HttpResponse(status=204)
        case "GET" | "HEAD" | "PROPFIND":
            return HttpResponse(status=404)
    return HttpResponse(status=405, headers={"Allow": METHODS})


def _put(request: HttpRequest, reader: Known, uid: str, here: Resource | None) -> HttpResponse:
    """What a program sends. Without a tag in the answer it fetches what became of it."""
    if len(request.body) > LARGEST:
        return HttpResponse(status=413)
    if is_ticked(request.body) is None:
        return _refused((CALDAV, "valid-calendar-data"), 415)
    id = uid.partition("@")[0].replace("-", ":", 1)
    if here is None:
        case, _colon, work = id.partition(":")
        with current().journal.reading() as reading:
            ours = reading.work(CaseId(case), work) is not None
        if not ours:  # one of their own: it stays with them, nothing of it is lost
            return _refused((DAV, "need-privileges"), 403)
        return HttpResponse(
            status=204
        )  # it was decided meanwhile, and goes away with the next look
    wanted = request.headers.get("If-Match", "").strip()
    if wanted not in ("", "*", f'"{here.tag}"'):
        return HttpResponse(status=412)
    take(id, request.body, reader)
    return HttpResponse(status=204)


def _refused(condition: tuple[str, str], status: int) -> HttpResponse:
    return HttpResponse(refusal(condition), status=status, content_type="application/xml")


def _items(reader: Known) -> list[Resource]:
    here = place()
    with current().journal.reading() as reading:
        entries = entries_of(reader, reading)
    files = [(uid_of(one.card, here), calendar([todo(one, here)], "")) for one in entries]
    return [
        Resource(kind="item", href=item_href(uid), tag=tag_of(file), file=file)
        for uid, file in files
    ]


def _list(reader: Known, items: list[Resource]) -> Resource:
    tags = {one.href: one.tag for one in items}
    digest = hashlib.sha256(repr((reader.id, sorted(tags.items()))).encode()).hexdigest()[:32]
    token = f"urn:genba:list:{digest}"
    states.keep(token, tags)
    name = _("%(site)s: what needs me") % {"site": place().name}
    return Resource(kind="list", href=LIST, name=name, token=token)


def _found(request: HttpRequest, reader: Known, path: str) -> HttpResponse:
    """PROPFIND: a resource, and with depth 1 what is in it."""
    asked = read_asked(request.body)
    inside = request.headers.get("Depth", "1") != "0"
    own = Resource(kind="principal", href=PRINCIPAL, name=reader.name, address=reader.address)
    home = Resource(kind="home", href=HOME, name=place().name)
    items = _items(reader) if path in (HOME, LIST) else []
    match path:
        case _ if path == ROOT:
            root = Resource(kind="root", href=ROOT, name=place().name)
            found = [root, *((own, home) if inside else ())]
        case _ if path == PRINCIPAL:
            found = [own]
        case _ if path == HOME:
            found = [home, *((_list(reader, items),) if inside else ())]
        case _:
            found = [_list(reader, items), *(items if inside else ())]
    return _many([answer_of(one, asked.names) for one in found])


def _reported(request: HttpRequest, reader: Known) -> HttpResponse:
    asked = read_asked(request.body)
    items = _items(reader)
    if asked.kind == (CALDAV, "calendar-multiget"):
        return _many(_named(asked, items))
    if asked.kind == (CALDAV, "calendar-query"):
        wanted = [one for one in items if fits(asked.filter, Calendar.from_ical(one.file))]
        return _many([answer_of(one, asked.names) for one in wanted])
    if asked.kind == (DAV, "sync-collection"):
        return _changed(asked, items, _list(reader, items).token)
    return _refused((DAV, "supported-report"), 403)


def _named(asked: Asked, items: list[Resource]) -> list[Answer]:
    there = {unquote(one.href): one for one in items}
    return [
        answer_of(there[href], asked.names) if href in there else Answer(href=href)
        for href in asked.hrefs
    ]


def _changed(asked: Asked, items: list[Resource], token: str) -> HttpResponse:
    """What is new, other or gone since a version (RFC 6578)."""
    before = states.of(asked.token) if asked.token else {}
    if before is None:
        return _refused((DAV, "valid-sync-token"), 403)
    news = [one for one in items if before.get(one.href) != one.tag]
    gone = [href for href in before if href not in {one.href for one in items}]
    answers = [answer_of(one, asked.names) for one in news]
    return _many([*answers, *(Answer(href=href) for href in gone)], token)


def _many(answers: list[Answer], token: str = "") -> HttpResponse:
    body = multistatus(answers, token)
    return HttpResponse(body, status=207, content_type="application/xml; charset=utf-8")
