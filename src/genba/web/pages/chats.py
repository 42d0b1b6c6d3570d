"""One's own chat systems: which identities there count as oneself, and a code for another one.

Rules of this file: GET shows, POST is an act, or makes a code, which is shown in the answer to that
POST and nowhere again.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from genba.acts.inbound import Inbound, Outcome
from genba.acts.performance import perform
from genba.channels.chat.linking import make_code
from genba.channels.chat.systems import systems
from genba.people.directory import Known
from genba.people.identities import identities_of
from genba.runtime.installation import current
from genba.web.pages.acting import assurance
from genba.web.reader import for_reader
from genba.web.tried import STATUS


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def chats(request: HttpRequest, reader: Known) -> HttpResponse:
    """Which identities are linked; linking and ending one."""
    if reader.is_guest:
        raise Http404
    code, outcome = "", None
    if request.method == "POST" and "end" in request.POST:
        outcome = _unlink(request, reader)
    elif request.method == "POST":
        code = make_code(reader)
    with current().journal.reading() as reading:
        found = identities_of(reading, reader.id)
    titles = {name: system.chat.channel.title for name, system in systems().items()}
    rows = [(one, titles.get(name, name), who) for one in found for name, _, who in [split(one)]]
    context = {"rows": rows, "code": code, "outcome": outcome, "titles": sorted(titles.values())}
    status = STATUS[outcome.verdict] if outcome is not None else 200
    answer = render(request, "chats.html", context, status=status)
    if request.method == "POST":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def split(identity: str) -> tuple[str, str, str]:
    """The system of an identity, and who one is there."""
    return identity.partition(":")


def _unlink(request: HttpRequest, reader: Known) -> Outcome:
    return perform(
        Inbound(
            channel="web",
            assurance=assurance(request),
            act="chats.unlink",
            given={"identity": request.POST["end"]},
            key=f"web:{reader.id}:{request.POST.get('_key', '')}",
            person=reader.id,
            object="chats",
            object_id=reader.id,
            locale=reader.locale,
        )
    )
