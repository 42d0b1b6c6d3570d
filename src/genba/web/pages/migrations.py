"""What would become of the open cases of a version in another one: counts, cases, the mapping.

Rules of this file: it shows what the runtime judges and posts the act of the process; it decides
and moves nothing.
"""

from collections.abc import Mapping as MappingOf

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from genba.acts.objects import card_in
from genba.cases.migration_wording import FATES, PAIRS, effects_of, reasons_of
from genba.changes.mapping import Why
from genba.changes.verdicts import Fate
from genba.engine.graph import Graph
from genba.people.access import may_deploy, may_see_case
from genba.people.directory import Known
from genba.runtime.definitions import UnknownVersion, graph
from genba.runtime.installation import current
from genba.runtime.migrations import Judged, Preview, preview
from genba.web.parts import whole
from genba.web.reader import for_reader

ACT = "process.migrate"
SHOWN = 200  # cases of each fate that are listed


@require_safe
@for_reader
def migration(request: HttpRequest, reader: Known, key: str) -> HttpResponse:
    """The preview of moving the cases of one version to another."""
    if not may_deploy(reader):
        raise Http404
    inst = current()
    with inst.journal.reading() as reading:
        card = card_in("process", key, reader, reading)
    if card is None:
        raise Http404
    version, to = asked(request.GET, card.version)
    try:
        seen = preview(inst, key, version, to, inst.clock.now())
        old, new = graph(inst, key, version), graph(inst, key, to)
    except UnknownVersion as unknown:
        raise Http404 from unknown
    context = {
        "card": card,
        "version": version,
        "to": to,
        "counts": [(gettext(FATES[fate]), len(seen.of(fate))) for fate in Fate],
        "fates": [(gettext(FATES[fate]), rows(seen, fate, old, new, reader)) for fate in Fate],
        "shown": SHOWN,
        "pairs": pairs(seen, old, new),
        "gone": [old.label(node) for node in seen.mapping.gone],
        "came": [new.label(node) for node in seen.mapping.came],
        "offer": next((one for one in card.offers if one.act == ACT), None),
        "movable": bool(seen.of(Fate.FINE)),
    }
    return render(request, "migration.html", context)


def asked(given: MappingOf[str, str], newest: int) -> tuple[int, int]:
    """From which version to which; not found when that says nothing."""
    version, to = whole(given.get("version", "")), whole(given.get("to", "")) or newest
    if not version or version == to:
        raise Http404
    return version, to


def rows(
    seen: Preview, fate: Fate, old: Graph, new: Graph, reader: Known
) -> list[tuple[Judged, str]]:
    """The cases of a fate the reader may see, each with what there is to say."""
    say = effects_of if fate is Fate.FINE else reasons_of
    with current().journal.reading() as reading:
        known = [one for one in seen.of(fate) if may_see_case(reader, one.row, reading)]
    return [(one, say(one.verdict, old, new)) for one in known[:SHOWN]]


def pairs(seen: Preview, old: Graph, new: Graph) -> list[tuple[str, str, str]]:
    """What is not simply the same: a step, what it is there, and why."""
    return [
        (old.label(pair.old), new.label(pair.new), gettext(PAIRS[pair.why]))
        for pair in seen.mapping.pairs
        if pair.why is not Why.SAME or old.label(pair.old) != new.label(pair.new)
    ]
