"""Opening a work: who it is for, until when, how important.

Rules of this file: what the drawing says about people, read when the work is opened. Silence means
the role: the lane, else the process.
"""

from collections.abc import Iterable
from typing import Any

from genba.engine.events import WorkOpened
from genba.engine.graph import GraphNode
from genba.engine.promises import NOTHING_PROMISED, promises
from genba.engine.step import Step
from genba.engine.urgency import cost_text
from genba.engine.values import ElementId, Option, WorkKind
from genba.engine.variables import context, evaluate


def open_work(
    step: Step,
    id: ElementId,
    node: GraphNode,
    kind: WorkKind,
    *,
    options: tuple[Option, ...] = (),
    many: bool = False,
    silent: bool = False,
    note: str = "",
    topic: str = "",
    seat: int | None = None,
    to: str | None = None,
) -> None:
    """Ask somebody to do something at a node, as drawn; for a `seat` of its ballot, of `to`."""
    people = node.people
    machine = kind is WorkKind.JOB
    assignee = to
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    promised = NOTHING_PROMISED if machine else promises(step, id, node)
    priority = 50
    delay = ""
    if not people.plain:
        data = context(step.case, id)
        if seat is None:
            assignee = _text(evaluate(step, people.assignee, data))
        users, groups = candidates(step, id, node)
        priority = _priority(evaluate(step, people.priority, data))
        delay = cost_text(evaluate(step, people.delay, data))
    step.emit(
        WorkOpened(
            work=step.work_id(),
            kind=kind,
            node=node.id,
            element=id,
            role=people.role,
            assignee=assignee,
            users=users,
            groups=groups,
            options=options,
            many=many,
            due=promised.due,
            priority=priority,
            silent=silent,
            note=note,
            topic=topic,
            seat=seat,
            remind=promised.remind,
            escalate=promised.escalate,
            escalate_to=promised.escalate_to,
            later=promised.later,
            delay=delay,
        )
    )


def candidates(
    step: Step, id: ElementId, node: GraphNode
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The users and the groups the drawing names beside the role, as known now."""
    people = node.people
    if people.plain:
        return (), ()
    data = context(step.case, id)
    users = _texts(evaluate(step, value, data) for value in people.users)
    return users, _texts(evaluate(step, value, data) for value in people.groups)


def named(step: Step, id: ElementId, node: GraphNode) -> tuple[str, ...]:
    """The people the drawing names for a node, each once."""
    if node.people.plain:
        return ()
    data = context(step.case, id)
    assignee = _text(evaluate(step, node.people.assignee, data))
    users = _texts(evaluate(step, value, data) for value in node.people.users)
    return tuple(dict.fromkeys(([assignee] if assignee else []) + list(users)))


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    """Names from texts and lists of texts, commas apart, each once."""
    found: list[str] = []
    for value in values:
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                found.extend(name.strip() for name in part.split(",") if name.strip())
    return tuple(dict.fromkeys(found))


def _priority(value: Any) -> int:
    try:
        return min(max(int(value), 0), 100)
    except (TypeError, ValueError):
        return 50
