"""What a change would do is said before: steps, people, rules; and whether the case can finish."""

from msgspec.structs import replace

from genba.changes import (
    AddStep,
    Change,
    GoBack,
    GoTo,
    Place,
    Refusal,
    RepeatStep,
    ReplaceWho,
    SkipStep,
    StopBranch,
)
from genba.changes.exploration import explore
from genba.changes.foresight import Foreseen, Notice, foresee
from genba.changes.structure import own_graph
from genba.engine import commands as c
from genba.engine.decision import decide
from genba.engine.values import NodeId
from genba.notation.model import Definitions
from tests.engine.drawing import AT, Play, flows, process, read, tasks
from tests.engine.test_redirecting import FORK, element

LINE = '<startEvent id="s"/><endEvent id="e"/>' + tasks("a", "b", "c") + flows("s > a > b > c > e")
CROSSED = (
    '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>'
    + tasks("a", "b", "c", "d")
    + flows("s > a > f", "f > b > j", "f > c > j", "j > d > e")
)


def n(name: str) -> NodeId:
    return NodeId(name)


class Case:
    """A case of a drawing, and changes tried on it."""

    def __init__(self, body: str, *mandatory: str, team: str = "Audit") -> None:
        self.drawing = _marked(read(process(body)), mandatory, team)
        graph = own_graph(self.drawing, "p", ())
        assert not isinstance(graph, Refusal)
        self.play = Play(graph=graph)

    def foresee(self, change: Change, *waivers: str) -> Foreseen | Refusal:
        return foresee(
            self.play.graph,
            self.play.case,
            change,
            at=AT,
            make=lambda edits: own_graph(self.drawing, "p", edits),
            waivers=frozenset(map(NodeId, waivers)),
        )

    def seen(self, change: Change, *waivers: str) -> Foreseen:
        found = self.foresee(change, *waivers)
        assert isinstance(found, Foreseen), found
        return found

    def refused(self, change: Change) -> Refusal:
        found = self.foresee(change)
        assert isinstance(found, Refusal), found
        return found

    def make(self, change: Change) -> None:
        planned = self.seen(change).planned
        self.play.graph = planned.graph
        assert isinstance(decide(planned.graph, self.play.case, planned.command), tuple)


def _marked(drawing: Definitions, mandatory: tuple[str, ...], team: str) -> Definitions:
    own = drawing.processes[0]
    nodes = tuple(
        replace(node, mandatory=team) if node.id in mandatory else node for node in own.nodes
    )
    return replace(drawing, processes=(replace(own, nodes=nodes),))


def test_an_open_step_is_skipped_and_what_still_comes_is_said() -> None:
    case = Case(LINE)
    found = case.seen(SkipStep(node=n("a")))
    assert (found.still, found.gone, found.come) == (("b", "c"), ("a",), ())
    assert found.notices == (
        Notice("withdrawn", n("a"), "P"),
        Notice("asked", n("b"), "P"),
    )
    case.make(SkipStep(node=n("a")))
    assert case.play.open == ["b"]


def test_a_step_is_added_before_the_open_one_which_then_comes_again() -> None:
    case = Case(LINE)
    change = AddStep(id=n("x"), name="x", at=n("a"), place=Place.BEFORE, role="Legal")
    found = case.seen(change)
    assert found.come == ("x",)
    assert found.gone == ()
    case.make(change)
    assert case.play.open == ["x"]


def test_a_step_beside_the_open_one_is_waited_for() -> None:
    case = Case(LINE)
    case.make(AddStep(id=n("x"), name="x", at=n("a"), place=Place.BESIDE))
    assert sorted(case.play.open) == ["a", "x"]


def test_what_the_way_does_not_come_to_any_more_is_not_changed() -> None:
    case = Case(LINE)
    case.play.do("a")
    assert case.refused(SkipStep(node=n("a"))).rule == "change.passed"
    again = RepeatStep(id=n("x"), node=n("a"), at=n("b"), place=Place.AFTER)
    assert case.seen(again).come == ("x",)


def test_a_mandatory_step_is_left_out_by_a_waiver_only() -> None:
    case = Case(LINE, "b")
    for change in (SkipStep(node=n("b")), GoTo(element=element(case.play, "a"), to=n("c"))):
        refusal = case.refused(change)
        assert (refusal.rule, refusal.node, refusal.may_waive, refusal.waiver) == (
            "case.mandatory",
            "b",
            True,
            "Audit",
        )
        assert case.seen(change, "b").waived == ("b",)


def test_a_branch_is_stopped_and_nobody_waits_for_it() -> None:
    case = Case(FORK)
    case.make(StopBranch(element=element(case.play, "a")))
    assert case.play.open == ["b"]
    assert explore(case.play.graph, case.play.case, at=AT).finishes
    case.make(StopBranch(element=element(case.play, "b")))
    assert case.play.open == ["c"]
    assert case.refused(StopBranch(element=element(case.play, "c"))).rule == "change.only-branch"


def test_what_would_wait_for_ever_is_refused() -> None:
    case = Case(CROSSED)
    case.play.do("a")
    back = GoTo(element=element(case.play, "b"), to=n("a"))
    refusal = case.refused(back)
    assert refusal.rule in ("case.stuck", "case.no-end")
    assert refusal.message
    assert not refusal.may_waive


def test_going_back_is_a_change_as_well() -> None:
    case = Case(LINE)
    case.play.do("a")
    found = case.seen(GoBack(work=case.play.work("b")))  # type: ignore[arg-type]
    assert found.come == ("a",)
    assert isinstance(found.planned.command, c.SendBack)


def test_somebody_else_is_asked_at_once() -> None:
    case = Case(LINE)
    case.make(ReplaceWho(node=n("a"), role="Legal"))
    assert next(iter(case.play.case.works.values())).role == "Legal"


def test_a_drawing_that_gets_stuck_by_itself_is_no_reason_to_refuse() -> None:
    body = (
        '<startEvent id="s"/><exclusiveGateway id="g"/><parallelGateway id="j"/>'
        + tasks("a", "b", "c", "d")
        + flows("s > c > g", "g > a > j", "g > b > j", "j > d")
    )
    case = Case(body)
    assert not explore(case.play.graph, case.play.case, at=AT).finishes
    assert case.refused(SkipStep(node=n("c"))).rule == "case.no-end"
