"""Asking for help from a case or a task, and who is asked next.

Rules of this file: one door for a question, with a name or without. With a name that person or team
is asked; without, somebody who solved this kind of thing and has room now, one at a time, then more
on a clock. Whoever is asked is told in the channel they use, and sees the case.
"""

from datetime import date, datetime, time
from typing import Annotated

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.marks import ASKED
from genba.acts.objects import Thread
from genba.acts.outcomes import done, invalid
from genba.acts.words import LONGEST, announce, keep, reached
from genba.cases.objects import CaseObject, TaskObject, load_case
from genba.cases.part_objects import StepObject
from genba.help import questions
from genba.help.choosing import Chosen, choose, next_time, shift_of
from genba.help.notes import words
from genba.help.questions import Person, Question, stream_of
from genba.journal.records import CaseId, Content
from genba.people.directory import Known, known
from genba.runtime.identity import fresh_id
from genba.runtime.notices import WordsNotice
from genba.runtime.unit import Unit
from genba.talk.acts import NOBODY, OUT_OF_REACH, addressed, always

WIDEN = "widen"  # kind of the outbox row that waits for the time to ask more
END_OF_DAY = time(17)


class Wanted(Struct, frozen=True):
    """What one wants to know, of whom, by when."""

    question: Annotated[str, Meta(title=gettext_noop("Question"), min_length=1, max_length=LONGEST)]
    to: Annotated[
        str,
        Meta(
            title=gettext_noop("To"),
            description=gettext_noop(
                "A person or a team. Empty: somebody who solved this kind of thing and has room."
            ),
            max_length=254,
            extra_json_schema={"format": "person-or-group"},
        ),
    ] = ""
    by: Annotated[date | None, Meta(title=gettext_noop("Needed by"))] = None
    blocking: Annotated[bool, Meta(title=gettext_noop("I cannot go on without it"))] = False


class Opened(Struct, frozen=True, kw_only=True):
    """A question was asked: `content` of the case holds it."""

    case: str
    node: str
    content: str
    asked: tuple[str, ...]


class Widened(Struct, frozen=True, kw_only=True):
    """More were asked; nobody where there is nobody left."""

    asked: tuple[str, ...]


class Clock(Struct, frozen=True, kw_only=True):
    """The time to ask more, counted by circles."""

    circle: int


@act(
    "case",
    "ask",
    when=always,
    label=gettext_noop("Ask for help"),
    summary=gettext_noop("Ask a question about a case: of a person, a team, or whoever can help."),
    input=Wanted,
    words=("ask for help",),
    text_field="question",
    rank=65,
    intent="talk",
)
def ask_on_case(unit: Unit, case: CaseObject, by: Known, given: Wanted) -> Outcome:
    """Ask about the step the case is at, where it is at one."""
    nodes = {work.node for work in case.state.works.values()}
    return ask(unit, case, nodes.pop() if len(nodes) == 1 else "", by, given)


@act(
    "task",
    "ask",
    when=always,
    label=gettext_noop("Ask for help"),
    summary=gettext_noop("Ask a question about a task: of a person, a team, or whoever can help."),
    input=Wanted,
    words=("ask for help",),
    text_field="question",
    rank=65,
    intent="talk",
)
def ask_on_task(unit: Unit, task: TaskObject, by: Known, given: Wanted) -> Outcome:
    """Ask about this step."""
    return ask(unit, task.case, task.row.node, by, given)


@act(
    "step",
    "ask",
    when=always,
    label=gettext_noop("Ask for help"),
    summary=gettext_noop(
        "Ask a question about a step of a case: of somebody, or whoever can help."
    ),
    input=Wanted,
    words=("ask for help",),
    text_field="question",
    rank=65,
    intent="talk",
)
def ask_on_step(unit: Unit, step: StepObject, by: Known, given: Wanted) -> Outcome:
    """Ask about a step, also one where the case is not."""
    return ask(unit, step.case, step.node, by, given)


