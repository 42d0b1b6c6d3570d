"""Waivers: asking that a step may be left out, granting it, denying it.

Rules of this file: one function an act. Asking is one act, from the card that names the rule;
whoever may grant is told on the case, in the channel they use, and answers there.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done
from genba.acts.words import announce, keep, say
from genba.cases.changing import Maybe, Reason, form, may_change, runs, steps_field
from genba.cases.leaving_acts import STEP
from genba.cases.objects import CaseObject
from genba.cases.waivers import Request, ask_for, demanded, may_waive, settle, team_of, waivers_of
from genba.engine.values import NodeId
from genba.journal.records import Content
from genba.people.directory import Known, known, members
from genba.runtime.installation import current
from genba.runtime.unit import OpenCase, Unit

ASKED = "talk.asked"


class Wanted(Struct, frozen=True, kw_only=True):
    """Which step, and why."""

    step: Annotated[str, Meta(title=STEP)]
    reason: Reason


class Answered(Struct, frozen=True, kw_only=True):
    """Which request, and what one says to it."""

    step: Annotated[str, Meta(title=STEP)]
    reason: Maybe = ""


def askable(case: CaseObject, by: Known) -> Terms | None:
    """Where some rule demands a step that is still to come, and nobody has asked."""
    if not may_change(case, by):
        return None
    steps = demanded(case)
    if not steps:
        return None
    with current().journal.reading() as reading:
        now = waivers_of(reading, case.row.case)
    steps = tuple(one for one in steps if one not in now.asked and one not in now.granted)
    if not steps:
        return None
    default = steps[0] if len(steps) == 1 else ""
    field = steps_field(case.graph, steps, default)
    return Terms(schema=form(case, Wanted, step=field))


@act(
    "case",
    "ask-waiver",
    when=askable,
    label=gettext_noop("Ask for a waiver"),
    summary=gettext_noop("Ask whoever may waive it that a mandatory step may be left out."),
    input=Wanted,
    on_parts=True,
    intent="special",
    rank=270,
)
def ask_waiver(unit: Unit, case: CaseObject, by: Known, given: Wanted) -> Outcome:
    """The team reads the reason on the case and answers there."""
    node = NodeId(given.step)
    team = team_of(case, node) or ""
    ask_for(unit, case.row.case, node, Request(by=by.id, team=team))
    opened = unit.open(case.row.case)
    words = gettext("May “%(step)s” be left out? %(why)s")
    text = words % {"step": case.graph.label(node), "why": given.reason}
    content = keep(
        unit, opened, Content(case=case.row.case, id="", kind="words", body=text.encode())
    )
    people = tuple(one.id for one in members(team) if one.id != by.id)
    for person in (by.id, *people):
        unit.tx.follow(case.row.case, person)
    body = {"content": content, "asked": (), "groups": (team,) if team else ()}
    opened.record(ASKED, body)
    announce(opened, by, content, people)
    who = team or gettext("an administrator")
    return done(gettext("Asked %(names)s.") % {"names": who})


def answerable(case: CaseObject, by: Known) -> Terms | None:
    """Where somebody asked for what this person may grant."""
    if not runs(case, by) or not demanded(case):
        return None
    with current().journal.reading() as reading:
        now = waivers_of(reading, case.row.case)
    steps = tuple(node for node, request in now.asked.items() if may_waive(request, by))
    if not steps:
        return None
    field = steps_field(case.graph, steps, steps[0])
    return Terms(schema=form(case, Answered, step=field))


@act(
    "case",
    "waive",
    when=answerable,
    label=gettext_noop("Grant the waiver"),
    summary=gettext_noop("Say that a mandatory step may be left out of one case."),
    input=Answered,
    words=("grant",),
    text_field="reason",
    on_parts=True,
    rank=5,
)
def waive(unit: Unit, case: CaseObject, by: Known, given: Answered) -> Outcome:
    """Whoever asked is told, and may leave the step out now."""
    return _answer(unit, case, by, given, grant=True)


@act(
    "case",
    "deny-waiver",
    when=answerable,
    label=gettext_noop("Deny the waiver"),
    summary=gettext_noop("Say that a mandatory step must be done in this case too."),
    input=Answered,
    words=("deny",),
    text_field="reason",
    on_parts=True,
    rank=6,
)
def deny_waiver(unit: Unit, case: CaseObject, by: Known, given: Answered) -> Outcome:
    """Whoever asked is told why."""
    return _answer(unit, case, by, given, grant=False)


def _answer(unit: Unit, case: CaseObject, by: Known, given: Answered, *, grant: bool) -> Outcome:
    node = NodeId(given.step)
    request = settle(unit, case.row.case, node, by.id, grant=grant)
    granted = gettext("“%(step)s” may be left out. %(why)s")
    denied = gettext("“%(step)s” is needed in this case too. %(why)s")
    words = {"step": case.graph.label(node), "why": given.reason}
    text = ((granted if grant else denied) % words).strip()
    opened = unit.open(case.row.case)
    told = known(request.by)
    _tell(unit, opened, by, text, told)
    return done(gettext("Told %(names)s.") % {"names": told.name if told else ""})


def _tell(unit: Unit, case: OpenCase, by: Known, text: str, to: Known | None) -> None:
    mention = f"@{to.handle} " if to is not None and to.handle else ""
    say(unit, case, by, mention + text)
