"""What one can do with a whole case, beside talking: withdraw it.

Rules of this file: acts on the case that change its life; words on it are `talk`.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Assurance, Effect
from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done
from genba.acts.words import say
from genba.cases.answers import LongText, refused
from genba.cases.objects import CaseObject
from genba.engine.commands import Cancel, Rejected
from genba.engine.values import CaseStatus
from genba.people.directory import Known
from genba.runtime.unit import Unit


class Withdrawal(Struct, frozen=True):
    """Why it is withdrawn, if one says."""

    reason: Annotated[LongText, Meta(title=gettext_noop("Reason"))] = ""


def withdrawable(case: CaseObject, by: Known) -> bool:
    """Running, and started by this person; administrators may too."""
    running = case.row.status == CaseStatus.RUNNING
    return running and (case.row.started_by == by.id or by.is_administrator)


@act(
    "case",
    "withdraw",
    when=withdrawable,
    label=gettext_noop("Withdraw"),
    summary=gettext_noop("End a case you started: everything open in it is cancelled."),
    input=Withdrawal,
    words=("withdraw",),
    assurance=Assurance.CHANNEL,
    effect=Effect.FINAL,
    rank=95,
    past=gettext_noop("Withdrawn"),
)
def withdraw(unit: Unit, case: CaseObject, by: Known, given: Withdrawal) -> Outcome:
    """End the case now; the words stay in the conversation."""
    opened = unit.open(case.row.case)
    if given.reason:
        say(unit, opened, by, given.reason)
    rejected = opened.command(Cancel(at=unit.now, by=by.id))
    if isinstance(rejected, Rejected):
        return refused(rejected)
    return done(gettext("Withdrawn. Nothing is asked of anybody any more."))
