"""Asking a rule what it says on a case, where the drawing does not ask it.

Rules of this file: one act. The decision is made with the data of the case and writes nothing into
it: what it said joins the conversation, in the words of whoever asked, with the rows and the
version. Whether somebody acts on it stays with people.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Choice
from genba.acts.declaring import Terms, act, choice_schema
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.words import say
from genba.cases.objects import CaseObject
from genba.cases.rows import outcome_in_words
from genba.cases.rulings import Ruling, TriedDecision, decides, load_ruling, try_decision
from genba.engine.values import CaseStatus
from genba.people.access import may_see_decisions
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.unit import Unit

MOST = 50  # decisions offered, by key


class Consultation(Struct, frozen=True):
    """The rule that is asked."""

    decision: Annotated[str, Meta(title=gettext_noop("Rule"), min_length=1, max_length=200)]


def askable(case: CaseObject, by: Known) -> Terms | None:
    """While the case runs, to whoever may see the rules, if there are any."""
    if case.row.status != CaseStatus.RUNNING or not may_see_decisions(by):
        return None
    with current().journal.reading() as reading:
        known = [one for one in reading.decisions()[:MOST] if decides(reading, one)]
    choices = tuple(Choice(one.key, one.name or one.key) for one in known)
    if not choices:
        return None
    return Terms(schema=choice_schema("decision", gettext("Rule"), choices))


@act(
    "case",
    "consult",
    when=askable,
    label=gettext_noop("Ask a rule"),
    summary=gettext_noop("Hear what a decision says on the data of a case; nothing is changed."),
    input=Consultation,
    rank=70,
)
def consult(unit: Unit, case: CaseObject, by: Known, given: Consultation) -> Outcome:
    """Make the decision with the data of the case; the answer joins the conversation."""
    opened = unit.open(case.row.case)
    with unit.inst.journal.reading() as reading:
        ruling = load_ruling(reading, given.decision)
    if ruling is None:
        return invalid("decision", gettext("There is no such rule, or it cannot be run any more."))
    data = opened.state.data
    known = {one.name: data[one.name] for one in ruling.inputs if one.name in data}
    tried = try_decision(ruling, known)
    words = _answer(ruling, tried, [one.name for one in ruling.inputs if one.name not in known])
    say(unit, opened, by, f"**{ruling.rule.name}:** {words}")
    return done(words)


def _answer(ruling: Ruling, tried: TriedDecision, missing: list[str]) -> str:
    """What the rule says and why, and what it was not told."""
    rows = "; ".join(row.words for row in tried.rows) or gettext("no row matches")
    told = {
        "outcome": outcome_in_words(ruling.rule.result, tried.value),
        "rows": rows,
        "version": tried.version,
    }
    words = gettext("%(outcome)s — %(rows)s (version %(version)s)") % told
    if tried.exhausted:
        words = gettext("no answer: %(why)s") % {"why": tried.exhausted}
    if missing:
        words += ". " + gettext("The case does not say: %(names)s.") % {"names": ", ".join(missing)}
    return words
