"""What the page says when it cannot show what was asked: what happened, what was kept, what to do.

Rules of this file: no detail of the fault reaches the reader; the log of the server has it.
"""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from genba.web.api.problems import Problem

# What a program is told instead of a page.
PROBLEMS = {403: "forbidden", 404: "nothing-here", 500: "failed"}


def page(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    """A page with one plain sentence and what to do, also for what was refused at the door."""
    name = PROBLEMS.get(status, "unreadable")
    if request.path.startswith("/api/"):
        return Problem(name, f"{title} {advice}").answer()
    if not hasattr(request, "user"):  # before anybody asked who it is
        request.user = AnonymousUser()
    return render(request, "error.html", {"title": title, "advice": advice}, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page(
        request,
        400,
        _("The browser sent something that cannot be read."),
        _("Nothing was changed. Go back, load the page again and try once more."),
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(
        request, 403, _("This is not open to you."), _("Ask somebody of the team that does it.")
    )


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form that did not come from one of our pages."""
    return page(
        request,
        403,
        _("This form was too old, or came from somewhere else."),
        _("Nothing was changed. Load the page again and send the form once more."),
    )


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, also for what one may not see."""
    return page(
        request,
        404,
        _("There is nothing here for you."),
        _("It may have been moved, or it may not be yours to see. Start from your list."),
    )


@login_not_required
def newer(request: HttpRequest) -> HttpResponse:
    """503: a newer release has written it, and a server of that release can show it."""
    title = _("A newer release of Genba has worked on this.")
    advice = _("Nothing was changed or lost: try again in a moment, or tell whoever runs Genba.")
    if request.path.startswith("/api/"):
        answer = Problem("unavailable", f"{title} {advice}").answer()
    else:
        answer = page(request, 503, title, advice)
    answer["Retry-After"] = "30"  # seconds
    return answer


@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(
        request,
        500,
        _("Something went wrong on our side."),
        _("What you did was not saved. Try again; if it happens again, tell whoever runs Genba."),
    )
