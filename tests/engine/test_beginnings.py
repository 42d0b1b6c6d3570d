"""Cases that several events begin together, tokens in numbers, default flows, complex gateways."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.engine.collaboration import Way, route
from genba.engine.compilation import compile_process
from genba.engine.events import MessageSent
from genba.engine.gathering import Arrived, Half, gather, gathers
from genba.engine.graph import Graph
from genba.engine.values import NodeId
from genba.notation.model import EventKind
from tests.engine.drawing import Play, flows, process, read, refused, tasks

TWO = "".join(
    f'<intermediateCatchEvent id="{id}"><messageEventDefinition messageRef="{id}m"/>'
    "</intermediateCatchEvent>"
    for id in "ab"
)
HEAD = '<message id="am" name="order"/><message id="bm" name="payment"/>'
GATEWAY = '<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>'
WAYS = flows("g > a > x", "g > b > y")


@pytest.mark.parametrize(("first", "other", "name"), [("a", "b", "payment"), ("b", "a", "order")])
def test_all_events_of_a_parallel_gateway_must_happen(first: str, other: str, name: str) -> None:
    play = Play(GATEWAY, TWO, tasks("x", "y"), WAYS, head=HEAD, node=NodeId(first))
    task = {"a": "x", "b": "y"}
    assert sorted(play.open) == sorted([f"happened:{other}", task[first]])
    play.do(task[first])
    assert not play.ended
    play.deliver(name)
    assert play.open == [task[other]]
    play.do(task[other])
    assert play.ended


def test_an_exclusive_gateway_begins_by_one_event_only() -> None:
    gateway = GATEWAY.replace("Parallel", "Exclusive")
    play = Play(gateway, TWO, tasks("x", "y"), WAYS, head=HEAD, node=NodeId("b"))
    assert play.open == ["y"]
    play.do("y")
    assert play.ended


def test_the_second_message_goes_to_the_case_the_first_began() -> None:
    drawn = read(process(GATEWAY, TWO, tasks("x", "y"), WAYS), head=HEAD)
    sent = MessageSent(name="payment", node=NodeId("elsewhere"))
    to = route(drawn, sent, "other")
    assert (to.way, to.node, to.start) == (Way.DELIVER, "b", "b")


def test_a_parallel_event_gateway_in_the_middle_is_refused() -> None:
    body = GATEWAY + TWO + tasks("s", "x", "y") + flows("s > g") + WAYS
    assert "run.parallel-event-gateway" in {p.rule for p in refused(body, head=HEAD)}


def both_of(*definitions: str) -> Graph:
    """A process that begins when all of these have happened."""
    body = f'<startEvent id="s" parallelMultiple="true">{"".join(definitions)}</startEvent>'
    drawn = read(process(body, tasks("a"), flows("s > a")), head=HEAD + SIGNAL)
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph)
    return graph


SIGNAL = '<signal id="g" name="go"/>'
ORDER, PAID = (f'<messageEventDefinition messageRef="{m}m"/>' for m in "ab")
GO = '<signalEventDefinition signalRef="g"/>'


def arrived(name: str, at: int = 0, **more: Any) -> Arrived:
    kind = EventKind.SIGNAL if name == "go" else EventKind.MESSAGE
    return Arrived(kind=kind, name=name, at=datetime(2026, 1, 5, 9, at, tzinfo=UTC), **more)


def gathered(graph: Graph, *events: Arrived) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """What begins, and what waits in the end: the signs of each."""
    halves: tuple[Half, ...] = ()
    begun = []
    for event in events:
        half, halves = gather(graph, NodeId("s"), 1, halves, event)
        if half is not None and half not in halves:
            begun.append(tuple(half.parts))
    return begun, [tuple(half.parts) for half in halves]


def test_a_start_event_that_needs_all_its_events_waits_for_them() -> None:
    graph = both_of(ORDER, GO)
    assert gathers(graph, "s")
    order, go = "message:order", "signal:go"
    assert gathered(graph, arrived("order")) == ([], [(order,)])
    assert gathered(graph, arrived("go"), arrived("order")) == ([(go, order)], [])
    assert gathered(graph, arrived("order"), arrived("order", 1), arrived("go", 2)) == (
        [(order, go)],
        [(order,)],
    ), "each counts for one case, the one that waits longest"
    assert gathered(graph, arrived("other", place=None, key="k"))[0] == []


def test_messages_of_other_keys_or_collaborations_begin_other_cases() -> None:
    graph = both_of(ORDER, PAID)
    for name in ("key", "together"):
        one, other = {name: "1"}, {name: "2"}
        begun, left = gathered(graph, arrived("order", **one), arrived("payment", 1, **other))
        assert (begun, len(left)) == ([], 2)
        begun, left = gathered(
            graph,
            arrived("order", **one),
            arrived("order", 1, **other),
            arrived("payment", 2, **other),
        )
        assert (begun, left) == ([("message:order", "message:payment")], [("message:order",)])
    assert gathered(graph, arrived("order", key="1"), arrived("payment"))[1] == []


def test_two_triggers_that_are_the_same_must_both_happen() -> None:
    graph = both_of(GO, GO)
    assert gathered(graph, arrived("go")) == ([], [("signal:go",)])
    assert gathered(graph, arrived("go"), arrived("go", 1)) == ([("signal:go", "signal:go#2")], [])


@given(st.lists(st.tuples(st.sampled_from(["order", "go"]), st.sampled_from([None, "1", "2"]))))
def test_nothing_that_arrives_is_lost_or_counted_twice(came: list[tuple[str, str | None]]) -> None:
    graph = both_of(ORDER, GO)
    events = [arrived(name, key=key if name == "order" else None) for name, key in came]
    begun, left = gathered(graph, *events)
    for sign, name in (("message:order", "order"), ("signal:go", "go")):
        counted = sum(parts.count(sign) for parts in (*begun, *left))
        assert counted == sum(event.name == name for event in events)
    assert all(len(parts) == 2 for parts in begun)
    assert len(set(left)) <= 1, "no two that could begin together wait"


def test_a_default_flow_is_taken_beside_one_without_a_condition() -> None:
    """It is the alternative to the conditions, not to everything (§8.4.13)."""
    body = '<task id="a" default="a_d"/>' + tasks("d", "n", "k")
    ways = flows("a > d", "a > n", "a > k : = go")
    play = Play(body, ways, data={"go": False})
    play.do("a")
    assert sorted(play.open) == ["d", "n"]
    play = Play(body, ways, data={"go": True})
    play.do("a")
    assert sorted(play.open) == ["k", "n"]


def test_tokens_in_numbers() -> None:
    body = '<task id="a" completionQuantity="3"/><task id="b" startQuantity="3"/>' + tasks("m")
    play = Play(body, flows("a > m > b"))
    play.do("a")
    assert play.open == ["m"] * 3
    play.do("m")
    play.do("m")
    assert play.open == ["m"]
    play.do("m")
    assert play.open == ["b"]
    play.do("b")
    assert play.ended


def complex_gateway(out: str) -> Play:
    early = "<activationCondition>= activationCount &gt;= 2</activationCondition>"
    body = f'<parallelGateway id="f"/><complexGateway id="j">{early}</complexGateway>'
    body += tasks("a", "b", "k", "z")
    return Play(body, flows("f > a > j", "f > b > j", "f > k > j", out))


def test_a_complex_gateway_goes_on_when_enough_have_come_and_takes_the_rest() -> None:
    play = complex_gateway("j > z")
    play.do("a")
    assert "z" not in play.open
    play.do("b")
    assert sorted(play.open) == ["k", "z"]
    play.do("k")
    assert play.open == ["z"]
    play.do("z")
    assert play.ended


def test_a_complex_gateway_may_go_on_once_more_when_it_waits_anew() -> None:
    """Conditions are read at its start and at its reset (§13.4.5)."""
    early = "<activationCondition>= activationCount &gt;= 1</activationCondition>"
    body = f'<parallelGateway id="f"/><complexGateway id="j">{early}</complexGateway>'
    body += tasks("a", "b", "z", "late")
    ways = flows(
        "f > a > j", "f > b > j", "j > z : = waitingForStart", "j > late : = not(waitingForStart)"
    )
    play = Play(body, ways)
    play.do("a")
    assert sorted(play.open) == ["b", "z"]
    play.do("b")
    assert sorted(play.open) == ["late", "z"]


def test_what_nothing_begins_inside_is_refused() -> None:
    body = f'<subProcess id="p1">{tasks("a", "b")}{flows("a > b", "b > a")}</subProcess>'
    assert [problem.rule for problem in refused(body)] == ["run.no-start-inside"]


def test_a_call_activity_does_the_global_task_it_names() -> None:
    head = '<globalUserTask id="g" name="Sign"/>'
    drawn = read(process('<callActivity id="k" calledElement="g"/>'), head=head)
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph)
    assert not graph.silences
    play = Play(graph=graph)
    assert play.open == ["k"]
    play.do("k")
    assert play.ended
