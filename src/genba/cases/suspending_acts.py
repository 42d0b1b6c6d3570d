"""A case on hold: nothing of it moves until somebody lets it go on.

Rules of this file: both are changes of the case, with a reason, told like the others; whoever is
asked something in the case is told by the card of their task.
"""

from django.utils.translation import gettext, gettext_noop

from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.cases.changing import change, form, may_change
from genba.cases.leaving_acts import Why
from genba.cases.objects import CaseObject
from genba.changes import vocabulary as v
from genba.engine.values import WorkKind
from genba.people.directory import Known
from genba.runtime.notices import CardNotice
from genba.runtime.unit import Unit


def suspendable(case: CaseObject, by: Known) -> Terms | None:
    """Running, and theirs to change."""
    if case.state.suspended or not may_change(case, by):
        return None
    return Terms(schema=form(case, Why))


def continuable(case: CaseObject, by: Known) -> Terms | None:
    """On hold, and theirs to change."""
    if not case.state.suspended or not may_change(case, by):
        return None
    return Terms(schema=form(case, Why), primary=True)


@act(
    "case",
    "suspend",
    when=suspendable,
    label=gettext_noop("Put on hold"),
    summary=gettext_noop("Let nothing of a case move until it goes on, and say why."),
    input=Why,
    words=("hold", "suspend"),
    text_field="reason",
    intent="special",
    rank=185,
    foreseen=True,
)
def suspend(unit: Unit, case: CaseObject, by: Known, given: Why) -> Outcome:
    """Nobody is asked anything; times and messages that come wait in the case."""
    message = gettext("The case is on hold. What comes meanwhile waits.")
    return _turned(unit, case, by, v.Suspend(), given.reason, message, "held")


@act(
    "case",
    "continue",
    when=continuable,
    label=gettext_noop("Let it go on"),
    summary=gettext_noop("Let a case that is on hold go on; what came meanwhile is worked off."),
    input=Why,
    words=("continue", "go on"),
    text_field="reason",
    rank=5,
    foreseen=True,
)
def go_on(unit: Unit, case: CaseObject, by: Known, given: Why) -> Outcome:
    """What came is done in order; a time that was missed comes once."""
    message = gettext("The case goes on.")
    return _turned(unit, case, by, v.Continue(), given.reason, message, "continued")


def _turned(
    unit: Unit,
    case: CaseObject,
    by: Known,
    what: v.Suspend | v.Continue,
    why: str,
    message: str,
    told: str,
) -> Outcome:
    """Change it, and tell those who are asked something before and after."""
    opened = unit.open(case.row.case)
    asked = [id for id, work in opened.state.works.items() if work.kind is not WorkKind.JOB]
    outcome = change(unit, case, by, what, step="", why=why, message=message)
    if outcome.ok:
        for work in asked:
            if work in opened.state.works:
                notice = CardNotice(case=case.row.case, work=work, what=told)
                opened.post("card", notice, key=f"{told}:{opened.seq}:{work}")
    return outcome
