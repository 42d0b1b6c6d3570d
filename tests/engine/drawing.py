"""Small drawings as text, and a player that checks the engine's promises after every command.

Rules of this file: no expectation about any element lives here; only what must hold for every case:
replay gives the state, the state survives encoding, nothing open is orphaned, and a case has ended
exactly when no live token is left.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.application import apply
from genba.engine.compilation import compile_process
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.state import Case, new_case
from genba.engine.values import CaseStatus, ElementId, WorkKind
from genba.notation import read_bpmn
from genba.notation.model import Definitions, Problem

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # a Monday
_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' id="d" targetNamespace="urn:test">'
)


def flows(*paths: str) -> str:
    """Sequence flows: "a > b > c", and "a > b : words or = formula" with a condition."""
    found = []
    for path in paths:
        way, _, condition = path.partition(" : ")
        nodes = way.split(" > ")
        for source, target in pairwise(nodes):
            body = (
                f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}'
                "</conditionExpression>"
                if condition
                else ""
            )
            found.append(
                f'<sequenceFlow id="{source}_{target}" sourceRef="{source}"'
                f' targetRef="{target}">{body}</sequenceFlow>'
            )
    return "".join(found)


def tasks(*ids: str) -> str:
    """Untyped tasks whose names are their ids."""
    return "".join(f'<task id="{id}" name="{id}"/>' for id in ids)


def boundary(definition: str, *, interrupting: bool = True, host: str = "a") -> str:
    """A boundary event "b" and the task "caught" behind it."""
    return (
        f'<boundaryEvent id="b" name="B" attachedToRef="{host}"'
        f' cancelActivity="{str(interrupting).lower()}">{definition}</boundaryEvent>'
        + tasks("caught")
        + flows("b > caught")
    )


def file_of(*processes: str, head: str = "", tail: str = "") -> bytes:
    """The bytes of a file with the given processes, `head` before and `tail` after them."""
    return (_HEAD + head + "".join(processes) + tail + "</definitions>").encode()


def read(*processes: str, head: str = "", tail: str = "") -> Definitions:
    """A file with the given processes, `head` before and `tail` after them."""
    drawn = read_bpmn(file_of(*processes, head=head, tail=tail), "t")
    assert isinstance(drawn, Definitions), drawn
    return drawn


def process(*body: str, id: str = "p", name: str = "P") -> str:
    """One process."""
    return f'<process id="{id}" name="{name}">{"".join(body)}</process>'


def compiled(*body: str, head: str = "") -> Graph:
    """The graph of a single process."""
    graph = compile_process(read(process(*body), head=head), "p")
    assert isinstance(graph, Graph), graph
    return graph


def refused(*body: str, head: str = "") -> tuple[Problem, ...]:
    """The problems of a process that is not run."""
    problems = compile_process(read(process(*body), head=head), "p")
    assert isinstance(problems, tuple)
    return problems


Told = tuple[e.Event, ...]


class Play:
    """One case, played command by command, each checked."""

    def __init__(
        self, *body: str, head: str = "", graph: Graph | None = None, **start: Any
    ) -> None:
        self.graph = graph or compiled(*body, head=head)
        self.case = new_case("c")
        self.replayed = new_case("c")
        self.log: list[e.Event] = []
        self.at = AT
        self.tell(c.Start(at=self.at, **start))

    def tell(self, command: c.Command) -> tuple[e.Event, ...]:
        """Give a command that must be obeyed."""
        events = decide(self.graph, self.case, command)
        assert isinstance(events, tuple), events
        self.log.extend(events)
        for event in events:
            apply(self.graph, self.replayed, event)
        self.check()
        return events

    def refuse(self, command: c.Command) -> str:
        """Give a command that must be refused, changing nothing; the rule."""
        before = msgspec.json.encode(self.case)
        found = decide(self.graph, self.case, command)
        assert isinstance(found, c.Rejected), found
        assert msgspec.json.encode(self.case) == before
        return found.rule

    def restore(self) -> None:
        """The case is stored, and read again."""
        self.case = msgspec.json.decode(msgspec.json.encode(self.case), type=Case)

    def calls(self) -> list[ElementId]:
        """The activities that wait for another case."""
        return [
            id
            for id, element in self.case.elements.items()
            if id != self.case.root
            and element.loop is None
            and self.graph.nodes[element.node].behaviour == "call"
        ]

    def check(self) -> None:
        """What must hold after every command."""
        check_case(self.graph, self.case)
        assert self.replayed == self.case

    @property
    def open(self) -> list[str]:
        """Labels of what is asked, tasks plain, other kinds as "kind:label"."""
        return [
            work.node if work.kind is WorkKind.TASK else f"{work.kind.value}:{work.node}"
            for work in self.case.works.values()
        ]

    def work(self, node: str, kind: WorkKind | None = None) -> str:
        """The id of the first open work at a node."""
        for id, work in self.case.works.items():
            if work.node == node and kind in (None, work.kind):
                return id
        raise AssertionError(f"nothing open at {node}: {self.open}")

    def do(
        self, node: str, *chosen: str, by: str | None = None, **data: Any
    ) -> tuple[e.Event, ...]:
        """Complete the first open work at a node."""
        work = self.work(node)
        return self.tell(c.CompleteWork(at=self.at, work=work, chosen=chosen, data=data, by=by))

    def wait(self, **span: float) -> tuple[e.Event, ...]:
        """Let time pass: every timer that comes due meanwhile fires, in order."""
        end = self.at + timedelta(**span)
        events: list[e.Event] = []
        while True:
            due = sorted((t.due, id) for id, t in self.case.timers.items() if t.due <= end)
            if not due:
                self.at = end
                return tuple(events)
            self.at = max(self.at, due[0][0])
            events.extend(self.tell(c.FireTimer(at=self.at, timer=due[0][1])))

    def deliver(self, name: str, **given: Any) -> tuple[e.Event, ...]:
        """A message arrives."""
        return self.tell(c.Deliver(at=self.at, name=name, **given))

    @property
    def ended(self) -> bool:
        """Whether the case has completed."""
        return self.case.status is CaseStatus.COMPLETED

    def visited(self, node: str) -> int:
        """How often a node has been completed."""
        return sum(isinstance(x, e.ElementCompleted) and x.node == node for x in self.log)


SCOPES = ("sub-process", "event-sub-process", "ad-hoc")


def alive(case: Case) -> set[ElementId]:
    """The elements that live in a scope that lives, from the root on."""
    found: set[ElementId] = set()
    waiting = [case.root] if case.root in case.elements else []
    while waiting:
        id = waiting.pop()
        found.add(id)
        waiting.extend(case.elements[id].children)
    return found


def check_case(graph: Graph, case: Case) -> None:
    """The invariants of a case between two commands."""
    encoded = msgspec.json.encode(case)
    assert msgspec.json.encode(msgspec.json.decode(encoded, type=Case)) == encoded
    packed = msgspec.msgpack.decode(msgspec.msgpack.encode(case), type=Case)
    assert packed == case
    running = case.status is CaseStatus.RUNNING
    assert running == bool(case.elements), "ended exactly when no live token is left"
    calls = any(
        graph.nodes[element.node].behaviour == "call"
        for id, element in case.elements.items()
        if id != case.root
    )
    if running:
        assert case.works or case.timers or case.subscriptions or calls, "nobody can go on"
        root = case.elements[case.root]
        assert root.children or root.tokens
    listed = [(item, id) for id, element in case.elements.items() for item in element.open]
    found = {**case.works, **case.timers, **case.subscriptions}
    assert len(listed) == len(found), "nothing is open twice, nothing open is orphaned"
    assert dict(listed) == {item: open_.element for item, open_ in found.items()}
    assert alive(case) == {*case.elements}, "nothing lives outside of what lives"
    for id, element in case.elements.items():
        if id != case.root:
            assert id in case.elements[element.scope].children
        for child in element.children:
            assert case.elements[child].scope == id
        assert bool(element.tokens) == (id in case.parked)
        node = graph.nodes.get(element.node)
        if node is not None and node.behaviour in SCOPES:
            left = element.children or element.tokens or element.open
            assert left, "a scope with nothing left has not ended"
