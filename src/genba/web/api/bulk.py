"""Many at once: a file of lines in, cases out.

Rules of this file: thin; each line is an act through the one path, as whoever sends the file.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from msgspec.structs import replace

from genba.acts.objects import card_in
from genba.acts.registry import find_act
from genba.channels.bulk.exporting import write_cards
from genba.channels.bulk.importing import import_lines
from genba.channels.bulk.lines import CSV, JSONL, Unreadable, read_lines
from genba.journal.contract import CaseQuery
from genba.people.access import may_see_case
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.api.bodies import asked, between, bytes_of, one_of, text
from genba.web.api.entrance import entered, to_read
from genba.web.api.paging import Cursor, page, read_cursor, with_next
from genba.web.api.problems import Problem
from genba.web.api.reads import STATUSES, answered
from genba.web.api.writes import inbound_of

FORMS = {"text/csv": CSV, "application/x-ndjson": JSONL, "application/jsonl": JSONL}
MEDIA = {CSV: "text/csv; charset=utf-8", JSONL: "application/x-ndjson"}
MOST = 1_000  # cases of one answer


@entered("POST")
def bring_in(request: HttpRequest, reader: Known) -> HttpResponse:
    """One act for every line of a file; always 200, what became of each is inside."""
    given = asked(request, {"act": text(100), "id": text(255)})
    form = FORMS.get((request.content_type or "").lower())
    raw = bytes_of(request)
    if form is None:
        raise Problem("not-json", gettext("Send text/csv or application/x-ndjson."))
    declaration = find_act(given.get("act", ""))
    if declaration is None:
        raise Problem("nothing-here")
    try:
        lines = read_lines(raw, form)
    except Unreadable as wrong:
        raise Problem("invalid", str(wrong)) from None
    inbound = replace(inbound_of(request, reader, declaration, {}), object_id=given.get("id", ""))
    return answered(import_lines(inbound, lines))


@entered("GET")
def take_out(request: HttpRequest, reader: Known) -> HttpResponse:
    """The cases the reader may see, as a file; more follows by `Link`."""
    to_read(reader)
    table = {"form": one_of(CSV, JSONL), "status": one_of(*STATUSES), "process": text(255)}
    given = asked(request, {**table, "limit": between(1, MOST), "cursor": read_cursor})
    person = reader.id if reader.is_guest else None
    query = CaseQuery(process=given.get("process"), status=given.get("status"), person=person)
    form, after = given.get("form", JSONL), given.get("cursor")
    with current().journal.reading() as reading:

        def fetch(limit: int, start: int) -> list[Any]:
            return reading.cases(replace(query, limit=limit, after=start))

        rows, following = _page(fetch, given.get("limit", MOST), after)
        cards = [
            card
            for row in rows
            if may_see_case(reader, row, reading)
            and (card := card_in("case", row.case, reader, reading, full=False)) is not None
        ]
    answer = HttpResponse(write_cards(cards, form), content_type=MEDIA[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="cases.{form}"'
    return with_next(answer, request, following)


def _page(fetch: Any, limit: int, after: Cursor | None) -> tuple[list[Any], Cursor | None]:
    return page(fetch, lambda row: [-row.number], limit, after)
