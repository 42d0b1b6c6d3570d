"""A BPMN file to `Definitions`, or reasons in words why not.

Rules of this file:

1. Any tool's file: wrong order, missing ids, foreign prefixes and duplicated lists are read.
   Incoming and outgoing come from the sequence flows, never from the lists on the nodes.
2. What cannot be read is a located refusal; nothing of a process is skipped in silence.
3. Whether the drawing makes sense is for `check`.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from msgspec import Struct, field

from genba.notation.catalogue import Catalogue, gather
from genba.notation.correlation import gather_keys, read_correlations
from genba.notation.document import Document, Element
from genba.notation.elements import (
    extend_prefixes,
    find_child,
    find_children,
    identify,
    is_bpmn,
    read_expression,
    read_extras,
    read_flag,
    read_name,
    read_reference,
    read_text,
    resolve,
)
from genba.notation.lanes import Bounds, Lanes, read_lanes, read_shapes
from genba.notation.model import (
    SUB_PROCESS_KINDS,
    Association,
    Definitions,
    MessageFlow,
    Node,
    NodeKind,
    Participant,
    Problem,
    Process,
    SequenceFlow,
)
from genba.notation.nodes import NODE_KINDS, Found, Links, read_global_task, read_node
from genba.notation.parsing import DEFAULT_LIMITS, Limits, parse_document
from genba.notation.people import split_words
from genba.notation.vocabulary import (
    GLOBAL_TASKS,
    OTHER_DIAGRAMS,
    OTHER_FILES,
    PROCESS_CONTENT,
)

_MOST_PROBLEMS = 100  # nobody reads more, and a hostile file could have one per element


def read_bpmn(
    data: bytes, file: str = "", *, limits: Limits = DEFAULT_LIMITS
) -> Definitions | tuple[Problem, ...]:
    """Read a BPMN 2.0 file of any tool; a file that cannot be run at all is refused in words.

    `file` is the name to show. Every refusal has line, column, rule id and advice.
    """
    document = parse_document(data, file, limits=limits)
    if isinstance(document, Problem):
        return (document,)
    return read_definitions(document, file)


def read_definitions(document: Document, file: str = "") -> Definitions | tuple[Problem, ...]:
    """Read an XML document that was parsed, or changed in memory, as BPMN."""
    root = document.root
    if root.local != "definitions" or not is_bpmn(root):
        return (_not_bpmn(root),)
    drawing = _Drawing(root, gather(root))
    drawing.walk()
    problems = tuple(islice(chain(drawing.problems, drawing.refuse_flows()), _MOST_PROBLEMS))
    if problems:
        return problems
    if not drawing.found:
        return (_no_process(root),)
    return Definitions(
        file=file,
        document=document,
        id=(root.get("id") or "").strip(),
        name=read_name(root),
        target_namespace=(root.get("targetNamespace") or "").strip(),
        exporter=(root.get("exporter") or "").strip(),
        expression_language=drawing.catalogue.language,
        processes=tuple(drawing.read_processes()),
        participants=drawing.participants,
        message_flows=drawing.message_flows,
        global_tasks=tuple(node.id for node in drawing.global_nodes),
        global_task_names=tuple(node.name for node in drawing.global_nodes),
        global_nodes=tuple(drawing.global_nodes),
    )


class _Flow(Struct, frozen=True):
    """A sequence flow's element, with its ends and the scope it is written in."""

    element: Element
    id: str
    source: str | None
    target: str | None
    scope: str


