"""Calendars: the list, and one with its week, its days off and its teams.

Rules of this file: GET shows; what changes is an act. A name that is not used yet is a page too,
so that a calendar is begun with its first act.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.cases import calendar_objects
from genba.cases.places import calendar_path
from genba.people.access import may_see_calendars
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def calendars(request: HttpRequest, reader: Known) -> HttpResponse:
    """Every calendar; with a name asked for, that one."""
    if not may_see_calendars(reader):
        raise Http404
    name = request.GET.get("name", "").strip()
    if name:
        return redirect(calendar_path(name))
    with current().journal.reading() as reading:
        rows = calendar_objects.calendars(reading)
    context = {"rows": rows, "paths": {row.name: calendar_path(row.name) for row in rows}}
    return render(request, "calendars.html", context)


@require_safe
@for_reader
def calendar(request: HttpRequest, reader: Known, name: str) -> HttpResponse:
    """The page of a calendar."""
    return show_calendar(request, reader, name)


def show_calendar(
    request: HttpRequest, reader: Known, name: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render a calendar; `tried` is the act that was just refused, to be shown again."""
    with current().journal.reading() as reading:
        card = card_in("calendar", name, reader, reading)
        found = calendar_objects.load_calendar(reading, name)
    if card is None or found is None:
        raise Http404
    context = {
        "card": card,
        "days": calendar_objects.days_off(found.said, current().clock.now()),
        "tried": tried,
    }
    return render(request, "calendar.html", context, status=tried.status if tried else 200)
