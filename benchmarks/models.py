"""The processes that are measured, written as BPMN in the dialect each engine reads.

Rules of this file: one shape a function, the same for every engine; what differs between engines
is only how a counting step and a condition are written, and stands in the table `DIALECTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:flowable="http://flowable.org/bpmn"'
    ' id="d" targetNamespace="http://genba.dev/benchmark">\n'
    '<process id="p" isExecutable="true">\n'
)
FOOT = "</process>\n</definitions>\n"


@dataclass(frozen=True)
class Dialect:
    """How an engine writes a step that counts, and "again" while the count is below a limit."""

    step: str  # with {id}
    again: str  # with {limit}
    enough: str


DIALECTS = {
    "genba": Dialect(
        '<scriptTask id="{id}" name="{id}" scriptFormat="feel" camunda:resultVariable="n">'
        "<script>n + 1</script></scriptTask>",
        "n &lt; {limit}",
        "n >= {limit}",
    ),
    "spiff": Dialect(
        '<scriptTask id="{id}" name="{id}"><script>count</script></scriptTask>',
        "n &lt; {limit}",
        "n >= {limit}",
    ),
    "bpmn-engine": Dialect(
        '<serviceTask id="{id}" name="{id}" implementation="${{environment.services.count}}"/>',
        "${{environment.services.below({limit})}}",
        "${{environment.services.reached({limit})}}",
    ),
    "camunda7": Dialect(
        '<serviceTask id="{id}" name="{id}" camunda:class="Camunda7$Count"/>',
        "${{n &lt; {limit}}}",
        "${{n >= {limit}}}",
    ),
    "flowable": Dialect(
        '<serviceTask id="{id}" name="{id}" flowable:class="Flowable$Count"/>',
        "${{n &lt; {limit}}}",
        "${{n >= {limit}}}",
    ),
}


class Drawing:
    """Collects nodes and flows and writes them as one process."""

    def __init__(self, dialect: str) -> None:
        self.dialect = DIALECTS[dialect]
        self.nodes: list[str] = []
        self.flows: list[tuple[str, str, str]] = []

    def add(self, element: str, id: str) -> str:
        """An element without content."""
        self.nodes.append(f'<{element} id="{id}" name="{id}"/>')
        return id

    def step(self, id: str) -> str:
        """A step that counts."""
        self.nodes.append(self.dialect.step.format(id=id))
        return id

    def flow(self, *path: str) -> None:
        """Flows along a path of nodes."""
        for source, target in pairwise(path):
            self.flows.append((source, target, ""))

    def guarded(self, source: str, target: str, condition: str) -> None:
        """One flow with a condition."""
        body = (
            f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        )
        self.flows.append((source, target, body))

    def xml(self) -> str:
        """The whole file. Flows are named on both ends, as some engines need it."""
        named = [(f"f{i}", *flow) for i, flow in enumerate(self.flows)]
        lines = [self._with_ends(node, named) for node in self.nodes]
        for id, source, target, body in named:
            ends = f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}"'
            lines.append(f"{ends}>{body}</sequenceFlow>" if body else f"{ends}/>")
        return HEAD + "\n".join(lines) + "\n" + FOOT

    def _with_ends(self, node: str, named: list[tuple[str, str, str, str]]) -> str:
        id = node.partition('id="')[2].partition('"')[0]
        tag = node[1 : node.index(" ")]
        ends = [f"<incoming>{f}</incoming>" for f, _, target, _ in named if target == id]
        ends += [f"<outgoing>{f}</outgoing>" for f, source, _, _ in named if source == id]
        start, content = node[: node.index(">")].rstrip("/"), ""
        if not node.endswith("/>"):
            content = node[node.index(">") + 1 : node.rindex("</")]
        return f"{start}>{''.join(ends)}{content}</{tag}>"


def sequence(dialect: str, steps: int = 10, element: str = "") -> str:
    """Start, steps one after the other, end; `element` instead of counting steps."""
    drawing = Drawing(dialect)
    names = [f"t{i}" for i in range(steps)]
    drawing.add("startEvent", "start")
    for name in names:
        _ = drawing.add(element, name) if element else drawing.step(name)
    drawing.add("endEvent", "end")
    drawing.flow("start", *names, "end")
    return drawing.xml()


def fork(dialect: str, branches: int = 4) -> str:
    """A parallel split into branches of one step, and the join."""
    drawing = Drawing(dialect)
    drawing.add("startEvent", "start")
    drawing.add("parallelGateway", "split")
    drawing.add("parallelGateway", "join")
    drawing.add("endEvent", "end")
    drawing.flow("start", "split")
    for i in range(branches):
        drawing.flow("split", drawing.step(f"t{i}"), "join")
    drawing.flow("join", "end")
    return drawing.xml()


def loop(dialect: str, limit: int = 100) -> str:
    """One step, again while the count is below the limit."""
    drawing = Drawing(dialect)
    drawing.add("startEvent", "start")
    drawing.add("exclusiveGateway", "entry")
    drawing.step("t")
    drawing.add("exclusiveGateway", "decision")
    drawing.add("endEvent", "end")
    drawing.flow("start", "entry", "t", "decision")
    drawing.guarded("decision", "entry", drawing.dialect.again.format(limit=limit))
    drawing.guarded("decision", "end", drawing.dialect.enough.format(limit=limit))
    return drawing.xml()


def long_loop(dialect: str) -> str:
    """The same with 300 turns: more than that SpiffWorkflow 3.2 does not take."""
    return loop(dialect, 300)


def longest_loop(dialect: str) -> str:
    """The same with 10,000 turns."""
    return loop(dialect, 10_000)


def persons(dialect: str, steps: int = 5) -> str:
    """User tasks one after the other."""
    return sequence(dialect, steps, "userTask")


def twenty(dialect: str) -> str:
    """Twenty nodes: a choice, a parallel part, and tasks before, between and after."""
    drawing = Drawing(dialect)
    drawing.add("startEvent", "start")
    drawing.add("exclusiveGateway", "choice")
    drawing.add("exclusiveGateway", "merge")
    drawing.add("parallelGateway", "split")
    drawing.add("parallelGateway", "join")
    drawing.add("endEvent", "end")
    t = [drawing.add("userTask", f"t{i}") for i in range(14)]
    drawing.flow("start", t[0], t[1], "choice")
    drawing.guarded("choice", t[2], drawing.dialect.again.format(limit=10))
    drawing.guarded("choice", t[3], drawing.dialect.enough.format(limit=10))
    drawing.flow(t[2], "merge")
    drawing.flow(t[3], "merge", t[4], "split")
    for i in range(5, 9):
        drawing.flow("split", t[i], "join")
    drawing.flow("join", *t[9:], "end")
    return drawing.xml()


@dataclass(frozen=True)
class Measured:
    """A row of the table: what a runner does with which model, and what must come of it: the steps
    it counts, or the value of a decision. `size` says how large the model is, where rows differ
    in that only. `alone`: a row for Genba only, as the others take for ever or give up.
    `together`: so many cases a run, many at once; what is measured is then the time on the `wall`,
    or of the processor.
    """

    title: str
    what: str
    draw: Callable[[str], str]
    steps: int
    size: int = 0
    alone: bool = False
    together: int = 0
    wall: bool = False


ROWS = (
    Measured("parse a 20-node model", "parse", twenty, 0),
    Measured("10 steps in a sequence", "run", sequence, 10),
    Measured("fork and join of 4", "run", fork, 4),
    Measured("loop of 100", "run", loop, 100),
    Measured("loop of 300", "run", long_loop, 300),
    Measured("loop of 10,000", "run", longest_loop, 10_000, alone=True),
    Measured("5 user tasks, state saved (OFF)", "state-off", persons, 5),
    Measured("5 user tasks, state saved (FULL)", "state-full", persons, 5),
    Measured("5 user tasks, our whole journal (OFF)", "journal-off", persons, 5),
    Measured("5 user tasks, our whole journal (FULL)", "journal-full", persons, 5),
    Measured("state saved (FULL), 32 at once", "states-together", persons, 5, together=256),
    Measured(
        "the same, on the wall: state", "states-together", persons, 5, together=256, wall=True
    ),
    Measured("our whole journal (FULL), 32 at once", "together", persons, 5, together=256),
    Measured("the same, on the wall: journal", "together", persons, 5, together=256, wall=True),
)
LOOPS = (loop, long_loop, longest_loop)