class _Drawing(Struct):
    """What the walk through a file collects. Mutable, used once."""

    root: Element
    catalogue: Catalogue
    processes: list[tuple[Element, Mapping[str, str]]] = field(default_factory=list)
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    global_nodes: list[Node] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)  # in file order
    steps: dict[str, Found] = field(default_factory=dict)  # the first of each id
    flows: list[_Flow] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def walk(self) -> None:
        """Collect everything from the root; nothing is judged but unknown process content."""
        prefixes = extend_prefixes({}, self.root)
        for element in find_children(self.root):
            within = extend_prefixes(prefixes, element)
            if element.local == "process":
                self.processes.append((element, within))
                id = identify(element)
                self.walk_scope(element, within, scope=id, process=id)
            elif element.local == "collaboration":
                self.walk_collaboration(element, within)
            elif element.local in GLOBAL_TASKS:
                self.global_nodes.append(read_global_task(element, within, self.catalogue))

    def walk_scope(
        self, parent: Element, prefixes: Mapping[str, str], *, scope: str, process: str
    ) -> None:
        for element in find_children(parent):
            kind = NODE_KINDS.get(element.local)
            if kind is not None and element.local not in GLOBAL_TASKS:
                within = extend_prefixes(prefixes, element)
                found = Found(element, within, identify(element), kind, scope, process)
                self.found.append(found)
                self.steps.setdefault(found.id, found)
                if kind in SUB_PROCESS_KINDS:
                    self.walk_scope(element, within, scope=found.id, process=process)
            elif element.local == "sequenceFlow":
                self.flows.append(_read_ends(element, scope))
            elif element.local == "association":
                self.add_association(element)
            elif element.local not in PROCESS_CONTENT:
                self.problems.append(_unknown(element))

    def walk_collaboration(self, collaboration: Element, prefixes: Mapping[str, str]) -> None:
        pools = find_children(collaboration, "participant")
        flows = find_children(collaboration, "messageFlow")
        self.participants += tuple(_read_participant(pool, prefixes) for pool in pools)
        self.message_flows += tuple(_read_message_flow(flow, self.catalogue) for flow in flows)
        for element in find_children(collaboration, "association"):
            self.add_association(element)

    def add_association(self, element: Element) -> None:
        source = read_reference(element, "sourceRef")
        target = read_reference(element, "targetRef")
        if source is not None and target is not None:
            self.associations.append(
                Association(id=identify(element), source=source, target=target)
            )

    def refuse_flows(self) -> Iterator[Problem]:
        """The sequence flows that do not lead from a step to a step."""
        for flow in self.flows:
            for end, ref in (("source", flow.source), ("target", flow.target)):
                if ref is None or ref not in self.steps:
                    yield _dangling(flow, end, ref)

    def read_processes(self) -> Iterator[Process]:
        """The processes with their nodes, each linked to its flows and put in its lane."""
        flows = self.read_flows()
        incoming, outgoing = _links(flows)
        shapes: dict[str, Bounds] | None = None
        pools = {pool.process: pool.id for pool in reversed(self.participants) if pool.process}
        mine: dict[str, list[Found]] = {}
        for found in self.found:
            mine.setdefault(found.process, []).append(found)
        content = self.sort_by_process(flows)
        keys = gather_keys(self.root, self.catalogue.language)
        names = {id: message.name for id, message in self.catalogue.messages.items()}
        for element, prefixes in self.processes:
            id = identify(element)
            lanes = read_lanes(element)
            if shapes is None and lanes.missing(found.id for found in mine.get(id, ())):
                shapes = read_shapes(self.root)
            places = _place(mine.get(id, []), lanes, shapes or {})
            nodes = tuple(
                read_node(
                    found,
                    Links(
                        incoming.get(found.id, ()),
                        outgoing.get(found.id, ()),
                        places.get(found.id),
                    ),
                    self.catalogue,
                )
                for found in mine.pop(id, [])
            )
            own_flows, associations = content.pop(id, ([], []))
            yield _read_process(
                element,
                prefixes,
                Process(
                    id=id,
                    position=element.position,
                    participant=pools.get(id),
                    nodes=nodes,
                    flows=tuple(own_flows),
                    associations=tuple(associations),
                    lanes=lanes.names,
                    correlations=read_correlations(element, keys, names, self.catalogue.language),
                ),
            )

    def sort_by_process(
        self, flows: tuple[SequenceFlow, ...]
    ) -> dict[str, tuple[list[SequenceFlow], list[Association]]]:
        """Flows by the process of their source, associations by that of both their ends."""
        content: dict[str, tuple[list[SequenceFlow], list[Association]]] = {}
        for flow in flows:
            process = self.steps[flow.source].process
            content.setdefault(process, ([], []))[0].append(flow)
        for link in self.associations:
            source, target = self.steps.get(link.source), self.steps.get(link.target)
            if source is not None and target is not None and source.process == target.process:
                content.setdefault(source.process, ([], []))[1].append(link)
        return content

    def read_flows(self) -> tuple[SequenceFlow, ...]:
        """The sequence flows; one written elsewhere belongs to the scope both its ends are in."""
        language = self.catalogue.language
        flows: list[SequenceFlow] = []
        for flow in self.flows:
            source, target = flow.source or "", flow.target or ""
            scopes = {self.steps[source].scope, self.steps[target].scope}
            flows.append(
                SequenceFlow(
                    id=flow.id,
                    source=source,
                    target=target,
                    scope=scopes.pop() if len(scopes) == 1 else flow.scope,
                    position=flow.element.position,
                    name=read_name(flow.element),
                    condition=read_expression(
                        find_child(flow.element, "conditionExpression"), language
                    ),
                )
            )
        return tuple(flows)


def _read_ends(element: Element, scope: str) -> _Flow:
    source = read_reference(element, "sourceRef")
    target = read_reference(element, "targetRef")
    return _Flow(element, identify(element), source, target, scope)


def _links(
    flows: tuple[SequenceFlow, ...],
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Incoming and outgoing flow ids by node id."""
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows:
        incoming.setdefault(flow.target, []).append(flow.id)
        outgoing.setdefault(flow.source, []).append(flow.id)
    return (
        {id: tuple(ids) for id, ids in incoming.items()},
        {id: tuple(ids) for id, ids in outgoing.items()},
    )


def _place(nodes: list[Found], lanes: Lanes, shapes: dict[str, Bounds]) -> dict[str, str | None]:
    """The lane of every node: its own, or that of the step it is attached to or within."""
    if not lanes.lanes:
        return {}
    places: dict[str, str | None] = {}
    for found in nodes:  # in file order, so a sub-process comes before what is in it
        place = lanes.place(found.id, shapes) if found.scope == found.process else None
        places[found.id] = place or lanes.members.get(found.id) or places.get(found.scope)
    for found in nodes:
        host = resolve(found.element.get("attachedToRef"))
        if found.kind is NodeKind.BOUNDARY_EVENT and host in places:
            places[found.id] = places[host]
    return places


def _read_process(element: Element, prefixes: Mapping[str, str], content: Process) -> Process:
    extras = read_extras(element, prefixes)
    executable = (element.get("isExecutable") or "").strip()
    return Process(
        id=content.id,
        position=content.position,
        name=read_name(element),
        documentation=read_text(element, "documentation"),
        is_executable=read_flag(element, "isExecutable", False) if executable else None,
        is_closed=read_flag(element, "isClosed", False),
        participant=content.participant,
        nodes=content.nodes,
        flows=content.flows,
        associations=content.associations,
        lanes=content.lanes,
        correlations=content.correlations,
        starter_groups=split_words(extras.get("camunda", "candidateStarterGroups")),
        starter_users=split_words(extras.get("camunda", "candidateStarterUsers")),
        zone=extras.get("genba", "zone") or "",
        calendar=extras.get("genba", "calendar") or "",
        due=extras.get("genba", "due"),
        remind=extras.get("genba", "remind"),
        escalate=extras.get("genba", "escalate"),
        escalate_to=extras.get("genba", "escalateTo"),
        delay=extras.get("genba", "costOfDelay"),
        see=split_words(extras.get("genba", "see")),
        administer=split_words(extras.get("genba", "administer")),
        open_outside=(extras.get("genba", "open") or "").strip() == "true",
    )


def _read_participant(element: Element, prefixes: Mapping[str, str]) -> Participant:
    extras = read_extras(element, extend_prefixes(prefixes, element))
    return Participant(
        id=identify(element),
        position=element.position,
        name=read_name(element),
        process=read_reference(element, "processRef"),
        address=extras.get("genba", "address"),
    )


def _read_message_flow(element: Element, catalogue: Catalogue) -> MessageFlow:
    message = catalogue.messages.get(read_reference(element, "messageRef") or "")
    return MessageFlow(
        id=identify(element),
        source=read_reference(element, "sourceRef") or "",
        target=read_reference(element, "targetRef") or "",
        position=element.position,
        name=read_name(element),
        message_name=message.name if message is not None else None,
    )


def _dangling(flow: _Flow, end: str, ref: str | None) -> Problem:
    missing = f"names no {end}" if ref is None else f"has the {end} '{ref}', which is not a step"
    name = read_name(flow.element)
    return Problem(
        severity="refused",
        rule=f"bpmn.flow-{end}",
        message=f"the sequence flow {f'“{name}” ' if name else ''}{missing}",
        position=flow.element.position,
        element=flow.id,
        advice="connect both ends of the arrow to steps in your modelling tool, or delete it",
    )


def _unknown(element: Element) -> Problem:
    return Problem(
        severity="refused",
        rule="bpmn.element",
        message=f"<{element.local}> within a process is not something Genba knows",
        position=element.position,
        element=identify(element),
        advice="replace it with a step of BPMN 2.0, or remove it",
    )


def _not_bpmn(root: Element) -> Problem:
    told = f"{root.namespace} {root.local}"
    what = next((words for mark, words in OTHER_FILES.items() if mark in told), None)
    message = f"this is {what}, not a BPMN file" if what else "this is not a BPMN file"
    return Problem(
        severity="refused",
        rule="bpmn.root",
        message=f"{message}: its outermost element is <{root.tag}>",
        position=root.position,
        element=(root.get("id") or "").strip(),
        advice="export the drawing as BPMN 2.0 XML (a .bpmn file)",
    )


def _no_process(root: Element) -> Problem:
    drawn = next((node for node in find_children(root) if node.local in OTHER_DIAGRAMS), None)
    empty = next(find_children(root, "process"), None)
    if drawn is not None:
        message = f"the file draws {OTHER_DIAGRAMS[drawn.local]}, and no process with steps"
    elif empty is not None:
        message = "the process has no steps"
    else:
        names = sorted({node.local for node in find_children(root)})
        content = f"only: {', '.join(names)}" if names else "nothing"
        message = f"the file has no process; it contains {content}"
    place = drawn or empty or root
    return Problem(
        severity="refused",
        rule="bpmn.no-process",
        message=message,
        position=place.position,
        element=identify(place) if place is not root else "",
        advice="draw at least one process with a start, a step and an end",
    )
