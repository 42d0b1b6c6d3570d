"""Language, and the demonstration's one-click sign-in.

Rules of this file: signing in and out is allauth's business. The demonstration's door exists
only when GENBA_DEMO is set and the request comes from this very machine.
"""

from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from genba.people.models import Person
from genba.web.parts import whole


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language: kept with the person when signed in, else in a cookie."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(place(request), status=303)
    if wanted not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Person):
        request.user.locale = wanted
        request.user.save(update_fields=["locale"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=31_536_000,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def place(request: HttpRequest) -> str:
    """Where to go afterwards: the page the form stood on, if it is one of ours."""
    wanted = request.POST.get("_next", "")
    fits = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if fits else "/"


def is_demo(request: HttpRequest) -> bool:
    """Whether the demonstration's sign-in is open to this request."""
    try:
        return bool(settings.GENBA_DEMO) and ip_address(request.META["REMOTE_ADDR"]).is_loopback
    except (KeyError, ValueError):
        return False


def demo_people() -> list[Person]:
    """The people one may sign in as in a demonstration: everybody but guests."""
    return list(Person.objects.filter(is_active=True, is_guest=False).prefetch_related("teams"))


@login_not_required
@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people, without a password."""
    if not is_demo(request):
        raise Http404
    chosen = whole(request.POST.get("person", ""))
    if chosen is None:
        raise Http404
    person = get_object_or_404(Person, pk=chosen, is_active=True, is_guest=False)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("inbox")
