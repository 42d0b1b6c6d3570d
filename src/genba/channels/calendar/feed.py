"""Due dates by a secret address: what a calendar program subscribes to.

Rules of this file: GET and HEAD only, and nothing is written. The address is the whole secret: it
opens this and nothing else, an unknown one and a revoked one give the same 404, and the answer
asks everybody on the way to keep neither it nor where it came from.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from genba.channels.calendar.entries import calendar, event, tag_of
from genba.channels.calendar.lists import entries_of, place
from genba.channels.workers.entrance import spoken_for
from genba.people.access import CALENDAR, may_use
from genba.runtime.installation import current


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whose secret it is."""
    reader = spoken_for(secret)
    if reader is None or reader.scopes is None or not may_use(reader, CALENDAR):
        return _guarded(HttpResponse(status=404))
    here = place()
    with current().journal.reading() as reading, override(reader.locale):
        due = [event(one, here) for one in entries_of(reader, reading) if one.card.due]
        name = _("%(site)s: what is due") % {"site": here.name}
        file = calendar(due, name)
    tag = f'"{tag_of(file)}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return _guarded(HttpResponse(status=304, headers={"ETag": tag}))
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer.headers["ETag"] = tag
    answer.headers["Content-Disposition"] = 'inline; filename="genba.ics"'
    return _guarded(answer)


def _guarded(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
