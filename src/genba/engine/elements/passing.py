"""What an element does unless its kind says otherwise.

Rules of this file: the defaults of the life-cycle steps only. Start events, boundary events that
have fired, and gateways pass at once: what is special about them is in `flows` and `joins`.
"""

from genba.engine.graph import GraphNode
from genba.engine.lifecycle import complete
from genba.engine.state import Element
from genba.engine.step import Answer, Step
from genba.engine.values import ElementId


def start_passing(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Nothing to do: go on."""
    complete(step, id)


def resume_plain(
    step: Step, id: ElementId, element: Element, node: GraphNode, answer: Answer
) -> None:
    """What it waited for has come: go on with what was said."""
    complete(step, id, answer.data)


def nothing_inside(
    step: Step, id: ElementId, element: Element, node: GraphNode, child: Element
) -> None:
    """Nothing can live inside it. Raises AssertionError: that would be a bug."""
    raise AssertionError(f"{node.behaviour} {node.id} has no inside")
