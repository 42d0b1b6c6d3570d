"""One command being decided: the events so far, and what is still to be done.

Rules of this file: `Step` is the only way to emit an event, and an emitted event is applied at
once. Work is put on a list, never done by recursion, so that neither long processes nor long loops
use up the stack. Nothing here knows an element of BPMN.
"""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from genba.engine.almanac import NOTHING_KNOWN, Almanac
from genba.engine.application import APPLY, hand_on
from genba.engine.events import ElementCompleted, ElementStarted, Event
from genba.engine.graph import Graph, GraphNode
from genba.engine.state import Case, Element, Work
from genba.engine.values import Data, ElementId, FlowId, NodeId, SubscriptionId, TimerId, WorkId

# Elements started by one command. A process that runs in circles by itself is stopped here, and
# somebody is asked; people's work never comes near it.
BUDGET = 50_000


class Answer(Struct, frozen=True, gc=False):
    """What resumes an element: the work that was done, and what was said with it."""

    chosen: tuple[str, ...] = ()
    data: Data = {}
    work: Work | None = None
    error: str | None = None


Start = Callable[["Step", ElementId, Element, GraphNode], None]
Resume = Callable[["Step", ElementId, Element, GraphNode, Answer], None]
AfterChild = Callable[["Step", ElementId, Element, GraphNode, Element], None]


class Behaviour(Struct, frozen=True):
    """What every kind of element answers, by the same names (§13).

    start: a token has come: do it, or open what it waits for. resume: what it waited for has come
    (a work was done, a case ended). after_child: something inside it has ended (scopes only).
    """

    start: Start
    resume: Resume
    after_child: AfterChild


Task = tuple[Callable[..., None], tuple[Any, ...]]


class Step:
    """The decision of one command on one case."""

    __slots__ = (
        "almanac",
        "at",
        "behaviours",
        "by",
        "case",
        "events",
        "graph",
        "left",
        "queue",
        "waited",
        "watch",
    )

    def __init__(
        self,
        graph: Graph,
        case: Case,
        at: datetime,
        behaviours: Mapping[str, Behaviour],
        watch: Callable[["Step"], None],
        by: str | None = None,
        almanac: Almanac = NOTHING_KNOWN,
    ) -> None:
        self.almanac = almanac
        self.graph = graph
        self.case = case
        self.at = at
        self.by = by
        self.behaviours = behaviours
        self.events: list[Event] = []
        self.queue: deque[Task] = deque()
        self.left = BUDGET
        self.waited: set[ElementId] = set()  # throws that have let others go first
        self.watch = watch  # looks at conditional events again; called when data has changed

    def emit(self, event: Event) -> None:
        """Say that something has happened; the state changes now."""
        self.events.append(event)
        APPLY[type(event)](self.graph, self.case, event)

    def hand_on(self, id: ElementId, element: Element, flow: FlowId, to: NodeId) -> ElementId:
        """A token leaves a node that is done and is in the next one: two events, one change."""
        case, scope = self.case, element.scope
        following = ElementId(f"e{case.counter + 1}")
        self.events += (
            ElementCompleted(element=id, node=element.node),
            ElementStarted(element=following, node=to, scope=scope, via=flow),
        )
        hand_on(case, id, element, following, to)
        return following

    def later(self, task: Callable[..., None], *arguments: Any) -> None:
        """Do something after what is being done now."""
        self.queue.append((task, arguments))

    def run(self) -> None:
        """Do everything on the list."""
        queue = self.queue
        while queue:
            task, arguments = queue.popleft()
            task(*arguments)

    def element_id(self) -> ElementId:
        """The id the next element will have."""
        return ElementId(f"e{self.case.counter + 1}")

    def work_id(self) -> WorkId:
        """The id the next work will have."""
        return WorkId(f"w{self.case.counter + 1}")

    def timer_id(self) -> TimerId:
        """The id the next timer will have."""
        return TimerId(f"t{self.case.counter + 1}")

    def subscription_id(self) -> SubscriptionId:
        """The id the next subscription will have."""
        return SubscriptionId(f"s{self.case.counter + 1}")

    def alive(self, id: ElementId) -> bool:
        """Whether an element is still there: whatever was done before may have ended it."""
        return id in self.case.elements
