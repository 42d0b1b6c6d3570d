"""From a helpful answer to a note, and from a note to a case it helped.

Rules of this file: writes the stream of one note inside a unit of work; who may is decided by the
acts that call it.
"""

from datetime import datetime
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from genba.help import notes
from genba.help.choosing import lane_of
from genba.help.notes import Note
from genba.help.questions import AskObject, Reply
from genba.journal.records import CaseId, Content
from genba.people.directory import known
from genba.runtime.identity import fresh_id
from genba.runtime.streams import OpenStream
from genba.runtime.unit import Unit

CHECK = "note-check"  # kind of the outbox row that asks its team whether a note is still true


class Written(Struct, frozen=True, kw_only=True):
    """A note has these words now."""

    title: str
    text: str


class Used(Struct, frozen=True, kw_only=True):
    """A note helped a case, or not."""

    case: str
    helped: bool


def learn(unit: Unit, ask: AskObject, reply: Reply) -> str:
    """A note from the answer to a question, for the team of the step; gives its id."""
    question, case = ask.question, ask.case
    id = fresh_id(unit.now)
    stream = unit.stream(notes.stream_of(id))
    text = notes.words(unit.tx, question.case, reply.content)
    author = known(reply.by)
    team = lane_of(case, question.node) or next(iter(author.groups if author else ()), "")
    note = Note(
        process=question.process,
        node=question.node,
        team=team,
        by=reply.by,
        made=unit.now,
        title=put_words(unit, stream, notes.TITLE, ask.words),
        text=put_words(unit, stream, notes.TEXT, text),
        case=question.case,
        data=notes.conditions(case.state.data),
        drawn=notes.drawn(case.graph, question.node),
        cases=(question.case,),
        latest=unit.now,
    )
    stream.record("note.made", Written(title=note.title, text=note.text))
    stream.keep(note, marks=(f"step:{note.process}#{note.node}", f"team:{note.team}"))
    set_check(stream, id, unit.now)
    return id


def put_words(unit: Unit, stream: OpenStream, name: str, text: str) -> str:
    """Keep words of a note; gives the id of the content."""
    id, body = uuid4().hex, text.strip().encode()
    unit.tx.put_content(
        Content(case=stream.id, id=id, kind="words", name=name, size=len(body), body=body)
    )
    return id


def use(unit: Unit, id: str, note: Note, case: str, *, helped: bool) -> None:
    """A note helped a case, or not; the same case counts once."""
    stream = unit.stream(notes.stream_of(id))
    stream.record("note.used", Used(case=case, helped=helped))
    if not helped:
        stream.keep(replace(note, not_helped=note.not_helped + 1))
    elif case in note.cases:
        stream.keep(replace(note, latest=unit.now))
    else:
        cases = (*note.cases, case)[-notes.REMEMBERED :]
        stream.keep(replace(note, cases=cases, helped=note.helped + 1, latest=unit.now))
    unit.open(CaseId(case)).record("note.used", {"note": id, "helped": helped, "node": note.node})


def set_check(stream: OpenStream, id: str, now: datetime) -> None:
    """Look at it again after a while."""
    due = now + notes.FRESH
    stream.post(CHECK, {}, key=f"check:{id}:{due.date().isoformat()}", due=due)
