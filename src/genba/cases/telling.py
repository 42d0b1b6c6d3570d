"""What a teller of the story is: from an entry of the log to a line in words.

Rules of this file: types and look-ups only; which entry says what is `stories` and its neighbours.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from genba.cases.wording import listed, option_label
from genba.engine.graph import Graph
from genba.journal.records import Content, Entry

Body = dict[str, Any]


class Line(Struct, frozen=True, kw_only=True):
    """What one entry says."""

    text: str
    node: str = ""
    quiet: bool = False
    anonymous: bool = False  # happened by itself: nobody did it
    content: str = ""
    kind: str = "event"
    url: str = ""


class Telling(Struct, frozen=True):
    """What the tellers look things up in; a stream has no drawing."""

    graph: Graph | None
    names: dict[str, str]
    opened: dict[str, Body]  # the "work-opened" of each work
    contents: dict[str, Content]
    earlier: tuple[Graph, ...] = ()  # of the versions the case ran in before

    def step(self, node: str | None) -> str:
        """The name of a step as drawn, in the version the case runs in or ran in."""
        if not node or self.graph is None:
            return ""
        drawn = (graph for graph in (self.graph, *self.earlier) if node in graph.nodes)
        return next(drawn, self.graph).label(node)

    def name(self, person: str | None) -> str:
        """The name of a person."""
        return self.names.get(person or "", "")

    def party(self, target: str | None) -> str:
        """The name of the pool a message flow ends at: at its border or at a step in it."""
        if self.graph is None:
            return ""
        drawing = self.graph.definitions
        inside = {node.id: process.id for process in drawing.processes for node in process.nodes}
        pools = {pool.id: pool.name for pool in drawing.participants}
        pools |= {pool.process: pool.name for pool in drawing.participants if pool.process}
        return pools.get(inside.get(target or "", target or ""), "")

    def options(self, work: str, chosen: Iterable[str]) -> str:
        """The chosen options of a work, in the words of the drawing."""
        opened = self.opened.get(work, {})
        drawn = {option["id"]: option["label"] for option in opened.get("options", ())}
        labels = (
            option_label(opened.get("kind", ""), one, drawn.get(one) or self.step(one))
            for one in chosen
        )
        return listed(f"“{label}”" for label in labels)


Teller = Callable[[Telling, Entry, Body], Line | None]
