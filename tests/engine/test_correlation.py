"""Messages told apart by correlation keys and properties, as the standard has it (§8.4.2)."""

from genba.engine import events as e
from genba.engine.collaboration import route
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from tests.engine.drawing import Play, flows, process, read, tasks

KEY = (
    '<collaboration id="co"><correlationKey id="key"><correlationPropertyRef>number'
    "</correlationPropertyRef>{more}</correlationKey></collaboration>"
)
PROPERTY = (
    '<correlationProperty id="{id}" name="{id}"><correlationPropertyRetrievalExpression'
    ' messageRef="paid"><messagePath>{path}</messagePath>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
)
MESSAGE = '<message id="paid" name="Paid"/>'
HEAD = MESSAGE + PROPERTY.format(id="number", path="invoice.number") + KEY.format(more="")


def subscription(**paths: str) -> str:
    """What a process knows the properties of the key by."""
    bound = "".join(
        f'<correlationPropertyBinding correlationPropertyRef="{id}"><dataPath>{path}</dataPath>'
        "</correlationPropertyBinding>"
        for id, path in paths.items()
    )
    return (
        '<correlationSubscription id="cs" correlationKeyRef="key">'
        f"{bound}</correlationSubscription>"
    )


WAITING = '<startEvent id="s"/><receiveTask id="r" messageRef="paid"/>' + tasks("z")
WAITING += flows("s > r > z")


def test_a_message_from_outside_goes_to_the_case_whose_data_it_carries() -> None:
    play = Play(subscription(number="order"), WAITING, head=HEAD, data={"order": "A7"})
    play.deliver("Paid", data={"invoice": {"number": "B8"}})
    assert play.open == ["happened:r"]
    play.deliver("Paid", data={"invoice": {"number": "A7"}})
    assert play.open == ["z"]
    assert [kept.key for kept in play.case.kept.values()] == ["B8"]


def test_all_properties_of_a_key_must_agree() -> None:
    head = MESSAGE + PROPERTY.format(id="number", path="invoice.number")
    head += PROPERTY.format(id="year", path="invoice.year")
    head += KEY.format(more="<correlationPropertyRef>year</correlationPropertyRef>")
    bound = subscription(number="order", year="since")
    play = Play(bound, WAITING, head=head, data={"order": "A7", "since": 2026})
    play.deliver("Paid", data={"invoice": {"number": "A7", "year": 2025}})
    assert play.open == ["happened:r"]
    play.deliver("Paid", data={"invoice": {"number": "A7", "year": 2026}})
    assert play.open == ["z"]


def test_what_a_process_sends_carries_its_key() -> None:
    sends = '<sendTask id="t" messageRef="paid"/>'
    drawn = read(
        process(sends),
        process(subscription(number="order"), WAITING, id="q"),
        head=HEAD,
    )
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph)
    play = Play(graph=graph, data={"invoice": {"number": "A7"}})
    play.do("t")
    (sent,) = (event for event in play.log if isinstance(event, e.MessageSent))
    assert (sent.name, sent.key) == ("Paid", "A7")
    assert route(drawn, sent, "p").process == "q"


def test_without_a_subscription_the_conversation_is_the_key() -> None:
    play = Play(WAITING, head=HEAD)
    play.deliver("Paid", data={"invoice": {"number": "B8"}})
    assert play.open == ["z"]


def test_two_who_wait_for_other_keys_are_told_apart_when_a_message_came_early() -> None:
    body = tasks("a") + '<receiveTask id="r" messageRef="paid"/>' + flows("a > r")
    play = Play(subscription(number="order"), body, head=HEAD, data={"order": "A7"})
    play.deliver("Paid", data={"invoice": {"number": "B8"}})
    play.deliver("Paid", data={"invoice": {"number": "A7"}})
    play.do("a")
    assert play.ended
