"""Edits made to a drawing: from a version and its edits to another drawing, and to its graph.

Rules of this file: one function per kind of edit, in a table. An edit that cannot be made is
answered with a `Refusal` by a stable rule; whether it *should* be made is `rules`, whether the case
can still finish is `exploration`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from genba.changes import vocabulary as v
from genba.changes.drafts import Draft, joining, passing
from genba.changes.fragments import copy_fragment
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.notation.model import (
    ACTIVITY_KINDS,
    Assignment,
    Definitions,
    EventKind,
    Form,
    Node,
    NodeKind,
    Process,
)

# Where a process version comes from, for steps taken from others; None when there is none.
Library = Callable[[str, int], Process | None]


def no_library(_process: str, _version: int) -> None:
    """No other process is at hand."""


def amend(
    definitions: Definitions,
    process_id: str,
    edits: Sequence[v.Edit],
    library: Library = no_library,
) -> Definitions | v.Refusal:
    """The drawing with the edits made in order, or why one of them cannot be made."""
    place = next(i for i, drawn in enumerate(definitions.processes) if drawn.id == process_id)
    process = definitions.processes[place]
    for edit in edits:
        draft = Draft(process)
        refusal = EDIT[type(edit)](draft, edit, library)
        if refusal is not None:
            return refusal
        process = draft.finished()
    processes = list(definitions.processes)
    processes[place] = process
    return replace(definitions, processes=tuple(processes))


def own_graph(
    definitions: Definitions,
    process_id: str,
    edits: Sequence[v.Edit],
    library: Library = no_library,
) -> Graph | v.Refusal:
    """The graph of a process with the edits made, or why it cannot be."""
    amended = amend(definitions, process_id, edits, library)
    if isinstance(amended, v.Refusal):
        return amended
    graph = compile_process(amended, process_id)
    if isinstance(graph, Graph):
        return graph
    return v.Refusal(
        rule="change.cannot-run",
        words="It could not be run that way: %(why)s",
        values={"why": graph[0].message},
        node=graph[0].element,
    )


# --- one function per edit -------------------------------------------------------------------


def _skip(draft: Draft, edit: v.SkipStep, _library: Library) -> v.Refusal | None:
    node = draft.nodes.get(edit.node)
    if node is None:
        return _unknown(edit.node)
    if not can_skip(node):
        return _refuse("change.no-step", "“%(step)s” is no step that can be left out.", node)
    if _is_awaited_choice(draft, node):
        return _refuse(
            "change.event-choice", "“%(step)s” is one of several events that are waited for.", node
        )
    draft.nodes[node.id] = replace(node, skipped=True)
    return None


def can_skip(node: Node) -> bool:
    """Whether a node is a step, or an event on the way, that tokens could just pass."""
    if node.is_for_compensation or node.triggered_by_event or node.skipped:
        return False
    if node.kind in ACTIVITY_KINDS:
        return True
    middle = (NodeKind.INTERMEDIATE_CATCH_EVENT, NodeKind.INTERMEDIATE_THROW_EVENT)
    return node.kind in middle and not _is_link(node) and bool(node.events or node.name)


def _add(draft: Draft, edit: v.AddStep, _library: Library) -> v.Refusal | None:
    anchor = draft.nodes.get(edit.at)
    if anchor is None:
        return _unknown(edit.at)
    if edit.id in draft.nodes:
        return _refuse("change.twice", "“%(step)s” has been added already.", draft.nodes[edit.id])
    step = Node(
        id=edit.id,
        kind=NodeKind.USER_TASK,
        scope=anchor.scope,
        position=anchor.position,
        name=edit.name,
        documentation=edit.words,
        lane=edit.role or _lane(draft, anchor),
        assignment=Assignment(assignee=edit.person or None),
        acts=edit.acts,
    )
    return insert(draft, [step], step.id, step.id, anchor, edit.place)


def _take(draft: Draft, edit: v.TakeFragment, library: Library) -> v.Refusal | None:
    anchor = draft.nodes.get(edit.at)
    if anchor is None:
        return _unknown(edit.at)
    source = library(edit.process, edit.version)
    if source is None:
        return v.Refusal(
            rule="change.no-process",
            words="There is no process “%(process)s” to take steps from.",
            values={"process": edit.process},
        )
    taken = copy_fragment(source, edit, scope=anchor.scope)
    if isinstance(taken, v.Refusal):
        return taken
    for flow in taken.flows:
        draft.flows[flow.id] = flow
    return insert(draft, taken.nodes, taken.first, taken.last, anchor, edit.place)


def _repeat(draft: Draft, edit: v.RepeatStep, library: Library) -> v.Refusal | None:
    process = draft.finished()
    node = draft.nodes.get(edit.node)
    if node is None:
        return _unknown(edit.node)
    if node.kind not in ACTIVITY_KINDS or node.is_for_compensation or node.triggered_by_event:
        return _refuse("change.no-step", "“%(step)s” is no step that can be repeated.", node)
    if node.skipped:  # once more means: really
        nodes = [replace(one, skipped=one.skipped and one.id != node.id) for one in process.nodes]
        process = replace(process, nodes=tuple(nodes))
    fragment = v.TakeFragment(
        id=edit.id,
        process=process.id,
        version=0,
        first=edit.node,
        last=edit.node,
        at=edit.at,
        place=edit.place,
    )
    return _take(draft, fragment, lambda _process, _version: process)


def _move(draft: Draft, edit: v.MoveStep, _library: Library) -> v.Refusal | None:
    node, anchor = draft.nodes.get(edit.node), draft.nodes.get(edit.at)
    if node is None or anchor is None:
        return _unknown(edit.at if node is not None else edit.node)
    if node.id == anchor.id or not can_skip(node) or _is_awaited_choice(draft, node):
        return _refuse("change.no-step", "“%(step)s” is no step that can be moved.", node)
    if node.scope != anchor.scope:
        return _refuse("change.elsewhere", "“%(step)s” belongs to another part of the way.", node)
    left = passing(f"{node.id}_left", node.scope, node.position)
    draft.put(left)
    draft.lead_to(node.id, left.id)
    draft.leave_from(node.id, left.id)
    return insert(draft, [], node.id, node.id, anchor, edit.place)


def _replace_who(draft: Draft, edit: v.ReplaceWho, _library: Library) -> v.Refusal | None:
    node = draft.nodes.get(edit.node)
    if node is None:
        return _unknown(edit.node)
    if node.kind not in ACTIVITY_KINDS:
        return _refuse("change.no-step", "“%(step)s” is no step that somebody does.", node)
    assignment = Assignment(
        assignee=edit.person or None,
        due=node.assignment.due,
        follow_up=node.assignment.follow_up,
        priority=node.assignment.priority,
    )
    lane = edit.role or node.lane
    draft.nodes[node.id] = replace(node, lane=lane, assignment=assignment)
    return None


def _replace_what(draft: Draft, edit: v.ReplaceWhat, _library: Library) -> v.Refusal | None:
    node = draft.nodes.get(edit.node)
    if node is None:
        return _unknown(edit.node)
    if node.kind not in ACTIVITY_KINDS:
        return _refuse("change.no-step", "“%(step)s” is no step that somebody does.", node)
    draft.nodes[node.id] = replace(
        node,
        name=node.name if edit.name is None else edit.name,
        documentation=node.documentation if edit.words is None else edit.words,
        form=node.form if edit.fields is None else Form(fields=edit.fields),
    )
    return None


EDIT: dict[type[Any], Callable[[Draft, Any, Library], v.Refusal | None]] = {
    v.SkipStep: _skip,
    v.AddStep: _add,
    v.TakeFragment: _take,
    v.RepeatStep: _repeat,
    v.MoveStep: _move,
    v.ReplaceWho: _replace_who,
    v.ReplaceWhat: _replace_what,
}


# --- putting in ------------------------------------------------------------------------------


def insert(
    draft: Draft, nodes: Sequence[Node], first: str, last: str, anchor: Node, place: v.Place
) -> v.Refusal | None:
    """Put steps, tied among themselves from `first` to `last`, at a place of the way."""
    refusal = _no_place(draft, anchor, place)
    if refusal is not None:
        return refusal
    for node in nodes:
        draft.put(node)
    if place is v.Place.BEFORE:
        draft.lead_to(anchor.id, first)
        draft.tie(last, anchor.id)
    elif place is v.Place.AFTER:
        _leave_after(draft, anchor.id, last)
        draft.tie(anchor.id, first)
    else:
        _beside(draft, anchor, first, last)
    return None


def _leave_after(draft: Draft, anchor: str, last: str) -> None:
    """What left from `anchor` leaves after `last`; a sub-process's own choice stays its own."""
    flows = draft.out_of(anchor)
    plain = len(flows) <= 1 and not any(flow.condition for flow in flows)
    if plain or draft.nodes[last].kind in ACTIVITY_KINDS:
        draft.leave_from(anchor, last)
        return
    after = passing(f"{last}_on", draft.nodes[anchor].scope, draft.nodes[anchor].position)
    draft.put(after)
    draft.leave_from(anchor, after.id)
    draft.tie(last, after.id)


