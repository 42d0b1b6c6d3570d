"""Message flows really deliver between the cases of one collaboration, and to outside parties."""

from typing import Any

import pytest

from genba.journal.records import CaseId
from genba.runtime.notices import PartyNotice, read_notice
from genba.runtime.unit import read_state

MESSAGE = '<messageEventDefinition messageRef="{}"/>'


def pools(*pairs: str) -> str:
    """A collaboration: "participant=process" or "participant" alone, and "from>to" flows."""
    parts = []
    for number, pair in enumerate(pairs):
        if ">" in pair:
            source, target = pair.split(">")
            parts.append(
                f'<messageFlow id="m{number}" name="flow {number}" sourceRef="{source}"'
                f' targetRef="{target}"/>'
            )
        else:
            name, _, process = pair.partition("=")
            inside = f' processRef="{process}"' if process else ""
            parts.append(f'<participant id="{name}" name="{name}"{inside}/>')
    return f'<collaboration id="c">{"".join(parts)}</collaboration>'


def trade(draw: Any) -> bytes:
    """A buyer sends an order, which starts a seller, whose offer comes back."""
    data: bytes = draw.file(
        pools("Buyer=buyer", "Seller=seller", "order>begin", "offer>receive"),
        draw.process(
            "buyer",
            draw.node("startEvent", "s"),
            draw.node("intermediateThrowEvent", "order", "<messageEventDefinition/>"),
            draw.node("intermediateCatchEvent", "receive", "<messageEventDefinition/>"),
            draw.node("userTask", "decide"),
            flows="s>order order>receive receive>decide",
        ),
        draw.process(
            "seller",
            draw.node("startEvent", "begin", "<messageEventDefinition/>"),
            draw.node("userTask", "calculate"),
            draw.node("endEvent", "offer", "<messageEventDefinition/>"),
            flows="begin>calculate calculate>offer",
        ),
    )
    return data


def test_a_message_starts_a_case_and_its_answer_comes_back(world: Any, draw: Any) -> None:
    world.deploy(trade(draw))
    buyer = world.start("buyer", data={"what": "3 laptops"})
    other = world.start("buyer")
    world.loop.drain()
    sellers = {row.collaboration: row for row in world.cases(process="seller")}
    assert set(sellers) == {buyer, other}
    seller = sellers[CaseId(buyer)]
    assert read_state(world.row(seller.case)).data == {"what": "3 laptops"}
    world.complete(seller.case, "calculate", data={"price": 900})
    world.loop.drain()
    assert "decide" in world.nodes(buyer)
    assert "decide" not in world.nodes(other)
    assert read_state(world.row(buyer)).data == {"what": "3 laptops", "price": 900}
    assert world.row(seller.case).status == "completed"
    assert world.outbox() == []


def test_versions_of_one_file_talk_to_each_other(world: Any, draw: Any) -> None:
    world.deploy(trade(draw))
    old = world.start("buyer")
    world.deploy(trade(draw).replace(b'name="decide"', b'name="Decide"'))
    world.loop.drain()
    assert [row.version for row in world.cases(process="seller")] == [1]
    assert world.cases(process="seller")[0].collaboration == old


def test_an_outside_party_with_an_address_is_written_to(world: Any, draw: Any) -> None:
    for address, expected in ((None, 0), ("desk@example.org", 1)):
        data = draw.file(
            pools("Us=us", "Customer", "tell>Customer"),
            draw.process(
                "us",
                draw.node("startEvent", "s"),
                draw.node("sendTask", "tell"),
                draw.node("userTask", "after"),
                flows="s>tell tell>after",
            ),
        )
        if address:
            found = b'<participant id="Customer" name="Customer"'
            more = f' xmlns:genba="https://genba.dev/bpmn/1" genba:address="{address}"'
            data = data.replace(found, found + more.encode())
        world.deploy(data)
        case = world.start("us", data={"n": 1})
        if "tell" in world.nodes(case):
            world.complete(case, "tell")
        world.loop.drain()
        with world.inst.journal.reading() as reading:
            rows = [row for row in reading.outbox(CaseId(case)) if row.kind == "party"]
        assert len(rows) == expected
        for row in rows:
            notice = read_notice(row)
            assert isinstance(notice, PartyNotice)
            assert (notice.case, notice.party, notice.address, notice.data) == (
                case,
                "Customer",
                address,
                {"n": 1},
            )
        assert "message.undelivered" not in world.types(case)


def by_name(draw: Any, receiver: str) -> bytes:
    """A thrower and a receiver of the message Offer in different files."""
    message = '<message id="offer" name="Offer"/>'
    event = MESSAGE.format("offer")
    if receiver == "thrower":
        data = draw.file(
            message,
            draw.process(
                "thrower",
                draw.node("startEvent", "s"),
                draw.node("endEvent", "e", event),
                flows="s>e",
            ),
        )
    elif receiver == "catcher":
        data = draw.file(
            message,
            draw.process(
                "catcher",
                draw.node("startEvent", "s"),
                draw.node("intermediateCatchEvent", "wait", event),
                draw.node("userTask", "after"),
                flows="s>wait wait>after",
            ),
        )
    else:
        data = draw.file(
            message,
            draw.process(
                "beginner",
                draw.node("startEvent", "s", event),
                draw.node("userTask", "begin"),
                flows="s>begin",
            ),
        )
    return bytes(data)


def test_a_message_by_name_finds_the_one_who_waits_in_another_file(world: Any, draw: Any) -> None:
    world.deploy(by_name(draw, "thrower"))
    world.deploy(by_name(draw, "catcher"))
    lonely = world.start("thrower")
    world.loop.drain()
    assert world.types(lonely)[-1] == "message.undelivered"
    catcher = world.start("catcher")
    world.start("thrower")
    world.loop.drain()
    assert "after" in world.nodes(catcher)


