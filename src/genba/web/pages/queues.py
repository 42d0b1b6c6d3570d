"""Queues: what waits for one's teams and why in this order; and what one can do.

Rules of this file: GET shows; what changes is an act. Order and reasons come with the cards.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.cases.filters import INBOX, counted
from genba.cases.queues import EVERY
from genba.people.directory import Known, names_once
from genba.runtime.installation import current
from genba.web.live import going_on
from genba.web.pages.cases import mentionable
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def queues(request: HttpRequest, reader: Known) -> HttpResponse:
    """Everything one may take."""
    return show_queue(request, reader, EVERY)


@require_safe
@for_reader
def queue(request: HttpRequest, reader: Known, team: str) -> HttpResponse:
    """The queue of a team."""
    return show_queue(request, reader, team)


@require_safe
@for_reader
def skills(request: HttpRequest, reader: Known) -> HttpResponse:
    """What one can do."""
    return show_skills(request, reader, reader.id)


@require_safe
@for_reader
def skills_of(request: HttpRequest, reader: Known, id: int) -> HttpResponse:
    """What somebody can do, for administrators."""
    return show_skills(request, reader, str(id))


def show_queue(
    request: HttpRequest, reader: Known, team: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render a queue; `tried` is the act that was just refused, to be shown again."""
    return _shown(request, reader, "queue", team, "queue.html", tried)


def show_skills(
    request: HttpRequest, reader: Known, person: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render what somebody can do; `tried` is the act that was just refused."""
    return _shown(request, reader, "skills", person, "skills.html", tried)


def _shown(
    request: HttpRequest, reader: Known, object: str, id: str, page: str, tried: Tried | None
) -> HttpResponse:
    with current().journal.reading() as reading, names_once():
        card = card_in(object, id, reader, reading)
        live = going_on(reader, reading)
        filters = counted(reader, reading, INBOX) if object == "queue" else []
    if card is None:
        raise Http404
    people, teams = mentionable(reader)
    context = {"card": card, "people": people, "teams": teams, "tried": tried}
    if object == "queue":
        context |= {"live": f"?{live}", "mine": reader.groups}
        context["filters"] = [one for one in filters if id in (EVERY, one.filter.team, one.team)]
    return render(request, page, context, status=tried.status if tried else 200)
