"""Feeds by a secret address: what a feed reader subscribes to.

Rules of this file: GET and HEAD only, and nothing is written. The address is the whole secret: it
opens this and nothing else; an unknown one and a revoked one give the same 404.
"""

import hashlib

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from genba.channels.feeds import activity, atom
from genba.channels.feeds.items import happened, needed
from genba.channels.mail.site import site
from genba.channels.workers.entrance import spoken_for
from genba.people.access import FEED, may_use
from genba.runtime.installation import current

LISTS = {"needs": needed, "happened": happened}


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str, name: str, form: str) -> HttpResponse:
    """The feed of whose secret it is."""
    reader = spoken_for(secret)
    if reader is None or reader.scopes is None or not may_use(reader, FEED) or name not in LISTS:
        return _guarded(HttpResponse(status=404))
    with current().journal.reading() as reading, override(reader.locale):
        items = LISTS[name](reader, reading)
        said = {"needs": _("%(site)s: what needs me"), "happened": _("%(site)s: what happened")}
        title = said[name] % {"site": site().name}
    if form == "atom":
        now, id = current().clock.now(), f"feed:{name}:{reader.id}"
        body, media = atom.atom(title, settings.GENBA_URL, id, items, now), atom.MEDIA
    else:
        body, media = msgspec.json.encode(activity.collection(title, items)), activity.MEDIA
    stable = msgspec.json.encode(items)
    tag = f'"{hashlib.sha256(stable).hexdigest()[:20]}-{form}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return _guarded(HttpResponse(status=304, headers={"ETag": tag}))
    return _guarded(HttpResponse(body, content_type=media, headers={"ETag": tag}))


def _guarded(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
