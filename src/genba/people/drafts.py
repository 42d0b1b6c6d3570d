"""What somebody began to write in a form and has not sent.

Rules of this file: plain data and questions, and forgetting; kept in the stream "draft:PERSON",
written by the acts of `cases.draft_acts`, read by nobody but the person. The words are contents of
that stream, of a kind no index of words takes in: saved again, sent or forgotten, they are gone. A
draft is `about` one form: "OBJECT/ID/ACT", and of one of several alike the `part` after it.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from genba.journal.contract import Reading
from genba.journal.records import CaseId
from genba.runtime.streams import OpenStream, read_state
from genba.runtime.unit import Unit

KIND = "draft"
CONTENT, UNREAD = "draft", "application/octet-stream"  # what no index of words reads
MOST = 40  # drafts of one person; the oldest goes
LASTING = timedelta(days=30)
LONGEST = 100_000  # characters of one draft


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One form somebody began; `content` holds what it says so far, as JSON."""

    about: str
    content: str
    begun: datetime
    saved: datetime


class Drafts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that one person began, latest last."""

    all: tuple[Draft, ...] = ()


class Dropped(Struct, frozen=True, kw_only=True):
    """A draft is gone: its form was sent, or it was forgotten."""

    about: str


def stream_of(person: str) -> str:
    """The stream that keeps what somebody began."""
    return f"{KIND}:{person}"


def form_of(object: str, id: str, act: str, part: str = "") -> str:
    """The form of an act on an object; `part` where there are several on one."""
    return "/".join(filter(None, (object, id, act, part)))


def drafts_of(person: str, reading: Reading) -> tuple[Draft, ...]:
    """What somebody began and did not send, latest last."""
    kept = read_state(reading.stream(stream_of(person)), Drafts)
    return kept.all if kept else ()


def given_in(person: str, draft: Draft, reading: Reading) -> dict[str, Any]:
    """What a draft says, by field."""
    kept = reading.content(CaseId(stream_of(person)), draft.content)
    if kept is None or kept.erased:
        return {}
    given: dict[str, Any] = msgspec.json.decode(kept.body)
    return given


def forget(unit: Unit, person: str, about: str) -> bool:
    """Drop what somebody began in a form; False when there was nothing."""
    if unit.tx.stream(stream_of(person)) is None:
        return False
    stream = unit.stream(stream_of(person))
    all = (stream.state(Drafts) or Drafts()).all
    gone = [one for one in all if one.about == about]
    if gone:
        drop(unit, stream, gone)
        stream.keep(Drafts(all=tuple(one for one in all if one not in gone)))
    return bool(gone)


def drop(unit: Unit, stream: OpenStream, gone: list[Draft]) -> None:
    """Erase the words of drafts, and say on the log of the stream that they are gone."""
    for one in gone:
        unit.tx.erase_content(stream.id, one.content)
        stream.record("draft.dropped", Dropped(about=one.about))


def with_draft(all: tuple[Draft, ...], new: Draft) -> tuple[tuple[Draft, ...], list[Draft]]:
    """All drafts with a new one, and those that go for it: the same form's, the old, the most."""
    same = [one for one in all if one.about == new.about]
    kept = [one for one in all if one not in same and new.saved - one.saved < LASTING]
    kept = [*kept[-(MOST - 1) :], replace(new, begun=same[0].begun if same else new.begun)]
    return tuple(kept), [one for one in all if one not in kept]
