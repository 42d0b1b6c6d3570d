"""Random processes, a random small edit, a random moment: what an accepted migration keeps."""

from collections import Counter
from copy import deepcopy
from random import Random

import pytest

from genba.changes.mapping import propose
from genba.changes.verdicts import Fate, command, judge
from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.migration import migrate, revert
from genba.engine.replaying import replay
from genba.engine.state import Case, Work, new_case
from genba.engine.values import CaseStatus, WorkKind
from tests.changes.editing import EDITS, renumber
from tests.engine.drawing import AT, check_case, compiled
from tests.simulation.blocks import Draughtsman

STEPS = 3_000


def answer(work: Work, id: str, random: Random) -> c.CompleteWork:
    """Somebody's answer; ends are preferred, so that every case comes to its end."""
    chosen: tuple[str, ...] = ()
    data = {"count": 2} if work.kind is WorkKind.COUNT else {}
    if work.options:
        named = [option.id for option in work.options]
        chosen = ("enough",) if "enough" in named else (random.choice(named),)
    return c.CompleteWork(at=AT, work=id, chosen=chosen, data=data)


def play(graph: Graph, case: Case, steps: int, random: Random) -> list[e.Event]:
    """Do that many steps, or until the end."""
    log: list[e.Event] = []
    for _ in range(steps):
        if case.status is not CaseStatus.RUNNING:
            break
        id = random.choice(list(case.works))
        told = decide(graph, case, answer(case.works[id], id, random))
        assert isinstance(told, tuple), told
        log += told
        check_case(graph, case)
    return log


def begun(graph: Graph, steps: int, random: Random) -> tuple[Case, list[e.Event]]:
    case = new_case("c")
    started = decide(graph, case, c.Start(at=AT, version=1))
    assert isinstance(started, tuple)
    return case, [*started, *play(graph, case, steps, random)]


@pytest.mark.trap("a migration that loses tokens, messages or timers")
@pytest.mark.parametrize("seed", range(240))
def test_an_accepted_migration_loses_nothing_and_can_be_taken_back(seed: int) -> None:
    random = Random(seed)
    body, _ = Draughtsman(seed).process(depth=2)
    edit = EDITS[seed % len(EDITS)]
    changed = edit(body, random)
    if edit is renumber:
        body = __named(body)
    old, new = compiled(body), compiled(changed)
    case, log = begun(old, random.randint(0, 8), random)
    if case.status is not CaseStatus.RUNNING:
        return
    before = deepcopy(case)
    verdict = judge(old, new, case, at=AT, version=2)
    assert case == before, "a preview changes nothing"
    if verdict.fate is Fate.CHOICE:
        chosen = {question.node: question.options[0] for question in verdict.questions}
        verdict = judge(old, new, case, at=AT, version=2, chosen=chosen)
    if verdict.fate is not Fate.FINE:
        assert verdict.reasons or verdict.questions
        return
    told = migrate(old, new, case, command(verdict, at=AT, version=2))
    assert isinstance(told, tuple)
    check_case(new, case)
    graphs = {1: old, 2: new}
    assert replay(lambda _, version, _path: graphs[version], [*log, *told], "c") == case
    _keeps_what_people_have(before, case, verdict.mapping.nodes, told)
    _can_be_taken_back(graphs, before, case, [*log, *told])
    rest = play(new, case, STEPS, random)
    assert case.status is CaseStatus.COMPLETED
    assert not any(isinstance(event, e.IncidentRaised) for event in rest)
    assert replay(lambda _, version, _path: graphs[version], [*log, *told, *rest], "c") == case


def __named(body: str) -> str:
    import re

    return re.sub(r'<task id="(\w+)"/>', r'<task id="\1" name="The \1"/>', body)


def _keeps_what_people_have(
    before: Case, case: Case, nodes: dict[str, str], told: tuple[e.Event, ...]
) -> None:
    tasks = {id: nodes[w.node] for id, w in before.works.items() if w.kind is WorkKind.TASK}
    assert {id: case.works[id].node for id in tasks} == tasks, "ids and places of people's works"
    begun_since = Counter(x.node for x in told if isinstance(x, e.ElementStarted))
    assert not {x for x in begun_since if x in tasks.values()}, "nothing is asked a second time"


def _can_be_taken_back(
    graphs: dict[int, Graph], before: Case, case: Case, log: list[e.Event]
) -> None:
    again = deepcopy(case)
    from genba.engine.application import apply

    back = revert(again, before)
    apply(graphs[1], again, back)
    assert again == before
    check_case(graphs[1], again)
    assert replay(lambda _, version, _path: graphs[version], [*log, back], "c") == before


@pytest.mark.parametrize("seed", range(60))
def test_going_there_and_back_by_the_mapping_is_the_same_case(seed: int) -> None:
    random = Random(seed)
    body, _ = Draughtsman(seed).process(depth=2)
    old, new = compiled(__named(body)), compiled(renumber(body, random))
    case, _ = begun(old, random.randint(0, 6), random)
    verdict = judge(old, new, case, at=AT, version=2)
    if verdict.fate is not Fate.FINE:
        return
    before = deepcopy(case)
    migrate(old, new, case, command(verdict, at=AT, version=2))
    back = judge(new, old, case, at=AT, version=1)
    assert back.fate is Fate.FINE
    migrate(new, old, case, command(back, at=AT, version=1))
    assert _without_counter(case) == _without_counter(before)


def _without_counter(case: Case) -> Case:
    """Subscriptions that go by another name for a while come back with another id."""
    found = deepcopy(case)
    found.counter, found.subscriptions, found.version = 0, {}, 0
    for element in found.elements.values():
        element.open = [item for item in element.open if item[0] != "s"]
    return found


def test_every_node_of_the_same_drawing_is_itself() -> None:
    for seed in range(20):
        graph = compiled(Draughtsman(seed).process()[0])
        mapping = propose(graph, graph)
        assert mapping.nodes == {id: id for id in graph.nodes}
        assert mapping.flows == {id: id for id in graph.flows}
        assert not mapping.gone
        assert not mapping.came
