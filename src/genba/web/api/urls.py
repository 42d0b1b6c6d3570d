"""The addresses of `/api/`."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from genba.web.api import bulk, events, jobs, reads, writes
from genba.web.api.openapi import describe


@login_not_required
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The description of everything here: no secret, so for everybody."""
    return reads.answered(describe())


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("cards", reads.cards),
    path("cases", reads.cases),
    path("filters", reads.filters),
    path("processes", reads.processes),
    path("find", reads.find),
    path("leaks", reads.leaks),
    path("several", writes.several),
    path("import", bulk.bring_in),
    path("export", bulk.take_out),
    path("events", events.events),
    path("jobs/fetch", jobs.fetch_jobs),
    path("jobs/<str:id>/extend", jobs.extend),
    path("jobs/<str:id>/unlock", jobs.unlock),
    path("problems/<str:name>", reads.problem),
    path("decisions/<key:key>/evaluate", reads.evaluate),
    path("<str:object>/<key:id>", reads.card),
    path("<str:object>/<key:id>/<str:name>", writes.act),
    path("<path:rest>", reads.nothing),
]
