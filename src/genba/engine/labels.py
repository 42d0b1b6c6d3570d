"""What people call the parts of a drawing, in the drawing's own words.

Rules of this file: a name if there is one, else what follows from the drawing. Words only, no
decision about how anything runs.
"""

import re

from genba.notation.model import GATEWAY_KINDS, Node, Process


class Labels:
    """The labels of one process."""

    def __init__(self, process: Process) -> None:
        self._nodes = {node.id: node for node in process.nodes}
        self._flows = {flow.id: flow for flow in process.flows}

    def of(self, node: Node) -> str:
        """What to call a node: its name, its event's, what a gateway leads to, else its kind."""
        if node.name:
            return one_line(node.name)
        for event in node.events:
            if event.name:
                return one_line(event.name)
        if node.kind in GATEWAY_KINDS:
            return self.beyond(node)
        return spoken(node.kind.value)

    def beyond(self, node: Node) -> str:
        """What to call the way into `node`: its label; through unnamed gateways, what follows."""
        seen: set[str] = set()
        found: list[str] = []
        waiting = [node]
        while waiting:
            at = waiting.pop(0)
            if at.id in seen:
                continue
            seen.add(at.id)
            if at.name or at.kind not in GATEWAY_KINDS or not at.outgoing:
                found.append(one_line(at.name) if at.name else spoken(at.kind.value))
                continue
            for flow_id in at.outgoing:
                flow = self._flows[flow_id]
                if flow.name:
                    found.append(one_line(flow.name))
                else:
                    waiting.append(self._nodes[flow.target])
        return " / ".join(dict.fromkeys(found)) or spoken(node.kind.value)


def one_line(text: str) -> str:
    """Text with its white space made single blanks: names in drawings are broken into lines."""
    return " ".join(text.split())


def spoken(kind: str) -> str:
    """The words of an XML name: "endEvent" is "end event"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
