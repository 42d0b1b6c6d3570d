"""One's webhooks: the list, and one with its secret and what it could not hand over.

Rules of this file: GET shows; what changes is an act. The secret is shown to its person, signed in,
and to nobody else.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.channels.webhooks.signing import secret_of
from genba.machines.webhooks import KIND, NEW, load_webhook, status_of, webhooks_of
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def webhooks(request: HttpRequest, reader: Known) -> HttpResponse:
    """The list, and making one."""
    return show_webhook(request, reader, NEW)


@require_safe
@for_reader
def webhook(request: HttpRequest, reader: Known, id: str) -> HttpResponse:
    """The page of one."""
    return show_webhook(request, reader, id)


def show_webhook(
    request: HttpRequest, reader: Known, id: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render one, or the list; `tried` is the act that was just refused, to be shown again."""
    with current().journal.reading() as reading:
        card = card_in(KIND, id, reader, reading) if "\0" not in id else None
        found = load_webhook(reading, id) if card is not None else None
        rows = webhooks_of(reading, reader.id) if id == NEW else []
    if card is None or found is None:
        raise Http404
    hook = found.hook
    context = {
        "card": card,
        "rows": [(one.id, one.hook, status_of(one.hook)) for one in rows if one.hook],
        "letters": hook.dead if hook else (),
        "secret": secret_of(id, hook.generation) if hook else "",
        "tried": tried,
    }
    answer = render(request, "webhooks.html", context, status=tried.status if tried else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer
