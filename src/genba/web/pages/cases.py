"""The case page: what is asked, the story, the drawing, the facts.

Rules of this file: the case's card is rendered; a case somebody may not see is not found. A
work in the address only decides what stands first.
"""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from msgspec import Struct, to_builtins

from genba.acts.card import Card, Moment
from genba.acts.objects import card_in, find
from genba.cases.changing_wording import own_path
from genba.cases.filters import CASE_LIST, cases_in, cases_query
from genba.cases.places import step_path
from genba.engine.graph import Graph
from genba.journal.contract import Reading
from genba.journal.records import CaseRow
from genba.people.access import may_see_case
from genba.people.directory import Known, everybody, groups
from genba.people.mentions import role_words
from genba.runtime.installation import current
from genba.runtime.paths import graph_of
from genba.runtime.unit import read_state
from genba.web.drawing import trace, with_own_path
from genba.web.live import going_on
from genba.web.pages.filters import filtering, wanted
from genba.web.reader import for_reader
from genba.web.tried import Tried
from genba.web.wording import day

PAGE = 100


@require_safe
@for_reader
def case(request: HttpRequest, reader: Known, number: int, work: str = "") -> HttpResponse:
    """The page of a case, with one of its works first when the address names it."""
    return show_case(request, reader, number, work=work)


def show_case(
    request: HttpRequest, reader: Known, number: int, *, work: str = "", tried: Tried | None = None
) -> HttpResponse:
    """Render a case; `tried` is the act that was just refused, to be shown again."""
    with current().journal.reading() as reading:
        row = visible_case(reader, number, reading)
        card = card_in("case", row.case, reader, reading)
        asked = card_in("task", f"{row.case}:{work}", reader, reading) if work else None
        if card is None or (work and asked is None):
            raise Http404
        people, teams = mentionable(reader)
        shown = request.GET.get("story", "")
        context = {
            "card": card,
            "asks": asks(card, asked),
            "days": days(part(card.story, shown)),
            "shown": shown,
            "ended": ended(request, reader, row, reading),
            "version": row.version,
            "own_path": own_path(current(), row),
            "live": f"?case={row.case}&{going_on(reader, reading, row.case)}",
            "people": people,
            "teams": teams,
            "roles": role_words(),
            "quoting": quoted(request, card),
            "steps": steps(card, graph_of(current(), row, read_state(row))),
            "tried": tried,
        }
    return render(request, "case.html", context, status=tried.status if tried else 200)


def visible_case(reader: Known, number: int, reading: Reading) -> CaseRow:
    """The case of this number; not found when there is none this person may see."""
    row = reading.case_by_number(number)
    if row is None or not may_see_case(reader, row, reading):
        raise Http404
    return row


def asks(card: Card, first: Card | None) -> tuple[Card, ...]:
    """The open works: the one the address names first, then what the reader can act on."""
    rest = [one for one in card.cards if first is None or one.id != first.id]
    rest.sort(key=lambda one: not any(offer.primary for offer in one.offers))
    return ((first,) if first else ()) + tuple(rest)


def ended(request: HttpRequest, reader: Known, row: CaseRow, reading: Reading) -> list[str]:
    """Works the open page still showed and somebody else ended: who, when, through what."""
    said = []
    for work in request.GET.getlist("had")[:20]:
        found = find("task", f"{row.case}:{work}", reader, reading)
        stored = reading.work(row.case, work)
        if found is None or stored is None or stored.closed_by == reader.id:
            continue
        if words := found.type.gone(found.value, reader):
            said.append(words)
    return said


class Step(Struct, frozen=True):
    """A step of the drawing one can open: its page, and how much was said of it."""

    url: str
    label: str
    said: int


def steps(card: Card, graph: Graph) -> list[Step]:
    """The named steps of a case, as drawn."""
    said = Counter(moment.node for moment in card.story if moment.kind == "words")
    return [
        Step(step_path(card.number, node.id), node.label, said[node.id])
        for node in graph.nodes.values()
        if node.label
    ]


def quoted(request: HttpRequest, card: Card) -> Moment | None:
    """What the reader is about to answer."""
    content = request.GET.get("quote", "")
    return next((one for one in card.story if content and one.content == content), None)


def part(story: tuple[Moment, ...], shown: str) -> tuple[Moment, ...]:
    """The talk alone, the events alone, or, for any other word, both in one timeline."""
    if shown not in ("talk", "events"):
        return story
    talk = shown == "talk"
    return tuple(moment for moment in story if (moment.kind in ("words", "file")) == talk)


def days(story: tuple[Moment, ...]) -> list[tuple[Moment, list[list[Moment]]]]:
    """The story by days; runs of quiet moments are kept together, to be folded."""
    whole: list[tuple[Moment, list[list[Moment]]]] = []
    for moment in story:
        if not whole or day(whole[-1][0].at) != day(moment.at):
            whole.append((moment, []))
        runs = whole[-1][1]
        if runs and moment.quiet and runs[-1][0].quiet:
            runs[-1].append(moment)
        else:
            runs.append([moment])
    return whole


def mentionable(reader: Known) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Whom the reader may mention or ask, people and teams, as (handle, name).

    A guest is not shown the directory.
    """
    if reader.is_guest:
        return [], []
    people = [(person.handle, person.name) for person in everybody()]
    return people, [(slugify(group), group) for group in groups()]


@require_safe
@for_reader
def drawing(request: HttpRequest, reader: Known, number: int) -> HttpResponse:
    """Where the case is in its drawing, as JSON."""
    with current().journal.reading() as reading:
        row = visible_case(reader, number, reading)
        marks = with_own_path(trace(reading, row.case), read_state(row).path)
        return JsonResponse(to_builtins(marks))


@require_safe
@for_reader
def cases(request: HttpRequest, reader: Known) -> HttpResponse:
    """Cases, newest first: those still running, or all."""
    with current().journal.reading() as reading:
        asked = wanted(request, reader, CASE_LIST, reading)
        rows = cases_in(reading, cases_query(reader, asked), asked, reader, PAGE)
        live = going_on(reader, reading)
        filters = filtering(reader, asked, reading)
    context = {
        "rows": rows,
        "everything": asked.view == "all",
        "words": asked.words,
        "filters": filters,
        "live": f"?{live}",
    }
    return render(request, "cases.html", context)
