"""What is in a feed: what needs its reader, and what happened in their cases.

Rules of this file: reads only, as the cards say it; what is folded away there is not in a feed.
"""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Moment
from genba.acts.objects import card_in
from genba.cases.needed import asked_of, task_id
from genba.journal.contract import CaseQuery, Reading
from genba.people.directory import Known

CASES, MOST = 30, 100  # cases that are looked at, items of a feed


class Item(Struct, frozen=True, kw_only=True):
    """One item: `id` is its own for good."""

    id: str
    title: str
    url: str
    at: datetime
    kind: str  # "task", else that of a moment: "words", "event", "file"
    who: str = ""
    text: str = ""
    about: str = ""  # the title of the case
    case: str = ""


def needed(reader: Known, reading: Reading) -> list[Item]:
    """What needs somebody, in the order of their inbox."""
    rows = reading.inbox(asked_of(reader, "all", reading, limit=MOST, after=0))
    found = []
    for row in rows:
        card = card_in("task", task_id(row), reader, reading, full=False)
        if card is None or card.quiet or not card.open:
            continue
        due = gettext("Due %(day)s") % {"day": f"{card.due:%Y-%m-%d}"} if card.due else ""
        found.append(
            Item(
                id=f"task:{card.id}",
                title=f"{card.title} · {card.subject}" if card.subject else card.title,
                url=_place(card.url),
                at=card.opened_at or row.work.opened_at,
                kind="task",
                text=" ".join(filter(None, (card.why, due))),
                about=card.subject,
                case=card.case,
            )
        )
    return found


def happened(reader: Known, reading: Reading) -> list[Item]:
    """What happened in the cases somebody started, follows or has work in; the latest first."""
    found: list[tuple[int, Item]] = []
    for row in reading.cases(CaseQuery(person=reader.id, limit=CASES)):
        card = card_in("case", row.case, reader, reading)
        if card is None:
            continue
        for moment in card.story:
            if not moment.quiet:
                item = _item(moment, card.title, card.id, card.url)
                found.append((moment.position, item))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [item for _position, item in found[:MOST]]


def _item(moment: Moment, about: str, case: str, url: str) -> Item:
    said = moment.text or moment.file
    first = said.strip().partition("\n")[0][:200]
    who = f"{moment.who}: " if moment.kind == "words" and moment.who else ""
    return Item(
        id=f"case:{case}:{moment.seq}",
        title=f"{about} · {who}{first}",
        url=_place(url),
        at=moment.at,
        kind=moment.kind,
        who=moment.who,
        text=said,
        about=about,
        case=case,
    )


def _place(url: str) -> str:
    return f"{settings.GENBA_URL}{url}"
