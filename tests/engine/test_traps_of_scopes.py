"""Traps at the edges of scopes and in their data; and that every trap has its test."""

import ast
from pathlib import Path

import msgspec
import pytest

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.notation import Problem, read_bpmn
from tests.engine.drawing import AT, Play, file_of, flows, process, read, tasks
from tests.engine.traps import TRAPS

HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def test_every_trap_is_a_named_test() -> None:
    assert len(TRAPS) == len(set(TRAPS)) == 20
    assert _marked() == set(TRAPS)


def _marked() -> set[str]:
    """The traps that tests are marked with."""
    return {
        ast.literal_eval(mark.args[0])
        for file in Path(__file__).parent.parent.rglob("test_*.py")
        for test in ast.parse(file.read_text()).body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.trap"
    }


@pytest.mark.trap("two boundaries that interrupt together")
@pytest.mark.parametrize("first", ["inner", "outer"])
def test_two_edges_come_due_together_and_the_outer_one_ends_it(first: str) -> None:
    play = Play(
        '<subProcess id="p1">',
        tasks("a", "mended"),
        f'<boundaryEvent id="inner" attachedToRef="a">{HOUR}</boundaryEvent>',
        flows("inner > mended"),
        "</subProcess>",
        f'<boundaryEvent id="outer" attachedToRef="p1">{HOUR}</boundaryEvent>',
        tasks("late"),
        flows("outer > late"),
    )
    due = AT.replace(hour=AT.hour + 1)
    timers = {timer.node: id for id, timer in play.case.timers.items()}
    play.tell(c.FireTimer(at=due, timer=timers[first]))
    last = timers["outer" if first == "inner" else "inner"]
    if first == "inner":
        play.tell(c.FireTimer(at=due, timer=last))
    else:
        assert play.refuse(c.FireTimer(at=due, timer=last)) == "timer.gone"
    assert play.open == ["late"]
    play.do("late")
    assert play.ended


@pytest.mark.trap("two boundaries that interrupt together")
def test_one_signal_for_two_edges_ends_both_once() -> None:
    heard = '<signalEventDefinition signalRef="sig"/>'
    play = Play(
        '<subProcess id="p1">',
        tasks("a", "mended"),
        f'<boundaryEvent id="inner" attachedToRef="a">{heard}</boundaryEvent>',
        flows("inner > mended"),
        "</subProcess>",
        f'<boundaryEvent id="outer" attachedToRef="p1">{heard}</boundaryEvent>',
        tasks("late"),
        flows("outer > late"),
        head='<signal id="sig" name="S"/>',
    )
    play.tell(c.Hear(at=AT, name="S"))
    assert play.open == ["late"]
    play.do("late")
    assert play.ended


@pytest.mark.trap("a multi-instance list that is written anew each time")
def test_an_instance_writes_its_own_result_only() -> None:
    play = Play(
        '<userTask id="a"><multiInstanceLoopCharacteristics isSequential="true">'
        '<extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item"'
        ' outputCollection="results" outputElement="=item"/></extensionElements>'
        "</multiInstanceLoopCharacteristics></userTask>",
        data={"items": [1000 + item for item in range(300)]},
    )
    written = [len(b"".join(map(msgspec.json.encode, play.do("a")))) for _ in range(299)]
    assert written[-1] < written[1] + 40, (
        "the events of a late instance are as small as of an early"
    )
    play.do("a")
    assert play.case.data["results"] == [1000 + item for item in range(300)]


@pytest.mark.trap("compensation in another order, twice, or with other data")
def test_a_handler_sees_the_data_its_activity_ended_with() -> None:
    assigned = '<zeebe:assignmentDefinition assignee="=string(price)"/>'
    play = Play(
        '<subProcess id="book"><extensionElements><zeebe:ioMapping>'
        '<zeebe:input source="=amount" target="price"/></zeebe:ioMapping></extensionElements>',
        tasks("hotel"),
        '<boundaryEvent id="b" attachedToRef="hotel"><compensateEventDefinition/></boundaryEvent>'
        f'<userTask id="undo" isForCompensation="true"><extensionElements>{assigned}'
        "</extensionElements></userTask>"
        '<association id="l" sourceRef="b" targetRef="undo"/></subProcess>',
        tasks("z"),
        '<endEvent id="t"><compensateEventDefinition/></endEvent>',
        flows("book > z > t"),
        data={"amount": 10},
    )
    play.do("hotel")
    play.do("z", amount=99)
    (work,) = play.case.works.values()
    assert (work.node, work.assignee) == ("undo", "10")


@pytest.mark.trap("branches that overwrite each other's data")
def test_what_branches_write_is_all_there_after_the_join() -> None:
    play = Play(
        '<parallelGateway id="f"/><parallelGateway id="j"/>',
        tasks(*(f"a{number}" for number in range(4)), "z"),
        flows(*(f"f > a{number} > j" for number in range(4)), "j > z"),
        data={"n": 0},
    )
    for number in (2, 0, 3, 1):
        play.do(f"a{number}", **{f"x{number}": number})
    assert play.open == ["z"]
    assert play.case.data == {"n": 0, "x0": 0, "x1": 1, "x2": 2, "x3": 3}


@pytest.mark.trap("branches that overwrite each other's data")
def test_a_called_case_hands_back_what_it_has_written_only() -> None:
    caller = process(
        '<parallelGateway id="f"/><parallelGateway id="j"/>'
        '<callActivity id="c" calledElement="q"/>',
        tasks("a", "z"),
        flows("f > c > j", "f > a > j", "j > z"),
    )
    graph = compile_process(read(caller, process(tasks("i"), id="q")), "p")
    assert isinstance(graph, Graph)
    play = Play(graph=graph, data={"n": 1, "m": 1})
    (called,) = play.calls()
    given = dict(play.case.data)
    play.do("a", n=2)
    play.tell(c.Finish(at=AT, element=called, given=given, data={"n": 1, "m": 5, "k": 1}))
    assert play.case.data == {"n": 2, "m": 5, "k": 1}


@pytest.mark.trap("an element that is ignored in silence")
@pytest.mark.parametrize("what", ["transitionTask", "sequenceFlows", "choreographyTask", "gateway"])
def test_an_element_nobody_knows_is_refused_by_name(what: str) -> None:
    drawn = read_bpmn(file_of(process(f'<{what} id="x"/>', tasks("a"))), "t")
    assert isinstance(drawn, tuple)
    assert any(what in found.message and found.severity == "refused" for found in drawn), drawn


@pytest.mark.trap("an element that is ignored in silence")
def test_an_event_that_is_not_run_is_refused_by_rule() -> None:
    catch = '<intermediateCatchEvent id="c"><terminateEventDefinition/></intermediateCatchEvent>'
    found = compile_process(read(process(tasks("a"), catch, flows("a > c"))), "p")
    assert isinstance(found, tuple)
    assert all(isinstance(problem, Problem) for problem in found)
    assert [problem.rule for problem in found] == ["run.catch-kind"]


@pytest.mark.trap("a join that counts flows in a scope that counts tokens")
def test_two_tokens_on_one_flow_into_a_join_end_with_their_scope() -> None:
    play = Play(
        '<parallelGateway id="f"/><exclusiveGateway id="m"/><parallelGateway id="j"/>',
        tasks("a", "b", "k", "z"),
        flows("f > a > m", "f > b > m", "f > k > j", "m > j > z"),
    )
    play.do("a")
    play.do("b")
    play.do("k")
    assert "z" in play.open
    play.do("z")
    told = [event for event in play.log if isinstance(event, e.IncidentRaised)]
    assert play.ended or told, "the second token is somebody's question, never a case that hangs"
