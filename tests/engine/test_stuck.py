"""Every place where a case gets stuck: somebody is asked, and every answer goes on."""

from pathlib import Path
from typing import Any

import pytest

from genba.decisions import compile_decisions, imply_inputs
from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.engine.incidents import BY_HAND, GO_ON, PLACES, RETRY
from genba.engine.mending import MENDS
from genba.engine.ruling import rule_of
from genba.engine.values import WorkKind
from genba.notation.dmn import Definitions, read_dmn
from tests.engine.drawing import Play, process, read, tasks
from tests.engine.stuck import STUCK, TABLE, Stuck

EVERY = [(rule, answer) for rule, stuck in STUCK.items() for answer in stuck.after]


@pytest.fixture(autouse=True)
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genba.engine.step.BUDGET", 60)


def graph_of(stuck: Stuck) -> Graph:
    drawn = read(process(*stuck.body), process(tasks("called"), id="q"), head=stuck.head)
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph), graph
    if not stuck.rules:
        return graph
    definitions = read_dmn(TABLE, "m.dmn")
    assert isinstance(definitions, Definitions)
    whole = imply_inputs(definitions)
    rule = rule_of(whole, compile_decisions(whole), "Discount", 1)
    assert rule is not None
    return graph.with_rules({"a": rule})


def played(stuck: Stuck) -> Play:
    play = Play(graph=graph_of(stuck), data=dict(stuck.bad))
    for prod in stuck.prods:
        command = prod(play.case, play.at)
        play.at = max(play.at, command.at)
        play.tell(command)
    return play


def incidents(play: Play) -> list[Any]:
    return [work for work in play.case.works.values() if work.kind is WorkKind.INCIDENT]


def test_every_place_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "incidents.md").read_text()
    for place in PLACES.values():
        assert f"| `{place.rule}` |" in page


def answered(play: Play, answer: str, data: dict[str, Any]) -> c.CompleteWork:
    (id,) = [id for id, work in play.case.works.items() if work.kind is WorkKind.INCIDENT]
    return c.CompleteWork(at=play.at, work=id, chosen=(answer,), data=dict(data))


def test_every_place_is_shown_here_and_can_be_mended() -> None:
    assert set(STUCK) == set(PLACES)
    assert set(PLACES) <= set(MENDS)


@pytest.mark.parametrize("rule", STUCK)
def test_somebody_is_asked(rule: str) -> None:
    stuck = STUCK[rule]
    play = played(stuck)
    (work,) = incidents(play)
    assert (work.rule, work.node) == (rule, stuck.node or work.node)
    assert work.note
    assert [x.rule for x in play.log if isinstance(x, e.IncidentRaised)] == [rule]
    offered = {option.id for option in work.options}
    assert offered == set(stuck.after)
    assert RETRY in offered
    assert len(offered) >= 3, "try again, by hand or a way, and without it or another way"


@pytest.mark.parametrize(("rule", "answer"), EVERY)
def test_every_answer_goes_on(rule: str, answer: str) -> None:
    stuck = STUCK[rule]
    play = played(stuck)
    data = stuck.mends if answer in (RETRY, BY_HAND) else {}
    play.tell(answered(play, answer, data))
    left = [f"incident:{stuck.node}" if o.startswith("incident:") else o for o in play.open]
    assert sorted(left) == sorted(stuck.after[answer])
    if not stuck.after[answer]:
        assert play.ended or play.case.timers or play.calls()


@pytest.mark.parametrize(
    "rule",
    sorted(set(STUCK) - {"run.error", "outside.failed", "outside.unserved", "outside.nowhere"}),
)
def test_trying_again_with_nothing_changed_asks_again(rule: str) -> None:
    stuck = STUCK[rule]
    play = played(stuck)
    (work,) = incidents(play)
    play.tell(answered(play, RETRY, {}))
    (again,) = incidents(play)
    rules = (rule, "run.border") if rule == "run.cycle" else (rule,)  # it is listened for anew
    assert again.rule in rules
    assert (again.node, again.given) == (stuck.node or again.node, work.given)


def test_what_was_only_missing_is_no_incident() -> None:
    play = Play(*STUCK["run.input"].body)
    assert play.open == ["a"]


def test_a_condition_that_is_clear_again_takes_its_question_with_it() -> None:
    stuck = STUCK["run.event"]
    play = played(stuck)
    play.tell(c.SetData(at=play.at, data={"n": 0}))
    assert incidents(play) == []
    play.tell(c.SetData(at=play.at, data={"n": 2}))
    assert play.open == ["z"]


def test_by_hand_is_what_came_of_it() -> None:
    play = played(STUCK["run.output"])
    play.do("a", BY_HAND, m=7)
    assert play.case.data["m"] == 7
    assert GO_ON in STUCK["run.output"].after
