"""What happens to questions and notes when time passes: more are asked, a note is asked about.

Rules of this file: handlers of outbox rows; each is a unit of its own, and does nothing where what
it waited for was done meanwhile. A row that is done twice finds nothing to do the second time.
"""

import msgspec
from django.utils.translation import gettext, override
from msgspec.structs import replace

from genba.help import notes, questions
from genba.help.ask_acts import WIDEN, Clock, widen
from genba.help.learning import CHECK, Written, put_words, set_check
from genba.journal.records import Envelope, OutboxRow
from genba.people.directory import members
from genba.runtime.definitions import graph
from genba.runtime.installation import Installation
from genba.runtime.notices import WordsNotice
from genba.runtime.unit import Unit, open_unit


def connect(inst: Installation) -> None:
    """Let this installation do what is due for questions and notes."""
    inst.on(WIDEN, ask_more, "help")
    inst.on(CHECK, check_note, "help")


def _envelope(inst: Installation, row: OutboxRow) -> Envelope:
    key = f"{row.case}:{row.key}"
    return Envelope(at=inst.clock.now(), channel="timer", machine=True, act=row.kind, key=key)


def ask_more(inst: Installation, row: OutboxRow) -> None:
    """The time to ask more has come; a question that was answered meanwhile is left alone."""
    clock = msgspec.json.decode(row.body, type=Clock)
    with open_unit(inst, _envelope(inst, row)) as unit:
        question = questions.question_of(unit.tx.stream(row.case))
        if question is None or question.circle != clock.circle:
            return
        if question.status == questions.OPEN:
            widen(unit, row.case.partition(":")[2], question)


def check_note(inst: Installation, row: OutboxRow) -> None:
    """A note that was of no help for long, or whose step was changed: its team is asked."""
    with open_unit(inst, _envelope(inst, row)) as unit:
        id = row.case.partition(":")[2]
        note = notes.note_of(unit.tx.stream(row.case))
        if note is None or note.retired:
            return
        stream = unit.stream(row.case)
        if _is_stale(unit, note) and (note.asked is None or note.asked < note.touched()):
            _ask_team(unit, id, note)
        set_check(stream, id, unit.now)


def _is_stale(unit: Unit, note: notes.Note) -> bool:
    versions = unit.tx.versions(note.process)
    if not versions:
        return False
    latest = graph(unit.inst, note.process, versions[0].version)
    changed = notes.drawn(latest, note.node) != note.drawn
    return changed or unit.now - note.touched() >= notes.FRESH


def _ask_team(unit: Unit, id: str, note: notes.Note) -> None:
    """The card of the note goes to its team; without one, to its author."""
    people = members(note.team)
    ids = tuple(one.id for one in people) or (note.by,)
    stream = unit.stream(notes.stream_of(id))
    with override(people[0].locale if people else None):
        text = gettext("Is this note still true? Its step changed, or it has not helped for long.")
    content = put_words(unit, stream, "question", text)
    stream.record("note.asked", Written(title=note.title, text=content))
    stream.keep(replace(note, asked=unit.now))
    notice = WordsNotice(
        case=stream.id,
        seq=stream.seq,
        content=content,
        mentioned=ids,
        object="note",
        object_id=id,
        only=True,
    )
    stream.post("words", notice, key=f"words:{content}")
