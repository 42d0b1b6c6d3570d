"""Who plays a random process: people who answer as planned, in a random order, and time."""

from collections import Counter
from datetime import datetime
from random import Random
from typing import Protocol

from genba.engine import commands as c
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.engine.state import Case, Work
from genba.engine.values import CaseStatus, ElementId, WorkId, WorkKind
from tests.engine.drawing import Play, process, read
from tests.simulation.blocks import Draughtsman, Plan
from tests.simulation.books import Bookkeeper
from tests.simulation.coverage import Coverage
from tests.simulation.rarities import CALLED, HEAD

STEPS = 5_000  # commands for one process


class Played(Protocol):
    """One case, wherever it is kept, and time."""

    @property
    def case(self) -> Case: ...

    @property
    def at(self) -> datetime: ...

    def restore(self) -> None: ...

    def calls(self) -> list[ElementId]: ...

    def tell(self, command: c.Command) -> object: ...

    def wait(self, **span: float) -> object: ...


class Workers:
    """People who answer as planned, in a random order."""

    def __init__(self, play: Played, plan: Plan, chance: Random) -> None:
        self.play, self.plan, self.chance = play, plan, chance
        self.visits: Counter[str] = Counter()
        self.fired: set[str] = set()
        self.picked: set[tuple[ElementId, str]] = set()
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        """Do one of the open works, in a case that was stored and read again."""
        play = self.play
        play.restore()
        case = play.case
        events = [
            id
            for id, work in case.works.items()
            if self.plan.fires.get(work.node) and work.element not in self.fired
        ]
        if events:
            id = self.chance.choice(events)
            self.fired.add(case.works[id].element)
            self.answer(id)
            return
        works = [id for id in case.works if self.is_ready(id, case)]
        calls = self.play.calls()
        if calls and (not works or self.chance.random() < 0.5):
            self.play.tell(c.Finish(at=self.play.at, element=self.chance.choice(calls)))
            return
        if case.timers and (not works or self.chance.random() < 0.3):
            play.wait(hours=1)
            return
        assert works, "a case nobody can move"
        self.answer(self.chance.choice(works))

    def is_ready(self, id: WorkId, case: Case) -> bool:
        """Whether a work may be done now: not what is thrown from inside, nor an early end."""
        work = case.works[id]
        if work.kind is not WorkKind.PICK:
            return work.node not in self.plan.fires
        return bool(self.left(id, work)) or not case.elements[work.element].children

    def left(self, id: WorkId, work: Work) -> list[str]:
        """What of an ad-hoc sub-process has not been picked."""
        options = [option.id for option in work.options if option.id != "enough"]
        return [option for option in options if (work.element, option) not in self.picked]

    def answer(self, id: WorkId) -> None:
        """What the plan says to this work."""
        work = self.play.case.works[id]
        node = work.node
        chosen: tuple[str, ...] = ()
        data: dict[str, int] = {}
        self.visits[f"{work.kind} {node}"] += 1
        if work.kind is WorkKind.TASK:
            self.done[node] += 1
        elif work.kind is WorkKind.PICK:
            chosen = (self.chance.choice(self.left(id, work) or ["enough"]),)
            self.picked.add((work.element, chosen[0]))
        elif work.kind is WorkKind.COUNT:
            data = {"count": self.plan.counts[node]}
        elif work.kind is WorkKind.REPEAT:
            again = self.visits[f"{work.kind} {node}"] % self.plan.rounds[node]
            chosen = ("again",) if again else ("enough",)
        elif node in self.plan.rounds:
            again = self.visits[f"{work.kind} {node}"] % self.plan.rounds[node]
            chosen = (self.plan.ways[node][0 if again else 1],)
        else:
            chosen = self.plan.ways.get(node, ())
            if not chosen and work.kind in (WorkKind.HAPPENED, WorkKind.TIME_UP):
                chosen = tuple(option.id for option in work.options[:1])
        self.play.tell(c.CompleteWork(at=self.play.at, work=id, chosen=chosen, data=data))


def play_seed(
    seed: int, draughtsman: Draughtsman, depth: int = 3, coverage: Coverage | None = None
) -> int:
    """Play one random process; how many commands that took.

    Raises AssertionError for whatever differs from the oracle or breaks a promise.
    """
    xml, expected = draughtsman.process(depth)
    play = Play(graph=drawn(xml), node=getattr(draughtsman, "start", None))
    workers = Workers(play, draughtsman.plan, Random(seed))
    number = 0
    while number < STEPS:
        if play.case.status is not CaseStatus.RUNNING:
            break
        workers.step()
        number += 1
    assert play.ended, f"still open: {play.open}"
    assert workers.done == +expected, f"{workers.done - expected} {expected - workers.done}"
    if coverage is not None:
        coverage.note(play.graph, play.log)
        coverage.see(xml)
    return number


def drawn(xml: str) -> Graph:
    """The process of a random drawing, beside one that it may call."""
    graph = compile_process(read(process(xml), CALLED, head=HEAD), "p")
    assert isinstance(graph, Graph), graph
    return graph


def play_rare(seed: int, depth: int = 3, coverage: Coverage | None = None) -> int:
    """The same with every element."""
    return play_seed(seed, Bookkeeper(seed), depth, coverage)
