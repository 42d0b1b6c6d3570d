"""What happens to words after they were said: marked, edited, resolved, or taken back.

Rules of this file: a fold over a log, shared by the acts that write it and the stories that tell
it. Words stay where they are kept (`Content`); the log says which content stands for which now. A
mark is one of a small set that means something: there are no others, and nobody counts them up.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.utils.translation import gettext_noop
from msgspec import Struct

from genba.acts.words import SAID
from genba.journal.records import Entry

MARKED = "talk.marked"
EDITED = "talk.edited"
TAKEN_BACK = "talk.taken-back"
ASKED = "talk.asked"
ATTACHED = "talk.attached"
RESOLVED = "talk.resolved"
REOPENED = "talk.reopened"
SPOKEN = (SAID, ASKED, ATTACHED)

# What a mark says, as people read it. Order: as offered.
MARKS: dict[str, str] = {
    "seen": gettext_noop("Seen"),
    "thanks": gettext_noop("Thanks"),
    "agree": gettext_noop("Agree"),
    "concern": gettext_noop("Concern"),
}


class Marked(Struct, frozen=True, kw_only=True):
    """Somebody marked what is kept in `content`, or took their mark off."""

    content: str
    mark: str
    off: bool = False


class Edited(Struct, frozen=True, kw_only=True):
    """The words first kept in `content` are now those kept in `now`."""

    content: str
    now: str


class TakenBack(Struct, frozen=True, kw_only=True):
    """What was kept in `content` is erased."""

    content: str


class Resolved(Struct, frozen=True, kw_only=True):
    """What was asked in `content` is settled, by what was said in `answer` if that is named."""

    content: str
    answer: str = ""


class Reopened(Struct, frozen=True, kw_only=True):
    """What was said in `content` is not settled after all."""

    content: str


class Spoken(Struct):
    """What was said, and what became of it."""

    content: str
    type: str
    by: str
    seq: int
    texts: list[str] = []  # contents: as said first, then as edited
    edited: datetime | None = None
    marks: dict[str, list[str]] = {}  # mark -> people, in the order they gave it
    gone: bool = False
    quote: str = ""  # the content it answers
    part: str = ""  # what of the case it is about
    resolved: str = ""  # who said that it is settled; "" while nobody did
    answer: str = ""  # the content that settled it
    answers: str = ""  # the content it settled


class _Body(Struct, frozen=True):
    """The members the fold reads."""

    content: str = ""
    mark: str = ""
    now: str = ""
    off: bool = False
    quote: str = ""
    part: str = ""
    answer: str = ""


TYPES = frozenset({*SPOKEN, MARKED, EDITED, TAKEN_BACK, RESOLVED, REOPENED})


def spoken_in(log: Iterable[Entry]) -> dict[str, Spoken]:
    """What was said in a log, by the content it was first kept in."""
    found: dict[str, Spoken] = {}
    for entry in log:
        if entry.type not in TYPES:
            continue
        body = msgspec.json.decode(entry.body, type=_Body)
        if entry.type in SPOKEN:
            by = entry.envelope.actor
            found[body.content] = Spoken(
                content=body.content,
                type=entry.type,
                by=by,
                seq=entry.seq,
                texts=[body.content],
                quote=body.quote,
                part=body.part,
            )
        elif entry.type in (RESOLVED, REOPENED):
            _settle(found, entry, body)
        elif (said := found.get(body.content)) is not None:
            _follow(said, entry, body)
    return found


def _follow(said: Spoken, entry: Entry, body: _Body) -> None:
    """What one entry did to what was said."""
    if entry.type == EDITED:
        said.texts.append(body.now)
        said.edited = entry.envelope.at
    elif entry.type == TAKEN_BACK:
        said.gone = True
    elif entry.type == MARKED:
        people = said.marks.setdefault(body.mark, [])
        actor = entry.envelope.actor
        if actor in people:
            people.remove(actor)
        if not body.off:
            people.append(actor)


def _settle(found: dict[str, Spoken], entry: Entry, body: _Body) -> None:
    """Something asked is settled, or not any more; an answer that is gone settles nothing."""
    said = found.get(body.content)
    if said is None:
        return
    if (before := found.get(said.answer)) is not None:
        before.answers = ""
    settled = entry.type == RESOLVED
    said.resolved = entry.envelope.actor if settled else ""
    said.answer = body.answer if settled else ""
    if settled and (answer := found.get(body.answer)) is not None:
        answer.answers = said.content
