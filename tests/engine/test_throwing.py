"""Errors and escalations that come from outside a case, signals, and cycles in a flow."""

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from tests.engine.drawing import Play, flows, process, read, tasks

ERROR = '<error id="er" errorCode="E1" name="broken"/>'
ESCALATION = '<escalation id="es" escalationCode="X" name="late"/>'
END = '<endEvent id="e"><escalationEventDefinition escalationRef="es"/></endEvent>'
CAUGHT = (
    '<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition errorRef="er"/></boundaryEvent>'
)


def failed(play: Play, node: str, code: str) -> tuple[e.Event, ...]:
    return play.tell(c.RaiseError(at=play.at, work=play.work(node), code=code, data={"why": "x"}))


def test_a_task_that_fails_leaves_by_its_error_event() -> None:
    play = Play(tasks("a", "z", "h"), CAUGHT, flows("a > z", "b > h"), head=ERROR)
    failed(play, "a", "E1")
    assert play.open == ["h"]
    assert play.case.data == {"why": "x"}


def test_an_error_nobody_catches_is_somebodys_to_mend() -> None:
    play = Play(tasks("a", "z", "h"), CAUGHT, flows("a > z", "b > h"), head=ERROR)
    failed(play, "a", "E2")
    assert "incident:a" in play.open
    play.do("a", "retry")
    assert play.open == ["happened:b", "a"]


def test_only_a_task_can_fail() -> None:
    play = Play('<exclusiveGateway id="x"/>', tasks("a", "b"), flows("x > a", "x > b"))
    gone = c.RaiseError(at=play.at, work="w99", code="E")
    assert play.refuse(gone) == "work.gone"
    choice = c.RaiseError(at=play.at, work=play.work("x"), code="E")
    assert play.refuse(choice) == "error.no-task"


def test_an_escalation_nobody_catches_is_for_the_caller() -> None:
    play = Play(tasks("a"), END, flows("a > e"), head=ESCALATION)
    told = play.do("a")
    assert e.EscalationThrown(code="X", name="late") in told
    assert play.ended


def called(*, interrupting: bool) -> Play:
    edge = (
        f'<boundaryEvent id="b" attachedToRef="k" cancelActivity="{str(interrupting).lower()}">'
        '<escalationEventDefinition escalationRef="es"/></boundaryEvent>'
    )
    body = '<callActivity id="k" calledElement="q"/>' + edge + tasks("z", "h")
    drawn = read(
        process(body, flows("k > z", "b > h")),
        process(tasks("q1"), END, flows("q1 > e"), id="q", name="Q"),
        head=ESCALATION,
    )
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph)
    return Play(graph=graph)


def waiting_call(play: Play) -> str:
    return next(id for id, element in play.case.elements.items() if element.node == "k")


def test_the_caller_catches_an_escalation_and_goes_on_waiting() -> None:
    play = called(interrupting=False)
    call = waiting_call(play)
    play.tell(c.Escalate(at=play.at, element=call, code="X", name="late"))
    assert play.open == ["h"]
    assert call in play.case.elements
    play.tell(c.Finish(at=play.at, element=call))
    assert play.open == ["h", "z"]


def test_the_caller_catches_an_escalation_and_calls_the_case_off() -> None:
    play = called(interrupting=True)
    call = waiting_call(play)
    told = play.tell(c.Escalate(at=play.at, element=call, code="X", name="late"))
    assert play.open == ["h"]
    assert any(isinstance(event, e.ElementCancelled) and event.node == "k" for event in told)
    again = c.Escalate(at=play.at, element=call, code="X")
    assert play.refuse(again) == "call.gone"


def test_branches_drawn_in_parallel_listen_before_one_of_them_calls() -> None:
    """Whatever their order in the file."""
    throw = '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="sg"/>'
    catch = '<intermediateCatchEvent id="c"><signalEventDefinition signalRef="sg"/>'
    body = (
        '<parallelGateway id="f"/>'
        f"{throw}</intermediateThrowEvent>{catch}</intermediateCatchEvent>" + tasks("y", "z")
    )
    play = Play(body, flows("f > t > y", "f > c > z"), head='<signal id="sg" name="sg"/>')
    assert sorted(play.open) == ["y", "z"]


def cycle(text: str) -> Play:
    timer = f"<timerEventDefinition><timeCycle>{text}</timeCycle></timerEventDefinition>"
    body = f'<startEvent id="s"/><intermediateCatchEvent id="c">{timer}</intermediateCatchEvent>'
    return Play(body, tasks("z"), flows("s > c > z"))


def test_a_cycle_in_a_flow_gives_as_many_tokens_as_it_says() -> None:
    play = cycle("R3/PT1H")
    for turn in (1, 2, 3):
        play.wait(hours=1)
        assert play.open == ["z"] * turn
    assert not play.case.timers
    for _ in range(3):
        play.do("z")
    assert play.ended


def test_a_cycle_without_end_in_a_flow_is_a_delay() -> None:
    play = cycle("R/PT1H")
    play.wait(hours=5)
    assert play.open == ["z"]
    play.do("z")
    assert play.ended
