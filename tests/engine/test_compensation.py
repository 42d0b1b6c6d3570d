"""Undoing what was done: compensation and cancelled transactions (§10.6)."""

import pytest

from tests.engine.drawing import Play, boundary, flows, tasks


def _booking(throw: str) -> Play:
    handlers = "".join(
        f'<boundaryEvent id="b{id}" attachedToRef="{id}"><compensateEventDefinition/>'
        f'</boundaryEvent><task id="undo_{id}" isForCompensation="true"/>'
        f'<association id="as{id}" sourceRef="b{id}" targetRef="undo_{id}"/>'
        for id in ("hotel", "flight")
    )
    return Play(
        '<subProcess id="book">',
        tasks("hotel", "flight"),
        flows("hotel > flight"),
        handlers,
        "</subProcess>",
        f'<intermediateThrowEvent id="t">{throw}</intermediateThrowEvent>',
        tasks("z"),
        flows("book > t > z"),
    )


@pytest.mark.trap("compensation in another order, twice, or with other data")
def test_compensation_undoes_in_reverse_order_waiting_for_each_handler() -> None:
    play = _booking("<compensateEventDefinition/>")
    play.do("hotel", price=1)
    play.do("flight")
    assert play.open == ["undo_flight"]
    play.do("undo_flight")
    assert play.open == ["undo_hotel"]
    play.do("undo_hotel")
    assert play.open == ["z"]


@pytest.mark.trap("compensation in another order, twice, or with other data")
def test_compensation_of_one_activity_undoes_it_once() -> None:
    handler = (
        '<boundaryEvent id="ba" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<task id="undo" isForCompensation="true"/>'
        '<association id="as" sourceRef="ba" targetRef="undo"/>'
    )
    throw = '<compensateEventDefinition activityRef="a"/>'
    play = Play(
        tasks("a", "z"),
        handler,
        f'<intermediateThrowEvent id="t">{throw}</intermediateThrowEvent>',
        f'<intermediateThrowEvent id="u">{throw}</intermediateThrowEvent>',
        flows("a > t > u > z"),
    )
    play.do("a")
    assert play.open == ["undo"]
    play.do("undo")
    assert play.open == ["z"], "the second throw finds nothing left to undo"


@pytest.mark.trap("compensation in another order, twice, or with other data")
def test_compensation_in_a_loop_undoes_every_round() -> None:
    play = Play(
        '<task id="a"><multiInstanceLoopCharacteristics isSequential="true">'
        "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>",
        '<boundaryEvent id="ba" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<task id="undo" isForCompensation="true"/>'
        '<association id="as" sourceRef="ba" targetRef="undo"/>',
        '<endEvent id="t"><compensateEventDefinition/></endEvent>',
        flows("a > t"),
    )
    for _ in range(3):
        play.do("a")
    for _ in range(3):
        play.do("undo")
    assert play.ended


def test_a_cancelled_transaction_is_undone_before_it_is_left() -> None:
    play = Play(
        '<transaction id="tx">',
        tasks("a", "k"),
        '<parallelGateway id="f"/>'
        '<boundaryEvent id="ba" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<task id="undo" isForCompensation="true"/>'
        '<association id="as" sourceRef="ba" targetRef="undo"/>'
        '<endEvent id="e"><cancelEventDefinition/></endEvent>',
        flows("f > a > e", "f > k"),
        "</transaction>",
        boundary("<cancelEventDefinition/>", host="tx"),
    )
    play.do("a")
    assert play.open == ["undo"], "what still ran is cancelled, what was done is undone"
    play.do("undo")
    assert play.open == ["caught"]


def test_compensation_event_sub_process_undoes_its_scope() -> None:
    play = Play(
        '<subProcess id="book">',
        tasks("hotel"),
        '<boundaryEvent id="bh" attachedToRef="hotel"><compensateEventDefinition/></boundaryEvent>'
        '<task id="undo" isForCompensation="true"/>'
        '<association id="as" sourceRef="bh" targetRef="undo"/>'
        '<subProcess id="esp" triggeredByEvent="true"><startEvent id="es">'
        '<compensateEventDefinition/></startEvent><task id="tell"/>'
        '<intermediateThrowEvent id="th"><compensateEventDefinition/></intermediateThrowEvent>',
        flows("es > tell > th"),
        "</subProcess></subProcess>",
        '<endEvent id="t"><compensateEventDefinition/></endEvent>',
        flows("book > t"),
    )
    play.do("hotel")
    assert play.open == ["tell"]
    play.do("tell")
    assert play.open == ["undo"]
    play.do("undo")
    assert play.ended
