"""Which works need somebody: the question every list of them asks.

Rules of this file: the question only; the journal answers it, the card says what a work is. A page,
a to-do list and an assistant ask the same, so that nobody is asked for less in one of them.
"""

from genba.journal.contract import InboxQuery, Reading
from genba.journal.records import InboxRow
from genba.people.deputies import standing
from genba.people.directory import Known
from genba.runtime.installation import current

VIEWS = ("all", "mine", "groups", "overdue", "later", "done")


def asked_of(reader: Known, view: str, reading: Reading, *, limit: int, after: int) -> InboxQuery:
    """The works of a view that need this reader, or those they stand for today, under every name
    a drawing may use for them."""
    others = standing(reader, reading)
    return InboxQuery(
        person=reader.id,
        groups=tuple(sorted({*reader.groups, *(team for one in others for team in one.groups)})),
        names=(reader.address, reader.handle, *(name for one in others for name in one.also)),
        view=view if view in VIEWS else "all",
        now=current().clock.now(),
        limit=limit,
        after=after,
    )


def task_id(found: InboxRow) -> str:
    """The id of a work as an object."""
    return f"{found.work.case}:{found.work.work}"
