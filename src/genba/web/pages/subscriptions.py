"""One's own calendar and to-do list: the addresses and passwords programs open them with.

Rules of this file: GET shows, POST is an act of the account. A secret is made here, shown in the
answer to that POST and nowhere again; what is kept is its hash.
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from genba.acts.bearers import Bearer, hash_of, make_secret
from genba.acts.inbound import Inbound, Outcome
from genba.acts.performance import perform
from genba.machines.accounts import load_account
from genba.people.access import CALENDAR, FEED, TODO
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.acting import assurance
from genba.web.reader import for_reader
from genba.web.tried import STATUS

SHOWN = 12  # letters of a hash that name it in a form


def kinds() -> dict[str, str]:
    """What can be opened, by scope, in the reader's language."""
    return {
        CALENDAR: _("Due dates, by address"),
        TODO: _("To-do list, by password"),
        FEED: _("Feeds, by address"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def subscriptions(request: HttpRequest, reader: Known) -> HttpResponse:
    """What is open, and making or ending one."""
    if reader.is_guest:
        raise Http404
    secret, outcome = "", None
    scope = request.POST.get("scope", "")
    if request.method == "POST" and "end" in request.POST:
        outcome = act_on_account(request, reader, "revoke-token", {"token": request.POST["end"]})
    elif request.method == "POST" and scope in kinds():
        secret = make_secret()
        name = request.POST.get("name", "").strip() or kinds()[scope]
        given = {"name": name, "scopes": scope, "hash": hash_of(secret)}
        outcome = act_on_account(request, reader, "make-token", given)
    made = secret if outcome is not None and outcome.ok else ""
    context = {
        "rows": _rows(reader),
        "kinds": kinds(),
        "outcome": outcome,
        "address": f"{settings.GENBA_URL}/calendar/{made}.ics"
        if made and scope == CALENDAR
        else "",
        "feeds": f"{settings.GENBA_URL}/feeds/{made}/" if made and scope == FEED else "",
        "password": made if scope == TODO else "",
        "list_address": f"{settings.GENBA_URL}/dav/",
        "reader": reader,
    }
    status = STATUS[outcome.verdict] if outcome is not None else 200
    answer = render(request, "subscriptions.html", context, status=status)
    if request.method == "POST":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _rows(reader: Known) -> list[tuple[str, Bearer]]:
    """What opens somebody's calendar or list now, by the beginning of its hash."""
    with current().journal.reading() as reading:
        account = load_account(reading, reader.id)
    found = account.tokens if account else ()
    return [(hash[:SHOWN], one) for hash, one in found if set(kinds()) & set(one.scopes)]


def act_on_account(
    request: HttpRequest, reader: Known, act: str, given: Mapping[str, object]
) -> Outcome:
    """Do an act of the reader's own account."""
    return perform(
        Inbound(
            channel="web",
            assurance=assurance(request),
            act=f"account.{act}",
            given=dict(given),
            key=f"web:{reader.id}:{request.POST.get('_key', '')}",
            person=reader.id,
            object="account",
            object_id=reader.id,
            locale=reader.locale,
        )
    )
