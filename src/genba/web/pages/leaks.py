"""Where work leaks, process by process.

Rules of this file: GET shows; nothing here is about one person.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.channels.leaks import leaks
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.reader import for_reader


@require_safe
@for_reader
def leaks_page(request: HttpRequest, reader: Known) -> HttpResponse:
    """How much could be done where people are, how much was, and what left the system."""
    if reader.is_guest:
        raise Http404
    with current().journal.reading() as reading:
        found = leaks(reader, reading)
    return render(request, "leaks.html", {"found": found})
