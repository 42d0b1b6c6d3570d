"""What is in somebody's calendar and to-do list now.

Rules of this file: what the inbox asks (`cases.needed`), as cards; reads only. What somebody else
has decided meanwhile is not there any more; what the reader did themselves stays for a month.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import override

from genba.acts.objects import card_in
from genba.cases.needed import asked_of, task_id
from genba.channels.calendar.entries import Entry, Place
from genba.channels.mail.site import site
from genba.journal.contract import Reading
from genba.journal.records import InboxRow
from genba.people.directory import Known
from genba.runtime.installation import current

MOST = 300  # open entries of one person
DONE_DAYS, DONE_MOST = 30, 50


def place() -> Place:
    """Where the entries of this installation come from."""
    here = site()
    return Place(url=settings.GENBA_URL.rstrip("/"), domain=here.domain, name=here.name)


def entries_of(reader: Known, reading: Reading) -> list[Entry]:
    """What needs the reader, and what they did lately, in the order of their inbox."""
    with override(reader.locale):
        found = [_entry(row, reader, reading) for row in _rows(reader, reading)]
    return [one for one in found if one is not None]


def entry_of(id: str, reader: Known, reading: Reading) -> Entry | None:
    """One of them by the id of its task, if it is there."""
    with override(reader.locale):
        found = (
            _entry(row, reader, reading) for row in _rows(reader, reading) if task_id(row) == id
        )
        return next(found, None)


def _rows(reader: Known, reading: Reading) -> list[InboxRow]:
    rows = reading.inbox(asked_of(reader, "all", reading, limit=MOST, after=0))
    done = reading.inbox(asked_of(reader, "done", reading, limit=DONE_MOST, after=0))
    since = current().clock.now() - timedelta(days=DONE_DAYS)
    return [*rows, *(one for one in done if one.work.closed_at and one.work.closed_at >= since)]


def _entry(row: InboxRow, reader: Known, reading: Reading) -> Entry | None:
    card = card_in("task", task_id(row), reader, reading, full=False)
    if card is None or (card.open and card.quiet):
        return None
    if row.work.closed_at is not None:
        return Entry(card=card, done=row.work.closed_at)
    return Entry(card=card, ticked=ticked_at(card.id, card.version, reader, reading))


def ticked_key(task: str, version: int, reader: Known) -> str:
    """Under which key it is kept that a tick was not enough."""
    return f"todo-ticked:{reader.id}:{task}:{version}"


def ticked_at(task: str, version: int, reader: Known, reading: Reading) -> datetime | None:
    """When the reader ticked this version off in vain."""
    kept = reading.answer(ticked_key(task, version, reader))
    return kept.at if kept is not None else None
