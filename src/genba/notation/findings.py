"""What `check` can say: how a finding is made, and the index of a drawing that rules need.

Rules of this file:

1. The rules themselves are the table `rules.RULES`; the conditions are in `connections`, `triggers`
   and the modules beside them.
2. A finding has severity and advice from its row, and points at the element it is about.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from genba.notation.document import Element, Position
from genba.notation.elements import identify, read_name
from genba.notation.model import Definitions, Node, Problem, Process, SequenceFlow
from genba.notation.rules import RULES
from genba.notation.survey import Survey, survey


class Placed(Protocol):
    """Anything of the model that has an id and a position."""

    @property
    def id(self) -> str: ...
    @property
    def position(self) -> Position: ...


def find(rule: str, message: str, place: Placed) -> Problem:
    """A finding: the words of `message` at `place`, with severity and advice of the rule."""
    row = RULES[rule]
    return Problem(
        severity=row.severity,
        rule=rule,
        message=message,
        position=place.position,
        element=place.id,
        advice=row.advice,
    )


def find_at(rule: str, message: str, element: Element) -> Problem:
    """A finding at an element of the file, for what the model does not hold."""
    row = RULES[rule]
    return Problem(
        severity=row.severity,
        rule=rule,
        message=message,
        position=element.position,
        element=identify(element),
        advice=row.advice,
    )


def name_element(element: Element) -> str:
    """An element of the file in words: its tag, and its name when it has one."""
    name = read_name(element)
    return f"<{element.local}> “{name}”" if name else f"<{element.local}>"


_KIND_WORDS: Mapping[str, str] = {
    "task": "task",
    "callActivity": "call activity",
    "adHocSubProcess": "ad-hoc sub-process",
    "intermediateCatchEvent": "catching event",
    "intermediateThrowEvent": "throwing event",
    "eventBasedGateway": "event-based gateway",
}


def call(node: Node) -> str:
    """A step in words: its kind, and its name when it has one."""
    words = _KIND_WORDS.get(node.kind)
    if words is None:
        parts = (f" {letter.lower()}" if letter.isupper() else letter for letter in node.kind)
        words = "".join(parts).replace("sub process", "sub-process")
    return f"the {words} “{' '.join(node.name.split())}”" if node.name else f"the {words}"


class Scope(Struct, frozen=True):
    """A process or a sub-process: what holds the steps of `nodes` directly."""

    holder: Process | Node
    nodes: tuple[Node, ...]


class Drawing(Struct, frozen=True):
    """A file with the indexes that the rules need."""

    definitions: Definitions
    nodes: Mapping[str, Node]
    flows: Mapping[str, SequenceFlow]
    process_of: Mapping[str, str]
    scopes: tuple[Scope, ...]
    survey: Survey

    def all_nodes(self) -> Iterator[Node]:
        """Every step, those with a duplicate id included."""
        for process in self.definitions.processes:
            yield from process.nodes

    def leaving(self, node: Node) -> Iterator[SequenceFlow]:
        """The arrows that leave a step."""
        return (self.flows[id] for id in node.outgoing if id in self.flows)


def index(definitions: Definitions) -> Drawing:
    """Index a file for the rules."""
    nodes: dict[str, Node] = {}
    process_of: dict[str, str] = {}
    flows: dict[str, SequenceFlow] = {}
    members: dict[str, list[Node]] = {}
    holders: dict[str, Process | Node] = {}
    for process in definitions.processes:
        holders.setdefault(process.id, process)
        for node in process.nodes:
            nodes.setdefault(node.id, node)
            process_of.setdefault(node.id, process.id)
            holders.setdefault(node.id, node)
            members.setdefault(node.scope, []).append(node)
        flows.update((flow.id, flow) for flow in process.flows)
    scopes = tuple(
        Scope(holder=holders[id], nodes=tuple(inside))
        for id, inside in members.items()
        if id in holders
    )
    return Drawing(definitions, nodes, flows, process_of, scopes, survey(definitions.document.root))
