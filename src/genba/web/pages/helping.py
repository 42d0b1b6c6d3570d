"""A question, a note: the page each has of its own; and how help works in a process.

Rules of this file: GET shows; what changes is an act. Most questions are met on the page of their
case, most notes beside a task.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genba.acts.card import Card
from genba.acts.objects import card_in
from genba.help import questions
from genba.help.cards import CATCH_UP
from genba.help.measures import BUCKETS, measures_of
from genba.help.remembering import memory_of
from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.runtime.definitions import graph
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


@require_safe
@for_reader
def measures(request: HttpRequest, reader: Known, key: str) -> HttpResponse:
    """How help works in a process; nobody is named."""
    now = current().clock.now()
    with current().journal.reading() as reading:
        card = card_in("process", key, reader, reading, full=False)
        if card is None or reader.is_guest:
            raise Http404
        memory_of(current()).follow(reading, CATCH_UP)
        found = measures_of(reading, key, reader, now)
        drawn = graph(current(), key, card.version)
    context = {
        "card": card,
        "found": found,
        "spread": list(zip(often(), found.people, strict=False)),
        "defects": [(drawn.label(node), count) for node, count in found.defects],
    }
    return render(request, "measures.html", context)


def often() -> list[str]:
    """How often a week, in words; as the buckets of the measures."""
    most = [_("at most %(num)s a week") % {"num": count} for count in BUCKETS]
    return [*most, _("more than %(num)s a week") % {"num": BUCKETS[-1]}]


def asked_of(reader: Known, reading: Reading) -> list[Card]:
    """The questions that wait for somebody."""
    found = questions.marked(reading, questions.waiting_mark(reader.id), most=20)
    cards = (card_in("ask", id, reader, reading, full=False) for id, _kept in found)
    return [card for card in cards if card is not None]
