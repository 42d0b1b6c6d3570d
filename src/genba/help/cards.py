"""The cards of a question and of a note, and what this folder puts on those of cases and tasks.

Rules of this file: texts are in the active language; nothing is decided and nothing is changed.
"""

from django.utils.translation import gettext, ngettext
from msgspec.structs import replace

from genba.acts.card import Card, Fact
from genba.acts.objects import card_in
from genba.cases.cards import subject_of
from genba.cases.finding import Hit, Sight, around
from genba.cases.objects import CaseObject, TaskObject, load_case, load_task
from genba.cases.wording import listed
from genba.help import notes, questions
from genba.help.hints import evidence, hints_of, staleness
from genba.help.notes import NoteObject
from genba.help.questions import AskObject, question_of
from genba.help.remembering import memory_of
from genba.journal.contract import Reading
from genba.journal.records import Content, Finding
from genba.people.access import may_see_case
from genba.people.directory import Known, names_of
from genba.runtime.definitions import graph
from genba.runtime.installation import current

CATCH_UP = 20_000  # entries of the log read at most before a card is shown
WITH_HINTS = 3  # open tasks of a case that show what helped before


def load_ask(reading: Reading, id: str) -> AskObject | None:
    """A question by its id."""
    row = reading.stream(questions.stream_of(id))
    question = question_of(row)
    case = load_case(reading, question.case) if question else None
    if row is None or question is None or case is None:
        return None
    words = notes.words(reading, question.case, question.content)
    return AskObject(id, question, case, words, row.revision)


def sees_ask(ask: AskObject, known: Known, reading: Reading) -> bool:
    """Whoever may see the case."""
    return may_see_case(known, ask.case.row, reading)


def ask_gone(ask: AskObject, _known: Known) -> str:
    """How a question ended; "" while it waits for somebody."""
    return _status(ask, {}) if ask.question.status in (questions.HELPED, questions.OVER) else ""


def ask_card(ask: AskObject, known: Known, full: bool, reading: Reading) -> Card:
    """What is asked, by whom, and why you."""
    question = ask.question
    people = [one.id for one in question.asked]
    names = names_of([question.by, *people, *(one.by for one in question.replies)])
    about = next((one for one in question.asked if one.id == known.id), None)
    case = ask.case.row
    facts = [Fact(gettext("Step"), ask.case.graph.label(question.node))] if question.node else []
    answers = [
        Fact(names.get(one.by, ""), notes.words(reading, case.case, one.content))
        for one in question.replies
    ]
    why = ""
    if about is not None and question.waits_for(known.id):
        why = _why(about.solved)
    return Card(
        object="ask",
        id=ask.id,
        version=ask.revision,
        title=_title(ask, names),
        subject=subject_of(ask.case),
        url=f"/asks/{ask.id}",
        case=case.case,
        number=case.number,
        process=case.process,
        process_name=ask.case.graph.name,
        status=_status(ask, names),
        open=question.status in (questions.OPEN, questions.ANSWERED),
        why=why,
        note=_note_of(ask, known),
        due=question.due,
        overdue=bool(question.due and question.due < current().clock.now()),
        opened_at=question.at,
        node=question.node,
        facts=tuple(one for one in (*facts, *answers) if one.value),
    )


def _title(ask: AskObject, names: dict[str, str]) -> str:
    words = {"who": names.get(ask.question.by, ""), "question": ask.words or "…"}
    return gettext("%(who)s asks: “%(question)s”") % words


def _why(solved: int) -> str:
    if not solved:
        return gettext("You are asked.")
    return ngettext("You solved %(num)s like this.", "You solved %(num)s like this.",
                    solved) % {"num": solved}  # fmt: skip


def _note_of(ask: AskObject, known: Known) -> str:
    if ask.question.waits_for(known.id):
        return gettext("What you write goes to the asker and stays on the case.")
    if ask.question.by == known.id and ask.question.status == questions.ANSWERED:
        return gettext("Did this help?")
    return ""


