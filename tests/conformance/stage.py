"""The cases of one conformance run: who does the tasks, carries messages and lets time pass.

Rules of this file: it does what a person, an automation or the runtime would do, and no more: it
completes tasks as their body says, picks each activity of an ad-hoc sub-process once, carries what
leaves a case to where the engine's routing sends it, and fires the timer that is due first. A
question the engine asks because a drawing is silent is never answered: that would be deciding.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec import Struct

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.collaboration import Way, route, signal_starts
from genba.engine.decision import decide
from genba.engine.graph import Datum, Graph, GraphNode
from genba.engine.state import Case, Work, new_case
from genba.engine.values import CaseStatus, Data, ElementId, NodeId, WorkId, WorkKind
from genba.engine.variables import context
from genba.notation.model import Definitions, ImplementationKind

_BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_STEPS = 1_000  # commands in all: no model of the suite comes near
# Incidents in which the execution failed; a token that waits for ever is not an exception.
_FAILED = ("run.no-way", "run.error", "run.expression", "run.budget")


class Player(Struct):
    """One case on the stage."""

    graph: Graph
    case: Case
    caller: tuple["Player", ElementId] | None = None
    picked: set[tuple[ElementId, str]] = set()


class Stage:
    """Every case of one file, and what they have said so far (`trace`)."""

    def __init__(self, definitions: Definitions, graphs: Mapping[str, Graph]) -> None:
        self.definitions = definitions
        self.graphs = graphs
        self.now = _BEGIN
        self.left = _STEPS
        self.players: list[Player] = []
        self.trace: list[str] = []

    def begin(
        self,
        process: str,
        *,
        node: NodeId | None = None,
        data: Data | None = None,
        caller: tuple[Player, ElementId] | None = None,
    ) -> None:
        """Begin a case of a process."""
        player = Player(self.graphs[process], new_case(str(len(self.players))), caller)
        self.players.append(player)
        self.tell(player, c.Start(at=self.now, node=node, data=data or {}))

    def run(self) -> None:
        """Do all works; when there are none, pass to the next timer; until all is quiet."""
        while self.left > 0 and (self._work() or self._pass_time()):
            pass

    def tell(self, player: Player, command: c.Command) -> None:
        """Give a case a command, then carry to others what it brings about."""
        self.left -= 1
        events = decide(player.graph, player.case, command)
        if isinstance(events, c.Rejected):
            return  # what it was about is gone meanwhile
        for event in events:
            carry = _CARRY.get(type(event))
            if carry is not None:
                carry(self, player, event)

    # people and automation

    def _work(self) -> bool:
        for player in self._running():
            for id, work in player.case.works.items():
                if work.kind is WorkKind.TASK:
                    self._do(player, id, work)
                    return True
                if work.kind is WorkKind.PICK and self._pick(player, id, work):
                    return True
        return False

    def _do(self, player: Player, id: WorkId, work: Work) -> None:
        node = player.graph.node(work.node)
        drawn = node.does.implementation
        written = drawn is not None and drawn.kind is ImplementationKind.SCRIPT
        body = drawn.name.strip() if drawn is not None and written else ""
        if body == "THROW_ERROR":
            self.tell(player, c.RaiseError(at=self.now, work=id, code="ERR_CODE"))
            return
        given = _perform(self.trace, body, node, dict(context(player.case, work.element)))
        self.tell(player, c.CompleteWork(at=self.now, work=id, data=given))

    def _pick(self, player: Player, id: WorkId, work: Work) -> bool:
        """Each activity once; then it is enough, as soon as nothing of it is being done."""
        left = [o.id for o in work.options if (work.element, o.id) not in player.picked]
        left = [option for option in left if option != "enough"]
        if not left and player.case.elements[work.element].children:
            return False
        chosen = left[0] if left else "enough"
        player.picked.add((work.element, chosen))
        self.tell(player, c.CompleteWork(at=self.now, work=id, chosen=(chosen,)))
        return True

    # time

    def _pass_time(self) -> bool:
        due = [
            (timer.due, place, key)
            for place, player in enumerate(self.players)
            if player.case.status is CaseStatus.RUNNING
            for key, timer in player.case.timers.items()
        ]
        if not due:
            return False
        instant, place, key = min(due)
        self.now = max(self.now, instant)
        self.tell(self.players[place], c.FireTimer(at=self.now, timer=key))
        return True

    # what leaves a case

    def _running(self) -> list[Player]:
        return [player for player in self.players if player.case.status is CaseStatus.RUNNING]

    def _send(self, sender: Player, sent: e.MessageSent) -> None:
        to = route(self.definitions, sent, sender.graph.process.id)
        if to.way is Way.START:
            self.begin(to.process, node=to.node, data=dict(sent.data))
        elif to.way is Way.DELIVER:
            receiver = next((p for p in self._running() if p.graph.process.id == to.process), None)
            if receiver is not None:
                message = c.Deliver(
                    at=self.now, name=sent.name, node=to.node, key=sent.key, data=sent.data
                )
                self.tell(receiver, message)

    def _spread(self, thrower: Player, thrown: e.SignalThrown) -> None:
        for player in self._running():
            if player is not thrower:
                self.tell(player, c.Hear(at=self.now, name=thrown.name, data=thrown.data))
        for process, node in signal_starts(self.definitions, thrown.name):
            self.begin(process, node=node, data=dict(thrown.data))

    def _call(self, caller: Player, called: e.CaseCalled) -> None:
        self.begin(called.process, data=dict(called.data), caller=(caller, called.element))

    def _escalate(self, player: Player, thrown: e.EscalationThrown) -> None:
        if player.caller is not None:
            caller, element = player.caller
            command = c.Escalate(
                at=self.now, element=element, code=thrown.code, name=thrown.name, data=thrown.data
            )
            self.tell(caller, command)

    def _drop(self, caller: Player, cancelled: e.ElementCancelled) -> None:
        for player in self._running():
            above, element = player.caller or (None, "")
            if above is caller and element == cancelled.element:
                self.tell(player, c.Cancel(at=self.now))

    def _end(self, player: Player, ended: e.CaseCompleted) -> None:
        if player.caller is not None:
            caller, element = player.caller
            data = dict(player.case.data)
            self.tell(caller, c.Finish(at=self.now, element=element, data=data, error=ended.error))

    def _fail(self, player: Player, incident: e.IncidentRaised) -> None:
        if incident.rule in _FAILED:
            self.trace.append("RuntimeException")


_CARRY: dict[type[e.Event], Callable[..., None]] = {
    e.MessageSent: Stage._send,
    e.SignalThrown: Stage._spread,
    e.CaseCalled: Stage._call,
    e.EscalationThrown: Stage._escalate,
    e.ElementCancelled: Stage._drop,
    e.CaseCompleted: Stage._end,
    e.IncidentRaised: Stage._fail,
}


def _perform(trace: list[str], body: str, node: GraphNode, seen: Data) -> Data:
    """Do what the body of a task says: note it in the trace, hand back the data it gives."""
    if body.startswith("SCRIPT_"):
        trace.append(body)
    elif body == "CREATE_MARKER_FILE":
        trace.append("MarkerExists")
    elif body.startswith("INCREMENT_INTEGER_VARIABLE"):
        if body.endswith("_AND_LOG"):
            trace.append("Increment")
        return {"integerVariable": seen["integerVariable"] + 1}
    elif body == "SET_STRING_DATA":
        names = [source.name for _, source in node.outputs if isinstance(source, Datum)]
        return dict.fromkeys(names or ["data"], "String")
    elif body == "LOG_DATA":
        names = [target for target, _ in node.inputs] or ["data"]
        trace.append("DataCorrect" if all(seen.get(n) == "String" for n in names) else "DataWrong")
    else:
        assert body in ("", "CREATE_LOG_FILE"), body
    return {}
