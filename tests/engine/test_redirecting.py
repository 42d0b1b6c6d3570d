"""A case that goes another way: ended, begun, waiting for less."""

from genba.engine import commands as c
from genba.engine.values import ElementId, FlowId, NodeId
from tests.engine.drawing import Play, flows, tasks

FORK = (
    '<startEvent id="s"/><endEvent id="e"/><parallelGateway id="f"/><parallelGateway id="j"/>'
    + tasks("a", "b", "c")
    + flows("s > f", "f > a > j", "f > b > j", "j > c > e")
)


def element(play: Play, node: str) -> ElementId:
    return next(id for id, one in play.case.elements.items() if one.node == node)


def test_a_step_is_left_for_another() -> None:
    play = Play('<startEvent id="s"/>', tasks("a", "b", "c"), flows("s > a > b > c"))
    begin = c.Entry(node=NodeId("c"), scope=play.case.root, to="7")
    play.tell(c.Redirect(at=play.at, cancel=(element(play, "a"),), begin=(begin,)))
    assert play.open == ["c"]
    assert play.case.works[play.work("c")].assignee == "7"  # type: ignore[index]


def test_a_branch_that_is_stopped_leaves_its_token_where_it_is_waited_for() -> None:
    play = Play(FORK)
    token = c.Token(flow=FlowId("a_j"), scope=play.case.root)
    play.tell(c.Redirect(at=play.at, cancel=(element(play, "a"),), put=(token,)))
    play.do("b")
    assert play.open == ["c"]


def test_a_token_that_waits_is_taken_back() -> None:
    play = Play(FORK)
    play.do("a")
    token = c.Token(flow=FlowId("a_j"), scope=play.case.root)
    begin = c.Entry(node=NodeId("a"), scope=play.case.root)
    play.tell(c.Redirect(at=play.at, clear=(token,), begin=(begin,)))
    assert sorted(play.open) == ["a", "b"]
    play.do("a")
    play.do("b")
    assert play.open == ["c"]


def test_a_scope_in_which_nothing_is_left_ends() -> None:
    play = Play(
        '<startEvent id="s"/><subProcess id="p1">',
        tasks("a"),
        "</subProcess>",
        tasks("b"),
        flows("s > p1 > b"),
    )
    play.tell(c.Redirect(at=play.at, cancel=(element(play, "a"),)))
    assert play.open == ["b"]
    play.tell(c.Redirect(at=play.at, cancel=(element(play, "b"),)))
    assert play.ended


def test_what_is_not_there_is_refused_and_nothing_changes() -> None:
    play = Play(FORK)
    root = play.case.root
    waits = c.Token(flow=FlowId("a_j"), scope=root)
    straight = c.Token(flow=FlowId("s_f"), scope=root)
    nowhere = c.Entry(node=NodeId("nowhere"), scope=root)
    for command in (
        c.Redirect(at=play.at, cancel=(root,)),
        c.Redirect(at=play.at, cancel=(ElementId("e99"),)),
        c.Redirect(at=play.at, clear=(waits,)),
        c.Redirect(at=play.at, put=(straight,)),
        c.Redirect(at=play.at, begin=(nowhere,)),
    ):
        assert play.refuse(command).startswith("redirect.")


def test_one_round_is_not_left_alone() -> None:
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    body = f'<task id="a">{loop}</multiInstanceLoopCharacteristics></task>'
    play = Play('<startEvent id="s"/>', body, flows("s > a"))
    rounds = [id for id, one in play.case.elements.items() if one.node == "a"]
    assert play.refuse(c.Redirect(at=play.at, cancel=(rounds[1],))) == "redirect.round"