def _status(ask: AskObject, names: dict[str, str]) -> str:
    question = ask.question
    if question.status == questions.HELPED:
        return gettext("answered; it helped")
    if question.status == questions.OVER:
        return gettext("no longer needed")
    if question.status == questions.ANSWERED:
        return gettext("answered")
    waiting = listed(names[one] for one in question.waiting() if one in names)
    return gettext("waiting for %(names)s") % {"names": waiting} if waiting else gettext("open")


def load_note(reading: Reading, id: str) -> NoteObject | None:
    """A note by its id."""
    stream = notes.stream_of(id)
    row = reading.stream(stream)
    note = notes.note_of(row)
    versions = reading.versions(note.process) if note else []
    if row is None or note is None or not versions:
        return None
    title, text = (notes.words(reading, stream, one) for one in (note.title, note.text))
    drawing = graph(current(), note.process, versions[0].version)
    return NoteObject(id, note, title, text, drawing, row.revision)


def sees_note(_note: NoteObject, known: Known, _reading: Reading) -> bool:
    """Every member of the installation."""
    return not known.is_guest


def note_gone(note: NoteObject, _known: Known) -> str:
    """A retired note is gone."""
    return gettext("This note was taken away.") if note.note.retired else ""


def note_card(note: NoteObject, _known: Known, _full: bool, reading: Reading) -> Card:
    """What it says, for which step and conditions, and whom it helped."""
    kept = note.note
    step = note.graph.label(kept.node) if kept.node in note.graph.nodes else kept.node
    author = names_of([kept.by]).get(kept.by, "")
    facts = [
        Fact(gettext("Note"), note.text),
        Fact(gettext("Step"), step),
        Fact(gettext("Team"), kept.team),
        Fact(gettext("By"), author),
        *(Fact(name, str(value)) for name, value in kept.data.items()),
    ]
    return Card(
        object="note",
        id=note.id,
        version=note.revision,
        title=note.title or gettext("Note"),
        subject=note.title or gettext("Note"),
        url=f"/notes/{note.id}",
        case=notes.stream_of(note.id),
        process=kept.process,
        process_name=note.graph.name,
        status=note_gone(note, _known) or evidence(kept),
        open=not kept.retired,
        note=staleness(kept, notes.drawn(note.graph, kept.node)),
        opened_at=kept.made,
        facts=tuple(one for one in facts if one.value),
    )


def find_note(one: Finding, content: Content, asked: list[str], sight: Sight) -> Hit | None:
    """Words of a note as it is now; those it had before are not found."""
    note = load_note(sight.reading, one.case.partition(":")[2])
    if note is None or note.note.retired or not sees_note(note, sight.known, sight.reading):
        return None
    if content.id not in (note.note.title, note.note.text):
        return None
    return Hit(
        kind="note",
        title=note.title or gettext("Note"),
        subject=note.graph.label(note.note.node) if note.note.node in note.graph.nodes else "",
        text=around(content, asked),
        url=f"/notes/{note.id}",
    )


def help_on_task(task: TaskObject, card: Card, by: Known, full: bool, reading: Reading) -> Card:
    """With what helped before."""
    if not full or not card.open or task.asked is None:
        return card
    catch_up(reading)
    return replace(card, hints=hints_of(reading, task, by))


def help_on_case(case: CaseObject, card: Card, by: Known, full: bool, reading: Reading) -> Card:
    """With what helped before at its first tasks, and the questions that are not over."""
    if not full:
        return card
    catch_up(reading)
    cards = list(card.cards)
    for place, one in enumerate(cards[:WITH_HINTS]):
        task = load_task(reading, one.id) if one.object == "task" else None
        if task is not None:
            cards[place] = replace(one, hints=hints_of(reading, task, by))
    for id, question in questions.marked(reading, questions.case_mark(case.row.case)):
        if question.status in (questions.OPEN, questions.ANSWERED):
            asked = card_in("ask", id, by, reading, full=False)
            cards += [asked] if asked is not None else []
    return replace(card, cards=tuple(cards))


def catch_up(reading: Reading) -> None:
    """Read what was committed since; not inside a unit, which may be taken back."""
    if not hasattr(reading, "append"):  # a `Transaction`
        memory_of(current()).follow(reading, CATCH_UP)
