"""The cards of process, case and task.

Rules of this file: a card says what is asked of you, why you, by when, the facts, the last words;
what you can do is added by `acts.objects`. Texts are in the active language. Nothing is decided
here and nothing is changed.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext
from msgspec.structs import replace

from genba.acts.card import Card
from genba.acts.objects import card_in
from genba.acts.registry import find_act
from genba.cases.beginnings import waiting_notes
from genba.cases.facts import facts_of
from genba.cases.forms import step_form
from genba.cases.objects import CaseObject, ProcessObject, TaskObject
from genba.cases.places import process_path
from genba.cases.rights import ballot_of, is_quiet, why_not
from genba.cases.stories import last_words, story
from genba.cases.wording import (
    VALUES,
    VOTING,
    listed,
    moment_of,
    silence,
    through,
    why_you,
    work_title,
)
from genba.engine.balloting import REJECTED
from genba.engine.values import CaseStatus
from genba.journal.contract import Reading
from genba.journal.records import Entry
from genba.people.access import is_assigned, may_act_on
from genba.people.deputies import standing
from genba.people.directory import Known, names_of
from genba.runtime.installation import current
from genba.runtime.projections import MACHINE

USUAL = 50  # the priority of what nobody called more or less important


def subject_of(case: CaseObject) -> str:
    """What the thread is called; a case nobody titled is its process and number."""
    if case.row.title in ("", case.graph.name):
        return f"{case.graph.name} {case.row.number}"
    return case.row.title


def task_card(task: TaskObject, known: Known, full: bool, reading: Reading) -> Card:
    """What one work asks of this person."""
    work, case = task.row, task.case
    involved = (work.closed_by, _ender(task), *(task.asked.returns if task.asked else ()))
    about, people = _about_case(case, known, full, reading, also=involved)
    now = current().clock.now()
    is_open = work.closed_at is None
    return replace(
        about,
        object="task",
        id=task.id,
        title=work_title(work),
        url=f"/cases/{case.row.number}/{work.work}",
        status=_task_status(task, known, people),
        open=is_open,
        why=_why(task, known, reading) if is_open else "",
        note=_note(task, known, people) if is_open else "",
        quiet=is_open and is_quiet(task, known),
        due=work.due,
        overdue=bool(is_open and work.due and work.due < now),
        opened_at=work.opened_at,
        assignee=people.get(work.assignee, ""),
        role=work.role,
        node=work.node,
    )


def _why(task: TaskObject, known: Known, reading: Reading) -> str:
    """Why you; of a deputy, for whom."""
    if not may_act_on(known, task.row):
        for one in standing(known, reading):
            if may_act_on(one, task.row):
                return gettext("You stand for %(name)s.") % {"name": one.stands_name}
    return why_you(task.row, known)


def case_card(case: CaseObject, known: Known, full: bool, reading: Reading) -> Card:
    """A case: where it is, its open tasks, its story."""
    card, _names = _about_case(case, known, full, reading)
    works = sorted(reading.works(case.row.case), key=lambda work: not may_act_on(known, work))
    tasks = [f"{work.case}:{work.work}" for work in works]
    cards = [card_in("task", id, known, reading, full=False) for id in tasks] if full else []
    why = ""
    if case.row.started_by == known.id:
        why = gettext("You started it.")
    elif card.followed:
        why = gettext("You follow it.")
    return replace(card, why=why, cards=tuple(one for one in cards if one is not None))


def process_card(process: ProcessObject, known: Known, full: bool, reading: Reading) -> Card:
    """A process somebody can start."""
    version = process.version
    return Card(
        object="process",
        id=version.key,
        version=version.version,
        title=process.graph.name,
        subject=process.graph.name,
        url=process_path(version.key),
        process=version.key,
        process_name=process.graph.name,
        status=gettext("version %(number)d") % {"number": version.version},
        note="\n".join(filter(None, (_start_notes(process), waiting_notes(process)))),
    )


def case_gone(case: CaseObject, _known: Known) -> str:
    """How a case ended; "" while it runs."""
    if case.row.status == CaseStatus.RUNNING:
        return ""
    return gettext("This case is %(status)s.") % {"status": _case_status(case, ())}


def task_gone(task: TaskObject, known: Known) -> str:
    """Who ended a task, when, through which channel; "" while it is open."""
    if task.row.closed_at is None:
        return ""
    return ending_in_words(task, known, names_of([_ender(task)]))


def process_gone(_process: ProcessObject, _known: Known) -> str:
    """A process is never gone: it has a latest version."""
    return ""


def ending_in_words(task: TaskObject, known: Known, names: dict[str, str]) -> str:
    """ "Approved by Team lead by mail at 10:42." """
    at = task.row.closed_at
    past = _past(task.ending)
    words = {
        "past": past,
        "who": gettext("you") if _ender(task) == known.id else _ender_name(task, names),
        "way": through(task.ending.envelope.channel) if task.ending else "",
        "time": _moment(at) if at else "",
    }
    if words["who"] and words["way"] and not past:
        return gettext("No longer needed since %(time)s, by %(who)s %(way)s.") % words
    if not past or not words["who"]:
        return gettext("No longer needed since %(time)s.") % words
    if not words["way"]:
        return gettext("%(past)s by %(who)s at %(time)s.") % words
    return gettext("%(past)s by %(who)s %(way)s at %(time)s.") % words


def _ender_name(task: TaskObject, names: dict[str, str]) -> str:
    name = names.get(_ender(task), "")
    other = names_of([task.ending.envelope.behalf]) if task.ending else {}
    if not name or not other:
        return name
    return gettext("%(name)s for %(other)s") % {"name": name, "other": next(iter(other.values()))}


def _ender(task: TaskObject) -> str:
    return task.ending.envelope.actor if task.ending else task.row.closed_by


def _past(ending: Entry | None) -> str:
    """The act that ended it, said of the task; "" when it fell away with something else."""
    declaration = find_act(ending.envelope.act) if ending else None
    if ending is None or declaration is None or not declaration.past:
        return ""
    fell_away = ending.type == "work-cancelled" and declaration.object == "task"
    return "" if fell_away else gettext(declaration.past)


def _about_case(
    case: CaseObject, known: Known, full: bool, reading: Reading, *, also: tuple[str, ...] = ()
) -> tuple[Card, dict[str, str]]:
    """What the cards of a case and of its tasks share, and the names of those involved."""
    row = case.row
    works = reading.works(row.case)
    involved = [row.started_by, *(work.assignee for work in works), *case.followers]
    names = names_of([*involved, *also])
    asked = [names.get(work.assignee) or work.role for work in works]
    card = Card(
        object="case",
        id=row.case,
        version=row.revision,
        title=subject_of(case),
        subject=subject_of(case),
        url=f"/cases/{row.number}",
        case=row.case,
        number=row.number,
        process=row.process,
        process_name=case.graph.name,
        status=_case_status(case, tuple(asked)),
        open=row.status == CaseStatus.RUNNING,
        opened_at=row.started_at,
        facts=facts_of(case.graph, case.state.data),
        said=last_words(reading, row, case.graph),
        story=story(reading, row, case.graph) if full else (),
        people=tuple(dict.fromkeys(names[one] for one in involved if one in names)),
        followers=len(case.followers),
        followed=known.id in case.followers,
    )
    return card, names


def _case_status(case: CaseObject, asked: tuple[str, ...]) -> str:
    ended = _moment(case.row.ended_at) if case.row.ended_at else ""
    if case.row.status == CaseStatus.COMPLETED:
        return gettext("complete since %(time)s") % {"time": ended}
    if case.row.status == CaseStatus.CANCELLED:
        return gettext("withdrawn at %(time)s") % {"time": ended}
    if case.state.suspended:
        return gettext("on hold")
    names = listed(dict.fromkeys(asked))
    if names:
        return gettext("waiting for %(names)s") % {"names": names}
    return gettext("running")


def _task_status(task: TaskObject, known: Known, names: dict[str, str]) -> str:
    work = task.row
    if work.closed_at is not None:
        return ending_in_words(task, known, names)
    if task.case.state.suspended:
        return gettext("on hold")
    if work.later is not None:
        return gettext("put off until %(time)s") % {"time": _moment(work.later)}
    if is_assigned(known, work):
        return gettext("yours")
    if work.assignee == MACHINE:
        return gettext("a machine does it")
    if work.assignee:
        return gettext("%(name)s has it") % {"name": names.get(work.assignee, "")}
    return gettext("nobody has taken it yet")


def _moment(at: datetime) -> str:
    return moment_of(at, current().clock.now())


def _together(task: TaskObject, names: dict[str, str]) -> Iterator[str]:
    """Who else answers, what was proposed, and to whom it comes back."""
    ballot, work = ballot_of(task), task.asked
    if ballot is not None and len(ballot.seats) > 1:
        no = sum(seat.verdict == REJECTED for seat in ballot.seats)
        words = {
            "need": ballot.need,
            "of": len(ballot.seats),
            "yes": sum(bool(seat.verdict) for seat in ballot.seats) - no,
            "no": no,
        }
        yield gettext(VOTING[ballot.rule]) % words
        yield gettext("So far %(yes)s for and %(no)s against.") % words
    if work is not None and work.proposed is not None:
        verdict = VALUES.get(str(work.proposed.get("decision", "")), VALUES["done"])
        proposed = {"verdict": gettext(verdict)}
        yield gettext("It came back to you for the final word; proposed: %(verdict)s.") % proposed
    elif work is not None and work.returns:
        name = names.get(work.returns[-1], "")
        yield gettext("Your answer goes to %(name)s, who has the final word.") % {"name": name}


def _note(task: TaskObject, known: Known, names: dict[str, str]) -> str:
    """What the drawing does not say, what the engine says, what of the form did not fit."""
    extra = task.asked.note if task.asked else ""
    if task.case.state.suspended:
        extra = gettext("The case is on hold: nothing is asked of you until it goes on.")
    sender = task.asked.sender if task.asked else ""
    if sender:
        extra = "\n".join(
            filter(None, (extra, gettext("It comes from %(name)s.") % {"name": sender}))
        )
    extra = "\n".join(filter(None, (extra, *_urged(task))))
    notes = step_form(task.case.graph.form(task.row.node)).notes
    lines = (_silence(task), why_not(task, known), *_together(task, names), extra, *notes)
    return "\n".join(line for line in lines if line)


def _urged(task: TaskObject) -> Iterator[str]:
    """That it is more or less important than others, and who reminded of it last."""
    if task.row.priority != USUAL:
        yield gettext("Priority %(number)s.") % {"number": task.row.priority}
    if task.asked is None or not task.asked.reminded:
        return
    by, at = tuple(task.asked.reminded.items())[-1]
    words = {"name": names_of([by]).get(by, ""), "time": _moment(at)}
    if words["name"]:
        yield gettext("%(name)s reminded of it at %(time)s.") % words
    else:
        yield gettext("A reminder was sent at %(time)s.") % words


def _silence(task: TaskObject) -> str:
    """What is not said how: by a rule that leaves it open, else by the drawing."""
    if task.row.silent and task.node.id in task.case.graph.rules:
        return gettext("the rule leaves this to a person: you decide")
    return silence(task.row)


def _start_notes(process: ProcessObject) -> str:
    forms = (process.graph.form(node) for node in process.graph.start_nodes)
    return "\n".join(note for form in forms for note in step_form(form).notes)