def ask(unit: Unit, case: CaseObject, node: str, by: Known, given: Wanted) -> Outcome:
    """Put a question to somebody; whoever is asked follows the case and is told."""
    due = _end_of(given.by) if given.by else None
    if due is not None and due <= unit.now:
        return invalid("by", gettext("This time is over."))
    question = Question(
        case=case.row.case,
        process=case.row.process,
        node=node,
        by=by.id,
        at=unit.now,
        content="",
        blocking=given.blocking,
        due=due,
        routed=not given.to.strip(),
    )
    if question.routed:
        group, chosen = "", choose(unit.tx, case, question, given.question)
        if by.is_guest:  # who cannot tell who there is
            chosen = tuple(
                Chosen(one) for one in reached(unit, case.row.case, by, _hands(unit, case))
            )
        if not chosen:
            return invalid("to", gettext("Nobody was found who could help. Name somebody."))
    else:
        people, group = addressed(given.to)
        alone = not group and by.id in (person.id for person in people)
        told = people if alone else reached(unit, case.row.case, by, people)
        if not told:
            words = OUT_OF_REACH if people and not by.is_guest else NOBODY
            return invalid("to", gettext(words) % {"name": given.to})
        chosen = tuple(Chosen(one) for one in told)
    open_question(unit, case, question, by, given.question, chosen, group)
    names = group or ", ".join(one.known.name for one in chosen)
    return done(gettext("Asked %(names)s.") % {"names": names})


def _hands(unit: Unit, case: CaseObject) -> tuple[Known, ...]:
    """Who has or had a task of the case."""
    works = unit.tx.works(case.row.case, open_only=False)
    ids = dict.fromkeys(id for work in works for id in (work.assignee, work.closed_by) if id)
    return tuple(one for id in ids if (one := known(id)) is not None)[:1]


def open_question(
    unit: Unit,
    case: CaseObject,
    question: Question,
    by: Known,
    text: str,
    chosen: tuple[Chosen, ...],
    group: str = "",
) -> str:
    """Begin a question on a case and tell those who are asked; gives its id."""
    id, log = fresh_id(unit.now), unit.open(case.row.case)
    content = keep(unit, log, Content(case=log.id, id="", kind="words", body=text.encode()))
    question = replace(question, content=content, circle=1)
    ids = tuple(one.known.id for one in chosen if one.known.id != by.id)
    body = {"content": content, "asked": () if group else ids, "ask": id}
    log.record(ASKED, {**body, "groups": (group,) if group else (), "node": question.node})
    stream = unit.stream(stream_of(id))
    stream.record(
        "ask.opened",
        Opened(case=question.case, node=question.node, content=content, asked=ids),
    )
    unit.tx.follow(log.id, by.id)
    question = add_people(unit, question, chosen)
    questions.keep(stream, question)
    announce(log, by, content, ids, Thread(log=log.id, object="ask", id=id))
    if question.routed:
        set_clock(unit, id, question, case)
    return id


def add_people(unit: Unit, question: Question, chosen: tuple[Chosen, ...]) -> Question:
    """With more people asked; they follow the case."""
    for one in chosen:
        unit.tx.follow(CaseId(question.case), one.known.id)
    people = tuple(
        Person(id=one.known.id, at=unit.now, solved=one.solved)
        for one in chosen
        if one.known.id != question.by
    )
    return replace(question, asked=(*question.asked, *people))


def set_clock(unit: Unit, id: str, question: Question, case: CaseObject) -> None:
    """Ask more after a while of working time."""
    due = next_time(question, unit.now, shift_of(unit.almanac, case, question.node))
    body = Clock(circle=question.circle)
    unit.stream(stream_of(id)).post(WIDEN, body, key=f"widen:{id}:{question.circle}", due=due)


def widen(unit: Unit, id: str, question: Question) -> tuple[Chosen, ...]:
    """Ask the next ones; nobody where nobody is left, and then no clock goes on."""
    case = load_case(unit.tx, question.case)
    if case is None:
        return ()
    text = words(unit.tx, question.case, question.content)
    chosen = choose(unit.tx, case, question, text)
    stream, log = unit.stream(stream_of(id)), unit.open(question.case)
    ids = tuple(one.known.id for one in chosen)
    stream.record("ask.widened", Widened(asked=ids))
    question = replace(add_people(unit, question, chosen), circle=question.circle + 1)
    questions.keep(stream, question)
    if chosen:
        log.record("ask.widened", {"asked": ids, "node": question.node, "ask": id})
        tell(unit, id, question, ids)
        set_clock(unit, id, question, case)
    return chosen


def tell(unit: Unit, id: str, question: Question, ids: tuple[str, ...]) -> None:
    """Tell people of a question that was asked before: they get its words, in their channel."""
    log = unit.open(question.case)
    notice = WordsNotice(
        case=log.id,
        seq=log.seq,
        content=question.content,
        mentioned=ids,
        author=question.by,
        object="ask",
        object_id=id,
        only=True,
    )
    log.post("words", notice, key=f"words:{question.content}:{log.seq}")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, tzinfo=get_current_timezone())
