"""The page of a part of a case: a step of its drawing, a file.

Rules of this file: GET shows; what changes is an act. A part somebody may not see is not found.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genba.acts.card import Card
from genba.acts.objects import card_in, target
from genba.cases.part_objects import load_file
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.cases import mentionable, quoted, visible_case
from genba.web.previews import preview_of
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def step(request: HttpRequest, reader: Known, number: int, node: str) -> HttpResponse:
    """A step of a case: what happened at it, and the talk about it."""
    with current().journal.reading() as reading:
        row = visible_case(reader, number, reading)
    return show_part(request, reader, "step", f"{row.case}:{node}")


def show_part(
    request: HttpRequest, reader: Known, object: str, id: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render a step or a file; `tried` is the act that was just refused."""
    with current().journal.reading() as reading:
        card = card_in(object, id, reader, reading)
        above = target(object, id, "case") or (_above(object, id) if card else None)
        whole = card_in(*above, reader, reading, full=False) if card and above else None
        file = load_file(reading, id) if object == "file" else None
        if card is None or whole is None:
            raise Http404
        live = f"?case={card.case}&since={reading.position()}"
    people, teams = mentionable(reader)
    hint = _("Write about this file. @name asks for somebody.")
    if object == "step":
        hint = _("Write about this step. @name asks for somebody.")
    context = {
        "card": card,
        "whole": whole,
        "hint": hint,
        "quoting": quoted(request, card),
        "shown": preview_of(file.content) if file else None,
        "view": _place("view", card) if file else "",
        "download": _place("", card) if file else "",
        "live": live,
        "people": people,
        "teams": teams,
        "tried": tried,
    }
    return render(request, "part.html", context, status=tried.status if tried else 200)


def _above(object: str, id: str) -> tuple[str, str] | None:
    """What a file of a decision was put on."""
    return target(object, id, "rule" if "#" in id else "decision")


def _place(what: str, card: Card) -> str:
    """The address of a file itself: to be shown, or to be downloaded."""
    log, _colon, content = card.id.rpartition(":")
    name = f"_{what}" if what else ""
    if card.number:
        return reverse(f"file{name}", kwargs={"number": card.number, "content": content})
    key = log.partition(":")[2]
    object = "rule" if "#" in key else "decision"
    return reverse(f"thread_file{name}", kwargs={"object": object, "id": key, "content": content})
