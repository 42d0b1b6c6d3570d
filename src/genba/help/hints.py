"""What helped before, beside a task: few notes of this step, few past cases that are alike.

Rules of this file: reads only; best evidence first; what the reader may not see is not shown. Each
says in what it is alike, in the reader's words.
"""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from genba.acts.card import Hint
from genba.cases.objects import TaskObject
from genba.cases.wording import listed
from genba.engine.values import CaseStatus
from genba.help import notes
from genba.help.remembering import case_features, memory_of
from genba.journal.contract import Reading
from genba.journal.records import CaseId
from genba.people.access import may_see_case
from genba.people.directory import Known
from genba.recall.features import Features
from genba.recall.shelf import Match
from genba.runtime.installation import current

NOTES, CASES = 3, 3  # shown at most
LEAST_NOTE, LEAST_CASE = 0.1, 0.3  # how alike they are at least
SAID = 4  # features a likeness is explained by


def hints_of(reading: Reading, task: TaskObject, by: Known) -> tuple[Hint, ...]:
    """What helped in alike cases, notes first; nothing for guests."""
    if by.is_guest or not task.asked:
        return ()
    row, node = task.case.row, task.row.node
    shelf = memory_of(current()).shelf(row.process)
    if not len(shelf):
        return ()
    like = case_features(reading, row.case, task.case.state.data, row.title)
    found = shelf.find(
        like,
        most=2 * NOTES,
        least=LEAST_NOTE,
        wanted=lambda one: one.kind == "note" and node in one.steps,
    )
    found.sort(key=lambda one: -one.likeness * one.kept.worth)
    alike = shelf.find(
        like,
        most=2 * CASES,
        least=LEAST_CASE,
        wanted=lambda one: one.kind == "case" and node in one.steps and one.id != row.case,
    )
    own = [hint for one in found if (hint := _note(reading, task, one, like))]
    past = [hint for one in alike if (hint := _case(reading, one, like, by))]
    return (*own[:NOTES], *past[:CASES])


def _note(reading: Reading, task: TaskObject, match: Match, like: Features) -> Hint | None:
    id = match.kept.id
    stream = notes.stream_of(id)
    note = notes.note_of(reading.stream(stream))
    if note is None or note.retired:
        return None
    return Hint(
        kind="note",
        id=id,
        title=notes.words(reading, stream, note.title),
        text=notes.words(reading, stream, note.text),
        why=_why(match, like),
        evidence=evidence(note),
        url=f"/notes/{id}",
        stale=staleness(note, notes.drawn(task.case.graph, task.row.node)),
    )


def _case(reading: Reading, match: Match, like: Features, by: Known) -> Hint | None:
    row = reading.case(CaseId(match.kept.id))
    if row is None or not may_see_case(by, row, reading):
        return None
    ended = gettext("complete") if row.status == CaseStatus.COMPLETED else gettext("withdrawn")
    return Hint(
        kind="case",
        id=row.case,
        title=row.title,
        why=_why(match, like),
        evidence=ended,
        url=f"/cases/{row.number}",
    )


def _why(match: Match, like: Features) -> str:
    """In what it is alike: words and data, as they are written in the reader's case."""
    said = (like.said[feature] for feature in match.alike[:SAID] if feature in like.said)
    return gettext("alike in %(what)s") % {"what": listed(dict.fromkeys(said))}


def evidence(note: notes.Note) -> str:
    """In how many cases it helped, and when last."""
    words = {"num": note.helped, "day": date_format(localtime(note.touched()), "DATE_FORMAT")}
    many = ngettext("helped in %(num)s case, last %(day)s", "helped in %(num)s cases, last %(day)s",
                    note.helped)  # fmt: skip
    return many % words


def staleness(note: notes.Note, drawn: str) -> str:
    """Why a note may not be true any more; "" where nothing says so."""
    if note.drawn != drawn:
        return gettext("The step has changed since.")
    if current().clock.now() - note.touched() > notes.FRESH:
        return gettext("It has not helped for a long time.")
    return ""
