"""What machines do at a step (§10.3.3): service, send, rule and script tasks with a name.

Rules of this file: the engine only says that there is something to do, and for whom; it is done
outside, after commit. Where no machine is there to do it, a person does: the drawing names a
machine, and nobody has connected one.
"""

from genba.engine.graph import GraphNode, is_manned, topic_of
from genba.engine.state import Element
from genba.engine.step import Step
from genba.engine.values import ElementId, WorkKind
from genba.engine.variables import map_in
from genba.engine.work import open_work


def start_job(step: Step, id: ElementId, element: Element, node: GraphNode) -> None:
    """Leave it to the machine, or ask the role while there is none."""
    map_in(step, id, node)
    machines = step.graph.machines
    topic, by_machine = topic_of(node.job, machines), is_manned(node, machines)
    kind = WorkKind.JOB if by_machine else WorkKind.TASK
    open_work(step, id, node, kind, silent=not by_machine, note=node.note, topic=topic)
