"""What those who are asked do with a question, and what the asker says of the answer.

Rules of this file: one function an act. An answer is words on the case: whoever was asked answers
by answering the mail. Saying "not me" or passing on asks the next one at once. A helpful answer
becomes a note on the step, for whoever comes next.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Effect
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.marks import RESOLVED, Resolved
from genba.acts.objects import Thread
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import Nothing
from genba.acts.words import SAID, Said, announce, keep, reached
from genba.help import questions
from genba.help.ask_acts import add_people, tell, widen
from genba.help.choosing import Chosen
from genba.help.learning import learn
from genba.help.questions import AskObject, Question, Reply, stream_of
from genba.journal.records import Content
from genba.people.access import is_closed
from genba.people.directory import Known, names_of
from genba.runtime.unit import Unit
from genba.talk.acts import NOBODY, Comment, addressed


class Onward(Struct, frozen=True):
    """Who can answer it better."""

    to: Annotated[
        str,
        Meta(
            title=gettext_noop("To"),
            min_length=1,
            max_length=254,
            extra_json_schema={"format": "person"},
        ),
    ]


class Did(Struct, frozen=True, kw_only=True):
    """Somebody did something with a question."""

    content: str = ""
    to: str = ""
    note: str = ""


def is_open(question: Question) -> bool:
    """Whether it still waits for an answer, or for what the asker says of it."""
    return question.status in (questions.OPEN, questions.ANSWERED)


def waits(ask: AskObject, by: Known) -> bool:
    """It waits for this person."""
    return ask.question.waits_for(by.id)


def judges(ask: AskObject, by: Known) -> Terms | None:
    """It was answered, and this person asked."""
    mine = ask.question.by == by.id and ask.question.status == questions.ANSWERED
    return Terms(primary=True) if mine else None


def mine(ask: AskObject, by: Known) -> bool:
    """Asked by this person, and not over."""
    return ask.question.by == by.id and is_open(ask.question)


def answers(ask: AskObject, by: Known) -> Terms | None:
    """Whoever sees the case may say something to it; those who are asked are asked to."""
    if by.id == ask.question.by:
        return Terms(label=gettext("Comment"))
    return Terms()


@act(
    "ask",
    "comment",
    when=answers,
    label=gettext_noop("Answer"),
    summary=gettext_noop("Answer a question; the answer lands on the case it was asked on."),
    input=Comment,
    text_field="text",
    rank=10,
)
def answer(unit: Unit, ask: AskObject, by: Known, given: Comment) -> Outcome:
    """The asker is told; what the asker says goes to those who are asked."""
    question = ask.question
    log = unit.open(question.case)
    words = Content(case=log.id, id="", kind="words", body=given.text.strip().encode())
    content = keep(unit, log, words)
    own = by.id == question.by
    told = question.waiting() if own else (question.by,)
    unit.tx.follow(log.id, by.id)
    log.record(SAID, _answer(content, question, told))
    about = Thread(log=log.id, object="ask", id=ask.id)
    announce(log, by, content, told, about, quote=question.content)
    if own:
        return done(gettext("Added."))
    stream = unit.stream(stream_of(ask.id))
    stream.record("ask.answered", Did(content=content))
    reply = Reply(by=by.id, at=unit.now, content=content)
    question = question.said(by.id, questions.SAID, unit.now)
    if is_open(question):
        question = replace(question, status=questions.ANSWERED)
    questions.keep(stream, replace(question, replies=(*question.replies, reply)))
    name = names_of([question.by]).get(question.by, "")
    return done(gettext("Answered; %(name)s is told.") % {"name": name})


def _answer(content: str, question: Question, told: tuple[str, ...]) -> Said:
    """What is said to a question quotes it."""
    return Said(content=content, node=question.node, quote=question.content, mentioned=told)


@act(
    "ask",
    "not-me",
    when=waits,
    label=gettext_noop("Not me"),
    summary=gettext_noop("Say that a question is not for you: the next one is asked at once."),
    words=("not me",),
    rank=30,
)
def not_me(unit: Unit, ask: AskObject, by: Known, _given: Nothing) -> Outcome:
    """Asked less of this kind from now on."""
    stream = unit.stream(stream_of(ask.id))
    question = ask.question.said(by.id, questions.NOT_ME, unit.now)
    stream.record("ask.declined", Did())
    questions.keep(stream, question)
    if question.status == questions.OPEN and question.routed and not question.waiting():
        widen(unit, ask.id, question)
    return done(gettext("You are asked less of this kind; somebody else is asked."))


@act(
    "ask",
    "pass",
    when=waits,
    label=gettext_noop("Pass it on"),
    summary=gettext_noop("Pass a question on to somebody who can answer it better."),
    input=Onward,
    words=("pass to",),
    text_field="to",
    rank=40,
)
def pass_on(unit: Unit, ask: AskObject, by: Known, given: Onward) -> Outcome:
    """Whom it was passed to is asked instead."""
    people, group = addressed(given.to)
    log = unit.open(ask.question.case)
    left = [one for one in reached(unit, log.id, by, people) if one.id != ask.question.by]
    if not left or group:
        return invalid("to", gettext(NOBODY) % {"name": given.to})
    person = left[0]
    if ask.question.waits_for(person.id):
        return invalid("to", gettext("They are asked already."))
    stream = unit.stream(stream_of(ask.id))
    stream.record("ask.passed", Did(to=person.id))
    question = ask.question.said(by.id, questions.PASSED, unit.now)
    question = add_people(unit, question, (Chosen(person),))
    questions.keep(stream, question)
    log.record("ask.passed", {"to": person.id, "node": question.node, "ask": ask.id})
    tell(unit, ask.id, question, (person.id,))
    return done(gettext("Asked %(names)s.") % {"names": person.name})


@act(
    "ask",
    "join",
    when=waits,
    label=gettext_noop("Join the case"),
    summary=gettext_noop("Take part in the case a question was asked on: you see all of it."),
    words=("join",),
    rank=50,
)
def join(unit: Unit, ask: AskObject, by: Known, _given: Nothing) -> Outcome:
    """Follows the case, and everybody reads that they are there; the question stays theirs."""
    log = unit.open(ask.question.case)
    unit.tx.follow(log.id, by.id)
    log.record("ask.joined", {"node": ask.question.node, "ask": ask.id})
    unit.stream(stream_of(ask.id)).record("ask.joined", Did())
    return done(gettext("You are part of this case now."))


@act(
    "ask",
    "helped",
    when=judges,
    label=gettext_noop("It helped"),
    summary=gettext_noop("Say that an answer helped: it is kept on the step for the next one."),
    words=("helped",),
    effect=Effect.FINAL,
    tickable=True,
    rank=10,
)
def helped(unit: Unit, ask: AskObject, by: Known, _given: Nothing) -> Outcome:
    """The question is over, and its answer a note of the team."""
    question, note = ask.question, ""
    last = question.replies[-1]
    replies = (*question.replies[:-1], replace(last, helped=True))
    question = replace(question, replies=replies, status=questions.HELPED)
    if question.node and not is_closed(ask.case.row, unit.tx):
        note = learn(unit, ask, last)
        question = replace(question, note=note)
    stream = unit.stream(stream_of(ask.id))
    stream.record("ask.helped", Did(content=last.content, note=note))
    questions.keep(stream, question)
    body = {"node": question.node, "ask": ask.id, "to": last.by}
    log = unit.open(question.case)
    log.record("ask.helped", body)
    log.record(RESOLVED, Resolved(content=question.content, answer=last.content))
    kept = gettext("Kept as a note on this step for the next one.")
    return done(kept if note else gettext("Noted: it helped."))


@act(
    "ask",
    "no-help",
    when=judges,
    label=gettext_noop("It did not help"),
    summary=gettext_noop("Say that an answer did not help: somebody else is asked."),
    words=("no help",),
    rank=20,
)
def no_help(unit: Unit, ask: AskObject, by: Known, _given: Nothing) -> Outcome:
    """The question is open again."""
    question = ask.question
    replies = (*question.replies[:-1], replace(question.replies[-1], helped=False))
    question = replace(question, replies=replies, status=questions.OPEN)
    stream = unit.stream(stream_of(ask.id))
    stream.record("ask.no-help", Did(content=question.replies[-1].content))
    questions.keep(stream, question)
    if question.routed and not question.waiting():
        chosen = widen(unit, ask.id, question)
        if chosen:
            names = ", ".join(one.known.name for one in chosen)
            return done(gettext("Asked %(names)s.") % {"names": names})
    return done(gettext("The question is open again."))


@act(
    "ask",
    "widen",
    when=mine,
    label=gettext_noop("Ask somebody else too"),
    summary=gettext_noop("Ask more people now, without waiting for the clock."),
    words=("ask more",),
    rank=60,
)
def widen_now(unit: Unit, ask: AskObject, by: Known, _given: Nothing) -> Outcome:
    """The next ones, now."""
    chosen = widen(unit, ask.id, ask.question)
    if not chosen:
        return done(gettext("Everybody who could help was asked."))
    names = ", ".join(one.known.name for one in chosen)
    return done(gettext("Asked %(names)s.") % {"names": names})


@act(
    "ask",
    "drop",
    when=mine,
    label=gettext_noop("No longer needed"),
    summary=gettext_noop("End a question that needs no answer any more."),
    words=("no longer needed",),
    effect=Effect.FINAL,
    rank=70,
)
def drop(unit: Unit, ask: AskObject, by: Known, _given: Nothing) -> Outcome:
    """It waits for nobody any more."""
    stream = unit.stream(stream_of(ask.id))
    stream.record("ask.dropped", Did())
    questions.keep(stream, replace(ask.question, status=questions.OVER))
    unit.open(ask.question.case).record("ask.dropped", {"node": ask.question.node, "ask": ask.id})
    return done(gettext("Nobody is asked any more."))
