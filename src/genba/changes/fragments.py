"""Fragments: steps that belong together, copied from one drawing into another.

Rules of this file: what is taken is closed: one way in (`first`), one way out (`last`), nothing
that reaches outside. Ids are those of the source after the fragment's own; what the steps say,
who does them and their forms come along.
"""

from msgspec import Struct
from msgspec.structs import replace

from genba.changes.vocabulary import Refusal, TakeFragment
from genba.notation.model import (
    ACTIVITY_KINDS,
    SUB_PROCESS_KINDS,
    Node,
    Process,
    SequenceFlow,
)


class Fragment(Struct, frozen=True, kw_only=True):
    """What was taken, under its new ids."""

    nodes: tuple[Node, ...]
    flows: tuple[SequenceFlow, ...]
    first: str
    last: str


def copy_fragment(process: Process, asked: TakeFragment, *, scope: str) -> Fragment | Refusal:
    """The steps from `first` to `last` of a process, or why they cannot be taken.

    `scope` is where they are put.
    """
    nodes = {node.id: node for node in process.nodes}
    for end in (asked.first, asked.last):
        if end not in nodes:
            return _refuse("change.unknown", "There is no step “%(step)s” to take.", end)
        if nodes[end].kind not in ACTIVITY_KINDS or nodes[end].is_for_compensation:
            return _refuse("change.no-step", "“%(step)s” is no step that can be taken.", end)
    if nodes[asked.first].scope != nodes[asked.last].scope:
        return _refuse("change.fragment", "“%(step)s” belongs to another part.", asked.last)
    main = _between(process, asked.first, asked.last)
    stray = _stray(process, main, asked)
    if stray:
        words = "The steps do not belong together: the way leaves them at “%(step)s”."
        return _refuse("change.fragment", words, stray)
    return _renamed(process, main, asked, scope)


def _between(process: Process, first: str, last: str) -> set[str]:
    """All nodes on the ways from first to last."""
    if first == last:
        return {first}
    ahead = _reach(first, {f.id: (f.source, f.target) for f in process.flows}, stop=last)
    back = _reach(last, {f.id: (f.target, f.source) for f in process.flows}, stop=first)
    return ahead & back


def _reach(start: str, ends: dict[str, tuple[str, str]], *, stop: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        if at == stop:
            continue
        for source, target in ends.values():
            if source == at and target not in found:
                found.add(target)
                waiting.append(target)
    return found


def _stray(process: Process, main: set[str], asked: TakeFragment) -> str:
    """A node at which the way enters or leaves elsewhere than at the ends; "" if there is none."""
    if not {asked.first, asked.last} <= main:
        return asked.last
    for flow in process.flows:
        if flow.source in main and flow.target not in main and flow.source != asked.last:
            return flow.source
        if flow.target in main and flow.source not in main and flow.target != asked.first:
            return flow.target
    return ""


def _renamed(process: Process, main: set[str], asked: TakeFragment, scope: str) -> Fragment:
    """The copies; events on the boundary stay behind, what is inside a sub-process comes along."""
    inside = _inside(process, main)
    taken = main | inside
    flows = [f for f in process.flows if f.source in taken and f.target in taken]
    if asked.first == asked.last:
        flows = [f for f in flows if f.source in inside]
    kept = {flow.id for flow in flows}
    new = {id: f"{asked.id}.{id}" for id in taken | kept}
    new[asked.first] = asked.id  # the one people see first has the plain id
    nodes = tuple(
        replace(
            node,
            id=new[node.id],
            scope=scope if node.id in main else new[node.scope],
            attached_to=new.get(node.attached_to or ""),
            default=new.get(node.default or "") if node.default in kept else None,
        )
        for node in process.nodes
        if node.id in taken
    )
    tied = tuple(
        replace(
            flow,
            id=new[flow.id],
            source=new[flow.source],
            target=new[flow.target],
            scope=scope if flow.source in main else new[flow.scope],
        )
        for flow in flows
    )
    return Fragment(nodes=nodes, flows=tied, first=new[asked.first], last=new[asked.last])


def _inside(process: Process, main: set[str]) -> set[str]:
    """Everything inside the sub-processes of a fragment."""
    kinds = {node.id for node in process.nodes if node.kind in SUB_PROCESS_KINDS}
    found: set[str] = set()
    waiting = list(main & kinds)
    while waiting:
        owner = waiting.pop()
        for node in process.nodes:
            if node.scope == owner and node.id not in found:
                found.add(node.id)
                if node.id in kinds:
                    waiting.append(node.id)
    return found


def _refuse(rule: str, words: str, step: str) -> Refusal:
    return Refusal(rule=rule, words=words, values={"step": step}, node=step)
