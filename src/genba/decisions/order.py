"""In which order the elements of a requirement graph are evaluated (DMN 1.5, 6.2.1).

Rules of this file: no recursion, as a file may chain requirements as deep as it likes.
"""

from collections.abc import Collection, Mapping

from genba.decisions.model import GraphNode, InputNode, ServiceNode
from genba.expressions.outcome import BudgetExceeded
from genba.notation.dmn.model import BusinessKnowledge, Decision, DecisionService, Reference
from genba.notation.model import Problem

Nodes = Mapping[Reference, GraphNode]


Instance = tuple[tuple[str, ...], Reference]
"""An element as reached by the names of imports: imported twice, it may be given twice."""
MOST_INSTANCES = 100_000


def requirements(node: GraphNode, path: tuple[str, ...] = ()) -> list[Instance]:
    """What must be there before a node is evaluated."""
    if isinstance(node, (InputNode, ServiceNode)):
        return []
    return [((*path, *needed.path), needed.reference) for needed in node.needs]


def evaluation_order(
    nodes: Nodes, targets: Collection[Instance], given: Collection[Instance] = ()
) -> list[Instance]:
    """Targets and all they require, each after what it requires; what is given is left out.

    Raises BudgetExceeded when models import each other by so many names that there is no end.
    """
    found: dict[Instance, None] = {}
    opened: set[Instance] = set()
    pending = [(target, False) for target in reversed(list(targets))]
    while pending:
        instance, done = pending.pop()
        if done:
            found[instance] = None
            continue
        path, reference = instance
        if instance in opened or instance in given or reference not in nodes:
            continue
        opened.add(instance)
        if len(opened) > MOST_INSTANCES:
            raise BudgetExceeded(f"more than {MOST_INSTANCES} elements are required")
        pending.append((instance, True))
        pending += [(one, False) for one in reversed(requirements(nodes[reference], path))]
    return list(found)


def _edges(node: GraphNode) -> tuple[Reference, ...]:
    """As `requirements`, and what a service decides inside."""
    if isinstance(node, ServiceNode):
        return tuple(needed.reference for needed in node.outputs)
    return tuple(reference for _, reference in requirements(node))


Placed = Decision | BusinessKnowledge | DecisionService


def find_cycle(nodes: Nodes, elements: Mapping[Reference, Placed]) -> list[Problem]:
    """A problem for the first circle of requirements there is."""
    state: dict[Reference, int] = {}
    for start in nodes:
        pending = [(start, iter(_edges(nodes[start])))] if start not in state else []
        state.setdefault(start, 1)
        while pending:
            reference, edges = pending[-1]
            following = next((one for one in edges if one in nodes), None)
            if following is None:
                state[reference] = 2
                pending.pop()
            elif state.get(following) == 1:
                return [_circle(elements[following])]
            elif following not in state:
                state[following] = 1
                pending.append((following, iter(_edges(nodes[following]))))
    return []


def _circle(element: Placed) -> Problem:
    return Problem(
        severity="refused",
        rule="dmn.cycle",
        message=f"{element.name}: it requires itself, through what it requires",
        position=element.position,
        element=element.id,
        advice="remove one of the arrows of the circle",
    )
