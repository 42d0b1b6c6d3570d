"""Letting running cases go on in another version: all of a process, or one.

Rules of this file: two acts. Nothing happens by itself: a case moves because somebody asked for
it. All cases of a version are judged at once and moved one by one, each in a delivery of its own
that is done once; what needs a choice or cannot stays and is listed. Who may bring in a drawing
may do this.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Assurance, Choice, JsonSchema
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome, Verdict
from genba.acts.outcomes import done, invalid, not_done
from genba.acts.schemas import Free, flat_schema, one_of
from genba.cases.migration_wording import reasons_of
from genba.cases.objects import CaseObject, ProcessObject
from genba.changes.verdicts import Fate, Question
from genba.engine.graph import Graph
from genba.engine.values import CaseStatus, NodeId
from genba.journal.records import NewOutbox
from genba.people.access import may_deploy
from genba.people.directory import Known
from genba.runtime.definitions import graph
from genba.runtime.installation import current
from genba.runtime.migrations import move, preview, verdict_on
from genba.runtime.notices import Migration
from genba.runtime.recording import write
from genba.runtime.unit import Unit

STEP = "step-"  # a field of the form that says what a step is in the other version


class Moving(Struct, frozen=True):
    """The cases of which version, and where they go on."""

    version: Annotated[int, Meta(title=gettext_noop("Cases of version"))]
    to: Annotated[int, Meta(title=gettext_noop("Go on in version"))]


class Going(Free, frozen=True, kw_only=True):
    """Where one case goes on; other fields say what its steps are there."""

    to: Annotated[int, Meta(title=gettext_noop("Go on in version"))]


def movable(process: ProcessObject, by: Known) -> Terms | None:
    """There are other versions, and cases that run."""
    if not may_deploy(by) or process.version.version < 2 or not process.running:
        return None
    newest = process.version.version
    oldest = process.running[0][0]
    leaving = tuple(
        Choice(str(version), gettext("%(version)s (open: %(count)s)") % _counted(version, count))
        for version, count in process.running
    )
    properties = {
        "version": _pick(gettext("Cases of version"), leaving, oldest),
        "to": _pick(
            gettext("Go on in version"),
            _numbers(range(newest, 0, -1)),
            newest if oldest != newest else newest - 1,
        ),
    }
    return Terms(schema=flat_schema(properties, ("version", "to")))


def _counted(version: int, count: int) -> dict[str, int]:
    return {"version": version, "count": count}


def _numbers(versions: Iterable[int]) -> tuple[Choice, ...]:
    return tuple(Choice(str(version), str(version)) for version in versions)


def _pick(title: str, versions: tuple[Choice, ...], default: int) -> JsonSchema:
    options = one_of((one.value, one.label) for one in versions)
    return {"type": "string", "title": title, **options, "default": str(default)}


@act(
    "process",
    "migrate",
    when=movable,
    label=gettext_noop("Move open cases to another version"),
    summary=gettext_noop("Let the open cases of a version go on in another one, or back."),
    input=Moving,
    assurance=Assurance.SESSION,
    rank=90,
)
def migrate_all(unit: Unit, process: ProcessObject, by: Known, given: Moving) -> Outcome:
    """Move what can be moved; each case by itself, after this is committed."""
    if given.version == given.to:
        return invalid("to", gettext("The cases are in this version already."))
    seen = preview(unit.inst, process.version.key, given.version, given.to, unit.now)
    body = write(Migration(version=given.version, to=given.to, by=by.id))
    key = f"migrate:{unit.envelope.channel}:{unit.envelope.key}"
    for one in seen.of(Fate.FINE):
        unit.tx.post(one.row.case, [NewOutbox(kind="migrate", body=body, key=key, due=unit.now)])
    words = {
        "fine": len(seen.of(Fate.FINE)),
        "choice": len(seen.of(Fate.CHOICE)),
        "cannot": len(seen.of(Fate.CANNOT)),
        "to": given.to,
    }
    message = gettext(
        "Going on in version %(to)s: %(fine)s. Need a choice: %(choice)s. Cannot: %(cannot)s."
    )
    return done(message % words)


def can_go_on(case: CaseObject, by: Known) -> Terms | None:
    """Running, and its process has another version; what must be said is asked for the newest."""
    if case.row.status != CaseStatus.RUNNING or not may_deploy(by):
        return None
    with current().journal.reading() as reading:
        known = [one.version for one in reading.versions(case.row.process)]
        others = [version for version in known if version != case.row.version]
        row = reading.case(case.row.case)
        if not others or row is None:
            return None
        now = current().clock.now()
        verdict = verdict_on(current(), reading, row, others[0], now, {})
    new = graph(current(), case.row.process, others[0])
    properties = {"to": _pick(gettext("Go on in version"), _numbers(others), others[0])}
    for question in verdict.questions:
        properties[STEP + question.node] = _which(case.graph, new, question)
    hint = reasons_of(verdict, case.graph, new) if verdict.fate is Fate.CANNOT else ""
    return Terms(schema=flat_schema(properties, ("to",)), hint=hint)


def _which(old: Graph, new: Graph, question: Question) -> JsonSchema:
    title = gettext("“%(step)s” goes on as") % {"step": old.label(question.node)}
    options = one_of((node, new.label(node)) for node in question.options)
    return {"type": "string", "title": title, **options}


@act(
    "case",
    "migrate",
    when=can_go_on,
    label=gettext_noop("Go on in another version"),
    summary=gettext_noop("Let one case go on in another version of its drawing, or back."),
    input=Going,
    rank=97,
)
def migrate_one(unit: Unit, case: CaseObject, by: Known, given: Going) -> Outcome:
    """Move a case now; what it needs to know of its steps is among the values."""
    opened = unit.open(case.row.case)
    old = opened.graph
    verdict = move(unit, opened, given.to, by=by.id, chosen=_chosen(given.values))
    if verdict.fate is Fate.FINE:
        return done(gettext("The case goes on in version %(to)s.") % {"to": given.to})
    new = graph(unit.inst, case.row.process, given.to)
    why = reasons_of(verdict, old, new)
    if verdict.questions:
        asked = {
            STEP + question.node: gettext("Say which step it is in that version.")
            for question in verdict.questions
        }
        return Outcome(verdict=Verdict.INVALID, message=why, errors=asked)
    message = gettext("The case stays as it is. %(why)s") % {"why": why}
    return not_done(message)


def _chosen(values: dict[str, Any]) -> dict[NodeId, NodeId]:
    return {
        NodeId(name.removeprefix(STEP)): NodeId(str(node))
        for name, node in values.items()
        if name.startswith(STEP) and node
    }
