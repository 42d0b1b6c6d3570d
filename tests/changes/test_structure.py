"""Edits of a drawing: what is asked of people once they are made."""

import pytest

from genba.changes import (
    AddStep,
    Edit,
    MoveStep,
    Place,
    Refusal,
    RepeatStep,
    ReplaceWhat,
    ReplaceWho,
    SkipStep,
    TakeFragment,
    amend,
    own_graph,
    read_changes,
    write_changes,
)
from genba.engine.graph import Graph
from genba.engine.values import NodeId
from genba.notation.model import FormField, Process
from tests.engine.drawing import Play, boundary, flows, process, read, tasks

LINE = '<startEvent id="s"/><endEvent id="e"/>' + tasks("a", "b", "c") + flows("s > a > b > c > e")
OTHER = process(
    '<startEvent id="qs"/><endEvent id="qe"/>',
    tasks("x", "y", "z"),
    '<exclusiveGateway id="qg"/>',
    flows("qs > x > qg", "qg > y", "qg > z", "y > qe", "z > qe"),
    id="q",
    name="Q",
)


def step(name: str) -> NodeId:
    return NodeId(name)


def added(at: str, place: Place, *, id: str = "n", role: str = "") -> AddStep:
    return AddStep(id=step(id), name="new", at=step(at), place=place, role=role)


def changed(*edits: Edit, body: str = LINE) -> Graph:
    graph = own_graph(read(process(body), OTHER), "p", edits, _library)
    assert isinstance(graph, Graph), graph
    return graph


def _library(key: str, _version: int) -> Process | None:
    drawn = read(process(LINE), OTHER).processes
    return next((one for one in drawn if one.id == key), None)


def refusal(*edits: Edit, body: str = LINE) -> str:
    found = amend(read(process(body), OTHER), "p", edits, _library)
    assert isinstance(found, Refusal), found
    assert found.message
    return found.rule


def trace(play: Play) -> list[str]:
    """The tasks in the order they are asked, each done at once, the first that is open first."""
    done = []
    while not play.ended:
        done.append(play.open[0])
        work = next(iter(play.case.works))
        chosen = (play.case.works[work].options[0].id,) if play.case.works[work].options else ()
        play.do(play.case.works[work].node, *chosen)
    return done


def test_without_edits_the_drawing_is_the_drawing() -> None:
    assert trace(Play(graph=changed())) == ["a", "b", "c"]


def test_a_skipped_step_is_passed() -> None:
    assert trace(Play(graph=changed(SkipStep(node=step("b"))))) == ["a", "c"]


def test_a_skipped_step_takes_its_boundary_repetition_and_message_along() -> None:
    body = (
        '<startEvent id="s"/><endEvent id="e"/>'
        + tasks("a")
        + '<sendTask id="m"><standardLoopCharacteristics/></sendTask>'
        + boundary('<timerEventDefinition id="t"/>', host="m")
        + flows("s > m > a > e")
    )
    play = Play(graph=changed(SkipStep(node=step("m")), body=body))
    assert play.open == ["a"]
    assert not [event for event in play.log if type(event).__name__ == "MessageSent"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [(Place.BEFORE, ["a", "n", "b", "c"]), (Place.AFTER, ["a", "b", "n", "c"])],
)
def test_a_step_is_added_on_the_way(place: Place, expected: list[str]) -> None:
    assert trace(Play(graph=changed(added("b", place)))) == expected


def test_a_step_beside_another_is_waited_for() -> None:
    play = Play(graph=changed(added("b", Place.BESIDE)))
    play.do("a")
    assert play.open == ["b", "n"]
    play.do("b")
    assert play.open == ["n"]
    play.do("n")
    assert play.open == ["c"]


def test_a_step_beside_one_that_an_event_may_end_is_not_waited_for_there() -> None:
    event = boundary("<messageEventDefinition/>", host="b")
    body = LINE + event.replace('id="b"', 'id="ev"').replace('sourceRef="b"', 'sourceRef="ev"')
    play = Play(graph=changed(added("b", Place.BESIDE), body=body))
    play.do("a")
    play.do("b")
    assert "c" in play.open
    assert "n" in play.open
    play.do("c")
    assert not play.ended
    play.do("n")
    assert play.ended