def _beside(draft: Draft, anchor: Node, first: str, last: str) -> None:
    """Both ways begin where one did; they wait for each other, unless an event may end one."""
    if not draft.into(anchor.id) and not draft.out_of(anchor.id):
        return  # as in an ad-hoc sub-process: whatever nothing leads to may begin
    scope, position = anchor.scope, anchor.position
    split = passing(f"{first}_split", scope, position)
    draft.put(split)
    draft.lead_to(anchor.id, split.id)
    if draft.out_of(anchor.id) and not _may_be_left(draft, anchor):
        join = joining(f"{first}_join", scope, position)
        after = passing(f"{first}_on", scope, position)
        draft.put(join)
        draft.put(after)
        draft.leave_from(anchor.id, after.id)
        draft.tie(anchor.id, join.id)
        draft.tie(last, join.id)
        draft.tie(join.id, after.id)
    draft.tie(split.id, anchor.id)
    draft.tie(split.id, first)


def _may_be_left(draft: Draft, anchor: Node) -> bool:
    """Whether a token can leave a step by an event on its boundary: nothing may wait for it."""
    return any(event.cancel_activity for event in draft.attached(anchor.id))


def _no_place(draft: Draft, anchor: Node, place: v.Place) -> v.Refusal | None:
    """Why nothing can be put at this place; None if it can."""
    gateways = anchor.kind not in ACTIVITY_KINDS and anchor.kind.value.endswith("Gateway")
    if gateways or anchor.is_for_compensation or anchor.triggered_by_event:
        return _refuse("change.no-place", "Nothing can be put at “%(step)s”.", anchor)
    entry = (NodeKind.START_EVENT, NodeKind.BOUNDARY_EVENT)
    catches_link = _is_link(anchor) and anchor.kind is NodeKind.INTERMEDIATE_CATCH_EVENT
    if place is not v.Place.AFTER and (anchor.kind in entry or catches_link):
        return _refuse("change.no-place", "Nothing comes before “%(step)s”.", anchor)
    throws_link = _is_link(anchor) and anchor.kind is NodeKind.INTERMEDIATE_THROW_EVENT
    if place is not v.Place.BEFORE and (anchor.kind is NodeKind.END_EVENT or throws_link):
        return _refuse("change.no-place", "Nothing comes after “%(step)s”.", anchor)
    if place is not v.Place.AFTER and anchor.start_quantity > 1:
        return _refuse("change.no-place", "“%(step)s” waits for several others.", anchor)
    if place is not v.Place.AFTER and _is_awaited_choice(draft, anchor):
        return _refuse(
            "change.event-choice",
            "“%(step)s” is one of several events that are waited for.",
            anchor,
        )
    return None


def _is_awaited_choice(draft: Draft, node: Node) -> bool:
    """Whether an event-based gateway waits for the node itself (§10.6.6)."""
    sources = [draft.nodes[flow.source] for flow in draft.into(node.id)]
    return any(source.kind is NodeKind.EVENT_BASED_GATEWAY for source in sources)


def _is_link(node: Node) -> bool:
    return any(event.kind is EventKind.LINK for event in node.events)


def _lane(draft: Draft, node: Node) -> str | None:
    """The lane of a node, or of what it sits on or in."""
    seen: set[str] = set()
    at: Node | None = node
    while at is not None and at.id not in seen:
        if at.lane:
            return at.lane
        seen.add(at.id)
        at = draft.nodes.get(at.attached_to or at.scope)
    return None


def _refuse(rule: str, words: str, node: Node) -> v.Refusal:
    name = " ".join(node.name.split()) or node.id
    return v.Refusal(rule=rule, words=words, values={"step": name}, node=node.id)


def _unknown(node: str) -> v.Refusal:
    return v.Refusal(
        rule="change.unknown",
        words="There is no step “%(step)s” in this case.",
        values={"step": node},
        node=node,
    )
