"""Who may do a task, now: what `people` says, and the four-eyes rule of its step.

Rules of this file: the one question of this folder; asked at offering, at performing, and of
whoever a task is to be given to. The card says in words why somebody may not, so that nobody
wonders where the button is.
"""

from django.utils.translation import gettext, gettext_noop

from genba.cases.objects import TaskObject
from genba.engine.state import Ballot
from genba.people.access import is_assigned, is_candidate, may_act_on
from genba.people.directory import Known
from genba.people.separation import Hindrance, both, hindrance
from genba.runtime.projections import MACHINE

DECIDING = frozenset({"approve", "reject", "changes"})
VOTED = "voted"  # the hindrance of who has answered already


def ballot_of(task: TaskObject) -> Ballot | None:
    """The ballot of the step, while it is open."""
    if task.asked is None:
        return None
    element = task.case.state.elements.get(task.asked.element)
    return element.ballot if element is not None else None


def kept_out(task: TaskObject, known: Known) -> Hindrance | None:
    """What keeps somebody from deciding this task; None when nothing does."""
    found = hindrance(
        known,
        task.node.drawn.deciding.four_eyes,
        requester=task.case.row.started_by,
        hands=task.case.state.hands,
        decides=bool(DECIDING.intersection(task.node.drawn.acts)),
    )
    return found or _stands_for_requester(task, known) or _has_answered(task, known)


def _stands_for_requester(task: TaskObject, known: Known) -> Hindrance | None:
    """A deputy never decides what the one they stand for asked for, also as themselves."""
    decides = bool(DECIDING.intersection(task.node.drawn.acts))
    return Hindrance("deputy") if decides and known.id in task.case.deputies else None


def _has_answered(task: TaskObject, known: Known) -> Hindrance | None:
    """Each person answers a ballot once, also through a deputy."""
    ballot = ballot_of(task)
    if ballot is None or task.asked is None or task.asked.seat is None:
        return None
    who = both(known)
    voters = (id for seat in ballot.seats if seat.verdict for id in (seat.by, seat.behalf))
    return Hindrance(VOTED) if who.intersection(voters) else None


def _sits_elsewhere(task: TaskObject, known: Known) -> bool:
    """Of several open seats somebody could take, lists show them one."""
    ballot, asked = ballot_of(task), task.asked
    if ballot is None or asked is None or asked.assignee or asked.seat is None:
        return False
    works = task.case.state.works
    seated = [works[seat.work] for seat in ballot.seats if seat.work is not None]
    mine = [one for one in seated if one.assignee and one.assignee in both(known)]
    free = [one.seat for one in seated if not one.assignee]
    return bool(mine) or free[0] != asked.seat


def moves(task: TaskObject) -> bool:
    """Whether a task is open and its case is not on hold."""
    return task.asked is not None and not task.case.state.suspended


def may_do(task: TaskObject, known: Known) -> bool:
    """Whether somebody may do what an open task asks, now."""
    return moves(task) and is_theirs(task, known)


def is_theirs(task: TaskObject, known: Known) -> bool:
    """Whether what an open task asks is for somebody to do, also while its case is on hold."""
    allowed = may_act_on(known, task.row) or may_help(task, known)
    return bool(task.asked) and allowed and kept_out(task, known) is None


def may_take(task: TaskObject, known: Known) -> bool:
    """Whether somebody may take a task that nobody, or a machine, has."""
    if (
        not moves(task)
        or task.row.assignee not in ("", MACHINE)
        or kept_out(task, known) is not None
    ):
        return False
    return is_candidate(known, task.row) or may_help(task, known)


def may_help(task: TaskObject, known: Known) -> bool:
    """Whether the case was shared with somebody so that they act in it."""
    return not task.row.assignee and task.case.grants(known, "act")


def is_quiet(task: TaskObject, known: Known) -> bool:
    """Whether a task is offered to somebody who has answered it, or has another seat of it."""
    found = kept_out(task, known) if task.asked else None
    if found is not None:
        return found.rule == VOTED
    return _sits_elsewhere(task, known)


def why_not(task: TaskObject, known: Known) -> str:
    """In words, why somebody may not do a task that is otherwise offered to them; else ""."""
    offered = is_assigned(known, task.row) or is_candidate(known, task.row)
    found = kept_out(task, known) if task.asked and offered else None
    if found is None:
        return ""
    return gettext(_YOU[found.rule]) % {"step": _step(task, found), "groups": found.of}


def why_not_them(task: TaskObject, person: Known) -> str:
    """In words, why a task cannot be given to somebody; "" when it can."""
    found = kept_out(task, person)
    if found is None:
        return ""
    words = {"name": person.name, "step": _step(task, found), "groups": found.of}
    return gettext(_THEM[found.rule]) % words


def _step(task: TaskObject, found: Hindrance) -> str:
    return task.case.graph.label(found.of) if found.rule == "step" else ""


# What keeps somebody out -> what they read on the card, and whoever wants to give it to them.
_YOU: dict[str, str] = {
    "requester": gettext_noop("You asked for it, so somebody else decides."),
    "deputy": gettext_noop("You stand for who asked for it, so somebody else decides."),
    "step": gettext_noop("You did “%(step)s”, so somebody else decides."),
    "group": gettext_noop("Somebody of %(groups)s decides this."),
    VOTED: gettext_noop("You have answered; the others are asked too."),
}
_THEM: dict[str, str] = {
    "requester": gettext_noop("%(name)s asked for it, so somebody else decides."),
    "deputy": gettext_noop("%(name)s stands for who asked for it, so somebody else decides."),
    "step": gettext_noop("%(name)s did “%(step)s”, so somebody else decides."),
    "group": gettext_noop("Only somebody of %(groups)s decides this."),
    VOTED: gettext_noop("%(name)s has answered already."),
}
