"""What could not be done and no card asks about: a row of the outbox, as an object to mend.

Rules of this file: reads only. A running case asks its own people; what is left when a case has
ended, or belongs to none, is for whoever administers the installation.
"""

from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.cases.wording import moment_of
from genba.journal.contract import Reading
from genba.journal.records import CaseRow, OutboxRow, stream_kind
from genba.people.access import may_operate
from genba.people.directory import Known
from genba.runtime.installation import current

MOST = 200  # shown, and looked at, at once


class Undone(Struct, frozen=True):
    """A row nobody tries any more, and its case where it has one."""

    row: OutboxRow
    case: CaseRow | None = None


def undone(reading: Reading) -> list[Undone]:
    """All there is, the earliest first."""
    rows = reading.parked(MOST)
    return [
        Undone(row, reading.case(row.case) if row.case and not stream_kind(row.case) else None)
        for row in rows
    ]


def load_undone(reading: Reading, id: str) -> Undone | None:
    """One, by the number of its row."""
    return next((one for one in undone(reading) if str(one.row.id) == id), None)


def sees_undone(_one: Undone, known: Known, _reading: Reading) -> bool:
    """Whoever administers the installation."""
    return may_operate(known)


def undone_card(one: Undone, _known: Known, _full: bool, _reading: Reading) -> Card:
    """What it is, for which case, and why it could not be done."""
    row, now = one.row, current().clock.now()
    facts = [Fact(gettext("What"), row.kind), Fact(gettext("Key"), row.key)]
    if one.case is not None and one.case.ended_at is not None:
        facts.append(Fact(gettext("The case has ended"), moment_of(one.case.ended_at, now)))
    return Card(
        object="delivery",
        id=str(row.id),
        version=row.fence,
        title=gettext("Not done: %(what)s") % {"what": row.kind},
        subject=one.case.title if one.case else gettext("No case"),
        url="/undone",
        case=row.case,
        number=one.case.number if one.case else 0,
        process=one.case.process if one.case else "",
        note=row.error,
        facts=tuple(facts),
    )


def undone_gone(_one: Undone, _known: Known) -> str:
    """What was done or dropped is not there any more."""
    return ""
