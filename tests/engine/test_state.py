"""The state of a case: small, plain, and no bigger with age."""

import msgspec

from genba.engine import commands as c
from tests.engine.drawing import AT, Play, flows, tasks

FIVE = ("a", "b", "c", "d", "f")


def test_a_waiting_case_of_five_tasks_is_small() -> None:
    play = Play('<startEvent id="s"/>', tasks(*FIVE), flows("s > " + " > ".join(FIVE)))
    play.do("a", amount=1200, reason="a new drill", by="kim")
    assert len(msgspec.json.encode(play.case)) < 2048


def test_nothing_grows_with_the_age_of_a_loop() -> None:
    play = Play(
        '<startEvent id="s"/><exclusiveGateway id="m"/><exclusiveGateway id="x"/>',
        tasks("a", "z"),
        '<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><messageEventDefinition/>'
        "</boundaryEvent>",
        flows("s > m > a > x", "x > m", "x > z"),
    )
    sizes = []
    for _ in range(40):
        play.do("a")
        play.do("x", "x_m")
        sizes.append(len(play.case.elements) + len(play.case.works) + len(play.case.subscriptions))
    assert len(set(sizes)) == 1
    assert len(msgspec.json.encode(play.case)) < 1024


def test_the_same_commands_give_the_same_bytes() -> None:
    def state() -> bytes:
        play = Play(tasks("a", "b"), flows("a > b"))
        play.do("a", n=1)
        play.tell(c.AssignWork(at=AT, work=play.work("b"), to="kim"))
        return msgspec.json.encode([play.case, play.log])

    assert state() == state()
