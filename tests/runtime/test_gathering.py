"""A start event that waits for all its triggers: kept, matched, begun once, on every store."""

from datetime import timedelta
from typing import Any

import pytest

from genba.engine.commands import Rejected
from genba.engine.gathering import Arrived
from genba.notation.model import EventKind
from genba.runtime import gathering
from genba.runtime.gathering import begin, drop, stream_of, waiting_starts
from genba.runtime.loop import Loop
from genba.runtime.unit import open_unit, read_state

NAMES = '<message id="om" name="order"/><message id="pm" name="payment"/><signal id="g" name="go"/>'
ORDER = '<messageEventDefinition messageRef="om"/>'
PAID = '<messageEventDefinition messageRef="pm"/>'
GO = '<signalEventDefinition signalRef="g"/>'


def trade(draw: Any, *triggers: str) -> bytes:
    """Others that throw one thing each, and a process that begins when all has come."""
    throwers = (
        draw.process(
            id,
            draw.node("startEvent", f"{id}_s"),
            draw.node("endEvent", f"{id}_e", event),
            flows=f"{id}_s>{id}_e",
        )
        for id, event in (("orders", ORDER), ("payments", PAID), ("signals", GO))
    )
    seller = draw.process(
        "seller",
        draw.node("startEvent", "both", "".join(triggers), parallelMultiple="true"),
        draw.node("userTask", "pack"),
        flows="both>pack",
    )
    data: bytes = draw.file(NAMES, *throwers, seller)
    return data


def throw(world: Any, process: str, **data: Any) -> str:
    """A case throws what it throws, and that arrives."""
    case: str = world.start(process, data=data)
    world.loop.drain()
    return case


def waiting(world: Any) -> list[tuple[str, ...]]:
    with world.inst.journal.reading() as reading:
        return [tuple(half.parts) for half in waiting_starts(reading, "seller").get("both", ())]


def test_a_case_begins_when_all_has_come(world: Any, draw: Any) -> None:
    world.deploy(trade(draw, ORDER, GO))
    throw(world, "orders", what="laptop")
    assert (world.cases(process="seller"), waiting(world)) == ([], [("message:order",)])
    world.loop = Loop(world.inst)  # nothing is in memory: a restart loses nothing
    throw(world, "signals")
    (row,) = world.cases(process="seller")
    assert read_state(world.row(row.case)).data == {"what": "laptop"}
    assert (world.nodes(row.case), waiting(world), world.outbox()) == (["pack"], [], [])
    assert world.types(stream_of("seller", "both")) == [
        "start.arrived",
        "start.arrived",
        "start.begun",
    ]


def test_messages_of_different_collaborations_do_not_begin_one_case(world: Any, draw: Any) -> None:
    world.deploy(trade(draw, ORDER, PAID))
    throw(world, "orders")
    throw(world, "payments")
    assert world.cases(process="seller") == []
    assert waiting(world) == [("message:order",), ("message:payment",)]


def tell(world: Any, name: str, kind: EventKind = EventKind.MESSAGE, **more: Any) -> Any:
    with open_unit(world.inst, world.envelope()) as unit:
        return begin(unit, "seller", "both", Arrived(kind=kind, at=unit.now, name=name, **more))


def test_keys_tell_messages_apart(world: Any, draw: Any) -> None:
    world.deploy(trade(draw, ORDER, PAID))
    tell(world, "order", key="1", data={"n": 1})
    tell(world, "order", key="2", data={"n": 2})
    case = tell(world, "payment", key="2", data={"paid": True})
    assert read_state(world.row(case.id)).data == {"n": 2, "paid": True}
    assert waiting(world) == [("message:order",)]


def test_a_key_that_a_message_carries_is_read(world: Any, draw: Any) -> None:
    keyed = (
        '<correlationProperty id="cp"><correlationPropertyRetrievalExpression messageRef="om">'
        "<messagePath>=number</messagePath></correlationPropertyRetrievalExpression>"
        '<correlationPropertyRetrievalExpression messageRef="pm"><messagePath>=ref</messagePath>'
        "</correlationPropertyRetrievalExpression></correlationProperty>"
        '<collaboration id="co"><participant id="pa" processRef="seller"/>'
        '<correlationKey id="ck"><correlationPropertyRef>cp</correlationPropertyRef>'
        "</correlationKey></collaboration>"
    )
    text = trade(draw, ORDER, PAID).decode().replace(NAMES, NAMES + keyed)
    subscribes = (
        '<correlationSubscription correlationKeyRef="ck"><correlationPropertyBinding '
        'correlationPropertyRef="cp"><dataPath>=number</dataPath></correlationPropertyBinding>'
        "</correlationSubscription></process></definitions>"
    )
    world.deploy(text.replace("</process></definitions>", subscribes).encode())
    tell(world, "order", data={"number": 1})
    tell(world, "order", data={"number": 2})
    case = tell(world, "payment", data={"ref": 2})
    assert read_state(world.row(case.id)).data["number"] == 2


def test_what_would_be_too_much_is_refused_and_tried_again(
    world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 1)
    world.deploy(trade(draw, ORDER, PAID))
    tell(world, "order", key="1")
    refused = tell(world, "order", key="2")
    assert isinstance(refused, Rejected)
    assert refused.rule == "start.full"
    throw(world, "payments")
    world.loop.drain()
    assert len(world.cases(process="seller")) == 1, "the rest of one that waits is always taken"
    tell(world, "order", key="1")
    throw(world, "orders")
    (row,) = world.outbox()
    assert (row[0], row[2]) == ("message", 1)
    with open_unit(world.inst, world.envelope()) as unit:
        assert drop(unit, "seller", "both", 1)
        assert not drop(unit, "seller", "both", 7)
    world.clock.advance(timedelta(minutes=1))
    world.loop.drain()
    assert (waiting(world), world.outbox()) == ([("message:order",)], [])


def test_time_may_be_one_of_what_begins_it(world: Any, draw: Any) -> None:
    date = "<timeDate>2026-03-02T10:00:00Z</timeDate>"
    world.deploy(trade(draw, ORDER, draw.timer(date)))
    world.clock.advance(timedelta(hours=2))
    world.loop.drain()
    assert world.cases(process="seller") == []
    throw(world, "orders")
    assert len(world.cases(process="seller")) == 1


def test_a_new_version_goes_on_with_what_has_come(world: Any, draw: Any) -> None:
    world.deploy(trade(draw, ORDER, GO))
    throw(world, "orders", what="laptop")
    world.deploy(trade(draw, GO, ORDER, PAID))
    throw(world, "signals")
    assert [set(parts) for parts in waiting(world)] == [{"message:order", "signal:go"}]
    tell(world, "payment")
    assert [row.version for row in world.cases(process="seller")] == [2]
