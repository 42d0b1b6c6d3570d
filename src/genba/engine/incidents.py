"""What the engine could not do, asked of somebody who can mend it.

Rules of this file: an incident is an event and an open work, never an exception: the token stays
where it is. The work offers to try again and to go on as if it had been done.
"""

from genba.engine.events import IncidentRaised, WorkOpened
from genba.engine.graph import GraphNode
from genba.engine.step import Step
from genba.engine.values import ElementId, Option, WorkKind

RETRY, GO_ON, BY_HAND = "retry", "go-on", "by-hand"
TRY_OR_GO_ON = (Option(RETRY, "Try again"), Option(GO_ON, "Go on"))
ONLY_ON = (Option(GO_ON, "Go on"),)  # nothing failed: it was only stopped
OUTSIDE = (Option(RETRY, "Try again"), Option(GO_ON, "Go on without it"))  # failed elsewhere

# A machine could not: a person may have done it instead, and says what came of it.
MACHINE = (
    Option(RETRY, "Try again"),
    Option(BY_HAND, "Done by hand"),
    Option(GO_ON, "Go on without it"),
)


def raise_incident(
    step: Step,
    id: ElementId,
    node: GraphNode,
    rule: str,
    message: str,
    options: tuple[Option, ...] = TRY_OR_GO_ON,
) -> None:
    """Stop here and ask; `id` is the element, or the scope where a token waits before `node`."""
    step.emit(IncidentRaised(element=id, node=node.id, rule=rule, message=message))
    step.emit(
        WorkOpened(
            work=step.work_id(),
            kind=WorkKind.INCIDENT,
            node=node.id,
            element=id,
            role=node.people.role,
            options=options,
            note=message,
        )
    )
