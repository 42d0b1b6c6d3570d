"""A vote that comes after the decision: kept, and said to be late.

Rules of this file: changes nothing of what was decided. Only somebody who was asked for a vote,
and has not given it, is late; everybody else hears that it is over, as always.
"""

from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.declaring import Terms, When
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, not_done
from genba.acts.words import say
from genba.cases.objects import TaskObject, load_task
from genba.cases.rights import may_do
from genba.cases.wording import moment_of
from genba.engine.balloting import SETTLED
from genba.people.access import may_act_on
from genba.people.directory import Known
from genba.people.separation import both
from genba.runtime.recording import up_to_date
from genba.runtime.unit import Unit

LATE = "vote.late"


class LateVote(Struct, frozen=True, kw_only=True):
    """Somebody answered when it was decided already."""

    work: str
    node: str
    verdict: str


def late(name: str = "") -> When:
    """Open on a vote nobody waits for any more, to whoever was asked for it; and on one that
    somebody else has given or taken, while another of the same step is free. `name` is the act of
    the drawing it needs."""

    def when(task: TaskObject, by: Known) -> Terms | None:
        if name and name not in task.node.drawn.acts:
            return None
        if free_seat(task, by) is not None:
            return Terms()
        return Terms() if may_act_on(by, task.row) and _is_over(task) else None

    return when


def _is_over(task: TaskObject) -> bool:
    """Whether the others have decided: nobody waits for it, or another had this card's seat."""
    ending = task.ending
    if ending is None:
        return False
    if ending.type == "work-cancelled":
        return bool(msgspec.json.decode(ending.body).get("why") == SETTLED)
    if ending.type != "work-completed" or task.node.drawn.deciding.votes is None:
        return False
    return all(asked.node != task.row.node for asked in task.case.state.works.values())


def free_seat(task: TaskObject, by: Known) -> str | None:
    """The id of another open vote on the same step that this person could give."""
    if task.asked is not None and may_do(task, by):
        return None
    state = task.case.state
    if by.id == task.row.closed_by:
        return None
    for work, asked in state.works.items():
        ballot = state.elements[asked.element].ballot
        if asked.node != task.row.node or asked.assignee or ballot is None or asked.seat is None:
            continue
        row = replace(task.row, work=work, assignee="", closed_at=None, closed_by="")
        if may_do(TaskObject(task.case, row, asked), by):
            return f"{task.row.case}:{work}"
    return None


def settled(unit: Unit, task: TaskObject, by: Known) -> tuple[TaskObject, bool]:
    """The task an answer is for, and whether it is late: a free vote in place of a taken one."""
    if task.asked is not None and may_do(task, by):
        return task, False
    free = free_seat(task, by)
    other = load_task(unit.tx, free) if free is not None else None
    return (other, False) if other is not None else (task, True)


def note_late(unit: Unit, task: TaskObject, by: Known, verdict: str, words: str) -> Outcome:
    """Keep a late vote on the log, its words in the conversation."""
    case = unit.open(task.row.case)
    at, answered = _last_ballot(unit, task, by)
    if answered:
        message = gettext("You have answered this already.")
        return not_done(message)
    if words.strip():
        say(unit, case, by, words, node=task.row.node)
    case.record(LATE, LateVote(work=task.row.work, node=task.row.node, verdict=verdict))
    message = gettext(
        "It was decided at %(time)s, before your answer. Yours is kept in the story as late, and "
        "changes nothing."
    )
    return done(message % {"time": moment_of(at, unit.now)})


def _last_ballot(unit: Unit, task: TaskObject, by: Known) -> tuple[datetime, bool]:
    """When the step was decided last, and whether this person has voted on it, late or not."""
    who = both(by)
    at, answered = task.row.closed_at or unit.now, False
    for entry in map(up_to_date, unit.tx.log(task.row.case)):
        body: dict[str, Any] = msgspec.json.decode(entry.body)
        if body.get("node") != task.row.node:
            continue
        if entry.type == "ballot-opened":
            answered = False
        elif entry.type == "ballot-settled":
            at = entry.envelope.at
        elif entry.type in ("vote-cast", LATE):
            answered |= bool(who & {entry.envelope.actor, entry.envelope.behalf})
    return at, answered
