"""Random processes, random order of work: the engine against an oracle, checked at every step."""

import os
from random import Random

import pytest

from genba.engine import commands as c
from genba.engine.graph import Graph
from genba.engine.values import CaseStatus, WorkKind
from tests.engine.drawing import Play, compiled, flows
from tests.simulation.blocks import Draughtsman
from tests.simulation.coverage import Coverage
from tests.simulation.workers import play_rare, play_seed

SEEDS = int(os.environ.get("GENBA_SEEDS", "250"))
FIRST = int(os.environ.get("GENBA_FIRST_SEED", "1"))


def test_random_processes_run_their_tasks_as_often_as_drawn() -> None:
    for seed in range(FIRST, FIRST + SEEDS):
        try:
            play_seed(seed, Draughtsman(seed))
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong


def test_every_element_runs_as_often_as_drawn_and_none_is_left_out() -> None:
    """Each behaviour of the dispatch table, each kind of node, each event in each place."""
    coverage = Coverage()
    for seed in range(FIRST, FIRST + 3 * SEEDS):
        try:
            play_rare(seed, coverage=coverage)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong
    assert coverage.missing() == []


def test_an_element_nobody_draws_would_be_noticed() -> None:
    coverage = Coverage()
    for seed in range(FIRST, FIRST + 20):
        play_seed(seed, Draughtsman(seed), coverage=coverage)
    missing = coverage.missing()
    assert {"behaviour complex", "element transaction", "link at catch"} <= set(missing)


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
                    chosen = ("go-on",) if "go-on" in options else (options[-1],)
                play.tell(c.CompleteWork(at=play.at, work=id, chosen=chosen))
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong
