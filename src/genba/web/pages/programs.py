"""The tokens of one's programs: which there are, what each may, making and revoking them.

Rules of this file: GET shows, POST is an act of the account. A secret is made here, shown in the
answer to that POST and nowhere again; what is kept is its hash.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from genba.acts.bearers import hash_of, make_secret
from genba.acts.inbound import Outcome
from genba.machines.accounts import SHORT, load_account
from genba.people.access import ACT, READ, WORK
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.subscriptions import act_on_account
from genba.web.reader import for_reader
from genba.web.tried import STATUS


def scopes() -> dict[str, str]:
    """What a program may be let do, in the reader's language."""
    return {
        READ: _("Read what I may see"),
        ACT: _("Act as I may"),
        f"{WORK}*": _("Do the jobs of every topic"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def programs(request: HttpRequest, reader: Known) -> HttpResponse:
    """What there is, and making or revoking one."""
    if reader.is_guest:
        raise Http404
    secret, outcome = "", None
    if request.method == "POST" and "end" in request.POST:
        outcome = act_on_account(request, reader, "revoke-token", {"token": request.POST["end"]})
    elif request.method == "POST":
        secret = make_secret()
        outcome = _make(request, reader, secret)
    with current().journal.reading() as reading:
        account = load_account(reading, reader.id)
    context = {
        "rows": [(hash[:SHORT], one) for hash, one in (account.tokens if account else ())],
        "scopes": scopes(),
        "outcome": outcome,
        "secret": secret if outcome is not None and outcome.ok else "",
        "given": request.POST if outcome is not None and not outcome.ok else {},
    }
    status = STATUS[outcome.verdict] if outcome is not None else 200
    answer = render(request, "programs.html", context, status=status)
    if request.method == "POST":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _make(request: HttpRequest, reader: Known, secret: str) -> Outcome:
    topics = [f"{WORK}{topic.strip()}" for topic in request.POST.get("topics", "").split(",")]
    wanted = [*request.POST.getlist("scope"), *(topic for topic in topics if topic != WORK)]
    given: dict[str, object] = {
        "name": request.POST.get("name", "").strip(),
        "scopes": ",".join(wanted),
        "hash": hash_of(secret),
    }
    if request.POST.get("days", "").strip():
        given["days"] = request.POST["days"].strip()
    return act_on_account(request, reader, "make-token", given)
