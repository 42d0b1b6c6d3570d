"""Random processes, random order of work: the engine against an oracle, checked at every step."""

import os
from collections import Counter
from random import Random

import msgspec
import pytest

from genba.engine import commands as c
from genba.engine.graph import Graph
from genba.engine.state import Case
from genba.engine.values import CaseStatus, WorkKind
from tests.engine.drawing import Play, compiled, flows
from tests.simulation.blocks import Draughtsman, Plan

SEEDS = int(os.environ.get("GENBA_SEEDS", "250"))
FIRST = int(os.environ.get("GENBA_FIRST_SEED", "1"))


class Workers:
    """People who answer as planned, in a random order."""

    def __init__(self, play: Play, plan: Plan, chance: Random) -> None:
        self.play, self.plan, self.chance = play, plan, chance
        self.visits: Counter[str] = Counter()
        self.fired: set[str] = set()
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        """Do one of the open works, in a case that was stored and read again."""
        play = self.play
        play.case = msgspec.json.decode(msgspec.json.encode(play.case), type=Case)
        events = [
            id
            for id, work in play.case.works.items()
            if self.plan.fires.get(work.node) and work.element not in self.fired
        ]
        if events:
            id = self.chance.choice(events)
            self.fired.add(play.case.works[id].element)
            self.answer(id)
            return
        works = [id for id, work in play.case.works.items() if work.node not in self.plan.fires]
        assert works, "a case nobody can move"
        self.answer(self.chance.choice(works))

    def answer(self, id: str) -> None:
        """What the plan says to this work."""
        work = self.play.case.works[id]  # type: ignore[index]
        node, chosen, data = work.node, (), {}
        self.visits[f"{work.kind} {node}"] += 1
        if work.kind is WorkKind.TASK:
            self.done[node] += 1
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
        self.play.tell(
            c.CompleteWork(at=self.play.at, work=id, chosen=chosen, data=data)  # type: ignore[arg-type]
        )


def rehearse_seed(seed: int) -> None:
    draughtsman = Draughtsman(seed)
    xml, expected = draughtsman.process()
    workers = Workers(Play(xml), draughtsman.plan, Random(seed))
    for _ in range(5000):
        if workers.play.case.status is not CaseStatus.RUNNING:
            break
        workers.step()
    assert workers.play.ended, f"still open: {workers.play.open}"
    assert workers.done == +expected


def test_random_processes_run_their_tasks_as_often_as_drawn() -> None:
    for seed in range(FIRST, FIRST + SEEDS):
        try:
            rehearse_seed(seed)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong


def tangle(seed: int) -> str:
    """A process without any structure: anything leads anywhere."""
    chance = Random(seed)
    kinds = ("task", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway")
    ids = [f"n{number}" for number in range(chance.randint(3, 8))]
    xml = '<startEvent id="s"/>' + "".join(f'<{chance.choice(kinds)} id="{id}"/>' for id in ids)
    paths = {f"s > {ids[0]}"}
    early = "<activationCondition>= activationCount >= 2</activationCondition></complexGateway>"
    for id in ids:
        xml = xml.replace(f'<complexGateway id="{id}"/>', f'<complexGateway id="{id}">{early}')
        for target in chance.sample(ids, chance.randint(0, 2)):
            if target != id:
                paths.add(f"{id} > {target}")
    return xml + flows(*sorted(paths))


def test_tangles_never_break_and_always_leave_somebody_something_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("genba.engine.step.BUDGET", 60)
    for seed in range(FIRST, FIRST + SEEDS):
        chance = Random(seed)
        try:
            graph: Graph = compiled(tangle(seed))
            play = Play(graph=graph)
            for _ in range(40):
                if play.case.status is not CaseStatus.RUNNING:
                    break
                assert play.case.works, "a case nobody can move"
                id = chance.choice(list(play.case.works))
                work = play.case.works[id]
                options = [option.id for option in work.options]
                count = chance.randint(1, len(options)) if work.many else 1
                chosen = tuple(chance.sample(options, count)) if options else ()
                if work.kind is WorkKind.INCIDENT:
                    chosen = ("go-on",)
                play.tell(c.CompleteWork(at=play.at, work=id, chosen=chosen))
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong
