"""A rehearsal: a file of drawings run to its end in memory, under virtual time.

Rules of this file: the real engine and the real routing; nothing is simulated but time and people.
Whoever answers for the people is a `Chooser` (`choosing`): a seed, a list, or somebody asked. All
processes of the file are exercised: those that begin by themselves first, those begun by messages
when these arrive, and in the end whatever nobody has begun.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from msgspec import Struct

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.almanac import Almanac
from genba.engine.collaboration import Way, route, signal_starts
from genba.engine.compilation import compile_process
from genba.engine.decision import decide
from genba.engine.gathering import Arrived, Half, gather, gathers
from genba.engine.graph import Graph
from genba.engine.ruling import Rule
from genba.engine.state import Case, Work, new_case
from genba.engine.values import (
    CaseStatus,
    Data,
    ElementId,
    NodeId,
    WorkKind,
)
from genba.notation.model import Definitions, EventKind, NodeKind, Problem
from genba.runtime.almanacs import zone_of
from genba.runtime.beginnings import LATER, called_by, first_start
from genba.runtime.offers import Chooser, Offer, is_expected

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
STEPS = 5_000  # commands in all
CASES = 200  # cases in all: processes may begin each other for ever

KNOWN = Almanac(zones=zone_of)  # a rehearsal knows every zone, and the hours of an office


Rules = Mapping[str, Rule]  # by the key of the decision
_NO_RULES: Rules = {}


class Line(Struct, frozen=True, kw_only=True):
    """One event of the trace: in which case, when, what."""

    case: int
    process: str
    at: datetime
    event: e.Event


class CaseResult(Struct, frozen=True, kw_only=True):
    """How one case ended: "completed", "cancelled", "waiting for …" or "incident …"."""

    case: int
    process: str
    name: str
    outcome: str
    begun_by: str  # "itself", "message", "signal", "call", "act"
    error: str | None = None


class Rehearsal(Struct, frozen=True, kw_only=True):
    """What a rehearsal shows. `complete`: every case came to its end, nothing was refused."""

    complete: bool
    outcome: str
    cases: tuple[CaseResult, ...]
    not_started: tuple[str, ...]
    refused: tuple[Problem, ...]
    silences: tuple[Problem, ...]
    incidents: tuple[str, ...]
    trace: tuple[Line, ...]
    commands: int
    ended_at: datetime


class _Player(Struct):
    """One case being rehearsed."""

    number: int
    graph: Graph
    case: Case
    begun_by: str
    caller: tuple[int, ElementId] | None = None
    given: Data = {}
    calls: dict[ElementId, int] = {}


def rehearse(
    definitions: Definitions,
    chooser: Chooser,
    *,
    at: datetime = BEGIN,
    steps: int = STEPS,
    rules: Rules = _NO_RULES,
) -> Rehearsal:
    """Run every process of a file as one collaboration until nothing is left to do.

    `rules` are the decisions there are, by key; a step that asks for another asks a person.
    """
    return _Stage(definitions, chooser, at, steps, rules).play()


def _asked(graph: Graph, rules: Rules) -> Rules:
    """The rule of each step that asks for one there is."""
    asked = ((id, node.asks) for id, node in graph.nodes.items() if node.asks is not None)
    return {id: rules[asks.key] for id, asks in asked if asks.key in rules}


class _Stage:
    """The cases of one rehearsal, and what is on its way between them."""

    def __init__(
        self,
        definitions: Definitions,
        chooser: Chooser,
        at: datetime,
        steps: int,
        rules: Rules,
    ) -> None:
        self.definitions = definitions
        self.chooser = chooser
        self.now = at
        self.left = steps
        self.circling = False  # it runs by itself without end: once is enough to see it
        self.steps = steps
        self.players: list[_Player] = []
        self.halves: dict[NodeId, tuple[Half, ...]] = {}
        self.trace: list[Line] = []
        self.incidents: list[str] = []
        self.graphs: dict[str, Graph] = {}
        self.refused: list[Problem] = []
        self.post: deque[tuple[_Player, e.Event]] = deque()
        for process in definitions.processes:
            if not process.nodes:
                continue
            graph = compile_process(definitions, process.id)
            if isinstance(graph, Graph):
                self.graphs[process.id] = graph.with_rules(_asked(graph, rules))
            else:
                self.refused.extend(graph)

    def play(self) -> Rehearsal:
        """Begin what begins itself, go on until nothing is open, begin what is left; repeat."""
        for process in self._beginning():
            self._begin(process, "itself")
        while self.left > 0 and not self.circling:
            offers = self._offers()
            ready = [offer for offer in offers if not offer.optional]
            waiting = self._unbegun()
            if waiting and (not ready or all(is_expected(offer) for offer in ready)):
                self._begin(waiting[0], "act")
                continue
            if not ready or not self._act(offers):
                break
        return self._result()

    # who begins

    def _beginning(self) -> list[str]:
        """Processes nobody else in the file begins."""
        begun = {called for graph in self.graphs.values() for called in called_by(graph)}
        return [
            process
            for process, graph in self.graphs.items()
            if process not in begun and first_start(self.definitions, graph) is not LATER
        ]

    def _unbegun(self) -> list[str]:
        """Processes that have no case yet; those that wait for messages last."""
        have = {player.graph.process.id for player in self.players}
        return [p for p, graph in self.graphs.items() if p not in have and graph.start_nodes]

    def _begin(
        self,
        process: str,
        begun_by: str,
        node: NodeId | None = None,
        data: Data | None = None,
        caller: tuple[int, ElementId] | None = None,
    ) -> _Player | None:
        graph = self.graphs.get(process)
        if graph is None or len(self.players) >= CASES:
            return None
        if node is None and begun_by in ("itself", "act"):
            found = first_start(self.definitions, graph)
            node = NodeId(found) if isinstance(found, str) else None
        number = len(self.players) + 1
        player = _Player(number, graph, new_case(str(number)), begun_by, caller, data or {})
        self.players.append(player)
        if data is None and begun_by in ("itself", "act"):
            data = self._filled_in(player, node or graph.start_nodes[0])
        self._tell(player, c.Start(at=self.now, node=node, data=data or {}))
        return player

    def _filled_in(self, player: _Player, node: NodeId) -> Data:
        """What whoever begins the case writes into the form of its beginning."""
        graph = player.graph
        form = graph.form(node)
        if form is None or not form.fields:
            return {}
        offer = Offer(
            case=player.number,
            process=graph.process.id,
            node=node,
            label=graph.label(node),
            kind=WorkKind.TASK,
            form=form,
        )
        choice = self.chooser.choose((offer,), {player.number: graph})
        self.left = 0 if choice.stop else self.left
        return choice.data

    # what can happen

    def _offers(self) -> tuple[Offer, ...]:
        return tuple(
            offer
            for player in self.players
            if player.case.status is CaseStatus.RUNNING
            for offer in (*self._works(player), *self._timers(player))
        )

    def _works(self, player: _Player) -> Iterator[Offer]:
        for id, work in player.case.works.items():
            node = player.graph.node(work.node)
            yield Offer(
                case=player.number,
                process=player.graph.process.id,
                node=work.node,
                label=node.label,
                kind=work.kind,
                work=id,
                role=work.role,
                options=work.options,
                many=work.many,
                note=work.note,
                due=work.due,
                optional=work.kind in (WorkKind.HAPPENED, WorkKind.TIME_UP)
                and node.kind in (NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT),
                expected=self._expected(player, work),
                form=player.graph.form(work.node) if work.kind is WorkKind.TASK else None,
            )

    def _timers(self, player: _Player) -> Iterator[Offer]:
        for id, timer in player.case.timers.items():
            node = player.graph.node(timer.node)
            yield Offer(
                case=player.number,
                process=player.graph.process.id,
                node=timer.node,
                label=node.label,
                kind=None,
                timer=id,
                due=timer.due,
                optional=node.kind in (NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT),
            )

    def _expected(self, player: _Player, work: Work) -> frozenset[str]:
        """What a message from another process of the file may still bring."""
        if work.kind is not WorkKind.HAPPENED:
            return frozenset()
        if player.graph.node(work.node).kind is NodeKind.EVENT_BASED_GATEWAY:
            return frozenset(o.id for o in work.options if self._may_come(player, o.id))
        return frozenset({""}) if self._may_come(player, work.node) else frozenset()

    def _may_come(self, player: _Player, node_id: str) -> bool:
        """Whether somebody else in the file sends to a node and is not over yet."""
        over = {
            other.graph.process.id
            for other in self.players
            if other.case.status is not CaseStatus.RUNNING
        }
        running = {
            other.graph.process.id
            for other in self.players
            if other.case.status is CaseStatus.RUNNING
        }
        names = {
            trigger.name
            for trigger in player.graph.node(node_id).triggers
            if trigger.kind in (EventKind.MESSAGE, EventKind.SIGNAL)
        }
        for process, graph in self.graphs.items():
            if process == player.graph.process.id or (process in over and process not in running):
                continue
            for node in graph.nodes.values():
                if any(send.target == node_id for send in node.sends):
                    return True
                if any(send.flow is None and send.name in names for send in node.sends):
                    return True
        return False

    # what does happen

    def _act(self, offers: tuple[Offer, ...]) -> bool:
        """Do one thing; False if the chooser wants to stop."""
        graphs = {player.number: player.graph for player in self.players}
        choice = self.chooser.choose(offers, graphs)
        if choice.stop:
            return False
        offer = offers[choice.offer]
        player = self.players[offer.case - 1]
        if offer.timer is not None:
            self.now = max(self.now, offer.due or self.now)
            self._tell(player, c.FireTimer(at=self.now, timer=offer.timer))
        elif offer.work is not None:
            command = c.CompleteWork(
                at=self.now, work=offer.work, chosen=choice.chosen, data=choice.data
            )
            self._tell(player, command)
        return True

    def _tell(self, player: _Player, command: c.Command) -> None:
        """Give a case a command, then carry to others what it brings about."""
        self._decide(player, command)
        while self.post:
            sender, event = self.post.popleft()
            self._carry(sender, event)

    def _decide(self, player: _Player, command: c.Command) -> None:
        self.left -= 1
        events = decide(player.graph, player.case, command, KNOWN)
        if isinstance(events, c.Rejected):
            return  # somebody else was faster: an event that came twice, a timer that is gone
        process = player.graph.process.id
        for event in events:
            self.trace.append(Line(case=player.number, process=process, at=self.now, event=event))
            if isinstance(event, e.IncidentRaised):
                self.incidents.append(event.message)
                if event.rule == "run.budget":
                    self.circling = True
            if isinstance(event, _CARRIED):
                self.post.append((player, event))

    def _carry(self, sender: _Player, event: e.Event) -> None:
        match event:
            case e.MessageSent():
                self._send(sender, event)
            case e.SignalThrown():
                self._spread(sender, event)
            case e.CaseCalled():
                caller = (sender.number, event.element)
                called = self._begin(event.process, "call", data=event.data, caller=caller)
                if called is not None:
                    sender.calls[event.element] = called.number
            case e.ElementCancelled() if event.element in sender.calls:
                called = self.players[sender.calls.pop(event.element) - 1]
                if called.case.status is CaseStatus.RUNNING:
                    self._decide(called, c.Cancel(at=self.now, reason="no longer needed"))
            case e.EscalationThrown() if sender.caller is not None:
                number, element = sender.caller
                command = c.Escalate(
                    at=self.now,
                    element=element,
                    code=event.code,
                    name=event.name,
                    data=event.data,
                )
                self._decide(self.players[number - 1], command)
            case e.CaseCompleted() if sender.caller is not None:
                self._finish(sender, event)
            case _:
                pass

    def _finish(self, called: _Player, event: e.CaseCompleted) -> None:
        assert called.caller is not None
        number, element = called.caller
        caller = self.players[number - 1]
        caller.calls.pop(element, None)
        if caller.case.status is CaseStatus.RUNNING:
            command = c.Finish(
                at=self.now,
                element=element,
                data=dict(called.case.data),
                given=called.given,
                error=event.error,
            )
            self._decide(caller, command)

    def _send(self, sender: _Player, sent: e.MessageSent) -> None:
        delivery = route(self.definitions, sent, sender.graph.process.id)
        arrived = Arrived(
            kind=EventKind.MESSAGE, at=self.now, name=sent.name, key=sent.key, data=sent.data
        )
        if delivery.way is Way.START:
            if (given := self._gathered(delivery.process, delivery.node, arrived)) is not None:
                self._begin(delivery.process, "message", delivery.node, given)
        elif delivery.way is Way.DELIVER:
            receiver = self._running(delivery.process)
            if receiver is not None:
                command = c.Deliver(
                    at=self.now,
                    name=sent.name,
                    node=delivery.node,
                    key=sent.key,
                    data=sent.data,
                    sender=sender.graph.name,
                    fill=sent.fill,
                )
                self._decide(receiver, command)
            elif delivery.start is not None and delivery.process in self._unbegun():
                given = self._gathered(delivery.process, delivery.start, arrived)
                if given is not None:
                    self._begin(delivery.process, "message", delivery.start, given)

    def _gathered(self, process: str, node: NodeId | None, arrived: Arrived) -> Data | None:
        """What a case begins with; None while something else must come before it does."""
        graph = self.graphs.get(process)
        if graph is not None and node is not None and gathers(graph, node):
            half, halves = gather(graph, node, 1, self.halves.get(node, ()), arrived)
            self.halves[node] = halves
            if half is None or half in halves:
                return None
            return half.data
        return arrived.data

    def _running(self, process: str) -> _Player | None:
        for player in reversed(self.players):
            if player.graph.process.id == process and player.case.status is CaseStatus.RUNNING:
                return player
        return None

    def _spread(self, sender: _Player, thrown: e.SignalThrown) -> None:
        for player in tuple(self.players):
            if player is not sender and player.case.status is CaseStatus.RUNNING:
                self._decide(player, c.Hear(at=self.now, name=thrown.name, data=thrown.data))
        for process, node in signal_starts(self.definitions, thrown.name):
            kind = EventKind.SIGNAL
            arrived = Arrived(kind=kind, at=self.now, name=thrown.name, data=thrown.data)
            if (given := self._gathered(process, node, arrived)) is not None:
                self._begin(process, "signal", node, given)

    # what comes of it

    def _result(self) -> Rehearsal:
        results = tuple(self._case_result(player) for player in self.players)
        open_ = [result.outcome for result in results if result.outcome not in _ENDED]
        if self.refused:
            outcome = f"refused: {self.refused[0].message}"
        else:
            outcome = open_[0] if open_ else "completed"
        return Rehearsal(
            complete=not self.refused and not open_ and bool(results),
            outcome=outcome,
            cases=results,
            not_started=tuple(self.graphs[process].name for process in self._unstarted()),
            refused=tuple(self.refused),
            silences=tuple(s for graph in self.graphs.values() for s in graph.silences),
            incidents=tuple(self.incidents),
            trace=tuple(self.trace),
            commands=self.steps - self.left,
            ended_at=self.now,
        )

    def _unstarted(self) -> list[str]:
        have = {player.graph.process.id for player in self.players}
        return [process for process in self.graphs if process not in have]

    def _case_result(self, player: _Player) -> CaseResult:
        case = player.case
        outcome = case.status.value
        if case.status is CaseStatus.RUNNING:
            incident = next((w for w in case.works.values() if w.kind is WorkKind.INCIDENT), None)
            if incident is not None:
                outcome = f"incident: {incident.note}"
            else:
                outcome = f"waiting for {self._waiting(player)}"
        return CaseResult(
            case=player.number,
            process=player.graph.process.id,
            name=player.graph.name,
            outcome=outcome,
            begun_by=player.begun_by,
            error=case.error,
        )

    def _waiting(self, player: _Player) -> str:
        labels = [player.graph.label(work.node) for work in player.case.works.values()]
        labels += [player.graph.label(timer.node) for timer in player.case.timers.values()]
        if not labels:
            labels = [player.graph.label(x.node) for x in player.case.elements.values() if x.scope]
        return ", ".join(f"“{label}”" for label in dict.fromkeys(labels)) or "nothing"


_ENDED = ("completed", "cancelled")
_CARRIED = (
    e.MessageSent,
    e.SignalThrown,
    e.CaseCalled,
    e.EscalationThrown,
    e.CaseCompleted,
    e.ElementCancelled,
)
