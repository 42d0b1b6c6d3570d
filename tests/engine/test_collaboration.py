"""Where messages go between the pools of one file."""

from genba.engine.collaboration import Way, route, signal_starts
from genba.engine.events import MessageSent
from genba.engine.values import NodeId
from genba.notation.model import Definitions
from tests.engine.drawing import flows, process, read, tasks

HEAD = (
    '<message id="msg" name="Order"/><signal id="sig" name="Alarm"/>'
    '<collaboration id="col"><participant id="pa" name="Buyer" processRef="p"/>'
    '<participant id="pb" name="Seller" processRef="q"/><participant id="pc" name="Bank"/>'
    '<messageFlow id="m1" sourceRef="a" targetRef="s"/>'
    '<messageFlow id="m2" sourceRef="a" targetRef="r"/>'
    '<messageFlow id="m3" sourceRef="a" targetRef="pc"/>'
    '<messageFlow id="m4" sourceRef="a" targetRef="pb"/></collaboration>'
)


def pools() -> Definitions:
    return read(
        process(tasks("a", "b"), flows("a > b")),
        process(
            '<startEvent id="s"><messageEventDefinition messageRef="msg"/></startEvent>',
            '<receiveTask id="r"/>',
            flows("s > r"),
            id="q",
            name="Selling",
        ),
        process(
            '<startEvent id="s3"><signalEventDefinition signalRef="sig"/></startEvent>',
            id="x",
        ),
        head=HEAD,
    )


def sent(target: str | None, name: str = "Order") -> MessageSent:
    return MessageSent(name=name, node=NodeId("a"), target=target)


def test_to_a_start_event_begins_a_case() -> None:
    found = route(pools(), sent("s"), "p")
    assert (found.way, found.process, found.node) == (Way.START, "q", "s")


def test_to_a_node_is_delivered_there() -> None:
    found = route(pools(), sent("r"), "p")
    assert (found.way, found.process, found.node, found.start) == (Way.DELIVER, "q", "r", "s")


def test_to_a_black_box_leaves_for_the_party() -> None:
    found = route(pools(), sent("pc"), "p")
    assert (found.way, found.party, found.name) == (Way.PARTY, "pc", "Bank")


def test_to_the_edge_of_a_pool_finds_who_receives_or_begins() -> None:
    found = route(pools(), sent("pb"), "p")
    assert (found.way, found.process, found.start) == (Way.DELIVER, "q", "s")


def test_by_name_without_a_flow() -> None:
    found = route(pools(), sent(None), "p")
    assert (found.way, found.process, found.node) == (Way.START, "q", "s")
    assert route(pools(), sent(None, "Nothing"), "p").way is Way.NOWHERE


def test_signals_begin_cases() -> None:
    assert signal_starts(pools(), "Alarm") == (("x", "s3"),)
    assert signal_starts(pools(), "Other") == ()
