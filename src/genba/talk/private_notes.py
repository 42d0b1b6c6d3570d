"""A private note on a case: only who wrote it, and those they name, know that it is there.

Rules of this file: the stream "private:ID" keeps one note, found by one mark for each who reads it;
the log of the case never says a word of it. Its words are a content of that stream, of a kind no
index of words takes in; changed or erased, they are gone. Whoever does not see the case any more
does not see their note on it either. No deputy and no administrator reads that of somebody else.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card, Fact
from genba.acts.objects import ObjectType, add_to_card, card_in, register_object
from genba.journal.contract import Reading
from genba.journal.records import CaseId, CaseRow
from genba.people.access import may_read_private, may_see_case
from genba.people.directory import Known, names_of
from genba.runtime.streams import read_state

KIND = "private"
OBJECT = "private-note"
MOST = 100  # notes of one case that one person reads
TITLE = 60  # letters of the note that name it
CONTENT, UNREAD = "private", "application/octet-stream"  # what no index of words reads


class PrivateNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a private note comes to now; `content` holds its words, "" once it is erased."""

    case: str
    author: str
    made: datetime
    content: str
    readers: tuple[str, ...] = ()
    changed: datetime | None = None


class PrivateObject(Struct, frozen=True):
    """A private note with its words and its case."""

    id: str
    note: PrivateNote
    text: str
    case: CaseRow
    revision: int


def stream_of(id: str) -> str:
    """The stream that keeps a private note."""
    return f"{KIND}:{id}"


def mark_of(case: str, reader: str) -> str:
    """The mark under which the private notes on a case that one person reads are found."""
    return f"on:{case}/{reader}"


def marks_of(note: PrivateNote) -> tuple[str, ...]:
    """One mark for each who reads it."""
    return tuple(mark_of(note.case, one) for one in (note.author, *note.readers))


def load_private(reading: Reading, id: str) -> PrivateObject | None:
    """A private note that is not erased."""
    row = reading.stream(stream_of(id))
    note = read_state(row, PrivateNote)
    case = reading.case(CaseId(note.case)) if note and note.content else None
    if row is None or note is None or case is None:
        return None
    kept = reading.content(row.id, note.content)
    if kept is None or kept.erased:
        return None
    return PrivateObject(id, note, kept.body.decode("utf-8", "replace"), case, row.revision)


def sees_private(private: PrivateObject, known: Known, reading: Reading) -> bool:
    """Who wrote it and whom they named, as long as they see the case."""
    note = private.note
    return may_read_private(known, note.author, note.readers) and may_see_case(
        known, private.case, reading
    )


def private_card(private: PrivateObject, known: Known, _full: bool, _reading: Reading) -> Card:
    """The note and who reads it."""
    note = private.note
    names = names_of([note.author, *note.readers])
    readers = tuple(names[one] for one in note.readers if one in names)
    first = private.text.strip().partition("\n")[0]
    why = gettext("You wrote it.")
    if note.author != known.id:
        why = gettext("%(name)s lets you read it.") % {"name": names.get(note.author, "")}
    return Card(
        object=OBJECT,
        id=private.id,
        version=private.revision,
        title=first if len(first) <= TITLE else f"{first[:TITLE]}…",
        subject=private.case.title,
        url=f"/cases/{private.case.number}",
        case=private.case.case,
        number=private.case.number,
        status=_read_by(readers),
        why=why,
        opened_at=note.changed or note.made,
        facts=(Fact(gettext("Private note"), private.text),),
        people=(names.get(note.author, ""), *readers),
    )


def _read_by(readers: Sequence[str]) -> str:
    if not readers:
        return gettext("nobody else can read it")
    return gettext("can be read by %(names)s") % {"names": ", ".join(readers)}


def gone(_private: PrivateObject, _known: Known) -> str:
    """What is erased is not there for anybody."""
    return ""


def with_private(value: object, card: Card, known: Known, full: bool, reading: Reading) -> Card:
    """The full card of a case carries the private notes its reader may read, oldest first."""
    if not full:
        return card
    rows = reading.streams(KIND, mark=mark_of(card.id, known.id), limit=MOST)
    ids = [row.id.partition(":")[2] for row in rows]
    found = (card_in(OBJECT, id, known, reading, full=False) for id in ids)
    return replace(card, private=tuple(one for one in found if one is not None))


register_object(
    ObjectType(name=OBJECT, load=load_private, visible=sees_private, card=private_card, gone=gone)
)
add_to_card("case", with_private)
