"""Rehearsing: who begins, what is carried between cases, who answers."""

import pytest

from genba.engine import events as e
from genba.notation.model import Definitions
from genba.runtime.choosing import Asked, Listed, Seeded, UnknownChoice
from genba.runtime.offers import Choice
from genba.runtime.rehearsal import BEGIN, Rehearsal, rehearse
from tests.engine.drawing import flows, process, read, tasks


def kinds(shown: Rehearsal, kind: type) -> list[object]:
    return [line.event for line in shown.trace if isinstance(line.event, kind)]


def talk() -> Definitions:
    head = (
        '<collaboration id="col"><participant id="pa" name="Buyer" processRef="p"/>'
        '<participant id="pb" name="Seller" processRef="q"/>'
        '<messageFlow id="m1" name="order" sourceRef="a" targetRef="s"/>'
        '<messageFlow id="m2" name="goods" sourceRef="t" targetRef="r"/></collaboration>'
    )
    return read(
        process(tasks("a"), '<receiveTask id="r"/>', flows("a > r")),
        process(
            '<startEvent id="s"><messageEventDefinition/></startEvent>',
            tasks("t"),
            flows("s > t"),
            id="q",
        ),
        head=head,
    )


@pytest.mark.parametrize("seed", range(1, 6))
def test_messages_really_deliver(seed: int) -> None:
    shown = rehearse(talk(), Seeded(seed))
    assert shown.complete
    assert [(case.process, case.begun_by) for case in shown.cases] == [
        ("p", "itself"),
        ("q", "message"),
    ]
    received = [x for x in kinds(shown, e.MessageReceived) if isinstance(x, e.MessageReceived)]
    assert [(x.name, x.node, x.sender) for x in received] == [("goods", "r", "P")]


def test_called_processes_run_as_cases_and_come_back() -> None:
    drawn = read(
        process('<callActivity id="a" calledElement="q"/>', tasks("z"), flows("a > z")),
        process(tasks("b"), id="q"),
    )
    shown = rehearse(drawn, Seeded(1))
    assert [(case.process, case.begun_by, case.outcome) for case in shown.cases] == [
        ("p", "itself", "completed"),
        ("q", "call", "completed"),
    ]


def test_a_called_process_escalates_to_its_caller() -> None:
    late = "<escalationEventDefinition/>"
    edge = f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">{late}</boundaryEvent>'
    drawn = read(
        process('<callActivity id="a" calledElement="q"/>', edge, tasks("h"), flows("b > h")),
        process(tasks("t"), f'<endEvent id="e">{late}</endEvent>', flows("t > e"), id="q"),
    )
    shown = rehearse(drawn, Seeded(1))
    assert shown.complete
    done = [x.node for x in kinds(shown, e.WorkCompleted) if isinstance(x, e.WorkCompleted)]
    assert sorted(done) == ["h", "t"]


def test_time_passes_for_timers() -> None:
    timer = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"
    drawn = read(
        process(
            tasks("a"),
            f'<intermediateCatchEvent id="t">{timer}</intermediateCatchEvent>',
            flows("a > t"),
        )
    )
    shown = rehearse(drawn, Seeded(1))
    assert shown.complete
    assert (shown.ended_at - BEGIN).days == 3


def test_a_signal_reaches_the_other_cases() -> None:
    head = '<signal id="sig" name="S"/>'
    definition = '<signalEventDefinition signalRef="sig"/>'
    drawn = read(
        process(tasks("a"), f'<endEvent id="t">{definition}</endEvent>', flows("a > t")),
        process(f'<startEvent id="s">{definition}</startEvent>', id="q"),
        head=head,
    )
    shown = rehearse(drawn, Seeded(1))
    assert [(case.process, case.begun_by) for case in shown.cases] == [
        ("p", "itself"),
        ("q", "signal"),
    ]


def choosing() -> Definitions:
    return read(
        process(
            '<exclusiveGateway id="x" name="Which?"/>',
            tasks("a", "b"),
            flows("x > a", "x > b"),
        )
    )


def test_choices_from_a_list() -> None:
    shown = rehearse(choosing(), Listed(["b"]))
    assert shown.complete
    done = [x.node for x in kinds(shown, e.ElementCompleted) if isinstance(x, e.ElementCompleted)]
    assert "b" in done
    assert "a" not in done


def test_a_list_that_ends_leaves_the_case_waiting() -> None:
    shown = rehearse(choosing(), Listed([]))
    assert not shown.complete
    assert shown.outcome == "waiting for “Which?”"


def test_a_choice_that_is_not_offered_is_said() -> None:
    with pytest.raises(UnknownChoice, match="Which"):
        rehearse(choosing(), Listed(["maybe"]))


def test_somebody_can_be_asked() -> None:
    asked = []

    def answer(offers: object, graphs: object) -> Choice:
        asked.append(offers)
        return Choice(stop=True)

    shown = rehearse(choosing(), Asked(answer))
    assert len(asked) == 1
    assert not shown.complete


def test_what_cannot_run_is_said() -> None:
    drawn = read(process('<task id="a" startQuantity="0"/>'))
    shown = rehearse(drawn, Seeded(1))
    assert not shown.complete
    assert [problem.rule for problem in shown.refused] == ["run.quantity"]
