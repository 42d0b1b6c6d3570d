"""What can be read: cards, one by one and in lists, and what a decision would be.

Rules of this file: thin. A card is sent as it is; a list is the journal's, and what its reader may
not see is left out. Nothing is written.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from genba.acts.card import Card
from genba.acts.objects import card_for, card_in
from genba.cases.filters import (
    CASE_LIST,
    CASES,
    INBOX,
    Filter,
    cases_in,
    cases_query,
    counted,
    filter_named,
    sieve,
)
from genba.cases.finding import MOST, find_words
from genba.cases.needed import VIEWS, asked_of, task_id
from genba.cases.rulings import load_ruling, try_decision
from genba.channels.leaks import leaks as where_work_leaks
from genba.journal.contract import CaseQuery, Reading
from genba.journal.records import CaseRow, InboxRow
from genba.journal.rows import ranked
from genba.people.access import may_see_case, may_see_decisions
from genba.people.directory import Known, names_once
from genba.runtime.installation import current
from genba.web.api.bodies import NoPage, asked, between, body_of, one_of, text
from genba.web.api.entrance import entered, to_read
from genba.web.api.paging import Cursor, Key, page, read_cursor, with_next
from genba.web.api.problems import KINDS, Problem
from genba.web.pages.inbox import LONGEST_QUESTION

STATUSES = ("running", "completed", "cancelled", "failed")
PAGE, LARGEST_PAGE = 50, 200
_LAST = 2**62  # behind every instant

PAGED = {"limit": between(1, LARGEST_PAGE), "cursor": read_cursor}


def answered(value: Any, status: int = 200, tag: str = "") -> HttpResponse:
    """JSON, with the tag of its version."""
    response = HttpResponse(
        msgspec.json.encode(value), status=status, content_type="application/json"
    )
    if tag:
        response.headers["ETag"] = tag
    return response


def tag_of(card: Card) -> str:
    """The version of a card as it is written out: REVISION-DIGEST."""
    digest = hashlib.sha256(msgspec.json.encode(card)).hexdigest()[:16]
    return f'"{card.version}-{digest}"'


@entered("GET")
def cards(request: HttpRequest, reader: Known) -> HttpResponse:
    """What needs me, soonest due first."""
    to_read(reader)
    given = asked(request, {**PAGED, "view": one_of(*VIEWS), "filter": text(64)})
    wanted = _filter(reader, given, INBOX)
    view = wanted.view if wanted else given.get("view", "all")

    def fetch(reading: Reading, limit: int, after: int) -> list[InboxRow]:
        query = asked_of(reader, view, reading, limit=limit, after=after)
        return sieve(reading, query, wanted).rows if wanted else reading.inbox(query)

    def show(reading: Reading, row: InboxRow) -> Card | None:
        found = card_in("task", task_id(row), reader, reading, full=False)
        return None if found is None or found.quiet else found

    return _listed(request, given, fetch, _KEYS.get(view, _rank_key), show)


@entered("GET")
def cases(request: HttpRequest, reader: Known) -> HttpResponse:
    """The cases the reader may see, newest first."""
    to_read(reader)
    given = asked(
        request,
        {
            **PAGED,
            "status": one_of(*STATUSES),
            "process": text(255),
            "mine": one_of("yes"),
            "filter": text(64),
        },
    )
    wanted = _filter(reader, given, CASE_LIST)
    person = reader.id if "mine" in given or reader.is_guest else None
    query = CaseQuery(process=given.get("process"), status=given.get("status"), person=person)

    def fetch(reading: Reading, limit: int, after: int) -> list[CaseRow]:
        if wanted is not None:
            found = cases_in(reading, cases_query(reader, wanted), wanted, reader, CASES)
            return found[after : after + limit]
        return reading.cases(msgspec.structs.replace(query, limit=limit, after=after))

    def show(reading: Reading, row: CaseRow) -> Card | None:
        if not may_see_case(reader, row, reading):
            return None
        return card_in("case", row.case, reader, reading, full=False)

    return _listed(request, given, fetch, lambda row: [-row.number], show)


@entered("GET")
def filters(request: HttpRequest, reader: Known) -> HttpResponse:
    """The filters the reader has, each with how many it leaves now."""
    to_read(reader)
    asked(request, {})
    with current().journal.reading() as reading:
        return answered(counted(reader, reading))


def _filter(reader: Known, given: dict[str, Any], place: str) -> Filter | None:
    """The saved filter that was asked for. Raises Problem for one of others, or of another list."""
    if "filter" not in given:
        return None
    with current().journal.reading() as reading:
        found = filter_named(reader, given["filter"], reading)
    if found is None or found.place != place:
        raise Problem("nothing-here")
    return found


@entered("GET")
def processes(request: HttpRequest, reader: Known) -> HttpResponse:
    """The processes the reader may see, each in its latest version, by name."""
    to_read(reader)
    asked(request, {})
    with current().journal.reading() as reading:
        rows = reading.processes()
        found = [card_in("process", row.key, reader, reading, full=False) for row in rows]
    return answered([card for card in found if card is not None])


@entered("GET")
def leaks(request: HttpRequest, reader: Known) -> HttpResponse:
    """Where work leaks, process by process; never about one person."""
    to_read(reader)
    asked(request, {})
    if reader.is_guest:
        raise Problem("nothing-here")
    with current().journal.reading() as reading:
        return answered(where_work_leaks(reader, reading))


def _listed(
    request: HttpRequest,
    given: dict[str, Any],
    fetch: Callable[[Reading, int, int], list[Any]],
    key: Callable[[Any], Key],
    show: Callable[[Reading, Any], Card | None],
) -> HttpResponse:
    """A page of cards. It may hold fewer than asked for: what is not for the reader is left out."""
    after: Cursor | None = given.get("cursor")
    with current().journal.reading() as reading, names_once():
        try:
            rows, following = page(
                lambda limit, start: fetch(reading, limit, start),
                key,
                given.get("limit", PAGE),
                after,
            )
        except NoPage:
            raise Problem("nothing-here", gettext("There is no such page.")) from None
        shown = [card for row in rows if (card := show(reading, row)) is not None]
    return with_next(answered(shown), request, following)


def _ticks(at: datetime | None, none: int) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) if at else none


def _rank_key(row: InboxRow) -> Key:
    """As `InboxQuery` sorts what is open."""
    return [_ticks(ranked(row.work), _LAST), row.work.case, row.work.work]


def _due_key(row: InboxRow) -> Key:
    """As it sorts what is overdue, or put off."""
    one = row.work
    opened = _ticks(one.opened_at, 0)
    return [_ticks(one.later, 0), _ticks(one.due, _LAST), -one.priority, opened, one.case, one.work]


def _done_key(row: InboxRow) -> Key:
    """As it sorts what is done."""
    return [-_ticks(row.work.closed_at, 0), row.work.case, row.work.work]


# Of the views that are not in the order of the ranks.
_KEYS = {"done": _done_key, "overdue": _due_key, "later": _due_key}


@entered("GET")
def find(request: HttpRequest, reader: Known) -> HttpResponse:
    """Cases, open tasks, talk and files that have these words; only what the reader may see."""
    to_read(reader)
    given = asked(request, {"q": text(LONGEST_QUESTION), "limit": between(1, MOST)})
    with current().journal.reading() as reading:
        hits = find_words(reader, given.get("q", ""), reading, given.get("limit", MOST))
    return answered(hits)


@entered("GET")
def card(request: HttpRequest, reader: Known, object: str, id: str) -> HttpResponse:
    """The card of an object, with its story and what one can do; 304 when it is as it was."""
    if object != "job":  # a job shows itself to the tokens of its topic, whatever else they read
        to_read(reader)
    asked(request, {})
    found = card_for(object, id, reader) if "\0" not in object + id else None
    if found is None:
        raise Problem("nothing-here")
    tag = tag_of(found)
    known = [part.strip().removeprefix("W/") for part in _unless(request).split(",")]
    if tag in known or known == ["*"]:
        return HttpResponse(status=304, headers={"ETag": tag})
    return answered(found, tag=tag)


def _unless(request: HttpRequest) -> str:
    return str(request.headers.get("If-None-Match", ""))


@entered("POST")
def evaluate(request: HttpRequest, reader: Known, key: str) -> HttpResponse:
    """What the latest version of a decision would be with these values; nothing is written."""
    to_read(reader)
    given = body_of(request)
    if not may_see_decisions(reader) or "\0" in key:
        raise Problem("nothing-here")
    with current().journal.reading() as reading:
        ruling = load_ruling(reading, key)
    if ruling is None:
        raise Problem("nothing-here")
    return answered(try_decision(ruling, given))


@entered("GET")
def problem(request: HttpRequest, _reader: Known, name: str) -> HttpResponse:
    """What a kind of problem means."""
    kind = KINDS.get(name)
    if kind is None:
        raise Problem("nothing-here")
    return answered(kind)


@entered("GET", "POST", "PUT", "PATCH", "DELETE")
def nothing(request: HttpRequest, _reader: Known, rest: str) -> HttpResponse:
    """An address that is none of ours."""
    raise Problem("nothing-here")
