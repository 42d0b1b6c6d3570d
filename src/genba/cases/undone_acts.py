"""Mending what could not be done and no card asks about: try it again, or drop it and say why.

Rules of this file: one function an act. Neither forgets anything: what was dropped stays on the log
of its case, with who dropped it; the reason is words, which can be erased.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Effect
from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done
from genba.acts.schemas import Nothing
from genba.acts.words import say
from genba.cases.changing import REASON
from genba.cases.undone import Undone
from genba.journal.records import NewOutbox, stream_kind
from genba.people.access import may_operate
from genba.people.directory import Known
from genba.runtime.streams import OpenLog
from genba.runtime.unit import Unit

AGAIN, DROPPED = "delivery.tried-again", "delivery.dropped"
NO_CASE = "undone:installation"  # the log of what belongs to no case


class Why(Struct, frozen=True):
    """Why it need not be done."""

    reason: Annotated[str, Meta(title=REASON, min_length=1, max_length=2000)]


def operable(_one: Undone, by: Known) -> bool:
    """Whoever administers the installation may."""
    return may_operate(by)


def _log_of(unit: Unit, one: Undone) -> OpenLog:
    if one.case is not None:
        return unit.open(one.case.case)
    return unit.stream(one.row.case if stream_kind(one.row.case) else NO_CASE)


@act(
    "delivery",
    "retry",
    when=operable,
    label=gettext_noop("Try again"),
    summary=gettext_noop("Try again what was given up after its case had ended."),
    rank=10,
)
def retry(unit: Unit, one: Undone, _by: Known, _given: Nothing) -> Outcome:
    """It is due now, as if it had never been tried."""
    row = one.row
    unit.tx.settle(row)
    again = NewOutbox(kind=row.kind, body=row.body, key=row.key, due=unit.now)
    unit.tx.post(row.case, [again])
    _log_of(unit, one).record(AGAIN, {"kind": row.kind, "key": row.key})
    return done(gettext("It is tried again."))


@act(
    "delivery",
    "drop",
    when=operable,
    label=gettext_noop("Drop it"),
    summary=gettext_noop("Say why something that was given up need not be done."),
    input=Why,
    text_field="reason",
    effect=Effect.FINAL,
    rank=20,
)
def drop(unit: Unit, one: Undone, by: Known, given: Why) -> Outcome:
    """It is not tried any more; that, and who said so, stays."""
    log = _log_of(unit, one)
    unit.tx.settle(one.row)
    log.record(DROPPED, {"kind": one.row.kind, "key": one.row.key})
    say(unit, log, by, given.reason)
    return done(gettext("It is dropped."))
