"""What an element waits for: timers, subscriptions, and the question whether it has happened.

Rules of this file: opening and matching only. What an event does once it has happened is
`occurrences`. A person may say that an event has happened even where a message or a signal is
awaited: it may have come another way.
"""

from collections.abc import Sequence

from genba.engine import events as e
from genba.engine import timing
from genba.engine.almanac import Place
from genba.engine.graph import GraphNode, Trigger
from genba.engine.incidents import KEY, TIMER, Stuck
from genba.engine.state import Kept, Subscription
from genba.engine.step import Step
from genba.engine.time_texts import read, working
from genba.engine.values import ElementId, Option, WorkKind
from genba.engine.variables import context, evaluate
from genba.notation.model import EventKind


def arm(step: Step, id: ElementId, node: GraphNode) -> None:
    """Open everything element `id` needs to notice the events of `node`, and ask."""
    asked = listen_for(step, id, node)
    if asked:
        ask(step, id, node, asked)


def listen_for(step: Step, id: ElementId, node: GraphNode) -> list[int]:
    """Open timers and subscriptions; hand back the places of what a person is to be asked."""
    return [
        place
        for place, trigger in enumerate(node.triggers)
        if _open(step, id, node, place, trigger)
    ]


def _open(step: Step, id: ElementId, node: GraphNode, place: int, trigger: Trigger) -> bool:
    """Open what one trigger needs; True if a person is to be asked as well."""
    if trigger.kind is EventKind.TIMER:
        return not _set_timer(step, id, node, place, trigger)
    if trigger.kind is EventKind.MESSAGE:
        key = evaluate(step, trigger.key, context(step.case, id), KEY)
        _subscribe(step, id, node, place, "message", trigger.name, key)
    elif trigger.kind is EventKind.SIGNAL:
        _subscribe(step, id, node, place, "signal", trigger.name, None)
    elif trigger.kind is EventKind.CONDITIONAL and trigger.condition is not None:
        _subscribe(step, id, node, place, "condition", trigger.condition.text, None)
    return trigger.ask


def _subscribe(
    step: Step, id: ElementId, node: GraphNode, place: int, kind: str, name: str, key: object
) -> None:
    step.emit(
        e.SubscriptionOpened(
            subscription=step.subscription_id(),
            kind=kind,
            name=name,
            node=node.id,
            element=id,
            key=None if key is None else str(key),
            definition=place,
        )
    )


def _set_timer(step: Step, id: ElementId, node: GraphNode, place: int, trigger: Trigger) -> bool:
    """Set the timer if its time can be computed; it may speak of data the case has only now."""
    when = moment_of(step, id, trigger)
    where = place_of(step, node, trigger)
    due = timing.first(when, step.at, where) if when is not None else None
    if due is None:
        return False
    set_timer(step, id, node, place, due)
    return True


def moment_of(step: Step, id: ElementId, trigger: Trigger) -> timing.When | None:
    """The time a timer trigger means, as known now; None where nothing says it.

    Raises Stuck for what cannot be computed, and for what is no time.
    """
    if trigger.when is not None or trigger.when_expression is None:
        return trigger.when
    text = evaluate(step, trigger.when_expression, context(step.case, id), TIMER)
    when = read(text) if isinstance(text, str) else None
    if when is None and text is not None:
        raise Stuck(TIMER, f"“{text}” is no time")
    return working(when) or when if when is not None and trigger.calendar else when


def place_of(step: Step, node: GraphNode, trigger: Trigger) -> Place:
    """Where the time of a trigger is meant: as it says, else as its process, else its role."""
    process = step.graph.process
    return step.almanac.at(
        zone=trigger.zone or process.zone,
        calendar=trigger.calendar or process.calendar,
        team=node.people.role,
    )


def set_timer(step: Step, id: ElementId, node: GraphNode, place: int, due: timing.Due) -> None:
    """Start a timer that comes due, and perhaps again."""
    left = due.left if _comes_again(step, id, node, due.left) else 0
    step.emit(
        e.TimerSet(
            timer=step.timer_id(),
            node=node.id,
            element=id,
            due=due.at,
            definition=place,
            left=left,
            base=due.base if left else None,
        )
    )


def _comes_again(step: Step, id: ElementId, node: GraphNode, left: int) -> bool:
    """Whether a timer is set again after it has fired.

    In a flow a cycle without end waits for its next time, as a delay does (Table 10.101); one that
    says how often ("R4/PT1H") gives a token each time.
    """
    if node.behaviour == "catch":
        return left > 0 and not node.all_of and step.case.elements[id].node == node.id
    return not node.interrupting


def ask(step: Step, id: ElementId, node: GraphNode, places: Sequence[int]) -> None:
    """Ask whether the events at `places` of a node have happened."""
    triggers = [node.triggers[place] for place in places]
    timed = all(trigger.kind is EventKind.TIMER for trigger in triggers)
    step.emit(
        e.WorkOpened(
            work=step.work_id(),
            kind=WorkKind.TIME_UP if timed else WorkKind.HAPPENED,
            node=node.id,
            element=id,
            role=node.people.role,
            options=tuple(
                Option(str(place), trigger.label or node.label)
                for place, trigger in zip(places, triggers, strict=True)
            )
            if len(node.triggers) > 1
            else (),
            silent=True,
            sender=next((trigger.sender for trigger in triggers if trigger.sender), ""),
        )
    )


def answers(waiting: Subscription, message: Kept) -> bool:
    """Whether a message is what a subscription waits for: its node, else its name and key."""
    if waiting.kind != "message":
        return False
    if message.node is not None:
        return message.node == waiting.node
    if message.name != waiting.name:
        return False
    return message.key is None or waiting.key is None or message.key == waiting.key


def received(step: Step, id: ElementId, message: Kept) -> dict[str, object]:
    """The data of a message for an element: what only fills does not change what is known."""
    if not message.fill:
        return dict(message.data)
    known = context(step.case, id)
    return {name: value for name, value in message.data.items() if name not in known}
