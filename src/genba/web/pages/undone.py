"""What could not be done and no card asks about, for whoever administers the installation.

Rules of this file: GET shows; what changes is an act.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.cases import undone
from genba.people.access import may_operate
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def undone_page(request: HttpRequest, reader: Known) -> HttpResponse:
    """All of it, with what one can do about each."""
    return show_undone(request, reader)


def show_undone(request: HttpRequest, reader: Known, *, tried: Tried | None = None) -> HttpResponse:
    """Render the page; `tried` is the act that was just refused, to be shown again."""
    if not may_operate(reader):
        raise Http404
    with current().journal.reading() as reading:
        found = [
            card_in("delivery", str(one.row.id), reader, reading) for one in undone.undone(reading)
        ]
    context = {"cards": [card for card in found if card is not None], "tried": tried}
    return render(request, "undone.html", context, status=tried.status if tried else 200)
