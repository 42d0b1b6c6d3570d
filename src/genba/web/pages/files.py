"""Attachments: handed out as downloads, never shown inside our pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from genba.acts.objects import find
from genba.journal.records import CaseId, Content
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.cases import visible_case
from genba.web.reader import for_reader


@require_safe
@for_reader
def file(request: HttpRequest, reader: Known, number: int, content: str) -> HttpResponse:
    """A file of a case somebody may see; always a download, whatever it says it is."""
    with current().journal.reading() as reading:
        row = visible_case(reader, number, reading)
        stored = reading.content(row.case, content)
    return handed_out(stored)


@require_safe
@for_reader
def talked(request: HttpRequest, reader: Known, object: str, id: str, content: str) -> HttpResponse:
    """A file of the conversation on an object somebody may see."""
    with current().journal.reading() as reading:
        found = find(object, id, reader, reading)
        if found is None or found.type.thread is None:
            raise Http404
        log = CaseId(found.type.thread(found.value).log)
        stored = reading.content(log, content)
    return handed_out(stored)


def handed_out(stored: Content | None) -> HttpResponse:
    """The download; not found where there is no such file, or not any more."""
    if stored is None or stored.kind != "file" or stored.erased:
        raise Http404
    return HttpResponse(
        stored.body,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, stored.name) or "attachment",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
