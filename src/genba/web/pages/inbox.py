"""What needs me: the first page.

Rules of this file: the journal says which works, the card says what they are; nothing is sorted
or judged here.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from msgspec import Struct

from genba.acts.card import Card
from genba.acts.objects import card_in
from genba.cases.filters import INBOX, sieve
from genba.cases.finding import MOST, find_words
from genba.cases.needed import asked_of, task_id
from genba.cases.queues import EVERY
from genba.journal.records import InboxRow
from genba.people.directory import Known, names_once
from genba.runtime.installation import current
from genba.web.live import going_on
from genba.web.pages.filters import filtering, wanted
from genba.web.pages.helping import asked_of as questions_for
from genba.web.parts import whole
from genba.web.reader import for_reader

PAGE = 50
LONGEST_QUESTION = 200  # letters


class Row(Struct, frozen=True):
    """A line of the list: the card, and what the journal knows beside it."""

    card: Card
    last_words: str
    done_at: datetime | None
    done_here: str


def labels() -> dict[str, str]:
    """The views by name, in the reader's language."""
    return {
        "all": _("everything"),
        "mine": _("mine"),
        "groups": _("my groups'"),
        "overdue": _("overdue"),
        "later": _("put off"),
        "done": _("done"),
    }


@require_safe
@for_reader
def inbox(request: HttpRequest, reader: Known) -> HttpResponse:
    """The list, one page of it."""
    start = whole(request.GET.get("from", "0")) or 0
    with current().journal.reading() as reading, names_once():
        asked_for = wanted(request, reader, INBOX, reading)
        view = asked_for.view
        query = asked_of(reader, view, reading, limit=PAGE + 1, after=start)
        sieved = sieve(reading, query, asked_for) if asked_for.narrows else None
        found = sieved.rows if sieved else reading.inbox(query)
        filters = filtering(reader, asked_for, reading)
        counts = reading.inbox_counts(query)
        live = going_on(reader, reading)
        queue = card_in("queue", EVERY, reader, reading, full=False)
        asked = questions_for(reader, reading) if view == "all" and not start and not sieved else []
        rows = [
            row(one, card)
            for one in found[:PAGE]
            if (card := card_in("task", task_id(one), reader, reading, full=False, leading=True))
            and not card.quiet
        ]
    context = {
        "rows": rows,
        "queue": queue,
        "reader_teams": reader.groups,
        "ticked": ticked,
        "counts": counts,
        "view": view,
        "views": labels(),
        "start": start,
        "more": start + PAGE if len(found) > PAGE else None,
        "less": max(start - PAGE, 0) if start else None,
        "live": f"?{live}",
        "asked": asked,
        "filters": filters,
        "partly": bool(sieved and sieved.more),
        "tried": None,
    }
    return render(request, "inbox.html", context)


def row(found: InboxRow, card: Card) -> Row:
    """A line of the list."""
    return Row(card, found.last_words, found.work.closed_at, found.work.channel)


def ticked(rows: list[Row]) -> list[tuple[str, str]]:
    """What can be done on several rows at once: acts and labels; only where there are several."""
    found = [
        (offer.act, offer.label)
        for one in rows
        for offer in one.card.offers
        if offer.tickable and offer.primary
    ]
    return list(dict.fromkeys(found)) if len(found) > 1 else []


@require_safe
@for_reader
def find(request: HttpRequest, reader: Known) -> HttpResponse:
    """Go to a case by its number; other words find cases, tasks, what was said, and files."""
    text = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    number = whole(text.lstrip("#"))
    if number is not None:
        return redirect("case", number=number)
    if not text:
        return redirect("cases")
    with current().journal.reading() as reading:
        hits = find_words(reader, text, reading)
    kinds = {"task": _("task"), "case": _("case"), "words": _("said"), "file": _("file")}
    kinds["note"] = _("note")
    context = {"hits": hits, "words": text, "kinds": kinds, "most": len(hits) == MOST}
    return render(request, "find.html", context)
