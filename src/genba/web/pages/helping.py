"""A question, a note: the page each has of its own.

Rules of this file: GET shows; what changes is an act. Most questions are met on the page of their
case, most notes beside a task.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.acts.card import Card
from genba.acts.objects import card_in
from genba.help import questions
from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.cases import mentionable
from genba.web.reader import for_reader
from genba.web.tried import Tried


@require_safe
@for_reader
def ask(request: HttpRequest, reader: Known, id: str) -> HttpResponse:
    """A question."""
    return show_help(request, reader, "ask", id)


@require_safe
@for_reader
def note(request: HttpRequest, reader: Known, id: str) -> HttpResponse:
    """A note."""
    return show_help(request, reader, "note", id)


def show_help(
    request: HttpRequest, reader: Known, object: str, id: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render a question or a note; `tried` is the act that was just refused."""
    with current().journal.reading() as reading:
        card = card_in(object, id, reader, reading)
    if card is None:
        raise Http404
    people, teams = mentionable(reader)
    context = {"card": card, "people": people, "teams": teams, "tried": tried}
    return render(request, "help.html", context, status=tried.status if tried else 200)


def asked_of(reader: Known, reading: Reading) -> list[Card]:
    """The questions that wait for somebody."""
    found = questions.marked(reading, questions.waiting_mark(reader.id), most=20)
    cards = (card_in("ask", id, reader, reading, full=False) for id, _question in found)
    return [card for card in cards if card is not None]
