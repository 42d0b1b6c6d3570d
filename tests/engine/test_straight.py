"""Going straight is only faster: the same happens, in the same order, as step by step."""

import msgspec
import pytest
from msgspec.structs import replace

from genba.engine import commands as c
from genba.engine import step
from genba.engine.commands import Rejected
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.state import new_case
from tests.engine.drawing import AT, compiled, flows

HANDLER = (
    '<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
    '<scriptTask id="u" isForCompensation="true" scriptFormat="feel"'
    ' camunda:resultVariable="undone"><script>n</script></scriptTask>'
    '<association id="as" sourceRef="b" targetRef="u"/>'
    '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent>'
)


def counting(*ids: str, script: str = "n + 1") -> str:
    return "".join(
        f'<scriptTask id="{id}" scriptFormat="feel" camunda:resultVariable="n">'
        f"<script>{script}</script></scriptTask>"
        for id in ids
    )


DRAWINGS = {
    "sequence": ('<startEvent id="s"/>', counting("a", "b"), flows("s > a > b")),
    "fork": (
        '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/>',
        counting("a", "b", "d", "z"),
        flows("s > f > a > b > j", "f > d > j > z"),
    ),
    "loop": (
        '<startEvent id="s"/><exclusiveGateway id="m"/><exclusiveGateway id="x"/>',
        counting("a", "b"),
        flows("s > m > a > b > x", "x > m : n < 9", "x > z : n >= 9"),
        '<endEvent id="z"/>',
    ),
    "sub-process, many times": (
        '<startEvent id="s"/><subProcess id="sub"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
        '<startEvent id="i"/>',
        counting("a", "b"),
        flows("i > a > b"),
        "</subProcess>",
        counting("z"),
        flows("s > sub > z"),
    ),
    "a script that cannot be": (
        '<startEvent id="s"/>',
        counting("a"),
        counting("b", script="count(for i in 1..40000, j in 1..40000 return 1)"),
        flows("s > a > b"),
    ),
    "undone": (
        '<startEvent id="s"/>',
        counting("a", "d"),
        HANDLER,
        flows("s > a > d > back"),
    ),
}


def outcome(graph: Graph) -> tuple[list[bytes], bytes]:
    case = new_case("c")
    events = decide(graph, case, c.Start(at=AT, data={"n": 0}))
    assert not isinstance(events, Rejected)
    return [msgspec.json.encode(event) for event in events], msgspec.json.encode(case)


@pytest.mark.parametrize("parts", DRAWINGS.values(), ids=DRAWINGS)
@pytest.mark.parametrize("budget", [step.BUDGET, 7, 8, 3, 1])
def test_the_same_happens(
    parts: tuple[str, ...], budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "BUDGET", budget)
    graph = compiled(*parts)
    assert graph.straight
    assert outcome(graph) == outcome(replace(graph, straight={}))


def test_what_is_drawn_around_a_step_is_not_passed_by() -> None:
    parts = ('<startEvent id="s"/>', counting("a", "q", "d"), HANDLER, flows("s > a > q > d"))
    graph = compiled(*parts)
    assert set(graph.straight) == {"s", "q"}
