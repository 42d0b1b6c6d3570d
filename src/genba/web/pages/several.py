"""What is ticked on the first page, done at once: one result a line.

Rules of this file: no act is known by name; only those declared `tickable` are done on several.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from genba.acts.inbound import Inbound
from genba.acts.objects import card_for
from genba.acts.registry import find_act
from genba.acts.several import perform_each
from genba.people.directory import Known
from genba.web.pages.acting import as_sent, assurance
from genba.web.reader import for_reader


@require_POST
@for_reader
def several(request: HttpRequest, reader: Known) -> HttpResponse:
    """Do one act on every ticked object, and say what became of each."""
    declaration = find_act(request.POST.get("act", ""))
    if declaration is None or not declaration.tickable:
        raise Http404
    inbound = Inbound(
        channel="web",
        assurance=assurance(request),
        act=declaration.act,
        given={},
        key=f"web:{reader.id}:{request.POST.get('_key', '')}",
        person=reader.id,
        object=declaration.object,
        locale=reader.locale,
        sent=as_sent(request),
    )
    done = perform_each(inbound, request.POST.getlist("id"))
    cards = {
        one.id: one.outcome.card or card_for(declaration.object, one.id, reader, full=False)
        for one in done
    }
    context = {"label": declaration.label, "done": done, "cards": cards}
    return render(request, "several.html", context)
