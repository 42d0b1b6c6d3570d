"""What could not be done outside of a case becomes an incident of it."""

from typing import Any

import pytest

from genba.engine import commands as c
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.engine.values import WorkKind
from tests.engine.drawing import Play, flows, process, read, tasks

CALL = (
    '<startEvent id="s"/>',
    '<callActivity id="call" calledElement="q"/>',
    tasks("after"),
    flows("s > call > after"),
)
TASK = ('<startEvent id="s"/>', tasks("a"), flows("s > a"))


def fail(play: Play, **where: Any) -> None:
    play.tell(c.Fail(at=play.at, rule="outside.failed", message="The server is away.", **where))


def answer(play: Play, chosen: str) -> None:
    (work,) = [id for id, work in play.case.works.items() if work.kind is WorkKind.INCIDENT]
    play.tell(c.CompleteWork(at=play.at, work=work, chosen=(chosen,)))


@pytest.fixture
def calling() -> tuple[Play, str]:
    """A case that waits for a called one, and the element that waits."""
    graph = compile_process(read(process(*CALL), process(tasks("called"), id="q")), "p")
    assert isinstance(graph, Graph)
    play = Play(graph=graph)
    (element,) = [id for id, element in play.case.elements.items() if element.node == "call"]
    fail(play, element=element)
    return play, element


def test_a_call_that_cannot_be_made_goes_on_by_hand(calling: tuple[Play, str]) -> None:
    play, _ = calling
    assert play.open == ["incident:call"]
    assert next(iter(play.case.works.values())).note == "The server is away."
    answer(play, "go-on")
    assert play.open == ["after"]


def test_trying_again_leaves_the_token_where_it_waits(calling: tuple[Play, str]) -> None:
    play, element = calling
    answer(play, "retry")
    assert play.open == []
    assert element in play.case.elements


@pytest.mark.parametrize("chosen", ["retry", "go-on"])
@pytest.mark.parametrize("where", [{"node": "a"}, {}])
def test_what_was_only_sent_is_asked_about_beside_the_case(chosen: str, where: Any) -> None:
    play = Play(*TASK)
    fail(play, **where)
    assert len(play.open) == 2
    answer(play, chosen)
    assert play.open == ["a"]


def test_nobody_is_asked_about_an_ended_case() -> None:
    play = Play(*TASK)
    play.do("a")
    assert play.ended
    assert play.refuse(c.Fail(at=play.at, rule="outside.failed", message="no")) == "case.ended"


def test_a_case_that_ends_takes_the_question_with_it() -> None:
    play = Play(*TASK)
    fail(play)
    play.do("a")
    assert play.ended
    assert play.open == []
