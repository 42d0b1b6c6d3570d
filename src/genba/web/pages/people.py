"""Oneself: who stands for me, and for whom I stand.

Rules of this file: GET shows; what changes is an act.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.cases import mentionable
from genba.web.pages.drafts import listed
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def person(request: HttpRequest, reader: Known) -> HttpResponse:
    """The page of oneself."""
    return show_person(request, reader, reader.id)


@require_safe
@for_reader
def person_of(request: HttpRequest, reader: Known, id: int) -> HttpResponse:
    """That of somebody else, for administrators."""
    return show_person(request, reader, str(id))


def show_person(
    request: HttpRequest, reader: Known, id: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render a person; `tried` is the act that was just refused, to be shown again."""
    with current().journal.reading() as reading:
        card = card_in("person", id, reader, reading)
        began = listed(reader, reading) if id == reader.id else []
    if card is None:
        raise Http404
    people, teams = mentionable(reader)
    context = {"card": card, "people": people, "teams": teams, "tried": tried, "drafts": began}
    return render(request, "person.html", context, status=tried.status if tried else 200)