def test_a_message_by_name_begins_a_process_of_another_file(world: Any, draw: Any) -> None:
    world.deploy(by_name(draw, "thrower"))
    world.deploy(by_name(draw, "beginner"))
    world.start("thrower")
    world.loop.drain()
    assert len(world.cases(process="beginner")) == 1


@pytest.mark.trap("a message that is given twice, lost, or guessed")
def test_between_several_nobody_guesses(world: Any, draw: Any) -> None:
    world.deploy(by_name(draw, "thrower"))
    world.deploy(by_name(draw, "catcher"))
    catchers = [world.start("catcher") for _ in range(2)]
    case = world.start("thrower")
    world.loop.drain()
    assert world.types(case)[-1] == "message.undelivered"
    assert not any("after" in world.nodes(catcher) for catcher in catchers)
    world.loop.drain()
    assert world.types(case).count("message.undelivered") == 1


def test_a_message_for_a_case_that_has_ended_is_told(world: Any, draw: Any) -> None:
    world.deploy(trade(draw))
    buyer = world.start("buyer")
    world.loop.drain()
    from genba.engine.commands import Cancel
    from genba.runtime.unit import open_unit

    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(buyer).command(Cancel(at=unit.now))
    (seller,) = world.cases(process="seller")
    world.complete(seller.case, "calculate")
    world.loop.drain()
    assert world.types(seller.case)[-1] == "message.undelivered"
    assert world.outbox() == []


def edge(draw: Any, start: str) -> bytes:
    """A message to the edge of a pool, twice."""
    data: bytes = draw.file(
        pools("Us=us", "Them=them", "tell>Them", "again>Them"),
        draw.process(
            "us",
            draw.node("startEvent", "s"),
            draw.node("intermediateThrowEvent", "tell", "<messageEventDefinition/>"),
            draw.node("userTask", "think"),
            draw.node("intermediateThrowEvent", "again", "<messageEventDefinition/>"),
            draw.node("endEvent", "e"),
            flows="s>tell tell>think think>again again>e",
        ),
        draw.process("them", start, draw.node("userTask", "work"), flows="begin>work"),
    )
    return data


def test_a_message_to_the_edge_of_a_pool_begins_its_process_once(world: Any, draw: Any) -> None:
    starts = ("", "<messageEventDefinition/>")
    for inside in starts:
        world.deploy(edge(draw, draw.node("startEvent", "begin", inside)))
        us = world.start("us", data={"n": 1})
        world.loop.drain()
        (them,) = world.cases(process="them", collaboration=us)
        assert read_state(world.row(them.case)).data == {"n": 1}
        world.complete(them.case, "work")
        world.complete(us, "think")
        world.loop.drain()
        assert len(world.cases(process="them", collaboration=us)) == 1
        assert world.types(us)[-1] == "message.undelivered"


def test_a_message_to_a_node_inside_begins_no_case(world: Any, draw: Any) -> None:
    """Two pools that each answer the other would begin each other for ever."""
    world.deploy(
        draw.file(
            pools("Buyer=buyer", "Seller=seller", "order>begin", "offer>receive"),
            draw.process(
                "buyer",
                draw.node("startEvent", "s", "<messageEventDefinition/>"),
                draw.node("intermediateThrowEvent", "order", "<messageEventDefinition/>"),
                draw.node("intermediateCatchEvent", "receive", "<messageEventDefinition/>"),
                draw.node("endEvent", "e"),
                flows="s>order order>receive receive>e",
            ),
            draw.process(
                "seller",
                draw.node("startEvent", "begin", "<messageEventDefinition/>"),
                draw.node("endEvent", "offer", "<messageEventDefinition/>"),
                flows="begin>offer",
            ),
        )
    )
    seller = world.start("seller")
    world.loop.drain()
    assert world.cases(process="buyer") == []
    assert world.types(seller)[-1] == "message.undelivered"


@pytest.mark.parametrize("chosen", ["retry", "by-hand", "go-on"])
def test_a_running_sender_is_asked_about_a_message_several_could_take(
    world: Any, draw: Any, chosen: str
) -> None:
    from genba.engine.commands import Cancel, CompleteWork
    from genba.engine.values import WorkId
    from genba.runtime.unit import open_unit

    world.deploy(by_name(draw, "catcher"))
    world.deploy(sending_on(draw))
    catchers = [world.start("catcher") for _ in range(2)]
    case = world.start("teller")
    world.loop.drain()
    (asked,) = [work for work in world.works(case) if work.kind == "incident"]
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(catchers[0]).command(Cancel(at=unit.now))
    with open_unit(world.inst, world.envelope()) as unit:
        done = CompleteWork(at=unit.now, work=WorkId(asked.work), chosen=(chosen,))
        assert isinstance(unit.open(case).command(done), tuple)
    world.loop.drain()
    assert world.nodes(case) == ["think"]
    assert ("after" in world.nodes(catchers[1])) is (chosen == "retry")


def sending_on(draw: Any) -> bytes:
    """A process that throws by name, and goes on."""
    event = '<messageEventDefinition messageRef="m"/>'
    data: bytes = draw.file(
        '<message id="m" name="Offer"/>',
        draw.process(
            "teller",
            draw.node("startEvent", "s"),
            draw.node("intermediateThrowEvent", "tell", event),
            draw.node("userTask", "think"),
            flows="s>tell tell>think",
        ),
    )
    return data