def test_conditions_after_a_step_are_read_after_what_was_added() -> None:
    body = (
        '<startEvent id="s"/>'
        + tasks("a", "b", "c")
        + flows("s > a", "a > b : = big", "a > c : = not(big)")
    )
    play = Play(graph=changed(added("a", Place.AFTER), body=body))
    play.do("a")
    play.do("n", big=True)
    assert play.open == ["b"]


def test_a_choice_keeps_its_words_when_a_step_is_put_behind_it() -> None:
    body = (
        '<startEvent id="s"/><exclusiveGateway id="g"/>'
        + tasks("a", "b")
        + flows("s > g", "g > a", "g > b")
    )
    play = Play(graph=changed(added("a", Place.BEFORE), body=body))
    work = next(iter(play.case.works.values()))
    assert {option.label for option in work.options} == {"a", "b"}


def test_steps_of_another_process_are_taken() -> None:
    one = TakeFragment(
        id=step("n"),
        process="q",
        version=1,
        first=step("y"),
        last=step("y"),
        at=step("a"),
        place=Place.AFTER,
    )
    assert trace(Play(graph=changed(one))) == ["a", "n", "b", "c"]


def test_steps_that_do_not_belong_together_are_not_taken() -> None:
    one = TakeFragment(
        id=step("n"),
        process="q",
        version=1,
        first=step("x"),
        last=step("y"),
        at=step("a"),
        place=Place.AFTER,
    )
    assert refusal(one) == "change.fragment"


def test_a_step_is_repeated_later() -> None:
    again = RepeatStep(id=step("n"), node=step("a"), at=step("c"), place=Place.BEFORE)
    graph = changed(again)
    assert trace(Play(graph=graph)) == ["a", "b", "n", "c"]
    assert graph.label("n") == "a"


def test_a_skipped_step_that_is_repeated_is_done() -> None:
    again = RepeatStep(id=step("n"), node=step("a"), at=step("c"), place=Place.BEFORE)
    assert trace(Play(graph=changed(SkipStep(node=step("a")), again))) == ["b", "n", "c"]


def test_a_step_is_moved() -> None:
    move = MoveStep(node=step("a"), at=step("c"), place=Place.BEFORE)
    assert trace(Play(graph=changed(move))) == ["b", "a", "c"]


def test_who_does_a_step_is_replaced() -> None:
    play = Play(graph=changed(ReplaceWho(node=step("a"), role="Legal", person="17")))
    work = next(iter(play.case.works.values()))
    assert (work.role, work.assignee) == ("Legal", "17")


def test_what_is_asked_is_replaced() -> None:
    field = FormField(id="sum", label="Sum", type="long")
    graph = changed(ReplaceWhat(node=step("a"), name="Say the sum", fields=(field,)))
    assert graph.label("a") == "Say the sum"
    form = graph.form("a")
    assert form is not None
    assert form.fields == (field,)


def test_edits_come_back_from_storage() -> None:
    edits = (SkipStep(node=step("b")), added("a", Place.AFTER))
    assert read_changes(write_changes(edits)) == edits


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (SkipStep(node=step("nowhere")), "change.unknown"),
        (SkipStep(node=step("s")), "change.no-step"),
        (added("s", Place.BEFORE), "change.no-place"),
        (added("e", Place.AFTER), "change.no-place"),
        (added("nowhere", Place.AFTER), "change.unknown"),
        (added("a", Place.AFTER, id="b"), "change.twice"),
        (MoveStep(node=step("a"), at=step("a"), place=Place.AFTER), "change.no-step"),
    ],
)
def test_what_cannot_be_edited_is_refused_by_rule(edit: Edit, rule: str) -> None:
    assert refusal(edit) == rule
