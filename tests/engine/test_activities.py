"""Activities as drawn (issue table) and by the standard (§10.3)."""

import pytest

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.engine.values import WorkKind
from tests.engine.drawing import AT, Play, compiled, flows, process, read, tasks


def test_a_task_is_asked_of_the_process_when_there_is_no_lane() -> None:
    play = Play(
        '<startEvent id="s"/>', tasks("a", "b"), '<endEvent id="e"/>', flows("s > a > b > e")
    )
    (work,) = play.case.works.values()
    assert (work.kind, work.role, work.silent) == (WorkKind.TASK, "P", False)
    play.do("a")
    play.do("b", answer=42)
    assert play.ended
    assert play.case.data == {"answer": 42}


def test_a_task_is_asked_of_its_lane() -> None:
    play = Play(
        '<laneSet id="ls"><lane id="l" name="Clerks"><flowNodeRef>a</flowNodeRef></lane></laneSet>',
        tasks("a"),
    )
    assert play.case.works[play.work("a")].role == "Clerks"


def test_an_assignment_in_the_drawing_wins() -> None:
    play = Play(
        '<userTask id="a"><extensionElements><zeebe:assignmentDefinition assignee="=owner"'
        ' candidateGroups="sales, support"/></extensionElements></userTask>',
        '<userTask id="b" camunda:assignee="${owner}" camunda:candidateUsers="u1,u2"/>',
        flows("a > b"),
        data={"owner": "kim"},
    )
    work = play.case.works[play.work("a")]
    assert (work.assignee, work.groups) == ("kim", ("sales", "support"))
    play.do("a")
    work = play.case.works[play.work("b")]
    assert (work.assignee, work.users) == ("kim", ("u1", "u2"))


def test_automation_we_do_not_run_is_done_by_a_person_and_said_so() -> None:
    play = Play(
        '<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="send-mail"/>'
        "</extensionElements></serviceTask>"
    )
    assert play.case.works[play.work("a")].note == "send-mail"
    assert [p.rule for p in play.graph.silences] == ["silent.not-connected"]


def test_a_feel_script_is_run() -> None:
    play = Play(
        '<scriptTask id="a"><extensionElements><zeebe:script expression="=n + 1"'
        ' resultVariable="n"/></extensionElements></scriptTask>',
        tasks("b"),
        flows("a > b"),
        data={"n": 1},
    )
    assert play.case.data == {"n": 2}
    assert play.open == ["b"]


@pytest.mark.trap("an expression that stops the engine")
def test_a_script_that_costs_too_much_is_an_incident_that_can_be_mended() -> None:
    play = Play(
        '<scriptTask id="a"><extensionElements><zeebe:script'
        ' expression="=count(for i in 1..n return i)" resultVariable="n"/>'
        "</extensionElements></scriptTask>",
        tasks("b"),
        flows("a > b"),
        data={"n": 1_000_000_000},
    )
    assert play.open == ["incident:a"]
    assert any(isinstance(event, e.IncidentRaised) for event in play.log)
    play.do("a", "retry")
    assert play.open == ["incident:a"]
    play.do("a", "retry", n=3)
    assert play.open == ["b"]


def test_a_collapsed_sub_process_and_an_unknown_call_are_tasks() -> None:
    play = Play('<subProcess id="a"/>', '<callActivity id="b" calledElement="x"/>', flows("a > b"))
    play.do("a")
    play.do("b")
    assert play.ended
    assert [p.rule for p in play.graph.silences] == ["silent.collapsed", "silent.called"]


def test_a_call_waits_for_the_called_case() -> None:
    drawn = read(
        process('<callActivity id="a" calledElement="q"/>', tasks("b"), flows("a > b")),
        process(tasks("x"), id="q"),
    )
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph)
    play = Play(graph=graph, data={"n": 1})
    (called,) = [event for event in play.log if isinstance(event, e.CaseCalled)]
    assert (called.process, called.data) == ("q", {"n": 1})
    assert play.refuse(c.Finish(at=AT, element="nothing")) == "call.gone"
    play.tell(c.Finish(at=AT, element=called.element, data={"n": 2}))
    assert play.open == ["b"]
    assert play.case.data == {"n": 2}
    assert play.refuse(c.Finish(at=AT, element=called.element)) == "call.gone"


def test_mappings_keep_local_data_local() -> None:
    play = Play(
        '<userTask id="a"><extensionElements><zeebe:ioMapping>'
        '<zeebe:input source="=amount * 2" target="shown"/>'
        '<zeebe:output source="=shown + extra" target="total"/>'
        "</zeebe:ioMapping></extensionElements></userTask>",
        tasks("b"),
        flows("a > b"),
        data={"amount": 10},
    )
    play.do("a", extra=5, noise=1)
    assert play.case.data == {"amount": 10, "total": 25}


def test_a_completed_work_is_gone() -> None:
    play = Play(tasks("a", "b"), flows("a > b"))
    work = play.work("a")
    play.do("a")
    assert play.refuse(c.CompleteWork(at=AT, work=work)) == "work.gone"


def test_sending_back_opens_the_last_step_again_for_who_did_it() -> None:
    play = Play(tasks("a", "b"), flows("a > b"))
    play.do("a", by="kim")
    play.tell(c.SendBack(at=AT, work=play.work("b"), reason="figures missing"))
    assert play.open == ["a"]
    assert play.case.works[play.work("a")].assignee == "kim"
    assert play.refuse(c.SendBack(at=AT, work=play.work("a"))) == "back.none"
    play.do("a")
    play.do("b")
    assert play.ended


def test_cancelling_a_case_closes_everything() -> None:
    play = Play(tasks("a", "b"))
    assert play.open == ["a", "b"]
    play.tell(c.Cancel(at=AT, reason="withdrawn"))
    assert not play.case.works
    assert play.refuse(c.SetData(at=AT, data={"x": 1})) == "case.ended"


def test_token_quantities() -> None:
    play = Play(
        '<task id="a" completionQuantity="3"/>',
        '<task id="b" startQuantity="2"/>',
        flows("a > b"),
    )
    play.do("a")
    assert play.open == [
        "b",
        "incident:b",
    ]  # two began it; the third waits for one that cannot come
    play.do("b")
    play.do("b", "go-on")
    play.do("b")
    assert play.ended


def test_an_empty_process_is_refused() -> None:
    drawn = read(process(), process(tasks("a"), id="r"))
    problems = compile_process(drawn, "p")
    assert isinstance(problems, tuple)
    assert problems[0].rule == "run.empty"
    unknown = compile_process(drawn, "q")
    assert isinstance(unknown, tuple)
    assert unknown[0].rule == "run.no-process"


def test_labels_are_the_words_of_the_drawing() -> None:
    graph = compiled('<task id="a" name="Check&#10;it"/>')
    assert graph.label("a") == "Check it"
    assert graph.label("p") == "P"
