"""Processes: the list, a process with its drawing and its silent places, and deploying a file.

Rules of this file: GET shows, POST deploys. Refusals and silences are the notation's and the
engine's words; the page adds none.
"""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from genba.acts.card import Card
from genba.acts.objects import card_in
from genba.cases import undone
from genba.cases.deployment import deploy_file
from genba.engine.ruling import Rule
from genba.journal.contract import CaseQuery, Reading
from genba.journal.records import ProcessVersion
from genba.notation.model import Problem
from genba.people.access import may_deploy, may_operate, may_see_case, may_see_decisions
from genba.people.directory import Known
from genba.runtime import definitions
from genba.runtime.automation import missing_machines
from genba.runtime.decisions import DecisionsDeployed
from genba.runtime.installation import current
from genba.web.live import going_on
from genba.web.reader import for_reader
from genba.web.tried import Tried

CASES = 50
LIMIT = 10_000_000  # bytes of one file


@require_safe
@for_reader
def processes(request: HttpRequest, reader: Known) -> HttpResponse:
    """Every process the reader knows of, with its open cases."""
    with current().journal.reading() as reading:
        rows = [
            (one, card, reading.count_cases(CaseQuery(process=one.key, status="running")))
            for one in reading.processes()
            if (card := card_in("process", one.key, reader, reading, full=False))
        ]
        not_done = len(undone.undone(reading)) if may_operate(reader) else 0
    context = {
        "rows": rows,
        "not_done": not_done,
        "may_deploy": may_deploy(reader),
        "may_decide": may_see_decisions(reader),
    }
    return render(request, "processes.html", context)


@require_safe
@for_reader
def process(request: HttpRequest, reader: Known, key: str) -> HttpResponse:
    """The page of a process."""
    return show_process(request, reader, key)


def show_process(
    request: HttpRequest, reader: Known, key: str, *, tried: Tried | None = None
) -> HttpResponse:
    """Render a process; `tried` is the act that was just refused, to be shown again."""
    with current().journal.reading() as reading:
        versions = visible_versions(reader, key, reading)
        card = card_in("process", key, reader, reading)
        if card is None:
            raise Http404
        query = CaseQuery(process=key, status="running", limit=CASES)
        running = [one for one in reading.cases(query) if may_see_case(reader, one, reading)]
        live = going_on(reader, reading)
        others = reading.running_versions(key) if may_deploy(reader) else []
    latest = max(versions, key=lambda one: one.version)
    context = {
        "card": card,
        "versions": sorted(versions, key=lambda one: -one.version),
        "latest": latest,
        "running": running,
        "elsewhere": [one for one in others if one[0] != latest.version],
        "silences": silences(key, latest.version),
        "rules": rules(key, latest.version) if may_see_decisions(reader) else (),
        "live": f"?{live}",
        "tried": tried,
    }
    return render(request, "process.html", context, status=tried.status if tried else 200)


def visible_versions(reader: Known, key: str, reading: Reading) -> list[ProcessVersion]:
    """The versions of a process; not found when there is none this person may see."""
    versions = reading.versions(key)
    card: Card | None = card_in("process", key, reader, reading, full=False) if versions else None
    if card is None:
        raise Http404
    return versions


def silences(key: str, version: int) -> tuple[Problem, ...]:
    """Where a person will: the drawing does not say how, or names a machine that is not there."""
    graph = definitions.graph(current(), key, version)
    return (*missing_machines(graph), *graph.silences)


def rules(key: str, version: int) -> list[tuple[str, str, Rule | None]]:
    """The steps that ask for a decision: name, key, and the deployed one they mean now."""
    graph = definitions.graph(current(), key, version)
    asking = [node for node in graph.nodes.values() if node.asks is not None]
    return [(node.label, node.asks.key, graph.rules.get(node.id)) for node in asking if node.asks]


@require_safe
@for_reader
def source(request: HttpRequest, reader: Known, key: str, version: int) -> HttpResponse:
    """The deployed file, as it was: what the page draws, and a download."""
    with current().journal.reading() as reading:
        found = next(
            (one for one in visible_versions(reader, key, reading) if one.version == version), None
        )
        file = reading.deployment(found.deployment) if found else None
    if file is None:
        raise Http404
    return HttpResponse(
        file.source,
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{key}-{version}.bpmn"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def deploy(request: HttpRequest, reader: Known) -> HttpResponse:
    """Upload a drawing or a table: it runs, or is refused with line, element and advice."""
    if not may_deploy(reader):
        raise Http404
    sent = request.FILES.get("file") if request.method == "POST" else None
    if not isinstance(sent, UploadedFile) or not sent.size:
        status = 422 if request.method == "POST" else 200
        return render(request, "deploy.html", {"problems": (), "file": ""}, status=status)
    if sent.size > LIMIT:
        return render(
            request, "deploy.html", {"problems": (), "file": sent.name, "large": True}, status=413
        )
    made = deploy_file(current(), sent.read(), sent.name or "drawing.bpmn", reader.id)
    if isinstance(made, tuple):
        context = {"problems": made, "file": sent.name}
        return render(request, "deploy.html", context, status=422)
    if isinstance(made, DecisionsDeployed):
        messages.success(request, decisions_words(len(made.versions), sent.name or ""))
        return redirect("decision", key=made.versions[0].key)
    messages.success(request, deployed_words(len(made.versions), sent.name or ""))
    first = made.versions[0].key if made.versions else None
    return redirect("process", key=first) if first else redirect("processes")


def deployed_words(count: int, name: str) -> str:
    """What to say when a file was deployed."""
    return ngettext(
        "%(file)s runs now: %(count)s process.", "%(file)s runs now: %(count)s processes.", count
    ) % {"file": name, "count": count}


def decisions_words(count: int, name: str) -> str:
    """What to say when a DMN file was deployed."""
    return ngettext(
        "%(file)s decides now: %(count)s decision.",
        "%(file)s decides now: %(count)s decisions.",
        count,
    ) % {"file": name, "count": count}
