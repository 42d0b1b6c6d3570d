"""Decisions: the list, a decision with its table, its versions and what it decided, and trying it.

Rules of this file: GET shows and tries, nothing here writes. The table is plain HTML, so that it
reads on a phone and without scripts; dmn-js draws it beside where it runs.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.cases.decision_objects import talk_counts
from genba.cases.rulings import (
    COUNTED,
    Ruling,
    TriedDecision,
    changes_of,
    columns_of,
    decides,
    load_library,
    load_ruling,
    practice_of,
    read_inputs,
    try_decision,
    users_of,
)
from genba.cases.wording import value_in_words
from genba.decisions.difference import row_ids
from genba.expressions import write_json
from genba.people.access import may_deploy, may_see_decisions
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.cases import mentionable, quoted
from genba.web.reader import for_reader
from genba.web.tried import Tried

# The styles dmn-js writes on its mark, which must be seen, and on what opens from it: these and no
# others are let through the page's content security policy.
MARK_STYLES = (
    "vertical-align:middle",
    "position: absolute; bottom: 15px; right: 15px; z-index: 100;",
    "z-index: 1001;position: fixed;top: 0;left: 0;right: 0;bottom: 0",
    "width: 100%;height: 100%;background: rgba(40,40,40,0.2)",
    "position: absolute;left: 50%;top: 40%;transform: translate(-50%);width: 260px;padding: 10px;"
    "background: white;box-shadow: 0 1px 4px rgba(0,0,0,0.3);"
    "font-family: Helvetica, Arial, sans-serif;font-size: 14px;display: flex;line-height: 1.3",
    "margin: 15px 20px 15px 10px; align-self: center;",
)


def _hashed(style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


STYLES = {"style-src-attr": ["'unsafe-hashes'", *map(_hashed, MARK_STYLES)]}
GIVEN = "in."  # before the names of inputs in an address


@require_safe
@for_reader
def decisions(request: HttpRequest, reader: Known) -> HttpResponse:
    """Every decision of the installation."""
    if not may_see_decisions(reader):
        raise Http404
    with current().journal.reading() as reading:
        rows = [
            (row, len(users_of(reading, row.key)), decides(reading, row))
            for row in reading.decisions()
        ]
    return render(request, "decisions.html", {"rows": rows, "may_deploy": may_deploy(reader)})


@csp_update(STYLES)
@require_safe
@for_reader
def decision(request: HttpRequest, reader: Known, key: str, row: str = "") -> HttpResponse:
    """The page of a decision, with the answer when values came along, and the talk on a row."""
    return show_decision(request, reader, key, row=row)


def show_decision(
    request: HttpRequest, reader: Known, key: str, *, row: str = "", tried_act: Tried | None = None
) -> HttpResponse:
    """Render a decision; `tried_act` is the act that was just refused, to be shown again."""
    if not may_see_decisions(reader):
        raise Http404
    typed = {
        name.removeprefix(GIVEN): str(value)
        for name, value in request.GET.items()
        if name.startswith(GIVEN)
    }
    with current().journal.reading() as reading:
        library = load_library(reading, key)
        if library is not None and not row:
            context = {"library": library, "versions": reading.decision_versions(key)}
            return render(request, "library.html", context)
        ruling = load_ruling(reading, key)
        card = card_in("decision", key, reader, reading)
        thread = card_in("rule", f"{key}#{row}", reader, reading) if row else None
        if ruling is None or card is None or (row and thread is None):
            raise Http404
        practice = practice_of(reading, key, reader)
        context = {
            "ruling": ruling,
            "practice": practice,
            "changes": changes_of(reading, key),
            "users": users_of(reading, key),
            "counted": COUNTED,
            "quoting": quoted(request, thread or card),
            "live": f"?case={quote(card.case)}&since={reading.position()}",
        }
        counts = talk_counts(reading, key)
        removed = [
            made
            for talked in counts
            if talked not in ids_of(ruling)
            and (made := card_in("rule", f"{key}#{talked}", reader, reading, full=False))
        ]
    people, teams = mentionable(reader)
    tried = try_decision(ruling, read_inputs(ruling.inputs, typed)) if typed else None
    context |= {
        "table": _lines(ruling, practice.hits, tried, counts),
        "card": card,
        "thread": thread,
        "row": row,
        "removed": removed,
        "people": people,
        "teams": teams,
        "tried_act": tried_act,
        "columns": columns_of(ruling.table) if ruling.table else ((), ()),
        "typed": typed,
        "tried": tried,
        "answer": _answer(tried),
        "given": GIVEN,
    }
    status = tried_act.status if tried_act else 200
    return render(request, "decision.html", context, status=status)


def ids_of(ruling: Ruling) -> tuple[str, ...]:
    """What the rows of the latest version go by."""
    return row_ids(ruling.table) if ruling.table else ()


def _lines(
    ruling: Ruling, hits: Any, tried: TriedDecision | None, counts: dict[str, int]
) -> list[dict[str, Any]]:
    """The rows of the table: their cells, how often each decided, whether it did just now."""
    ids = ids_of(ruling)
    version = ruling.version.version
    now = {row.row for row in tried.rows if row.decision == ruling.rule.name} if tried else set()
    return [
        {
            "number": number,
            "id": ids[number - 1],
            "said": counts.get(ids[number - 1], 0),
            "inputs": ["" if cell.text == "-" else cell.text for cell in one.inputs],
            "outputs": [cell.text for cell in one.outputs],
            "notes": "; ".join(note for note in one.annotations if note),
            "times": hits.get((version, number), 0),
            "now": number in now,
        }
        for number, one in enumerate(ruling.table.rules if ruling.table else (), 1)
    ]


def _answer(tried: TriedDecision | None) -> str:
    if tried is None or tried.value is None:
        return ""
    return value_in_words(tried.value) or write_json(tried.value).decode()


@require_safe
@for_reader
def file(request: HttpRequest, reader: Known, key: str, version: int) -> HttpResponse:
    """The deployed file of a version, as it was."""
    if not may_see_decisions(reader):
        raise Http404
    with current().journal.reading() as reading:
        versions = reading.decision_versions(key)
        row = next((one for one in versions if one.version == version), None)
        kept = reading.deployment(row.deployment) if row else None
    if kept is None:
        raise Http404
    return HttpResponse(
        kept.source,
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{key}-{version}.dmn"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
