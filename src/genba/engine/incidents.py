"""What the engine could not do, asked of somebody who can mend it: the table of all of it.

Rules of this file: an incident is an event and an open work, never an exception: the token stays
where it is. Every place where one arises is a row of `PLACES`; what each answer then means is
`mending`. `Stuck` is how an expression deep inside says so to whoever knows where the token is; it
never leaves the step.
"""

from msgspec import Struct

from genba.engine.events import IncidentRaised, WorkOpened
from genba.engine.graph import GraphNode
from genba.engine.step import Step
from genba.engine.values import Data, ElementId, Option, WorkId, WorkKind

RETRY, GO_ON, BY_HAND = "retry", "go-on", "by-hand"
AGAIN = Option(RETRY, "Try again")
ALL = (AGAIN, Option(BY_HAND, "Done by hand"), Option(GO_ON, "Go on without it"))

# What a release before this one has opened: an incident was told by what it offers.
ONLY_ON = (Option(GO_ON, "Go on"),)
OUTSIDE = (AGAIN, Option(GO_ON, "Go on without it"))
MACHINE = ALL


class Place(Struct, frozen=True):
    """Where a case can get stuck: the rule it is known by, and what of the drawing it is."""

    rule: str
    words: str
    options: tuple[Option, ...] = ALL


SCRIPT = Place("run.expression", "the script")
INPUT = Place("run.input", "an input mapping")
OUTPUT = Place("run.output", "an output mapping")
TIMER = Place("run.timer", "the time")
KEY = Place("run.key", "the key of a message")
BORDER = Place("run.border", "an event at its border")
ITEMS = Place("run.items", "the collection")
TIMES = Place("run.times", "how often it is done")
TEST = Place("run.test", "the condition of the loop, before its first round")
LOOP = Place("run.loop", "the condition of the loop")
ROUND = Place("run.round", "what a round gives")
ENOUGH = Place("run.enough", "the completion condition")
PICKED = Place("run.picked", "the completion condition")
WAY = Place("run.way", "a condition")
NO_WAY = Place("run.no-way", "no condition")
SENDING = Place("run.sending", "the key of a message that leaves")
ADDRESS = Place("run.address", "the key of a message that came")
ACTIVATION = Place("run.activation", "the activation condition")
RESET = Place("run.reset", "a condition at the reset")
EVENT = Place("run.event", "the condition of an event")
CYCLE = Place("run.cycle", "the next time")
DECISION = Place("run.decision", "the decision")
ERROR = Place("run.error", "an error nothing catches")
JOIN_DEAD = Place("run.join-dead", "a join")
STEPS = Place("run.budget", "too many steps")
FAILED = Place("outside.failed", "what is done outside")
NOWHERE = Place("outside.nowhere", "a message that nobody gets")
UNSERVED = Place("outside.unserved", "a job no worker takes")

PLACES: dict[str, Place] = {
    place.rule: place
    for place in (
        SCRIPT, INPUT, OUTPUT, TIMER, KEY, BORDER, ITEMS, TIMES, TEST, LOOP, ROUND, ENOUGH, PICKED,
        WAY, NO_WAY, SENDING, ADDRESS, ACTIVATION, RESET, EVENT, CYCLE, DECISION, ERROR, JOIN_DEAD,
        STEPS, FAILED, NOWHERE, UNSERVED,
    )
}  # fmt: skip


class Stuck(Exception):
    """An expression cannot be told, or what it gives is of no use. Caught within the step."""

    def __init__(self, place: Place, why: str) -> None:
        super().__init__(why)
        self.place, self.why = place, why


def raise_incident(
    step: Step,
    id: ElementId,
    node: GraphNode,
    place: Place,
    message: str,
    *,
    ways: tuple[Option, ...] = (),
    given: Data | None = None,
) -> None:
    """Stop here and ask; `id` is the element, or the scope where a token waits before `node`.

    `ways` are offered instead of what the place offers. `given` is kept until it is mended: what
    has been handed on by then, and would be lost.
    """
    step.emit(IncidentRaised(element=id, node=node.id, rule=place.rule, message=message))
    step.emit(
        WorkOpened(
            work=step.work_id(),
            kind=WorkKind.INCIDENT,
            node=node.id,
            element=id,
            role=node.people.role,
            options=ways or place.options,
            note=message,
            rule=place.rule,
            given=given or {},
        )
    )


def stop(
    step: Step,
    id: ElementId,
    node: GraphNode,
    stuck: Stuck,
    *,
    ways: tuple[Option, ...] = (),
    given: Data | None = None,
) -> None:
    """Ask about what an expression said, unless the same is asked already."""
    if asked_about(step, id, node, stuck.place) is None:
        message = f"“{node.label}” cannot go on: {stuck.place.words}: {stuck.why}"
        raise_incident(step, id, node, stuck.place, message, ways=ways, given=given)


def asked_about(step: Step, id: ElementId, node: GraphNode, place: Place) -> WorkId | None:
    """The open incident about this place of a node."""
    for item in step.case.elements[id].open:
        if item[0] == "w":
            work = step.case.works[WorkId(item)]
            if work.rule == place.rule and work.node == node.id:
                return WorkId(item)
    return None
