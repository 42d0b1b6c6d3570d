"""What the instances of a multi-instance activity throw, and how often there are any (§10.3.8)."""

import pytest

from genba.engine import commands as c
from genba.engine import events as e
from tests.engine.drawing import Play, flows, refused, tasks

HEAD = '<signal id="sg" name="sg"/><signalEventDefinition id="said" signalRef="sg"/>'
EDGE = (
    '<boundaryEvent id="b" attachedToRef="a"><signalEventDefinition{ref}/></boundaryEvent>'
    '<task id="z"/><task id="h"/>'
)
NAMED = EDGE.format(ref=' signalRef="sg"')


def many(attributes: str, inside: str = "", *, count: str = "3") -> str:
    return (
        f'<task id="a"><multiInstanceLoopCharacteristics {attributes}>'
        f"<loopCardinality>{count}</loopCardinality>{inside}"
        "</multiInstanceLoopCharacteristics></task>"
    )


def test_none_throws_for_each_instance() -> None:
    body = many('isSequential="true" behavior="None" noneBehaviorEventRef="said"')
    play = Play(body, NAMED, flows("a > z", "b > h"), head=HEAD)
    for done in (1, 2, 3):
        play.do("a")
        assert play.open.count("h") == done
    assert play.open.count("z") == 1


def test_one_throws_for_the_first_and_the_others_go_on() -> None:
    body = many('behavior="One" oneBehaviorEventRef="said"')
    play = Play(body, NAMED, flows("a > z", "b > h"), head=HEAD)
    for _ in range(3):
        play.do("a")
    assert sorted(play.open) == ["h", "z"]


def test_all_never_throws() -> None:
    play = Play(many('behavior="All"'), NAMED, flows("a > z", "b > h"), head=HEAD)
    for _ in range(3):
        play.do("a")
    assert play.open == ["z"]


def test_complex_throws_and_ends_the_rest_when_its_condition_holds() -> None:
    rule = (
        "<complexBehaviorDefinition><condition>= numberOfCompletedInstances &gt;= 2</condition>"
        '<event id="t"><signalEventDefinition signalRef="sg"/></event></complexBehaviorDefinition>'
    )
    body = many('behavior="Complex"', rule, count="5")
    play = Play(body, NAMED, flows("a > z", "b > h"), head=HEAD)
    play.do("a")
    assert play.open.count("a") == 4
    told = play.do("a")
    assert sorted(play.open) == ["h", "z"]
    assert sum(isinstance(event, e.SignalThrown) for event in told) == 1


def test_a_signal_nobody_named_is_heard_at_the_boundary_only() -> None:
    body = many('isSequential="true" behavior="One"')
    play = Play(body, EDGE.format(ref=""), flows("a > z", "b > h"))
    told = play.do("a")
    assert sorted(play.open) == ["a", "h", "happened:b"]
    assert not any(isinstance(event, e.SignalThrown) for event in told)


def test_an_error_of_an_instance_ends_all_of_them() -> None:
    head = '<error id="er" errorCode="E1"/><errorEventDefinition id="bad" errorRef="er"/>'
    edge = '<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent>'
    body = many('behavior="None" noneBehaviorEventRef="bad"')
    play = Play(body, edge, tasks("z", "h"), flows("a > z", "b > h"), head=head)
    play.do("a")
    assert play.open == ["h"]


@pytest.mark.parametrize(
    "body",
    [
        many("", count="-1"),
        '<task id="a"><standardLoopCharacteristics loopMaximum="-2"/></task>',
    ],
)
def test_less_than_never_is_refused(body: str) -> None:
    assert [problem.rule for problem in refused(body)] == ["run.times"]


def test_data_that_says_less_than_never_is_somebodys_to_mend() -> None:
    play = Play(many("", count="= n"), tasks("z"), flows("a > z"), data={"n": -2})
    assert play.open == ["incident:a"]
    play.do("a", "retry", n=1)
    assert play.open == ["a"]


def test_what_cannot_be_caught_is_refused() -> None:
    head = '<terminateEventDefinition id="t"/>'
    body = many('behavior="None" noneBehaviorEventRef="t"')
    assert [p.rule for p in refused(body, head=head)] == ["run.multi-instance-event"]
    unknown = many('behavior="Some"')
    assert [p.rule for p in refused(unknown)] == ["run.multi-instance-behavior"]


def test_instances_that_are_cancelled_throw_nothing() -> None:
    body = many('behavior="None" noneBehaviorEventRef="said"')
    play = Play(body, NAMED, flows("a > z", "b > h"), head=HEAD)
    told = play.tell(c.Cancel(at=play.at, reason="no"))
    assert not any(isinstance(event, e.SignalThrown) for event in told)
