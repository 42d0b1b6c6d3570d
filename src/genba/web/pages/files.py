"""Attachments: handed out as downloads, and shown where that is safe.

Rules of this file: what a file is, is decided by `previews` from its bytes. What is shown comes
with a policy of its own, under which it can load and run nothing; only PDF goes without the
sandbox, because browsers show it in none, and only in a frame of our own pages.
"""

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from genba.acts.objects import find
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Content
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.cases import visible_case
from genba.web.pages.talked import show_part
from genba.web.previews import PDF, preview_of
from genba.web.reader import for_reader

NOTHING = "default-src 'none'; sandbox"
IN_A_FRAME = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
FRAMED = {"frame-src": ["'self'"]}  # what a page that shows a file may have in it


@require_safe
@for_reader
def file(request: HttpRequest, reader: Known, number: int, content: str) -> HttpResponse:
    """A file of a case somebody may see, as a download."""
    return handed_out(of_case(reader, number, content))


@require_safe
@for_reader
def talked(request: HttpRequest, reader: Known, object: str, id: str, content: str) -> HttpResponse:
    """A file of the conversation on an object somebody may see, as a download."""
    return handed_out(of_thread(reader, object, id, content))


@xframe_options_sameorigin
@require_safe
@for_reader
def view(request: HttpRequest, reader: Known, number: int, content: str) -> HttpResponse:
    """A file of a case, to be shown."""
    return shown(of_case(reader, number, content))


@xframe_options_sameorigin
@require_safe
@for_reader
def talked_view(
    request: HttpRequest, reader: Known, object: str, id: str, content: str
) -> HttpResponse:
    """A file of a conversation, to be shown."""
    return shown(of_thread(reader, object, id, content))


@csp_update(FRAMED)
@require_safe
@for_reader
def page(request: HttpRequest, reader: Known, number: int, content: str) -> HttpResponse:
    """The page of a file of a case: what it shows, and the talk about it."""
    with current().journal.reading() as reading:
        row = visible_case(reader, number, reading)
    return show_part(request, reader, "file", f"{row.case}:{content}")


@csp_update(FRAMED)
@require_safe
@for_reader
def talked_page(
    request: HttpRequest, reader: Known, object: str, id: str, content: str
) -> HttpResponse:
    """The page of a file of a conversation."""
    with current().journal.reading() as reading:
        log = log_of(reader, object, id, reading)
    return show_part(request, reader, "file", f"{log}:{content}")


def of_case(reader: Known, number: int, content: str) -> Content:
    """A file of a case; not found where there is none this person may see."""
    with current().journal.reading() as reading:
        row = visible_case(reader, number, reading)
        return _file(reading.content(row.case, content))


def of_thread(reader: Known, object: str, id: str, content: str) -> Content:
    """A file of a conversation; not found where there is none this person may see."""
    with current().journal.reading() as reading:
        return _file(reading.content(log_of(reader, object, id, reading), content))


def log_of(reader: Known, object: str, id: str, reading: Reading) -> CaseId:
    """Where an object is talked about; not found where this person may not see it."""
    found = find(object, id, reader, reading)
    if found is None or found.type.thread is None:
        raise Http404
    return CaseId(found.type.thread(found.value).log)


def _file(stored: Content | None) -> Content:
    if stored is None or stored.kind != "file" or stored.erased:
        raise Http404
    return stored


def handed_out(stored: Content) -> HttpResponse:
    """The download, whatever it says it is."""
    return HttpResponse(
        stored.body,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, stored.name) or "attachment",
            "Content-Security-Policy": NOTHING,
            "X-Content-Type-Options": "nosniff",
        },
    )


def shown(stored: Content) -> HttpResponse:
    """A picture or a PDF as what it is; anything else is a download."""
    preview = preview_of(stored)
    if preview.kind not in ("image", "pdf"):
        return handed_out(stored)
    return HttpResponse(
        stored.body,
        content_type=preview.media_type,
        headers={
            "Content-Disposition": content_disposition_header(False, stored.name) or "inline",
            "Content-Security-Policy": IN_A_FRAME if preview.media_type == PDF else NOTHING,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )
